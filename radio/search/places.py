"""The places of episodes where a query is said: their best passages, or all in order."""

from collections.abc import Iterable, Iterator, Sequence

from tantivy import DocAddress, Query

from radio.episode import Episode
from radio.search.fields import numbered
from radio.search.hits import EpisodeHits, Hit
from radio.search.marking import Marker
from radio.search.passage import Passage, unpack
from radio.search.query import Asked
from radio.search.ranking import narrow
from radio.search.reader import Reader

MOST_HITS = 10  # passages of an episode beside the others
SHARED = 2  # passages that may have their words in common
FIRST_LOOK = 1_000  # passages of all the episodes, before asking for more

Scored = tuple[float, DocAddress]


class Places:
    """Looks for what was asked in some episodes."""

    def __init__(self, reader: Reader, asked: Asked, query: Query):
        self._reader, self._searcher = reader, reader.searcher
        self._query = query
        self._marker = Marker(asked)
        self._each_word = len(asked.clauses) == 1

    def best(self, episodes: Sequence[Episode], most: int = MOST_HITS) -> tuple[EpisodeHits, ...]:
        """Give the best passages of each, with their first words, and how many more there are."""
        return tuple(self._best(*each, most) for each in self._grouped(episodes))

    def every(self, episodes: Sequence[Episode]) -> tuple[EpisodeHits, ...]:
        """Give every place in order: each word of a query of one, each passage of others."""
        return tuple(self._every(*each) for each in self._grouped(episodes))

    def _best(self, episode: Episode, found: Sequence[Scored], most: int) -> EpisodeHits:
        """Give the best; passages that share words count as they do where all are given."""
        ordered = sorted(found, key=lambda each: -each[0])[: SHARED * most]
        scores = {passage: -round(score, 4) for score, passage in self._passages(ordered)}
        hits = self._marker.hits(sorted(scores, key=lambda each: each.first))
        best = sorted(hits, key=lambda each: (scores[each[0]], each[0].first))[:most]
        return _of(episode, best, max(0, len(found) - most))

    def _every(self, episode: Episode, found: Sequence[Scored]) -> EpisodeHits:
        passages = (passage for _, passage in self._passages(found))
        ordered = sorted(passages, key=lambda each: each.first)
        return _of(episode, self._marker.hits(ordered, self._each_word), 0)

    def _passages(self, found: Sequence[Scored]) -> Iterator[tuple[float, Passage]]:
        packed = ((score, self._searcher.doc(at).get_first("passage")) for score, at in found)
        return ((score, unpack(bytes(each))) for score, each in packed if each)

    def _grouped(self, episodes: Sequence[Episode]) -> Iterator[tuple[Episode, list[Scored]]]:
        """Find the passages of all the episodes at once: one query costs less than one for each."""
        own = self._reader.of_keys([episode.key for episode in episodes])
        query = narrow(self._query, numbered(own))
        found = self._searcher.search(query, FIRST_LOOK)
        wanted = found.count or 0  # type: ignore[attr-defined]  # not in tantivy's stub
        if wanted > FIRST_LOOK:
            found = self._searcher.search(query, wanted)
        keys = self._reader.keys([at for _, at in found.hits])
        groups: dict[str, list[Scored]] = {}
        for key, hit in zip(keys, found.hits, strict=True):
            groups.setdefault(key, []).append(hit)
        return ((each, groups.get(each.key, [])) for each in episodes)


def _of(episode: Episode, hits: Iterable[tuple[Passage, Hit]], more: int) -> EpisodeHits:
    found = tuple(hit for _, hit in hits)
    return EpisodeHits(episode.key, episode.show, episode.title, episode.date, found, more)
