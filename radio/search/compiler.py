"""The compiler of queries: what was typed, as the index is asked.

A question is asked by its words. What makes it a question is cut off at the beginning, in French
and in English, and at the end, as French is spoken (« la QPC, c'est quoi ? »). `english.txt` has an
English word, or a few in a row, on each line: `housing = logement`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from importlib import resources

import tantivy
from tantivy import Query

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.holdings import public_keys
from radio.archive.slugs import SLUG
from radio.french.letters import fold
from radio.search.acronyms import find_told
from radio.search.alternatives import Alternatives, add, find_mishearings
from radio.search.clauses import Clause, every, index_terms
from radio.search.coverage import Told, in_part, left_out, most_met, told_by_sidecars, widen
from radio.search.fields import MEANING, by_numbers, episodes, fold_name, schema
from radio.search.french import FOLDED
from radio.search.hits import Alternative, Interpretation, SearchOptions
from radio.search.marking import Marker
from radio.search.meanings import Explanation, Found, Meanings, in_glossaries
from radio.search.passage import unpack
from radio.search.query import LONGEST_QUERY, ParsedQuery, parse, phrase
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.spacing import with_spacings
from radio.search.spelling import mend
from radio.search.syntax import part_signs

MOST_READ = 1_000  # passages that are read
MOST_EXPLAINING = 100  # passages that explain one acronym and are read

_ABOUT = r"(?:(?:à propos |au sujet )?(?:de |des |du |d')|sur |about |of |on |avec |with )"
_EPISODES = r"(?:épisode|émission|passage|moment|episode|show|programme)s?"
_SPEAK = r"(?:parl(?:e|ent|ez|ons|é)|discut(?:e|ent|é)|talk(?:ed|s|ing)?|sp(?:eak|eaks|oke|oken))"
_SAYS = r"(?:dit|disent|évoqu(?:e|ent|é)|mentionn(?:e|ent|é)|mention(?:s|ed)?|discuss(?:es|ed)?)"
_TURNED = r"(?:-t-(?:on|il|elle|ils|elles)|-(?:vous|nous|tu|on|ils?|elles?))"
_WHO = (
    r"(?:on|il|elle|ils|elles|vous|nous|l'on|qui|où|they|you|he|she|we|that|which"
    r"|anyone|anybody|someone|quelqu'un)"
)
_HELPS = rf"(?:(?:a|ont|as|avez|avons|has|have|had|did|do|does|is|are|was|were){_TURNED}?)"
_TALK = (
    rf"(?:{_WHO} )*(?:{_HELPS} )?(?:{_WHO} )*(?:déjà |ever )?"
    rf"(?:{_SPEAK}{_TURNED}? {_ABOUT}|{_SAYS} |(?:est-il|il est) question {_ABOUT})"
)
_SOME = r"(?:(?:les?|la|l'|des|une?|quelques|the|an?|any|all) ?)"
_LIST = (
    rf"{_SOME}?{_EPISODES} (?:{_ABOUT}|(?:dans|in) (?=les?quel|où|which)|(?=qui |où |that |which ))"
)
_HERE = rf"(?:un |une |des |quelques? )?(?:trucs?|choses?|infos?|{_EPISODES})"
_OPENINGS = (
    rf"(?:dans |in )?(?:quel(?:le)?s?|which|what) {_EPISODES} ",
    rf"(?:lequel|laquelle|lesquell?e?s) (?:des? |d')?(?:{_EPISODES} )?",
    r"quel(?:le)?s? (?:est|sont) ",
    r"quel(?:le)?s? (?=\S+ \S)",
    r"est-ce (?:que |qu')?",
    r"qu'est-ce (?:que (?:c'est (?:que )?)?|qu'|qui (?:se passe |s'est passé )?)",
    r"qu'(?:a|ont|avez|as)(?:-t-(?:on|il|elle)|-(?:vous|ils|elles|tu))? (?:dit|fait|pensé) ",
    r"que (?:dit|disent|pensent?|signifi(?:e|ent)|ve(?:u|ul)(?:t|ent) dire) ",
    r"que (?:s'est-il passé|se passe-t-il) ",
    r"c'est (?:quoi|qui) ",
    r"c quoi ",
    r"(?:ça|cela) (?:ve(?:u|ul)t dire|signifie|sert à|parle de|fait) quoi ",
    rf"{_WHO} (?:sait|savent|pense|pensent) (?=quoi )",
    rf"(?:de )?quoi {_ABOUT}",
    r"de quoi parl(?:e|ent|ez)(?:-t-on)? (?=\S)",
    rf"(?:l'|cette |cet )(?:émission|épisode) {_ABOUT}",
    r"(?:y a-t-il|il y a|is there|are there|avez-vous) ",
    rf"(?:t'as|tu as|as-tu|vous avez|avez-vous|on a|y a) {_HERE} {_ABOUT}",
    r"(?:peut|doit|faut|est|a|va|existe)-(?:t-)?(?:on|il|elle|ils|elles) ",
    r"(?:connaissez-vous|connais-tu|savez-vous|sais-tu) ",
    r"(?:what|who|where)(?:'s| is| are| was| were) ",
    r"(?:what|how) about ",
    r"(?:je cherche|dites-moi|i'm looking for|i am looking for|show me|tell me) ",
    r"(?:qui|où) (?:est|sont|était|étaient|se trouve(?:nt)?) ",
    r"qui (?:a|ont) (?=\S+ \S)",
    r"quand (?:a|ont|aura) (?:eu )?lieu ",
    r"(?:depuis|jusqu'à) quand ",
    r"(?:depuis )?combien (?:de temps |(?:y a-t-il |il y a )?(?:de |d')|ça (?=coûte))?",
    r"comment (?:ça marche |on |se )?",
    r"d'où vien(?:t|nent) ",
    r"(?:à|de|avec|contre|pour|par|en) (?:quoi|qui) (?!bon\b)(?:ser(?:t|vent) )?",
    r"pour quelles? raisons? ",
    r"(?:pourquoi|how|why) ",
    r"(?:qui|où|quand|que|who|when|where) ",
)
_CLOSING = (
    r",? (?:ça |c'|on |il |elle |ils |elles |vous |tu )?(?:en )?"
    r"(?:est|c|ve(?:u|ul)(?:t|ent) dire|ser(?:t|vent) à|parle de|signifie|fait|font|marche"
    r"|fonctionne|dit|dites|disent|penses|pensez|coûte|se passe)"
    r" (?:quoi|qui|comment|combien|quand|où)$"
)
_TYPED = {
    "'": "['’ʼ ]",
    "-": "[- ]",
    "é": "[ée]",
    "à": "[àa]",
    "ù": "[ùu]",
    "û": "[ûu]",
    "ç": "[çc]",
}
"""Signs as people type them."""
_LONGEST = 2  # words of an entry
_LIGHT = frozenset(
    re.findall(
        r"\w+",
        """
        a about all an and any are at by did do for from has have how in is of on or our some that
        the their there they this to was we were what when where who why with you
        """,
    )
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True)
class CompiledQuery:
    """A query as the index is asked."""

    query: ParsedQuery
    index_query: Query | None  # with all filters; None where the query is empty
    interpretation: Interpretation = field(default_factory=Interpretation)
    typed: str = ""  # what the clauses were made of
    told: Told = field(default_factory=dict)  # clauses that passages need not meet


class Compiler:
    """Compiles queries to an archive, for the index at one commit."""

    def __init__(self, archive: Archive, reader: Reader, options: SearchOptions):
        self._archive, self._reader, self._options = archive, reader, options

    def compile(self, text: str) -> CompiledQuery:
        """Compile what was typed."""
        if self._options.as_typed:
            query, _ = self._widen(parse(text), text)
            return self._with_sidecars(query, text, Interpretation())
        words = asked(text[:LONGEST_QUERY])
        query, beside = self._widen(parse(words or text), words or text)
        query, instead = mend(query, words or text, self._reader.vocabulary)
        interpretation = Interpretation(words, instead, also=tuple(beside))
        return self._with_sidecars(query, instead or words or text, interpretation)

    def relax(self, compiled: CompiledQuery) -> CompiledQuery:
        """Leave out what is not met with the rest of a query that nothing meets whole."""
        query, clauses = compiled.query, compiled.query.clauses
        if compiled.index_query is None or len(clauses) < 2 or self._options.as_typed:
            return compiled
        parts, around = self._parts(query), partial(self._around, replace(query, closest=None))
        kept = most_met(clauses, widen(parts, compiled.told), self._reader, around)
        if not kept or len(kept) == len(clauses):
            return compiled
        rest = [each for place, each in enumerate(clauses) if place not in kept]
        interpretation = _relaxed(compiled, rest)
        told = in_part(compiled.told, kept)
        less = replace(query, clauses=tuple(clauses[place] for place in kept), closest=None)
        index_query = around(every(widen([parts[place] for place in kept], told)))
        if query.filters.voices:
            index_query = truly_said(less, index_query, told, self._reader)
        return CompiledQuery(less, index_query, interpretation, compiled.typed, told)

    def translate(self, compiled: CompiledQuery, text: str) -> CompiledQuery:
        """Add a French query to try, where an English word is said in none of the French shows."""
        shows = self._archive.shows()
        if self._options.as_typed or any(not show.language.startswith("fr") for show in shows):
            return compiled
        plain, signed = part_signs(asked(text[:LONGEST_QUERY]) or text[:LONGEST_QUERY])
        french = in_french(plain, self._is_said)
        if french and signed:
            french = f"{french} {signed}"
        return replace(compiled, interpretation=replace(compiled.interpretation, french=french))

    def _is_said(self, word: str) -> bool:
        return self._reader.vocabulary.frequency(FOLDED + fold(word)) > 0

    def _widen(self, query: ParsedQuery, typed: str) -> tuple[ParsedQuery, list[Alternative]]:
        """Add mishearings, what acronyms stand for, and other spacings; tell the second."""
        shows, clauses, also = self._archive.shows(), query.clauses, list[Alternative]()
        found = list(find_mishearings(clauses, (each.corrections for each in shows)))
        for each in () if self._options.as_typed else self._meanings(shows).find(clauses, typed):
            titles = {show.slug: show.title for show in shows}
            place = locate(each, self._reader, titles, public_keys(self._archive))
            if place is not None:
                also.append(place)
                found.append(Alternatives(each.places, each.other_clauses))
        widened = replace(query, clauses=add(clauses, found))
        return with_spacings(widened, self._reader.vocabulary), also

    def _meanings(self, shows: Sequence[Show]) -> Meanings:
        return self._reader.meanings(tuple(in_glossaries(shows)))

    def _with_sidecars(
        self, query: ParsedQuery, typed: str, interpretation: Interpretation
    ) -> CompiledQuery:
        """Build the query of the index; sidecars may meet a part of several clauses."""
        parts = self._parts(query)
        told = told_by_sidecars(query.clauses, self._reader) if len(parts) > 1 else {}
        told = in_part(told, range(len(parts)))
        index_query = self._compile(query, widen(parts, told))
        if index_query is not None and parts and query.filters.voices:
            index_query = truly_said(query, index_query, told, self._reader)
        return CompiledQuery(query, index_query, interpretation, typed, told)

    def _parts(self, query: ParsedQuery) -> list[Query]:
        return [clause.compile(self._reader.vocabulary) for clause in query.clauses]

    def _compile(self, query: ParsedQuery, parts: Sequence[Query]) -> Query | None:
        """Build the query of the index, with all filters; None where the query is empty."""
        show = self._options.show
        if not query or (show is not None and not SLUG.fullmatch(show)):
            return None
        if not parts:
            return narrow(self._around(query, Query.all_query()), episodes())
        return self._around(query, every(parts))

    def _around(self, query: ParsedQuery, met: Query) -> Query:
        """Add exclusions and filters to the query of what meets the clauses."""
        index_query = query.around(met, self._reader.vocabulary)
        for condition in self._conditions(query):
            index_query = narrow(index_query, condition)
        return index_query

    def _conditions(self, query: ParsedQuery) -> Iterator[Query]:
        """Build a query of the index for each filter that the episodes must fit."""
        filters = query.filters
        for name in filters.shows:
            slugs = [each.slug for each in self._archive.shows() if is_called(each, name)]
            yield by_numbers(self._reader.of_shows(slugs))
        if self._options.show is not None:
            yield by_numbers(self._reader.of_shows([self._options.show]))
        if self._options.episode is not None:
            yield by_numbers(self._reader.of_keys([self._options.episode]))
        voice = "voice" if query.clauses else "speaker"
        for name, texts in (
            ("person", filters.persons),
            ("tag", filters.tags),
            (voice, filters.voices),
        ):
            for form in (form for text in texts for form in fold_name(text)):
                yield Query.term_query(schema(), name, form)
        if filters.first or filters.last:
            first, last = filters.first or date.min, filters.last or date.max
            yield _between("day", first.toordinal(), last.toordinal())
        for shortest, longest in filters.lengths:
            yield _between("seconds", shortest, longest)


def _relaxed(compiled: CompiledQuery, rest: Sequence[Clause]) -> Interpretation:
    """Tell that some clauses are left out, and no more what else these stand for."""
    left, told = index_terms(rest), compiled.interpretation
    pairs = ((each, phrase(each.text)) for each in told.also)
    also = tuple(each for each, other in pairs if other and not other.index_terms <= left)
    return replace(told, without=left_out(compiled.typed, rest), also=also)


def is_called(show: Show, name: str) -> bool:
    """Whether a name is the slug of a show or a part of its title, accents ignored."""
    return name == show.slug or fold(name.lower()) in fold(show.title.lower())


def _between(field: str, lowest: int, highest: int) -> Query:
    return Query.range_query(schema(), field, tantivy.FieldType.Unsigned, lowest, highest)


def truly_said(query: ParsedQuery, index_query: Query, told: Told, reader: Reader) -> Query:
    """Keep the episodes in which a voice of the filter says the words, in one of the best passages.

    Asks the index once.
    """
    hits = reader.searcher.search(index_query, MOST_READ, count=False).hits
    numbers = reader.numbers([address for _, address in hits])
    marker, true = Marker(query, reader.vocabulary), set[int]()
    for number, (_, address) in zip(numbers, hits, strict=True):
        packed = None if number in true else reader.searcher.doc(address).get_first("passage")
        if packed and any(marker.find([unpack(bytes(packed))], told=told.get(number, ()))):
            true.add(number)
    return narrow(index_query, by_numbers(true))


def locate(
    found: Found, reader: Reader, titles: Mapping[str, str], public: Collection[str]
) -> Alternative | None:
    """Tell where a meaning is explained, in the newest episode; None where it no longer is.

    `titles` are those of shows, by slug; `public` are the keys of episodes that count.
    """
    for each in found.meaning.spellings:
        text = each.words if found.is_acronym else each.acronym
        if each.show:
            return Alternative(text, each.acronym, each.words, titles[each.show], show=each.show)
        for key, second in _places(each, reader):
            if key in public:
                title = reader.about[reader.number_of[key]].title
                return Alternative(
                    text, each.acronym, each.words, title, episode=key, second=second
                )
    return None


def _places(explanation: Explanation, reader: Reader) -> Iterator[tuple[str, float | None]]:
    """Find the episodes that explain an acronym, and the second; none in what is only written."""
    query = tantivy.Query.term_query(schema(), MEANING, explanation.row)
    order = tantivy.Order.Desc
    hits = reader.searcher.search(query, MOST_EXPLAINING, order_by_field="day", order=order).hits
    addresses = [address for _, address in hits]
    for key, address in zip(reader.keys(addresses), addresses, strict=True):
        packed = reader.searcher.doc(address).get_first("passage")
        yield key, _second(bytes(packed), explanation.row) if packed else None


def _second(packed: bytes, row: str) -> float | None:
    passage = unpack(packed)
    starts = (told.start for told in find_told(passage.text) if told.row == row)
    return next(map(passage.time, starts), None)


def _as_typed(pattern: str) -> str:
    return "".join(_TYPED.get(sign, sign) for sign in pattern)


_FRAME = re.compile(_as_typed(rf"(?:{'|'.join((_TALK, _LIST, *_OPENINGS))})+(?=\S)"), re.IGNORECASE)
_TAIL = re.compile(_as_typed(_CLOSING), re.IGNORECASE)
_ALONE = {"qui", "ou", "où", "quand", "que", "who", "when", "where"}
_MARK = re.compile(r"[\s\u00a0\u202f]*\?+\s*$")


def asked(text: str) -> str:
    """Give the words of a question; nothing where it is none.

    >>> asked("qui a parlé de reconnaissance faciale ?"), asked("C’est quoi la QPC ?")
    ('reconnaissance faciale', 'la QPC')
    >>> asked("combien coûte une caméra ?"), asked("les drones, ça sert à quoi ?")
    ('coûte une caméra', 'les drones')
    >>> asked("la reconnaissance faciale"), asked("qui vive")
    ('', '')
    """
    stated = _MARK.sub("", " ".join(text.split()))
    frame = _FRAME.match(stated)
    if frame is not None and stated == text and frame[0].strip().lower() in _ALONE:
        return ""
    words = _TAIL.sub("", stated[frame.end() if frame else 0 :])
    return words if words != stated else ""


def in_french(text: str, is_said: Callable[[str], bool]) -> str:
    """Write a query in French; nothing where no word of it is an English one that nobody says.

    >>> in_french("the facial recognition", lambda word: word == "facial")
    'reconnaissance faciale'
    >>> in_french("reconnaissance", lambda word: False)
    ''
    """
    typed = [word.lower() for word in _WORD.findall(text)]
    french: list[str] = []
    is_english = False
    while typed:
        count = next((n for n in range(_LONGEST, 0, -1) if " ".join(typed[:n]) in _entries()), 0)
        if count:
            french.append(_entries()[" ".join(typed[:count])])
            is_english |= not all(map(is_said, typed[:count]))
        elif typed[0] not in _LIGHT:
            french.append(typed[0])
        del typed[: max(1, count)]
    return " ".join(french) if is_english else ""


@lru_cache(maxsize=1)
def _entries() -> Mapping[str, str]:
    """Read the French of each English word."""
    table = resources.files("radio.search").joinpath("english.txt").read_text(encoding="utf-8")
    pairs = (line.partition(" = ") for line in table.splitlines())
    return {english: french for english, _, french in pairs}
