"""Acronyms and their words: « vidéosurveillance algorithmique (VSA) », « la CAF, la caisse
d'allocations familiales ». Nothing is guessed: the words must stand beside the acronym, with a sign
or « c'est-à-dire » between them, and hold its letters in order. A letter is the first of a word, or
of a word within one (vidéo·surveillance). Articles and prepositions may have none, nor one word
after them (chemins de fer). A query for an acronym also looks for its words, and the other way
round. Spellings that are nearly alike (a plural, a mishearing) are one meaning."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

import tantivy

from radio.archive import Archive, glossary
from radio.archive.episode import Show
from radio.archive.holdings import public_keys
from radio.french.letters import ELIDED, FUNCTION_WORDS, POSSESSIVES, PREPOSITIONS, PRONOUNS, fold
from radio.search.fields import MEANING, schema
from radio.search.french import AnalysedWord, is_known, words
from radio.search.query import Clause, Either, Phrase, phrase
from radio.search.reader import Reader
from radio.search.results import Alternative
from radio.search.widening import Name, Widening, find, inflected_name, name_of, spacings
from radio.text.aligned import likeness

LONGEST = 8  # letters of an acronym
REACH = 200  # characters beside an acronym that are read
FEWEST = 2  # words, without articles and prepositions
LONGEST_NAME = LONGEST + 12  # words
WEIGHT = 0.0005  # of what is not typed: below all that is
ALIKE = 0.85  # of their letters: two spellings of one meaning
MOST_SPELLINGS = 4  # of a meaning
MOST_MEANINGS = 3  # of an acronym
MOST_COMPARED = 20  # spellings of an acronym, the most said first
EXPLAINED = 2_000  # spellings of all acronyms that are known, the most said
MOST_EXPLAINING = 100  # passages that explain one acronym and are read

_CAPITAL = "[A-ZÀ-ÖØ-Þ]"
_ACRONYM = re.compile(  # the letter first, for that is found fast
    rf"{_CAPITAL}(?<![\w.\-].)"
    rf"(?:(?:\.{_CAPITAL}){{1,{LONGEST - 1}}}\.?|{_CAPITAL}{{1,{LONGEST - 1}}})(?![\w\-])"
)
_LINK = (
    r"(?:c['’]est(?:[- ]à[- ]dire)?|est|à savoir|autrement dit|soit|ou(?: encore)?|pour|dite?s?"
    r"|comme|(?:ça )?(?:signifie|veut dire)|en abrégé|en bref|appelée?s?(?: aussi)?"
    r"|(?:qu['’])?on (?:appelle|dit)(?: aussi)?|that is|or|short for|stands for)"
)
_ARTICLE = (
    r"(?:(?P<definite>(?:la|le|les|the)\s+|l['’]\s*)"
    r"|(?:une?|des|du|cette|ce|ces|an?)\s+|d['’]\s*)"
)
_BETWEEN = (
    rf"(?:\s*(?P<sign>[(\[,:=–—])\s*(?:{_LINK}\s*[,:]?\s+)?|\s+{_LINK}\s*[,:]?\s+)"
    rf"{_ARTICLE}?(?:[«\"“]\s*)?"
)
_AFTER = re.compile(_BETWEEN, re.IGNORECASE)
_BEFORE = re.compile(rf"(?:\s*[»\"”])?{_BETWEEN}$", re.IGNORECASE)
_NAME = "[\\w \u00a0\u202f'’ʼ\u0300-\u036f\u2010\u2011-]*"  # what may stand in a name
_FIRST_NAME, _LAST_NAME = re.compile(_NAME), re.compile(rf"{_NAME}\Z")
_BRACKETS = frozenset("([")
_EXPLAINS = frozenset("([:=")
_ENDS = frozenset(')],.;:!?…»"”')
_NEVER = FUNCTION_WORDS.union(ELIDED, PRONOUNS) - PREPOSITIONS  # in no name
_BEFORE_NAMES = PREPOSITIONS | POSSESSIVES
_SHORT_WORDS = "cas dos jus nez os pays poids rap ras repas sas us voix"
_UNKNOWN = frozenset(_SHORT_WORDS.split())  # the dictionary does not have them by themselves
_SHORTEST_WITHIN = 5  # letters of a word within a word


class Explanation(NamedTuple):
    """What a text or a glossary says of an acronym: one spelling of a meaning."""

    acronym: str  # in capitals, without dots
    words: str  # as written
    start: int = 0  # the character of a text where this begins
    times: int = 1  # passages that say so
    show: str = ""  # slug of the show whose glossary says so

    @property
    def row(self) -> str:
        """Write it as the index has it."""
        return f"{self.acronym}={self.words}"


def find_explanations(text: str) -> Iterator[Explanation]:
    """Find the acronyms that a text explains.

    >>> [each[:2] for each in find_explanations("La VSA, la vidéosurveillance algorithmique.")]
    [('VSA', 'vidéosurveillance algorithmique')]
    >>> list(find_explanations("La CAF, la cantine et la fanfare : on en parle (CNIL)."))
    []
    """
    for match in _ACRONYM.finditer(text):
        acronym = match[0].replace(".", "")
        if acronym.lower() not in FUNCTION_WORDS:
            before = _explained_before(text, match, acronym)
            if found := before or _explained_after(text, match, acronym):
                yield found


def _explained_before(text: str, match: re.Match[str], acronym: str) -> Explanation | None:
    first = max(0, match.start() - REACH)
    near = text[first : match.start()]
    between = _BEFORE.search(near)
    if between is None or not _is_sure(between, acronym):
        return None
    name = _LAST_NAME.search(near[: between.start()])
    begin = name.start() if name else between.start()
    run = _singles(near[begin : between.start()])[-LONGEST_NAME:]
    if first and not begin:
        run = run[1:]  # half a word
    for place in range(len(run) - 1, -1, -1):
        part = run[place:]
        if len(part) in _lengths(acronym, part):
            is_begun = place == 0 or run[place - 1].spelling in _BEFORE_NAMES
            if is_begun or between["sign"] in _BRACKETS:
                start = first + begin + part[0].start
                return Explanation(acronym, _write(near[begin:], part), start)
            return None
    return None


def _explained_after(text: str, match: re.Match[str], acronym: str) -> Explanation | None:
    """Find the words after an acronym, which must end with its last letter."""
    between = _AFTER.match(text, match.end())
    if between is None or not _is_sure(between, acronym):
        return None
    near = text[between.end() : between.end() + REACH]
    name = _FIRST_NAME.match(near)
    run = _singles(name[0] if name else "")[:LONGEST_NAME]
    for length in _lengths(acronym, run):
        is_ended = near[run[length - 1].end :].lstrip()[:1] in _ENDS
        if between["sign"] not in _BRACKETS:
            is_ended = is_ended or (length < len(run) and run[length].is_light)
        if is_ended:
            return Explanation(acronym, _write(near, run[:length]), match.start())
    return None


def _is_sure(between: re.Match[str], acronym: str) -> bool:
    """Whether words and acronym belong together; two letters alone may agree by chance."""
    return len(acronym) > 2 or between["sign"] in _EXPLAINS or between["definite"] is not None


def _singles(text: str) -> list[AnalysedWord]:
    return [word for word in words(text) if not word.is_compound]


def _lengths(acronym: str, run: Sequence[AnalysedWord]) -> Iterator[int]:
    """Give how many words, from the first, are a name that holds all letters. A word may stand for
    one letter or for two: its own first, and that of a word within it."""
    letters = fold(acronym.lower())
    states = {(0, True)}  # letters met, and whether a word may still be passed over
    for place, word in enumerate(run):
        if word.spelling in _NEVER:
            return
        folded, taken = fold(word.spelling), set[tuple[int, bool]]()
        within = range(2, len(word.spelling) - _SHORTEST_WITHIN + 1)
        for met, may_pass in states:
            wanted = letters[met:]
            if not wanted or folded[0] != wanted[0]:
                continue
            taken.add((met + 1, may_pass))
            seconds = (at for at in within if folded[at : at + 1] == wanted[1:2])
            if any(is_known(word.spelling[at:]) for at in seconds):
                taken.add((met + 2, may_pass))
        heavy = sum(each.spelling not in PREPOSITIONS for each in run[: place + 1])
        if heavy >= FEWEST and any(met == len(letters) for met, _ in taken):
            yield place + 1
        passed = states
        if word.spelling not in PREPOSITIONS:
            is_after = place > 0 and run[place - 1].spelling in PREPOSITIONS
            passed = {(met, False) for met, may_pass in states if may_pass and is_after}
        states = taken | passed if place else taken


def _write(text: str, part: Sequence[AnalysedWord]) -> str:
    return " ".join(text[part[0].start : part[-1].end].split())


Meaning = tuple[Explanation, ...]  # its spellings, the one to show first


class Found(NamedTuple):
    """A meaning that a query names by its acronym or by its words."""

    meaning: Meaning
    places: tuple[int, ...]  # of the clauses that do
    is_acronym: bool

    @property
    def other_clauses(self) -> tuple[Phrase, ...]:
        """The words where the acronym is typed, else the acronym, below all that is typed."""
        written = [spacings(each.words) for each in self.meaning]
        names = [] if self.is_acronym else [each.acronym for each in self.meaning]
        texts = [text for each in written if self.is_acronym or len(each) > 1 for text in each]
        pairs = dict.fromkeys(names, False) | dict.fromkeys(texts, True)
        phrases = ((phrase(text), is_inflected) for text, is_inflected in pairs.items())
        return tuple(Phrase(each.words, WEIGHT, bent) for each, bent in phrases if each)


class Meanings:
    """All known meanings, found by the clauses of a query."""

    def __init__(self, explanations: Iterable[Explanation]):
        self._by_acronym: dict[str, list[Meaning]] = {}
        self._by_word: dict[str, list[tuple[Name, Meaning]]] = defaultdict(list)
        by_acronym: dict[str, list[Explanation]] = defaultdict(list)
        for each in explanations:
            by_acronym[fold(each.acronym.lower())].append(each)
        for acronym, some in by_acronym.items():
            self._by_acronym[acronym] = meanings = _join_alike(some)
            for meaning in () if is_word(acronym) else meanings:
                texts = (text for each in meaning for text in spacings(each.words))
                for name in filter(None, set(map(inflected_name, texts))):
                    for form in name[0]:
                        self._by_word[form].append((name, meaning))

    def find(self, clauses: Sequence[Clause], typed: str) -> list[Found]:
        """Find what a query names, but not what is in quotes, or named both ways. The small letters
        of an acronym that is also a word (BAC) mean the word."""
        capitals = frozenset(re.findall(r"\w+", typed.replace(".", "")))
        by_acronym = [
            Found(meaning, (place,), True)
            for place, clause in enumerate(clauses)
            for name in _free_names(clause)
            for meaning in self._by_acronym.get(name[1:], ())
            if meaning[0].acronym in capitals or not is_word(meaning[0].acronym)
        ]
        own = tuple(name_of(each, inflected=True) for each in clauses)
        pairs = (pair for each in own for form in each for pair in self._by_word.get(form, ()))
        places = {meaning: places for name, meaning in pairs if (places := find(name, own))}
        by_words = [Found(meaning, each, False) for meaning, each in places.items()]
        both = {each.meaning for each in by_acronym} & {each.meaning for each in by_words}
        return [each for each in (*by_acronym, *by_words) if each.meaning not in both]


def known_meanings(reader: Reader, shows: Iterable[Show]) -> Meanings:
    """Give the meanings that glossaries of shows and texts of the index explain."""
    written = tuple(
        Explanation(acronym, text, show=show.slug)
        for show in shows
        for acronym, text in glossary.meanings(show.glossary)
    )

    def make() -> Meanings:
        living = tantivy.Query.all_query()
        rows = reader.searcher.terms_with_prefix(MEANING, "", living, limit=EXPLAINED)
        pairs = ((row.partition("="), times) for row, times in rows)
        found = (Explanation(row[0], row[2], 0, times) for row, times in pairs)
        return Meanings([*written, *found])

    return reader.once("meanings", written, make)


def stand_for(
    clauses: Sequence[Clause], typed: str, reader: Reader, archive: Archive, shows: Sequence[Show]
) -> Iterator[tuple[Widening, Alternative]]:
    """Give what acronyms of a query stand for, and an episode or a show that explains it today."""
    every = known_meanings(reader, shows).find(clauses, typed)
    public = public_keys(archive) if every else frozenset[str]()
    for found in every:
        places = (it for each in found.meaning for it in _places(each, reader, public, shows))
        if place := next(places, None):
            text = place.words if found.is_acronym else place.acronym
            yield Widening(found.places, found.other_clauses), replace(place, text=text)


def _places(
    explained: Explanation, reader: Reader, public: Set[str], shows: Sequence[Show]
) -> Iterator[Alternative]:
    """Find the public episodes that explain an acronym, and the second; the newest first."""
    named = ("", explained.acronym, explained.words)
    if explained.show:
        title = next(show.title for show in shows if show.slug == explained.show)
        yield Alternative(*named, title, show=explained.show)
        return
    query, order = tantivy.Query.term_query(schema(), MEANING, explained.row), tantivy.Order.Desc
    hits = reader.searcher.search(query, MOST_EXPLAINING, order_by_field="day", order=order).hits
    for _, address in hits:
        (number,) = reader.numbers([address])
        seconds = (
            passage.time(each.start)
            for passage in reader.passages([address])
            for each in find_explanations(passage.text)
            if each.row == explained.row
        )
        about = reader.about[number]
        if about.key in public:
            second = next(seconds, None)
            yield Alternative(*named, about.title, episode=about.key, second=second)


def is_word(acronym: str) -> bool:
    """Whether the letters of an acronym are a French word.

    >>> [is_word(each) for each in ("CNIL", "BAC", "RAP", "GAZ")]
    [False, True, True, True]
    """
    small = acronym.lower()
    return small in FUNCTION_WORDS | _UNKNOWN or is_known(small)


def _free_names(clause: Clause) -> Set[str]:
    """Give the folded words of a clause; none of one in quotes."""
    if isinstance(clause, Either):
        return {name for each in clause.clauses for name in _free_names(each)}
    return set() if isinstance(clause, Phrase) else name_of(clause)


def _join_alike(explanations: Iterable[Explanation]) -> list[Meaning]:
    """Join alike spellings: first what keepers wrote, then what is said most, in small letters."""
    groups: list[list[Explanation]] = []
    in_order = sorted(
        explanations, key=lambda it: (not it.show, -it.times, it.words[0].isupper(), it.words)
    )
    for each in in_order[:MOST_COMPARED]:
        letters = _letters(each.words)
        alike = (some for some in groups if likeness(_letters(some[0].words), letters) >= ALIKE)
        if (own := next(alike, None)) is None:
            groups.append([each])
        elif len(own) < MOST_SPELLINGS:
            own.append(each)
    return [tuple(group) for group in groups[:MOST_MEANINGS]]


@lru_cache(maxsize=10_000)
def _letters(text: str) -> str:
    return "".join(fold(word.spelling) for word in words(text) if not word.is_light)
