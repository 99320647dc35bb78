"""The order of the episodes that a query finds, and how many there are of each kind."""

from collections import Counter
from datetime import date

import tantivy
from tantivy import DocAddress, Occur, Query

from radio.search.facets import Census
from radio.search.hits import Facets, Order

FIRST_LOOK = 30  # passages ranked for each episode wanted, before asking for more
MOST_EPISODES = 65_000  # that tantivy counts apart


def narrow(query: Query, *either: Query) -> Query:
    """Narrow a query to what meets one of some others, without a change to its scores."""
    any_of = Query.boolean_query([(Occur.Should, each) for each in either])
    zero = Query.const_score_query(any_of if either else Query.empty_query(), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, zero)])


def rank(searcher: tantivy.Searcher, query: Query, wanted: int, order: Order) -> list[DocAddress]:
    """Rank episodes by their best passage or by day: the first `wanted` of them.

    Equals go the newest first. Looks at the first passages only, then at more until they make
    enough episodes.
    """
    most = max(1, searcher.num_docs)
    limit = FIRST_LOOK * wanted
    while True:
        found = _look(searcher, query, min(limit, most), order)
        best = _first_of_each(searcher, found, order)
        if len(found) < limit or len(best) >= wanted:
            return best[:wanted]
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
    numbers, days = (searcher.fast_field_values(name, addresses) for name in ("number", "day"))
    turn = 1 if order == "oldest" else -1
    ranked: dict[object, tuple[float, float, float, DocAddress]] = {}
    for (score, address), name, day in zip(hits, numbers, days, strict=True):
        ranked.setdefault(name, (-round(score, 4), turn * (day or 0), name or 0, address))
    return [address for *_, address in sorted(ranked.values(), key=lambda each: each[:3])]


def count(searcher: tantivy.Searcher, query: Query, census: Census) -> tuple[int, Facets]:
    """Count the episodes that a query finds: in all, and by show, year, person and tag."""
    wanted = {"episodes": {"terms": {"field": "number", "size": MOST_EPISODES}}}
    buckets = searcher.aggregate(query, wanted)["episodes"]["buckets"]
    return len(buckets), census.among(int(bucket["key"]) for bucket in buckets)


def months(searcher: tantivy.Searcher, query: Query) -> dict[date, int]:
    """Count the passages that a query finds by the first day of their month, in order."""
    wanted = {"days": {"terms": {"field": "said", "size": MOST_EPISODES}}}
    found: Counter[date] = Counter()
    for bucket in searcher.aggregate(query, wanted)["days"]["buckets"]:
        found[date.fromordinal(int(bucket["key"])).replace(day=1)] += bucket["doc_count"]
    return dict(sorted(found.items()))
