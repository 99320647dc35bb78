"""Which clauses of a query a document meets, and what is found where none meets them all.

One query of the index tells it for all documents, by their scores. Each clause that is met adds the
same large number, and a power of two of its own: the best document meets the most clauses and,
among equals, the last one of the list.

The sidecar of an episode (title, people, tags, description) and its passages meet a query together:
what the one tells, the others need not say. Where nothing meets the whole of it, the fewest clauses
are left out and, among equals, the most frequent words. Filters and exclusions stay.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from tantivy import Occur, Query

from radio.search.clauses import (
    Clause,
    Phrase,
    Prefix,
    Term,
    compiled,
    frequency,
    matches,
    parts_of,
)
from radio.search.fields import by_numbers
from radio.search.french import FOLDED, words
from radio.search.reader import Reader
from radio.search.syntax import items
from radio.search.widening import is_exact_only

MOST_CLAUSES = 12  # clauses: the scores stay whole numbers in 32 bits
COUNTED = 1 << MOST_CLAUSES
MOST_EPISODES = 1_000  # episodes; a word in more sidecars tells none from another
WEIGHT = 1.0  # of a word of the sidecar: less than that of a word said
FEW = 3  # clauses: each is counted; of more, the frequencies are estimated without asking the index

Told = Mapping[int, frozenset[int]]
"""By the number of an episode: which clauses its sidecar meets, by their place in the query."""


def any_of(queries: Sequence[Query]) -> Query:
    """Build the query of what meets one of some queries; its scores tell which of them."""
    weighed = (
        Query.const_score_query(each, float(COUNTED + (1 << place)))
        for place, each in enumerate(queries)
    )
    return Query.boolean_query([(Occur.Should, each) for each in weighed])


def met(score: float) -> frozenset[int]:
    """Read from a score which queries are met, by their place in the list.

    >>> sorted(met(float(COUNTED + 1) + float(COUNTED + 4)))
    [0, 2]
    """
    bits = round(score) % COUNTED
    return frozenset(place for place in range(MOST_CLAUSES) if bits >> place & 1)


def told_by_sidecars(clauses: Sequence[Clause], reader: Reader) -> Told:
    """Find the episodes whose sidecar meets some clauses of a query. Asks the index once."""
    query = any_of([compiled(clause, reader.told) for clause in clauses])
    hits = reader.searcher.search(query, MOST_EPISODES + 1, count=False).hits
    found = [met(score) for score, _ in hits]
    cut = frozenset[int]()
    if len(hits) > MOST_EPISODES:  # not all that meet those up to the last one are among the best
        last = found[-1]
        cut = frozenset(range(max(last) + 1 if len(last) == 1 else len(clauses)))
    numbers = reader.numbers([address for _, address in hits])
    pairs = ((number, own - cut) for number, own in zip(numbers, found, strict=True))
    return {number: own for number, own in pairs if own}


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


def or_told(queries: Sequence[Query], told: Told) -> list[Query]:
    """Let each clause be met by a passage, or by the sidecar of its episode."""
    numbers = [[number for number, own in told.items() if i in own] for i in range(len(queries))]
    return [
        Query.disjunction_max_query([query, Query.const_score_query(by_numbers(some), WEIGHT)])
        if some
        else query
        for query, some in zip(queries, numbers, strict=True)
    ]


def most_met(
    clauses: Sequence[Clause],
    queries: Sequence[Query],
    reader: Reader,
    narrowed: Callable[[Query], Query],
) -> list[int]:
    """Choose the clauses that one document meets together, by number; none where none is met.

    Numbers and months alone are no answer: « mars 2024 » must not find « mars 2025 ». `queries` are
    those of the clauses, and `narrowed` adds the filters. Asks the index FEW + 1 times at most.
    """
    vocabulary, is_few = reader.vocabulary, len(clauses) <= FEW
    frequencies = [
        _count(each, reader) if is_few else frequency(each, vocabulary) for each in clauses
    ]
    rarest_last = sorted(range(len(clauses)), key=lambda place: (-frequencies[place], -place))
    asked = narrowed(any_of([queries[place] for place in rarest_last]))
    best = reader.searcher.search(asked, 1).hits
    kept = sorted(rarest_last[place] for score, _ in best for place in met(score))
    return kept if any(not _is_number(clauses[place]) for place in kept) else []


def _count(clause: Clause, reader: Reader) -> int:
    """Count the documents that meet a clause, those that were removed apart."""
    if isinstance(clause, Prefix):
        return 0
    found = reader.searcher.search(compiled(clause, reader.vocabulary), 1)
    return int(found.count or 0)  # type: ignore[attr-defined]  # not in tantivy's stub


def _is_number(clause: Clause) -> bool:
    return isinstance(clause, Term) and is_exact_only(clause.forms[1].removeprefix(FOLDED))


def left_out(text: str, clauses: Collection[Clause]) -> tuple[str, ...]:
    """Give what was typed for some clauses of a query, in order: whole phrases, or single words.

    >>> left_out('"la place" licorne', [Term(("=licorne", "-licorne"))])
    ('licorne',)
    """
    return tuple(dict.fromkeys(part for clause in clauses for part in _typed(text, clause)))


def _typed(text: str, clause: Clause) -> Iterator[str]:
    for item in (each.text for group in items(text) for each in group if not each.field):
        own = list(words(item))
        found = (word for part in parts_of(clause) for word in matches(part, own))
        spans = sorted({(word.start, word.end) for word in found})
        if isinstance(clause, Phrase) and spans:
            spans = [(min(spans)[0], max(spans)[1])]
        yield from (item[start:end] for start, end in spans)
