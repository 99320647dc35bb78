"""Answers from the index: episodes with their hits, counts by month, what is related, names."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import accumulate, chain

from tantivy import DocAddress, Occur, Query

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.formats.markdown import plain
from radio.french.letters import fold
from radio.search.clauses import Either, compiled
from radio.search.compiler import CompiledQuery, Compiler, Told
from radio.search.days import read_periods
from radio.search.dossiers import Dossiers
from radio.search.fields import by_numbers, episodes
from radio.search.hits import (
    EpisodeHits,
    Hit,
    Interpretation,
    Order,
    PeriodChoice,
    Results,
    SearchOptions,
)
from radio.search.marking import Marker
from radio.search.passage import Passage, Snippet, mark, quote, sentences_of, unpack
from radio.search.query import LONGEST_QUERY, ParsedQuery
from radio.search.ranking import Ranking, count, months, narrow, numbers_in, rank
from radio.search.reader import Reader
from radio.search.store import Answer, Store, healed
from radio.search.suggestions import examples, lead_on, suggest

MANY, ALL = 1_000, 3_000  # passages that are looked at for one word, and for several
RELATED = 200  # episodes whose related ones stay in memory, some 5 kB each
SHARED = 2  # passages that may overlap
FIRST_LOOK = 1_000  # passages of all episodes, before more are read
MOMENT = 15.0  # seconds, about what is quoted of a passage
ALIKE = 0.8  # of the words of two sentences, as a machine may hear them: those in both
REPEATED = 3  # episodes of a page that repeat a sentence

ScoredAddress = tuple[float, DocAddress]
Clauses = frozenset[int]
"""By their place in the query."""
Words = frozenset[str]
_WORD = re.compile(r"\w+")


class HitFinder:
    """Finds the hits of one query in some episodes."""

    def __init__(self, reader: Reader, query: ParsedQuery, index_query: Query, told: Told):
        self._reader, self._searcher, self._told = reader, reader.searcher, told
        self._query, self._index_query = query, index_query
        self._clauses = frozenset(range(len(query.clauses)))
        self._marker = Marker(query, reader.vocabulary)
        self._each_word = len(query.clauses) == 1

    def best(self, found: Sequence[Episode], most: int) -> Iterator[EpisodeHits]:
        """Give the best passages of each episode, and the number of further ones.

        A word in two passages is marked in the same one as in `every`.
        """
        for episode, addresses, told in self._by_episode(found):
            best = sorted(addresses, key=lambda each: -each[0])[: SHARED * most]
            scores = {passage: round(score, 4) for score, passage in self._passages(best)}
            in_order = sorted(scores, key=lambda each: each.first)
            met = self._marker.find(in_order, told=told)
            moments = join_moments((each, scores[each.passage]) for each in met)
            hits = [each for each, _ in sorted(moments, key=lambda pair: -pair[1])[:most]]
            yield self._of(episode, hits, told, max(0, len(addresses) - most))

    def every(self, found: Sequence[Episode]) -> Iterator[EpisodeHits]:
        """Give all hits in order: each word if the query has one clause, else each passage."""
        for episode, addresses, told in self._by_episode(found):
            passages = (passage for _, passage in self._passages(addresses))
            in_order = sorted(passages, key=lambda each: each.first)
            met = self._marker.find(in_order, self._each_word, told)
            yield self._of(episode, list(met), told, 0)

    def _passages(self, addresses: Sequence[ScoredAddress]) -> Iterator[tuple[float, Passage]]:
        packed = ((score, self._searcher.doc(at).get_first("passage")) for score, at in addresses)
        return ((score, unpack(bytes(each))) for score, each in packed if each)

    def _by_episode(
        self, found: Sequence[Episode]
    ) -> Iterator[tuple[Episode, list[ScoredAddress], Clauses]]:
        """Find the passages of all episodes at once: one query costs less than many.

        Where the sidecar meets a query that no passage meets, the passage that meets most of it
        stands for the episode.
        """
        groups = self._find([each.key for each in found], self._index_query)
        others = [each.key for each in found if not self._is_said(groups.get(each.key, []))]
        most_met = self._find(others, self._in_part()) if others and not self._each_word else {}
        for each in found:
            if each.key in others:
                yield each, most_met.get(each.key, [])[:1], self._clauses
            else:
                number = self._reader.number_of.get(each.key, 0)
                yield each, groups[each.key], self._told.get(number, frozenset())

    def _is_said(self, addresses: Sequence[ScoredAddress]) -> bool:
        """Whether one of some documents of an episode is a passage."""
        return len(addresses) > 1 or any(self._passages(addresses))

    def _in_part(self) -> Query:
        """Build the query of passages that meet one clause or more."""
        vocabulary = self._reader.vocabulary
        parts = [(Occur.Should, compiled(clause, vocabulary)) for clause in self._query.clauses]
        met = Query.boolean_query([*parts, (Occur.MustNot, episodes())])
        return self._query.around(met, vocabulary)

    def _find(self, keys: Sequence[str], index_query: Query) -> dict[str, list[ScoredAddress]]:
        """Find the documents of some episodes that meet a query, the best first."""
        query = narrow(index_query, by_numbers(self._reader.of_keys(keys)))
        result = self._searcher.search(query, FIRST_LOOK)
        total = result.count or 0  # type: ignore[attr-defined]  # not in tantivy's stub
        if total > FIRST_LOOK:
            result = self._searcher.search(query, total)
        groups: dict[str, list[ScoredAddress]] = {}
        for key, hit in zip(
            self._reader.keys([at for _, at in result.hits]), result.hits, strict=True
        ):
            groups.setdefault(key, []).append(hit)
        return groups

    def _of(self, episode: Episode, hits: Sequence[Hit], told: Clauses, more: int) -> EpisodeHits:
        matches, met = self._marker.any_in(episode.title)
        return EpisodeHits(
            episode.key,
            episode.show,
            episode.title,
            episode.date,
            tuple(hits),
            more,
            mark(episode.title, matches),
            tuple(self._tell(episode, (told if hits else self._clauses) - met)),
            episode.known_date,
        )

    def _tell(self, episode: Episode, clauses: Clauses) -> Iterator[Snippet]:
        """Quote what else of a sidecar meets some clauses: people, tags, description."""
        people = ", ".join(episode.names)
        for text in (people, ", ".join(episode.tags), " ".join(plain(episode.description).split())):
            matches, met = self._marker.any_in(text) if clauses else ([], frozenset[int]())
            if clauses & met:
                yield quote(text, matches)
                clauses -= met


class Answers(ABC):
    """Reads the index of an archive.

    Where the index can't be read it is made again; if that fails, every method raises SearchError.
    """

    def __init__(self, archive: Archive):
        self._archive, self._store = archive, Store(archive.index)
        self.dossiers = Dossiers(archive, self._store, self.heal)

    @abstractmethod
    def heal(self, answer: Callable[[], Answer]) -> Answer:
        """Answer; if the index can't be read, make it again first."""

    @healed
    def search(self, query: str, options: SearchOptions = SearchOptions()) -> Results:  # noqa: B008 (frozen)
        """Find the episodes that match a query, those of one page.

        A word that is not in the index is replaced by the closest one.
        """
        with self._store.reading() as reader:
            page, size = max(1, options.page), options.size
            asked, ranking = self._ranked(reader, query, options, page * size)
            found = Results(query, 0, (), page, 0)  # for signs alone, or exclusions
            if asked.index_query is not None:
                keys = reader.keys(ranking.addresses[(page - 1) * size :])
                hits = self._find_hits(reader, asked, keys, options)
                total, facets, aired = count(
                    reader.searcher, asked.index_query, ranking, reader.facet_counter
                )
                periods = tuple(self._periods(reader, query, options)) if page == 1 else ()
                pages, told = -(-total // size), asked.interpretation
                found = Results(query, total, hits, page, pages, facets, told, periods, aired=aired)
            return lead_on(found, asked, self._archive, reader, options, self.dossiers.alike)

    def _periods(self, reader: Reader, text: str, options: SearchOptions) -> Iterator[PeriodChoice]:
        """Count what each time of a query leaves: with its other words, else all that was aired."""
        compiler = Compiler(self._archive, reader, options)
        for period in read_periods(text[:LONGEST_QUERY], date.today()):
            for choice in dict.fromkeys((period, replace(period, words=""))):
                index_query = compiler.compile(choice.query).index_query
                total = len(numbers_in(reader.searcher, index_query)) if index_query else 0
                if total:
                    yield replace(choice, episodes=total)
                    break

    def _ranked(
        self, reader: Reader, text: str, options: SearchOptions, size: int
    ) -> tuple[CompiledQuery, Ranking]:
        """Compile a query, relaxed where nothing meets it, and rank the first episodes."""
        compiler = Compiler(self._archive, reader, options)
        asked = compiler.compile(text)
        ranking = _rank(reader, asked, size, options.order)
        if not ranking.addresses and (relaxed := compiler.relax(asked)) is not asked:
            asked, ranking = relaxed, _rank(reader, relaxed, size, options.order)
        if not ranking.addresses or asked.interpretation:
            asked = compiler.translate(asked, text)
        return asked, ranking

    def batches(
        self, query: str, options: SearchOptions, most: int
    ) -> Iterator[tuple[EpisodeHits, ...]]:
        """Give the first `most` episodes of the results, a page at a time."""
        keys = self.keys(query, replace(options, page=1, size=most))
        for first in range(0, len(keys), options.size):
            yield self._hits_in(query, options, keys[first : first + options.size])

    @healed
    def _hits_in(
        self, text: str, options: SearchOptions, keys: Sequence[str]
    ) -> tuple[EpisodeHits, ...]:
        with self._store.reading() as reader:
            asked, _ = self._ranked(reader, text, options, 1)
            return self._find_hits(reader, asked, keys, options)

    def _find_hits(
        self, reader: Reader, asked: CompiledQuery, keys: Sequence[str], options: SearchOptions
    ) -> tuple[EpisodeHits, ...]:
        if asked.index_query is None or not keys:
            return ()
        finder = HitFinder(reader, asked.query, asked.index_query, asked.told)
        if options.whole:
            return tuple(finder.every(self._public(keys)))
        best = tuple(finder.best(self._public(keys), options.most))
        return set_apart(best) if options.order == "best" else best

    @healed
    def keys(self, query: str, options: SearchOptions) -> list[str]:
        """Give the keys of the episodes on one page of the results."""
        with self._store.reading() as reader:
            _, ranking = self._ranked(reader, query, options, options.page * options.size)
            return reader.keys(ranking.addresses[(options.page - 1) * options.size :])

    @healed
    def mentions(self, query: str, options: SearchOptions = SearchOptions()) -> dict[date, int]:  # noqa: B008
        """Count the matching passages by month of broadcast, named by its first day."""
        with self._store.reading() as reader:
            asked, _ = self._ranked(reader, query, options, 1)
            return months(reader.searcher, asked.index_query) if asked.index_query else {}

    @healed
    def suggestions(self, beginning: str, most: int = 10) -> list[str]:
        """Suggest queries that begin so; before anything is typed, once for each state."""
        public = holdings.public_keys(self._archive)
        glossaries = (show.glossary for show in self._archive.shows())
        known = tuple(dict.fromkeys(name for each in glossaries for name in entries(each)))
        with self._store.reading() as reader:
            if beginning.strip():
                return _suggest(beginning, reader, known, public, most)
            first = reader.once(
                "first names",
                (known, public, most),
                lambda: _suggest("", reader, known, public, most),
            )
            return list(first)

    @healed
    def examples(self, most: int = 4) -> Sequence[str]:
        """Give some words to try, chosen once for each state of the index."""
        public = holdings.public_keys(self._archive)
        with self._store.reading() as reader:
            return reader.once(
                "examples",
                (public, most),
                lambda: examples(reader, self._archive.shows(), public, most),
            )

    @healed
    def related(self, key: str, most: int = 3) -> tuple[EpisodeHits, ...]:
        """Find other episodes about the same subjects, each with one passage.

        Recent answers are kept until the index changes. Gives only episodes that are public today.
        """
        with self._store.reading() as reader:
            hits = reader.once(
                "related", key, lambda: tuple(self._find_related(reader, key, most))[:most], RELATED
            )
        return tuple(each for each in hits if self._public([each.key]))

    def _find_related(self, reader: Reader, key: str, most: int) -> Iterator[EpisodeHits]:
        if terms := reader.characteristic_terms(key):
            index_query = reader.similar_passages(terms, key)
            addresses = rank(reader.searcher, index_query, 2 * most, "best").addresses
            finder = HitFinder(reader, ParsedQuery((Either(terms),)), index_query, {})
            found = finder.best(self._public(reader.keys(addresses)), 1)
            yield from (each for each in found if each.hits)

    @healed
    def interpret(self, query: str, options: SearchOptions) -> Interpretation:
        """Tell what a query is taken for, where that is not what was typed."""
        with self._store.reading() as reader:
            return self._ranked(reader, query, options, 1)[0].interpretation

    def _public(self, keys: Iterable[str]) -> list[Episode]:
        """Read episodes, but for those that are gone or broken since the last refresh."""
        found = (holdings.find_episode(self._archive, key) for key in keys)
        return [each for each in found if each]


def _suggest(
    beginning: str, reader: Reader, known: Sequence[str], public: Set[str], most: int
) -> list[str]:
    """Suggest queries that begin so, of names in glossaries and of what public episodes have."""

    def is_public(name: str) -> bool:
        return name in known or not public.isdisjoint(reader.keys_by_name.get(name, ()))

    glossary_names = ((fold(name.lower()), name) for name in known)
    frequent_words = reader.frequent if beginning else ()
    return suggest(beginning, chain(glossary_names, reader.names), frequent_words, most, is_public)


def _rank(reader: Reader, asked: CompiledQuery, size: int, order: Order) -> Ranking:
    """Rank what a query finds; several words find little, so that all of it is looked at."""
    if asked.index_query is None:
        return Ranking([], [])
    look = ALL if len(asked.query.clauses) > 1 else MANY
    return rank(reader.searcher, asked.index_query, size, order, look)


def join_moments(found: Iterable[tuple[Hit, float]]) -> list[tuple[Hit, float]]:
    """Join what is of one moment, given in order with its scores, and keep the better score."""
    moments: list[tuple[Hit, float]] = []
    for each, score in found:
        first, other = moments[-1] if moments else (each, score)
        if moments and each.start - first.start < MOMENT:
            moments[-1] = first, max(score, other)
        else:
            moments.append((each, score))
    return moments


def set_apart(found: Sequence[EpisodeHits]) -> tuple[EpisodeHits, ...]:
    """Put what many episodes repeat after what each of them says for itself.

    A sentence that was quoted for an episode before is told by `Hit.again`.
    """
    firsts = [_sentence(each.hits[0]) if each.hits else None for each in found]
    said = [each for each in firsts if each is not None]
    repeated = [one for one in said if sum(_are_alike(one, other) for other in said) >= REPEATED]

    def repeats(hit: Hit) -> bool:
        return _is_one_of(_sentence(hit), repeated)

    def only_repeats(each: EpisodeHits) -> bool:
        """Whether an episode has nothing else to show, neither in its title."""
        is_told = bool(each.told) or any(is_match for _, is_match in each.heading)
        return not is_told and any(map(repeats, each.hits[:1]))

    if repeated:
        own = (replace(each, hits=tuple(sorted(each.hits, key=repeats))) for each in found)
        found = sorted(own, key=only_repeats)
        firsts = [_sentence(each.hits[0]) if each.hits else None for each in found]
    quoted, told = list[Words](), list[EpisodeHits]()
    for each, first in zip(found, firsts, strict=True):
        if first is not None and _is_one_of(first, quoted):
            told.append(replace(each, hits=(replace(each.hits[0], again=True), *each.hits[1:])))
            continue
        quoted += [first] if first is not None else []
        told.append(each)
    return tuple(told)


def _sentence(hit: Hit) -> Words:
    """Give the words of the sentence in which a hit begins."""
    text = "".join(part for part, _ in hit.snippet)
    ends = accumulate(len(part) for part, _ in hit.snippet)
    pairs = zip(ends, hit.snippet, strict=True)
    place = next((end - len(part) for end, (part, is_match) in pairs if is_match), 0)
    spans = (
        text[each.start : each.end] for each in sentences_of(text) if each.start <= place < each.end
    )
    return frozenset(_WORD.findall(next(spans, text).lower()))


def _is_one_of(sentence: Words, others: Iterable[Words]) -> bool:
    return any(_are_alike(sentence, other) for other in others)


def _are_alike(one: Words, other: Words) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= ALIKE * longer and len(one & other) >= ALIKE * len(one | other)
