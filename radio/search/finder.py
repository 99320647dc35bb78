"""The hits in each episode of the results: its best passages, or all in order."""

from collections.abc import Iterable, Iterator, Sequence

from tantivy import DocAddress, Query

from radio.episode import Episode
from radio.search.fields import by_numbers
from radio.search.hits import EpisodeHits, Hit, Snippet
from radio.search.marking import Marker
from radio.search.passage import Passage, unpack
from radio.search.query import ParsedQuery
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.sidecars import Told
from radio.search.snippet import mark, quote

SPARE = 2  # passages that may say nothing of their own, where they overlap
FIRST_LOOK = 1_000  # passages of all episodes, before more are read

ScoredAddress = tuple[float, DocAddress]


class HitFinder:
    """Finds the hits of one query in some episodes."""

    def __init__(self, reader: Reader, query: ParsedQuery, index_query: Query, told: Told):
        self._reader, self._searcher, self._told = reader, reader.searcher, told
        self._clauses = frozenset(range(len(query.clauses)))
        self._index_query = index_query
        self._marker = Marker(query)
        self._each_word = len(query.clauses) == 1

    def best(self, episodes: Sequence[Episode], most: int) -> tuple[EpisodeHits, ...]:
        """Give the best passages of each episode, and the number of further ones."""
        return tuple(self._best(*group, most) for group in self._by_episode(episodes))

    def every(self, episodes: Sequence[Episode]) -> tuple[EpisodeHits, ...]:
        """Give all hits in order: each word if the query has one clause, else each passage."""
        return tuple(self._every(*group) for group in self._by_episode(episodes))

    def _best(self, episode: Episode, addresses: Sequence[ScoredAddress], most: int) -> EpisodeHits:
        """Give the best hits; a word in two passages is marked in the same one as in `every`."""
        best = sorted(addresses, key=lambda each: -each[0])[: most + SPARE]
        scores = {passage: -round(score, 4) for score, passage in self._passages(best)}
        in_order = sorted(scores, key=lambda each: each.first)
        pairs = self._marker.hits(in_order, told=self._told_of(episode))
        best_pairs = sorted(pairs, key=lambda pair: (scores[pair[0]], pair[0].first))[:most]
        return self._of(episode, best_pairs, max(0, len(addresses) - most))

    def _every(self, episode: Episode, addresses: Sequence[ScoredAddress]) -> EpisodeHits:
        passages = (passage for _, passage in self._passages(addresses))
        in_order = sorted(passages, key=lambda each: each.first)
        told = self._told_of(episode)
        return self._of(episode, self._marker.hits(in_order, self._each_word, told), 0)

    def _passages(self, addresses: Sequence[ScoredAddress]) -> Iterator[tuple[float, Passage]]:
        documents = (
            (score, self._searcher.doc(at).get_first("passage")) for score, at in addresses
        )
        return ((score, unpack(bytes(each))) for score, each in documents if each)

    def _by_episode(
        self, episodes: Sequence[Episode]
    ) -> Iterator[tuple[Episode, list[ScoredAddress]]]:
        """Find the passages of all episodes at once: one query costs less than many."""
        own = self._reader.of_keys([episode.key for episode in episodes])
        query = narrow(self._index_query, by_numbers(own))
        result = self._searcher.search(query, FIRST_LOOK)
        total = result.count or 0  # type: ignore[attr-defined]  # not in tantivy's stub
        if total > FIRST_LOOK:
            result = self._searcher.search(query, total)
        keys = self._reader.keys([at for _, at in result.hits])
        groups: dict[str, list[ScoredAddress]] = {}
        for key, address in zip(keys, result.hits, strict=True):
            groups.setdefault(key, []).append(address)
        return ((each, groups.get(each.key, [])) for each in episodes)

    def _told_of(self, episode: Episode) -> frozenset[int]:
        """Give the clauses that the sidecar of an episode meets, where passages meet the others."""
        return self._told.get(self._reader.number_of.get(episode.key, 0), frozenset())

    def _of(self, episode: Episode, pairs: Iterable[tuple[Passage, Hit]], more: int) -> EpisodeHits:
        own_hits = tuple(hit for _, hit in pairs)
        matches, met = self._marker.any_in(episode.title)
        told = (self._told_of(episode) if own_hits else self._clauses) - met
        return EpisodeHits(
            episode.key,
            episode.show,
            episode.title,
            episode.date,
            own_hits,
            more,
            mark(episode.title, matches),
            tuple(self._tell(episode, told)),
        )

    def _tell(self, episode: Episode, clauses: frozenset[int]) -> Iterator[Snippet]:
        """Quote what else of a sidecar meets some clauses: people, tags, description."""
        people = ", ".join(person.name for person in episode.people)
        for text in (people, ", ".join(episode.tags), " ".join(episode.description.split())):
            matches, met = self._marker.any_in(text) if clauses else ([], frozenset[int]())
            if clauses & met:
                yield quote(text, matches)
                clauses -= met
