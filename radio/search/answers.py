"""Answers from an index as it stands: passages, how often by month, what is alike, what to type."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import chain

import tantivy
from tantivy import Query

from radio.archive import Archive
from radio.episode import SLUG, Episode, Show
from radio.errors import RadioError
from radio.search import related
from radio.search.clauses import Either
from radio.search.fields import episodes, names, numbered, schema
from radio.search.french import fold
from radio.search.hits import EpisodeHits, Results, Wanted
from radio.search.mishearings import with_mishearings
from radio.search.places import Places
from radio.search.query import Asked, parse
from radio.search.ranking import count, months, narrow, rank
from radio.search.reader import Reader
from radio.search.spelling import mend
from radio.search.store import Store, explained
from radio.search.suggestions import suggest

KEPT = 200  # episodes of which the related ones are known, some 5 kB each


class Answers:
    """Reads the index of an archive. Every method raises SearchError if it can't be read."""

    def __init__(self, archive: Archive, store: Store):
        self._archive = archive
        self._store = store

    def results(self, typed: str, wanted: Wanted) -> Results:
        """Find the episodes in which all the words are said, those of one page."""
        reader = self._store.reader()
        with explained(self._store.path):
            asked, instead = self._asked(typed, reader.searcher, wanted)
            query, page, size = (
                self._narrowed(reader, asked, wanted),
                max(1, wanted.page),
                wanted.size,
            )
            if query is None:
                return Results(typed, 0, (), page, 0)
            ranked = rank(reader.searcher, query, page * size, wanted.order)
            keys = reader.keys(ranked[(page - 1) * size :])
            found = self._places(reader, asked, query, keys, wanted)
            total, facets = count(reader.searcher, query, reader.census)
        return Results(typed, total, found, page, -(-total // size), facets, instead)

    def places(self, typed: str, wanted: Wanted, keys: Sequence[str]) -> tuple[EpisodeHits, ...]:
        """Find where the words are said in the episodes of some keys."""
        reader = self._store.reader()
        with explained(self._store.path):
            asked, _ = self._asked(typed, reader.searcher, wanted)
            query = self._narrowed(reader, asked, wanted)
            return self._places(reader, asked, query, keys, wanted) if query else ()

    def _places(
        self, reader: Reader, asked: Asked, query: Query, keys: Iterable[str], wanted: Wanted
    ) -> tuple[EpisodeHits, ...]:
        public = [episode for key in keys if (episode := self._public(key))]
        places = Places(reader, asked, query)
        return places.every(public) if wanted.whole else places.best(public)

    def keys(self, typed: str, wanted: Wanted) -> list[str]:
        """Name the episodes of one page of what a search finds."""
        reader = self._store.reader()
        with explained(self._store.path):
            asked, _ = self._asked(typed, reader.searcher, wanted)
            query, size = self._narrowed(reader, asked, wanted), wanted.size
            ranked = rank(reader.searcher, query, wanted.page * size, wanted.order) if query else []
            return reader.keys(ranked[(wanted.page - 1) * size :])

    def mentions(self, typed: str, wanted: Wanted) -> dict[date, int]:
        """Count the passages by month of broadcast: the first of the month, how many."""
        reader = self._store.reader()
        with explained(self._store.path):
            asked, _ = self._asked(typed, reader.searcher, wanted)
            query = self._narrowed(reader, asked, wanted)
            return months(reader.searcher, query) if query else {}

    def suggestions(self, beginning: str, most: int) -> list[str]:
        """Give what could be looked for that begins so."""
        reader = self._store.reader()
        glossary = [name for show in self._archive.shows() for name in show.glossary]
        with explained(self._store.path):
            told = ((fold(name.lower()), name) for name in glossary)
            said = reader.frequent if beginning.strip() else ()
            return suggest(beginning, chain(told, reader.names), said, most, self._is_borne(reader))

    def _is_borne(self, reader: Reader) -> Callable[[str], bool]:
        """Tell of a name whether an episode bears it that is public now; the glossary's always."""
        always = {name for show in self._archive.shows() for name in show.glossary}
        return lambda name: name in always or any(map(self._public, reader.bearers.get(name, ())))

    def related(self, key: str, most: int) -> tuple[EpisodeHits, ...]:
        """Find a passage in each of the episodes that speak of the same things.

        What was found lately is known until the index changes; those public today are given.
        """
        reader = self._store.reader()
        found = reader.related.get(key)
        if found is None:
            found = self._find_related(reader, key, most)
            if len(reader.related) >= KEPT:
                reader.related.clear()
            reader.related[key] = found
        return tuple(each for each in found if self._public(each.key))

    def _find_related(self, reader: Reader, key: str, most: int) -> tuple[EpisodeHits, ...]:
        with explained(self._store.path):
            terms = related.telling(reader.searcher, key)
            query = related.others(terms, reader.of_keys([key]))
            ranked = rank(reader.searcher, query, 2 * most, "best") if terms else []
            public = [episode for key in reader.keys(ranked) if (episode := self._public(key))]
            places = Places(reader, Asked((Either(terms),)), query)
            return tuple(each for each in places.best(public, 1) if each.hits)[:most]

    def instead(self, typed: str) -> str:
        """Tell what is looked for where a word is nowhere said; nothing where all words are."""
        reader = self._store.reader()
        with explained(self._store.path):
            return self._asked(typed, reader.searcher, Wanted())[1]

    def _asked(self, typed: str, searcher: tantivy.Searcher, wanted: Wanted) -> tuple[Asked, str]:
        """Read a query, with what the machine is known to write for its names."""
        corrections = (show.corrections for show in self._archive.shows())
        asked = with_mishearings(parse(typed), corrections)
        return (asked, "") if wanted.as_typed else mend(asked, typed, searcher)

    def _narrowed(self, reader: Reader, asked: Asked, wanted: Wanted) -> Query | None:
        """Build the query with what the episodes must be; None where nothing is asked for."""
        if not asked or (wanted.show is not None and not SLUG.fullmatch(wanted.show)):
            return None
        query, filters = asked.query(schema()), asked.filters
        for name in filters.shows:
            slugs = [each.slug for each in self._archive.shows() if is_called(each, name)]
            query = narrow(query, numbered(reader.of_shows(slugs)))
        if wanted.show is not None:
            query = narrow(query, numbered(reader.of_shows([wanted.show])))
        if wanted.episode is not None:
            query = narrow(query, numbered(reader.of_keys([wanted.episode])))
        for field, texts in (("person", filters.persons), ("tag", filters.tags)):
            for form in (form for text in texts for form in names(text)):
                query = narrow(query, Query.term_query(schema(), field, form))
        if filters.first or filters.last:
            query = narrow(query, _between(filters.first, filters.last))
        return query if asked.clauses else narrow(query, episodes())

    def _public(self, key: str) -> Episode | None:
        try:
            episode = self._archive.episode(key)
        except RadioError:  # gone or broken since the last refresh, which says so
            return None
        return episode if episode.is_public(date.today()) else None


def is_called(show: Show, name: str) -> bool:
    """Whether a show is meant by its slug or some words of its title, accents aside."""
    return name == show.slug or fold(name.lower()) in fold(show.title.lower())


def _between(first: date | None, last: date | None) -> Query:
    lowest, highest = (first or date.min).toordinal(), (last or date.max).toordinal()
    return Query.range_query(schema(), "day", tantivy.FieldType.Unsigned, lowest, highest)
