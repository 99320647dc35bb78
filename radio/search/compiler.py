"""The compiler of queries: what was typed, as the index is asked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

import tantivy
from tantivy import Query

from radio.archive import Archive
from radio.archive.slugs import SLUG
from radio.french.letters import fold
from radio.search.acronyms import stand_for
from radio.search.clauses import compiled, every, index_terms
from radio.search.coverage import Told, in_part, left_out, most_met, or_told, told_by_sidecars
from radio.search.fields import by_numbers, episodes, fold_name, schema
from radio.search.french import FOLDED
from radio.search.hits import Alternative, Interpretation, SearchOptions
from radio.search.marking import Marker
from radio.search.passage import unpack
from radio.search.query import LONGEST_QUERY, ParsedQuery, parse, phrase
from radio.search.questions import asked, in_french
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.syntax import only
from radio.search.widening import Widening, in_one_or_two, mend, mishearings, widen

MOST_READ = 1_000  # passages that are read


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
        """Compile what was typed; sidecars may meet a part of several clauses."""
        words = "" if self._options.as_typed else asked(text[:LONGEST_QUERY])
        typed = words or text
        query, also, instead = *self._widen(parse(typed), typed), ""
        if not self._options.as_typed:
            query, instead = mend(query, typed, self._reader.vocabulary)
        parts = self._parts(query)
        told = told_by_sidecars(query.clauses, self._reader) if len(parts) > 1 else {}
        told = in_part(told, range(len(parts)))
        index_query = self._compile(query, or_told(parts, told))
        if index_query is not None and parts and query.filters.voices:
            index_query = truly_said(query, index_query, told, self._reader)
        interpretation = Interpretation(words, instead, also=tuple(also))
        return CompiledQuery(query, index_query, interpretation, instead or typed, told)

    def relax(self, whole: CompiledQuery) -> CompiledQuery:
        """Leave out what is not met with the rest of a query that nothing meets whole."""
        query, clauses = whole.query, whole.query.clauses
        if whole.index_query is None or len(clauses) < 2 or self._options.as_typed:
            return whole
        parts, around = self._parts(query), partial(self._around, replace(query, closest=None))
        kept = most_met(clauses, or_told(parts, whole.told), self._reader, around)
        if not kept or len(kept) == len(clauses):
            return whole
        rest = [each for place, each in enumerate(clauses) if place not in kept]
        told = in_part(whole.told, kept)
        less = replace(query, clauses=tuple(clauses[place] for place in kept), closest=None)
        index_query = around(every(or_told([parts[place] for place in kept], told)))
        if query.filters.voices:
            index_query = truly_said(less, index_query, told, self._reader)
        # What else stood for a clause that is left out is told no more.
        left, pairs = index_terms(rest), [(a, phrase(a.text)) for a in whole.interpretation.also]
        also = tuple(each for each, own in pairs if own and not own.keys <= left)
        without = left_out(whole.typed, rest)
        interpretation = replace(whole.interpretation, without=without, also=also)
        return CompiledQuery(less, index_query, interpretation, whole.typed, told)

    def translate(self, compiled: CompiledQuery, text: str) -> CompiledQuery:
        """Add a French query to try, where an English word is said in none of the French shows."""
        shows = self._archive.shows()
        if self._options.as_typed or any(not show.language.startswith("fr") for show in shows):
            return compiled
        typed = asked(text[:LONGEST_QUERY]) or text[:LONGEST_QUERY]
        french = in_french(only(typed, lambda item: item.is_plain), self._is_said)
        if french:
            french = f"{french} {only(typed, lambda item: not item.is_plain)}".strip()
        return replace(compiled, interpretation=replace(compiled.interpretation, french=french))

    def _is_said(self, word: str) -> bool:
        return self._reader.vocabulary.frequency(FOLDED + fold(word)) > 0

    def _widen(self, query: ParsedQuery, typed: str) -> tuple[ParsedQuery, list[Alternative]]:
        """Add mishearings, other spacings and what acronyms stand for; tell the last."""
        reader, shows, clauses = self._reader, self._archive.shows(), query.clauses
        also, found = list[Alternative](), list[Widening]()
        if not self._options.as_typed:
            for widening, alternative in stand_for(clauses, typed, reader, self._archive, shows):
                found.append(widening)
                also.append(alternative)
        found += mishearings(clauses, (each.corrections for each in shows))
        found += in_one_or_two(query, reader.vocabulary)
        return replace(query, clauses=widen(clauses, found)), also

    def _parts(self, query: ParsedQuery) -> list[Query]:
        return [compiled(clause, self._reader.vocabulary) for clause in query.clauses]

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
        filters, options, reader = query.filters, self._options, self._reader
        for name in filters.shows:
            own = fold(name.lower())  # a slug, or a part of a title
            titles = {each.slug: fold(each.title.lower()) for each in self._archive.shows()}
            slugs = [slug for slug, title in titles.items() if name == slug or own in title]
            yield by_numbers(reader.of_shows(slugs))
        if options.show is not None:
            yield by_numbers(reader.of_shows([options.show]))
        if options.episode is not None:
            yield by_numbers(reader.of_keys([options.episode]))
        voice = "voice" if query.clauses else "speaker"
        named = (("person", filters.persons), ("tag", filters.tags), (voice, filters.voices))
        for name, texts in named:
            for form in (form for text in texts for form in fold_name(text)):
                yield Query.term_query(schema(), name, form)
        if filters.first or filters.last:
            first, last = filters.first or date.min, filters.last or date.max
            yield _between("day", first.toordinal(), last.toordinal())
        for shortest, longest in filters.lengths:
            yield _between("seconds", shortest, longest)


def _between(name: str, lowest: int, highest: int) -> Query:
    return Query.range_query(schema(), name, tantivy.FieldType.Unsigned, lowest, highest)


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
