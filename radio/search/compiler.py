"""The compiler of queries: what was typed, as the index is asked."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

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
from radio.search.questions import asked, in_french
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.spacing import with_spacings
from radio.search.spelling import mend
from radio.search.syntax import part_signs

MOST_READ = 1_000  # passages that are read
MOST_EXPLAINING = 100  # passages that explain one acronym and are read


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
