"""The compiler of queries: what was typed, as the index is asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import tantivy
from tantivy import Query

from radio.archive import Archive
from radio.episode import SLUG, Show
from radio.search.fields import by_numbers, episodes, fold_name, schema
from radio.search.french import fold
from radio.search.hits import SearchOptions
from radio.search.mishearings import with_mishearings
from radio.search.query import Filters, ParsedQuery, parse
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.spelling import mend


@dataclass(frozen=True)
class CompiledQuery:
    """A query as the index is asked."""

    query: ParsedQuery
    index_query: Query | None  # with all filters; None where the query is empty
    instead: str = ""  # the query that is searched where a word is not in the index


class Compiler:
    """Compiles queries to an archive, for the index at one commit."""

    def __init__(self, archive: Archive, reader: Reader, options: SearchOptions):
        self._archive, self._reader, self._options = archive, reader, options

    def compile(self, text: str) -> CompiledQuery:
        """Compile what was typed."""
        query, instead = self._parse(text)
        return CompiledQuery(query, self._compile(query), instead)

    def _parse(self, text: str) -> tuple[ParsedQuery, str]:
        """Parse a query, and add the mishearings of its names."""
        corrections = (show.corrections for show in self._archive.shows())
        query = with_mishearings(parse(text), corrections)
        return (query, "") if self._options.as_typed else mend(query, text, self._reader.vocabulary)

    def _compile(self, query: ParsedQuery) -> Query | None:
        """Build the query of the index, with all filters; None where the query is empty."""
        show = self._options.show
        if not query or (show is not None and not SLUG.fullmatch(show)):
            return None
        index_query = query.compile(self._reader.vocabulary)
        for condition in self._conditions(query.filters):
            index_query = narrow(index_query, condition)
        return index_query if query.clauses else narrow(index_query, episodes())

    def _conditions(self, filters: Filters) -> Iterator[Query]:
        """Build a query of the index for each filter that the episodes must fit."""
        for name in filters.shows:
            slugs = [each.slug for each in self._archive.shows() if is_called(each, name)]
            yield by_numbers(self._reader.of_shows(slugs))
        if self._options.show is not None:
            yield by_numbers(self._reader.of_shows([self._options.show]))
        if self._options.episode is not None:
            yield by_numbers(self._reader.of_keys([self._options.episode]))
        for field, texts in (("person", filters.persons), ("tag", filters.tags)):
            for form in (form for text in texts for form in fold_name(text)):
                yield Query.term_query(schema(), field, form)
        if filters.first or filters.last:
            yield _between(filters.first, filters.last)


def is_called(show: Show, name: str) -> bool:
    """Whether a name is the slug of a show or a part of its title, accents ignored."""
    return name == show.slug or fold(name.lower()) in fold(show.title.lower())


def _between(first: date | None, last: date | None) -> Query:
    lowest, highest = (first or date.min).toordinal(), (last or date.max).toordinal()
    return Query.range_query(schema(), "day", tantivy.FieldType.Unsigned, lowest, highest)
