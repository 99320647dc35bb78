"""Words of the sidecar and words of the talk together: a query is met by both.

An episode's own document in the index holds its title, people, tags and description. Where it meets
some clauses of a query, the passages of this episode need to meet the others only.
"""

from collections.abc import Mapping, Sequence

from tantivy import Query

from radio.search.clauses import Clause
from radio.search.coverage import any_of, met
from radio.search.fields import by_numbers
from radio.search.reader import Reader

MOST = 1_000  # episodes; a word in more sidecars tells none from another
WEIGHT = 1.0  # of a word of the sidecar: less than that of a word said

Told = Mapping[int, frozenset[int]]
"""By the number of an episode: which clauses its sidecar meets, by their place in the query."""


def told_by_sidecars(query_clauses: Sequence[Clause], reader: Reader) -> Told:
    """Find the episodes whose sidecar meets some clauses of a query. Asks the index once."""
    query = any_of([clause.compile(reader.told) for clause in query_clauses])
    hits = reader.searcher.search(query, MOST + 1, count=False).hits
    clauses = [met(score) for score, _ in hits]
    cut = _incomplete(clauses[-1], len(query_clauses)) if len(hits) > MOST else frozenset()
    numbers = reader.numbers([address for _, address in hits])
    pairs = ((number, own - cut) for number, own in zip(numbers, clauses, strict=True))
    return {number: own for number, own in pairs if own}


def _incomplete(last: frozenset[int], count: int) -> frozenset[int]:
    """Give the clauses of which not all episodes are among the best: those up to the last one's."""
    return frozenset(range(max(last) + 1 if len(last) == 1 else count))


def in_part(told: Told, clauses: Sequence[int]) -> Told:
    """Keep what sidecars tell of some clauses, unless it is all of them.

    >>> in_part({7: frozenset({0, 2}), 8: frozenset({1})}, [0, 1])
    {7: frozenset({0}), 8: frozenset({1})}
    """
    places = {clause: place for place, clause in enumerate(clauses)}
    parts = (
        (number, frozenset(places[clause] for clause in own if clause in places))
        for number, own in told.items()
    )
    return {number: own for number, own in parts if own and len(own) < len(clauses)}


def widen(queries: Sequence[Query], told: Told) -> list[Query]:
    """Let each clause be met by a passage, or by the sidecar of its episode."""
    numbers = [[number for number, own in told.items() if i in own] for i in range(len(queries))]
    return [
        Query.disjunction_max_query([query, Query.const_score_query(by_numbers(some), WEIGHT)])
        if some
        else query
        for query, some in zip(queries, numbers, strict=True)
    ]
