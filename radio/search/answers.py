"""Answers from the index: episodes with hits, counts by month, related episodes, suggestions."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import chain

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.french.letters import fold
from radio.search import related
from radio.search.clauses import Either
from radio.search.compiler import CompiledQuery, Compiler
from radio.search.days import read_periods
from radio.search.finder import HitFinder, set_apart
from radio.search.hits import (
    EpisodeHits,
    Interpretation,
    Order,
    PeriodChoice,
    Results,
    SearchOptions,
)
from radio.search.query import LONGEST_QUERY, ParsedQuery
from radio.search.ranking import Ranking, count, count_episodes, months, rank
from radio.search.reader import Reader
from radio.search.store import Store, translate_errors
from radio.search.suggestions import NameSubjects, examples, lead_on, suggest

MANY, ALL = 1_000, 3_000  # passages that are looked at for one word, and for several
RELATED_CACHE = 200  # episodes whose related ones stay in memory, some 5 kB each


class Answers:
    """Reads the index of an archive. Every method raises SearchError if it can't be read."""

    def __init__(self, archive: Archive, store: Store, named: NameSubjects):
        self._archive = archive
        self._store = store
        self._subjects_alike = named

    def results(self, text: str, options: SearchOptions) -> Results:
        """Find the episodes in which all the words are said, those of one page."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            page, size = max(1, options.page), options.size
            compiled, ranking = self._ranked(reader, text, options, page * size)
            if compiled.index_query is None:  # signs alone, or exclusions
                return self._lead_on(Results(text, 0, (), page, 0), compiled, reader, options)
            keys = reader.keys(ranking.addresses[(page - 1) * size :])
            hits = self._find_hits(reader, compiled, keys, options)
            total, facets, aired = count(
                reader.searcher, compiled.index_query, ranking, reader.facet_counter
            )
            periods = tuple(self._periods(reader, text, options)) if page == 1 else ()
            pages = -(-total // size)
            told = compiled.interpretation
            found = Results(text, total, hits, page, pages, facets, told, periods, aired=aired)
            return self._lead_on(found, compiled, reader, options)

    def _lead_on(
        self, found: Results, compiled: CompiledQuery, reader: Reader, options: SearchOptions
    ) -> Results:
        return lead_on(found, compiled, self._archive, reader, options, self._subjects_alike)

    def _periods(self, reader: Reader, text: str, options: SearchOptions) -> Iterator[PeriodChoice]:
        """Count what each time of a query leaves: with its other words, else all that was aired."""
        compiler = Compiler(self._archive, reader, options)
        for period in read_periods(text[:LONGEST_QUERY], date.today()):
            for choice in dict.fromkeys((period, replace(period, rest=""))):
                index_query = compiler.compile(choice.narrowed).index_query
                total = count_episodes(reader.searcher, index_query) if index_query else 0
                if total:
                    yield PeriodChoice(
                        choice.first, choice.last, choice.rest, choice.narrowed, total
                    )
                    break

    def _ranked(
        self, reader: Reader, text: str, options: SearchOptions, size: int
    ) -> tuple[CompiledQuery, Ranking]:
        """Compile a query, relaxed where nothing meets it, and rank the first episodes."""
        compiler = Compiler(self._archive, reader, options)
        compiled = compiler.compile(text)
        ranking = _rank(reader, compiled, size, options.order)
        if not ranking.addresses and (relaxed := compiler.relax(compiled)) is not compiled:
            compiled, ranking = relaxed, _rank(reader, relaxed, size, options.order)
        if not ranking.addresses or compiled.interpretation:
            compiled = compiler.translate(compiled, text)
        return compiled, ranking

    def hits_in(
        self, text: str, options: SearchOptions, keys: Sequence[str]
    ) -> tuple[EpisodeHits, ...]:
        """Find the hits in the episodes of some keys."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            compiled, _ = self._ranked(reader, text, options, 1)
            return self._find_hits(reader, compiled, keys, options)

    def _find_hits(
        self, reader: Reader, compiled: CompiledQuery, keys: Sequence[str], options: SearchOptions
    ) -> tuple[EpisodeHits, ...]:
        if compiled.index_query is None or not keys:
            return ()
        public = [episode for key in keys if (episode := self._public(key))]
        finder = HitFinder(reader, compiled.query, compiled.index_query, compiled.told)
        if options.whole:
            return finder.every(public)
        best = finder.best(public, options.most)
        return set_apart(best) if options.order == "best" else best

    def keys(self, text: str, options: SearchOptions) -> list[str]:
        """Give the keys of the episodes on one page of the results."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            _, ranking = self._ranked(reader, text, options, options.page * options.size)
            return reader.keys(ranking.addresses[(options.page - 1) * options.size :])

    def mentions(self, text: str, options: SearchOptions) -> dict[date, int]:
        """Count the matching passages by month of broadcast, named by its first day."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            compiled, _ = self._ranked(reader, text, options, 1)
            return months(reader.searcher, compiled.index_query) if compiled.index_query else {}

    def suggestions(self, beginning: str, most: int) -> list[str]:
        """Suggest queries that begin so."""
        reader = self._store.reader()
        glossaries = (show.glossary for show in self._archive.shows())
        known = tuple(dict.fromkeys(name for each in glossaries for name in entries(each)))
        public = holdings.public_keys(self._archive)
        with translate_errors(self._store.path):
            if beginning.strip():
                return _suggest(beginning, reader, known, public, most)
            return list(_first_names(reader, known, public, most))

    def examples(self, most: int) -> Sequence[str]:
        """Give some words to try, chosen once for each state of the index."""
        reader, public = self._store.reader(), holdings.public_keys(self._archive)
        state = public, most
        if state not in reader.examples:
            with translate_errors(self._store.path):
                found = examples(reader, self._archive.shows(), public, most)
            reader.examples.clear()
            reader.examples[state] = found
        return reader.examples[state]

    def related(self, key: str, most: int) -> tuple[EpisodeHits, ...]:
        """Find other episodes about the same subjects, each with one passage.

        Recent answers are kept until the index changes. Gives only episodes that are public today.
        """
        reader = self._store.reader()
        hits = reader.related.get(key)
        if hits is None:
            hits = self._find_related(reader, key, most)
            if len(reader.related) >= RELATED_CACHE:
                reader.related.clear()
            reader.related[key] = hits
        return tuple(each for each in hits if self._public(each.key))

    def _find_related(self, reader: Reader, key: str, most: int) -> tuple[EpisodeHits, ...]:
        with translate_errors(self._store.path):
            terms = related.characteristic_terms(reader, key)
            index_query = related.similar_passages(reader.vocabulary, terms, reader.of_keys([key]))
            addresses = (
                rank(reader.searcher, index_query, 2 * most, "best").addresses if terms else []
            )
            public = [episode for key in reader.keys(addresses) if (episode := self._public(key))]
            finder = HitFinder(reader, ParsedQuery((Either(terms),)), index_query, {})
            return tuple(each for each in finder.best(public, 1) if each.hits)[:most]

    def interpret(self, text: str, options: SearchOptions) -> Interpretation:
        """Tell what a query is taken for."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            return self._ranked(reader, text, options, 1)[0].interpretation

    def _public(self, key: str) -> Episode | None:
        """Read an episode; None where it is gone or broken since the last refresh."""
        return holdings.find_episode(self._archive, key)


def _suggest(
    beginning: str, reader: Reader, known: Sequence[str], public: Set[str], most: int
) -> list[str]:
    """Suggest queries that begin so, of names in glossaries and of what public episodes have."""

    def is_public(name: str) -> bool:
        return name in known or not public.isdisjoint(reader.keys_by_name.get(name, ()))

    glossary_names = ((fold(name.lower()), name) for name in known)
    frequent_words = reader.frequent if beginning else ()
    return suggest(beginning, chain(glossary_names, reader.names), frequent_words, most, is_public)


def _first_names(
    reader: Reader, known: tuple[str, ...], public: Set[str], most: int
) -> Sequence[str]:
    """Suggest something before anything is typed: every page does, so it is kept."""
    state = known, public, most
    if state not in reader.first_names:
        reader.first_names.clear()
        reader.first_names[state] = _suggest("", reader, known, public, most)
    return reader.first_names[state]


def _rank(reader: Reader, compiled: CompiledQuery, size: int, order: Order) -> Ranking:
    """Rank what a query finds; several words find little, so that all of it is looked at."""
    if compiled.index_query is None:
        return Ranking([], [])
    look = ALL if len(compiled.query.clauses) > 1 else MANY
    return rank(reader.searcher, compiled.index_query, size, order, look)
