"""The hits in each episode of the results: its best passages, or all in order."""

from collections.abc import Iterator, Sequence

from tantivy import DocAddress, Occur, Query

from radio.archive.episode import Episode
from radio.formats.markdown import plain
from radio.search.fields import by_numbers, episodes
from radio.search.hits import EpisodeHits, Hit, Snippet
from radio.search.marking import Marker
from radio.search.passage import Passage, unpack
from radio.search.query import ParsedQuery
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.sidecars import Told
from radio.search.snippet import mark, quote
from radio.search.twins import join_moments

SHARED = 2  # passages that may overlap
FIRST_LOOK = 1_000  # passages of all episodes, before more are read

ScoredAddress = tuple[float, DocAddress]
Clauses = frozenset[int]
"""By their place in the query."""


class HitFinder:
    """Finds the hits of one query in some episodes."""

    def __init__(self, reader: Reader, query: ParsedQuery, index_query: Query, told: Told):
        self._reader, self._searcher, self._told = reader, reader.searcher, told
        self._query, self._index_query = query, index_query
        self._clauses = frozenset(range(len(query.clauses)))
        self._marker = Marker(query, reader.vocabulary)
        self._each_word = len(query.clauses) == 1

    def best(self, found: Sequence[Episode], most: int) -> tuple[EpisodeHits, ...]:
        """Give the best passages of each episode, and the number of further ones."""
        return tuple(self._best(*group, most) for group in self._by_episode(found))

    def every(self, found: Sequence[Episode]) -> tuple[EpisodeHits, ...]:
        """Give all hits in order: each word if the query has one clause, else each passage."""
        return tuple(self._every(*group) for group in self._by_episode(found))

    def _best(
        self, episode: Episode, addresses: Sequence[ScoredAddress], told: Clauses, most: int
    ) -> EpisodeHits:
        """Give the best hits; a word in two passages is marked in the same one as in `every`."""
        best = sorted(addresses, key=lambda each: -each[0])[: SHARED * most]
        scores = {passage: round(score, 4) for score, passage in self._passages(best)}
        in_order = sorted(scores, key=lambda each: each.first)
        found = self._marker.find(in_order, told=told)
        moments = join_moments((each, scores[each.passage]) for each in found)
        hits = [each.hit for each, _ in sorted(moments, key=lambda pair: -pair[1])[:most]]
        return self._of(episode, hits, told, max(0, len(addresses) - most))

    def _every(
        self, episode: Episode, addresses: Sequence[ScoredAddress], told: Clauses
    ) -> EpisodeHits:
        passages = (passage for _, passage in self._passages(addresses))
        in_order = sorted(passages, key=lambda each: each.first)
        found = self._marker.find(in_order, self._each_word, told)
        return self._of(episode, [each.hit for each in found], told, 0)

    def _passages(self, addresses: Sequence[ScoredAddress]) -> Iterator[tuple[float, Passage]]:
        documents = (
            (score, self._searcher.doc(at).get_first("passage")) for score, at in addresses
        )
        return ((score, unpack(bytes(each))) for score, each in documents if each)

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
                yield each, groups[each.key], self._told_of(each)

    def _is_said(self, addresses: Sequence[ScoredAddress]) -> bool:
        """Whether one of some documents of an episode is a passage."""
        return len(addresses) > 1 or any(self._passages(addresses))

    def _in_part(self) -> Query:
        """Build the query of passages that meet one clause or more."""
        vocabulary = self._reader.vocabulary
        parts = [(Occur.Should, clause.compile(vocabulary)) for clause in self._query.clauses]
        met = Query.boolean_query([*parts, (Occur.MustNot, episodes())])
        return self._query.around(met, vocabulary)

    def _find(self, keys: Sequence[str], index_query: Query) -> dict[str, list[ScoredAddress]]:
        """Find the documents of some episodes that meet a query, the best first."""
        query = narrow(index_query, by_numbers(self._reader.of_keys(keys)))
        result = self._searcher.search(query, FIRST_LOOK)
        total = result.count or 0  # type: ignore[attr-defined]  # not in tantivy's stub
        if total > FIRST_LOOK:
            result = self._searcher.search(query, total)
        found = self._reader.keys([at for _, at in result.hits])
        groups: dict[str, list[ScoredAddress]] = {}
        for key, address in zip(found, result.hits, strict=True):
            groups.setdefault(key, []).append(address)
        return groups

    def _told_of(self, episode: Episode) -> Clauses:
        """Give the clauses that the sidecar of an episode meets, where passages meet the others."""
        return self._told.get(self._reader.number_of.get(episode.key, 0), frozenset())

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
