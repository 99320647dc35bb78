"""The order of the episodes of a search, and their counts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
import tantivy
from numpy.typing import NDArray
from tantivy import DocAddress, Occur, Query, Searcher

from radio.search.fields import About
from radio.search.results import LENGTHS, Aired, Facets, Order, table

MOST_NAMES = 12  # people, or tags, that are counted
Name = TypeVar("Name", str, int)
ScoredAddress = tuple[float, DocAddress]
Numbers = NDArray[np.int64]  # of episodes, each once
Entries = NDArray[np.int32]  # rows: numbers of names, numbers of episodes that have them
FIRST_LOOK = 10  # passages ranked for each episode, before more are read
MOST_EPISODES = 65_000  # the most buckets that tantivy counts


class FacetCounter:
    """Counts episodes by show, year, person, tag, voice and length."""

    def __init__(self, episodes: Mapping[int, About]):
        numbers, abouts = np.fromiter(episodes, np.int64, len(episodes)), episodes.values()
        self._places = np.argsort(numbers)  # of the numbers, in their order
        self._numbers = numbers[self._places]
        self._aired = table((about.known, about.seconds) for about in abouts)
        self._names = (
            _column((about.show,) for about in abouts),
            _column(about.people for about in abouts),
            _column(about.tags for about in abouts),
            _column(about.voices for about in abouts),
        )
        classes = ([each for each in LENGTHS if each <= about.seconds][-1:] for about in abouts)
        self._sizes = _column((about.year,) for about in abouts), _column(classes)

    def count(self, numbers: Numbers) -> tuple[Facets, Aired]:
        """Count some episodes, given by number, and give when they were aired."""
        mask = np.zeros(len(self._places), bool)
        wanted = np.sort(numbers)  # found much sooner in order
        places = np.searchsorted(self._numbers[:-1], wanted)
        mask[self._places[places[self._numbers[places] == wanted]]] = True
        shows, *named = (_count(each, mask) for each in self._names)
        years, lengths = (sorted(_count(each, mask)) for each in self._sizes)
        people, tags, voices = (each[:MOST_NAMES] for each in named)
        facets = Facets(shows, tuple(years[::-1]), people, tags, voices, tuple(lengths))
        return facets, self._aired[mask]


def _column(names_by_episode: Iterable[Iterable[Name]]) -> tuple[list[Name], Entries]:
    """Give the names of all episodes, and one entry for each name of each."""
    ordinals: dict[Name, int] = {}
    entries = [
        (ordinals.setdefault(name, len(ordinals)), episode)
        for episode, names in enumerate(names_by_episode)
        for name in dict.fromkeys(names)
    ]
    return list(ordinals), np.array(entries, np.int32).reshape(-1, 2).T.copy()


def _count(
    column: tuple[list[Name], Entries], mask: NDArray[np.bool_]
) -> tuple[tuple[Name, int], ...]:
    names, (ordinals, episodes) = column
    counts = np.bincount(ordinals[mask[episodes]], minlength=len(names))
    pairs = [(names[ordinal], int(counts[ordinal])) for ordinal in np.flatnonzero(counts).tolist()]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))  # the most frequent first


def narrow(query: Query, *either: Query) -> Query:
    """Restrict a query to what matches one of some others; scores stay the same."""
    any_of = Query.boolean_query([(Occur.Should, each) for each in either])
    zero = Query.const_score_query(any_of if either else Query.empty_query(), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, zero)])


@dataclass(frozen=True)
class Ranking:
    """The first episodes of a search, by their best passages."""

    addresses: list[DocAddress]
    every: Sequence[ScoredAddress] | None = ()  # all that was found; None where that is much
    numbers: Sequence[int] = ()  # of the episode of each of these


def rank(searcher: Searcher, query: Query, size: int, order: Order, look: int = 0) -> Ranking:
    """Rank episodes by best passage or by day, the newest first among equals; give `size` of them.
    Looks at `look` passages at least, then at more until there are enough episodes."""

    def found(limit: int) -> Sequence[ScoredAddress]:
        if order == "best":
            return searcher.search(query, limit, count=False).hits
        direction = tantivy.Order.Desc if order == "newest" else tantivy.Order.Asc
        by_day = searcher.search(query, limit, count=False, order_by_field="day", order=direction)
        return [(0.0, address) for _, address in by_day.hits]

    def numbered(hits: Sequence[ScoredAddress]) -> list[int]:
        addresses = [address for _, address in hits]
        return [int(each or 0) for each in searcher.fast_field_values("number", addresses)]

    def firsts(hits: Sequence[ScoredAddress], numbers: Sequence[int]) -> list[DocAddress]:
        days = searcher.fast_field_values("day", [address for _, address in hits])
        sign = 1 if order == "oldest" else -1
        firsts = dict[int, tuple[float, float, int, DocAddress]]()
        for (score, address), number, day in zip(hits, numbers, days, strict=True):
            if number not in firsts:
                firsts[number] = -round(score, 4), sign * (day or 0), number, address
        return [address for *_, address in sorted(firsts.values(), key=lambda each: each[:3])]

    most = max(1, searcher.num_docs)
    limit = FIRST_LOOK * size
    looked = min(max(limit, look), most + 1)
    hits = found(looked)
    while True:
        is_all = len(hits) < looked
        numbers = numbered(hits if is_all else hits[:limit])
        best = firsts(hits[:limit], numbers[:limit])
        if len(best) >= size or (limit >= len(hits) and is_all):
            break
        limit *= 8
        if limit > looked:
            looked = min(limit, most + 1)
            hits = found(looked)
    return Ranking(best[:size], hits if is_all else None, numbers)


def count(
    searcher: Searcher, query: Query, ranking: Ranking, facet_counter: FacetCounter
) -> tuple[int, Facets, Aired]:
    """Count the episodes of a query: in all, by show, year, person and tag, and when."""
    if ranking.every is None:
        numbers = numbers_in(searcher, query)
    else:
        numbers = np.unique(np.array(ranking.numbers, np.int64))
    return len(numbers), *facet_counter.count(numbers)


def numbers_in(searcher: Searcher, query: Query, field: str = "number") -> Numbers:
    """Give the numbers of the episodes that a query finds, or their days."""
    aggregation = {"episodes": {"terms": {"field": field, "size": MOST_EPISODES}}}
    buckets = searcher.aggregate(query, aggregation)["episodes"]["buckets"]
    return np.fromiter((bucket["key"] for bucket in buckets), np.int64, len(buckets))


def months(searcher: Searcher, query: Query) -> dict[date, int]:
    """Count the matching passages by the first day of their month, in order."""
    aggregation = {"days": {"terms": {"field": "said", "size": MOST_EPISODES}}}
    counts: Counter[date] = Counter()
    for bucket in searcher.aggregate(query, aggregation)["days"]["buckets"]:
        counts[date.fromordinal(int(bucket["key"])).replace(day=1)] += bucket["doc_count"]
    return dict(sorted(counts.items()))
