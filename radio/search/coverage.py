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

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Prefix, Term
from radio.search.fields import by_numbers
from radio.search.french import FOLDED, words
from radio.search.reader import Reader
from radio.search.spelling import is_exact_only
from radio.search.syntax import items

MOST_CLAUSES = 12  # clauses: the scores stay whole numbers in 32 bits
COUNTED = 1 << MOST_CLAUSES
MOST_EPISODES = 1_000  # episodes; a word in more sidecars tells none from another
WEIGHT = 1.0  # of a word of the sidecar: less than that of a word said

Told = Mapping[int, frozenset[int]]
"""By the number of an episode: which clauses its sidecar meets, by their place in the query."""
FEW = 3  # clauses: each is counted; of more, the frequencies are estimated without asking the index


def any_of(queries: Sequence[Query]) -> Query:
    """Build the query of what meets one of some queries; its scores tell which of them."""
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
    return frozenset(place for place in range(MOST_CLAUSES) if bits >> place & 1)


def told_by_sidecars(query_clauses: Sequence[Clause], reader: Reader) -> Told:
    """Find the episodes whose sidecar meets some clauses of a query. Asks the index once."""
    query = any_of([clause.compile(reader.told) for clause in query_clauses])
    hits = reader.searcher.search(query, MOST_EPISODES + 1, count=False).hits
    clauses = [met(score) for score, _ in hits]
    cut = _incomplete(clauses[-1], len(query_clauses)) if len(hits) > MOST_EPISODES else frozenset()
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
    count = _count if len(clauses) <= FEW else frequency
    frequencies = [count(clause, reader) for clause in clauses]
    rarest_last = sorted(range(len(clauses)), key=lambda place: (-frequencies[place], -place))
    best = reader.searcher.search(
        narrowed(any_of([queries[place] for place in rarest_last])), 1
    ).hits
    kept = sorted(rarest_last[place] for score, _ in best for place in met(score))
    return kept if any(not _is_number(clauses[place]) for place in kept) else []


def _count(clause: Clause, reader: Reader) -> int:
    """Count the documents that meet a clause, those that were removed apart."""
    if isinstance(clause, Prefix):
        return 0
    found = reader.searcher.search(clause.compile(reader.vocabulary), 1)
    return int(found.count or 0)  # type: ignore[attr-defined]  # not in tantivy's stub


def frequency(clause: Clause, reader: Reader) -> int:
    """Estimate how many documents meet a clause, from the frequencies of its words.

    A beginning of words, which has no frequency, counts as rare: who types it means it.
    """
    if isinstance(clause, Term):
        return max(map(reader.vocabulary.frequency, clause.forms))
    if isinstance(clause, Compound):
        parts = min(frequency(part, reader) for part in clause.parts)
        return max(frequency(clause.whole, reader), parts)
    if isinstance(clause, Phrase):
        return min(reader.vocabulary.frequency(forms[1]) for forms in clause.words)
    if isinstance(clause, Every):
        return min(frequency(each, reader) for each in clause.clauses)
    if isinstance(clause, Either):
        return max(frequency(each, reader) for each in clause.clauses)
    return 0


def _is_number(clause: Clause) -> bool:
    return isinstance(clause, Term) and is_exact_only(clause.forms[1].removeprefix(FOLDED))


def _parts(clause: Clause) -> Iterator[Clause]:
    """Give the clauses of which a clause is made, each of one item of the query."""
    if isinstance(clause, Either | Every):
        yield from (part for each in clause.clauses for part in _parts(each))
    else:
        yield clause


def left_out(text: str, clauses: Collection[Clause]) -> tuple[str, ...]:
    """Give what was typed for some clauses of a query, in order.

    >>> left_out('"la place" licorne', [Term(("=licorne", "-licorne"))])
    ('licorne',)
    """
    return tuple(dict.fromkeys(part for clause in clauses for part in _typed(text, clause)))


def _typed(text: str, clause: Clause) -> Iterator[str]:
    """Give the parts of a query that a clause was made of: whole phrases, or single words."""
    free = (item.text for group in items(text) for item in group if not item.field)
    for each in free:
        met = (part.matches(list(words(each))) for part in _parts(clause))
        spans = sorted({(word.start, word.end) for some in met for word in some})
        if isinstance(clause, Phrase):
            spans = [(min(spans)[0], max(spans)[1])] if spans else []
        yield from (each[start:end] for start, end in spans)
