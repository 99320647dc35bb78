"""The places of an episode where a query is said: its best passages, or all in order."""

import tantivy
from tantivy import Query

from radio.episode import Episode
from radio.search.fields import schema
from radio.search.hits import EpisodeHits, Hit
from radio.search.marking import Marker
from radio.search.passage import Passage, unpack
from radio.search.query import Asked
from radio.search.ranking import narrow

MOST_HITS = 10  # passages of an episode beside the others
LONGEST_SHOW = 10_000  # passages


class Places:
    """Looks for what was asked in one episode after the other."""

    def __init__(self, searcher: tantivy.Searcher, asked: Asked, query: Query):
        self._searcher = searcher
        self._query = query
        self._marker = Marker(asked)
        self._each_word = len(asked.clauses) == 1

    def best(self, episode: Episode, most: int = MOST_HITS) -> EpisodeHits:
        """Give the best passages, each with its first word, and how many more there are."""
        found, scored = self._passages(episode, most)
        best = [passage for _, passage in sorted(scored, key=lambda each: (each[0], each[1].first))]
        return _of(episode, tuple(self._marker.hits(best)), max(0, found - most))

    def every(self, episode: Episode) -> EpisodeHits:
        """Give every place in order: each word of a query of one, each passage of others."""
        _, scored = self._passages(episode, LONGEST_SHOW)
        ordered = sorted((passage for _, passage in scored), key=lambda each: each.first)
        return _of(episode, tuple(self._marker.hits(ordered, self._each_word)), 0)

    def _passages(self, episode: Episode, most: int) -> tuple[int, list[tuple[float, Passage]]]:
        """Tell how many passages there are, and give the best, each with minus its score."""
        own = narrow(self._query, Query.term_query(schema(), "key", episode.key))
        found = self._searcher.search(own, most)
        packed = ((s, self._searcher.doc(at).get_first("passage")) for s, at in found.hits)
        scored = [(-round(score, 4), unpack(bytes(each))) for score, each in packed if each]
        return found.count or 0, scored  # type: ignore[attr-defined]  # not in tantivy's stub


def _of(episode: Episode, hits: tuple[Hit, ...], more: int) -> EpisodeHits:
    return EpisodeHits(episode.key, episode.show, episode.title, episode.date, hits, more)
