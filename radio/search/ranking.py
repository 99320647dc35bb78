"""The order of the episodes of a search, and their counts."""

from collections import Counter
from datetime import date

import tantivy
from tantivy import DocAddress, Occur, Query

from radio.search.facets import FacetCounter
from radio.search.hits import Facets, Order

FIRST_LOOK = 10  # passages ranked for each episode, before more are read
MOST_EPISODES = 65_000  # the most buckets that tantivy counts


def narrow(query: Query, *either: Query) -> Query:
    """Restrict a query to what matches one of some others; scores stay the same."""
    any_of = Query.boolean_query([(Occur.Should, each) for each in either])
    zero = Query.const_score_query(any_of if either else Query.empty_query(), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, zero)])


def rank(searcher: tantivy.Searcher, query: Query, size: int, order: Order) -> list[DocAddress]:
    """Rank episodes by their best passage or by day, and give the first `size`.

    Among equals the newest comes first. Reads few passages at first, then more until there are
    enough episodes.
    """
    most = max(1, searcher.num_docs)
    limit = FIRST_LOOK * size
    while True:
        hits = _look(searcher, query, min(limit, most), order)
        best = _first_of_each(searcher, hits, order)
        if len(hits) < limit or len(best) >= size:
            return best[:size]
        limit *= 8


def _look(
    searcher: tantivy.Searcher, query: Query, limit: int, order: Order
) -> list[tuple[float, DocAddress]]:
    if order == "best":
        return list(searcher.search(query, limit).hits)
    direction = tantivy.Order.Desc if order == "newest" else tantivy.Order.Asc
    hits = searcher.search(query, limit, order_by_field="day", order=direction).hits
    return [(0.0, address) for _, address in hits]


def _first_of_each(
    searcher: tantivy.Searcher, hits: list[tuple[float, DocAddress]], order: Order
) -> list[DocAddress]:
    addresses = [address for _, address in hits]
    numbers, days = (searcher.fast_field_values(number, addresses) for number in ("number", "day"))
    sign = 1 if order == "oldest" else -1
    firsts: dict[object, tuple[float, float, float, DocAddress]] = {}
    for (score, address), number, day in zip(hits, numbers, days, strict=True):
        firsts.setdefault(number, (-round(score, 4), sign * (day or 0), number or 0, address))
    return [address for *_, address in sorted(firsts.values(), key=lambda each: each[:3])]


def count(
    searcher: tantivy.Searcher, query: Query, facet_counter: FacetCounter
) -> tuple[int, Facets]:
    """Count the episodes that a query finds: in all, and by show, year, person and tag."""
    numbers = _episodes(searcher, query)
    return len(numbers), facet_counter.count(numbers)


def count_episodes(searcher: tantivy.Searcher, query: Query) -> int:
    """Count the episodes that a query finds."""
    return len(_episodes(searcher, query))


def _episodes(searcher: tantivy.Searcher, query: Query) -> list[int]:
    aggregation = {"episodes": {"terms": {"field": "number", "size": MOST_EPISODES}}}
    buckets = searcher.aggregate(query, aggregation)["episodes"]["buckets"]
    return [int(bucket["key"]) for bucket in buckets]


def months(searcher: tantivy.Searcher, query: Query) -> dict[date, int]:
    """Count the matching passages by the first day of their month, in order."""
    aggregation = {"days": {"terms": {"field": "said", "size": MOST_EPISODES}}}
    counts: Counter[date] = Counter()
    for bucket in searcher.aggregate(query, aggregation)["days"]["buckets"]:
        counts[date.fromordinal(int(bucket["key"])).replace(day=1)] += bucket["doc_count"]
    return dict(sorted(counts.items()))
