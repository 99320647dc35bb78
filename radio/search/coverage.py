"""Which clauses of a query a document meets, told by its score: one query of the index for all.

Each clause that is met adds the same large number, and a power of two of its own. So the best
document meets the most clauses and, among equals, the last one of the list.
"""

from collections.abc import Sequence

from tantivy import Occur, Query

MOST = 12  # clauses: the scores stay whole numbers in 32 bits
COUNTED = 1 << MOST


def any_of(queries: Sequence[Query]) -> Query:
    """Build the query of what meets one of some queries, MOST at most, with telling scores."""
    weights = (float(COUNTED + (1 << place)) for place in range(len(queries)))
    pairs = zip(queries, weights, strict=True)
    return Query.boolean_query(
        [(Occur.Should, Query.const_score_query(each, weight)) for each, weight in pairs]
    )


def met(score: float) -> frozenset[int]:
    """Read from a score which queries are met, by their place in the list.

    >>> sorted(met(float(COUNTED + 1) + float(COUNTED + 4)))
    [0, 2]
    """
    bits = round(score) % COUNTED
    return frozenset(place for place in range(MOST) if bits >> place & 1)
