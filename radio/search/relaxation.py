"""Relaxation: a query of several words that nothing meets whole asks for what meets most of it.

The fewest clauses are left out and, among equals, the most frequent words, so that the rarest stay.
Filters and exclusions stay as well.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from tantivy import Query

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Prefix, Term
from radio.search.coverage import any_of, met
from radio.search.french import FOLDED, words
from radio.search.reader import Reader
from radio.search.spelling import is_exact_only
from radio.search.syntax import items

FEW = 3  # clauses: each is counted; of more, the frequencies are estimated without asking the index


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
