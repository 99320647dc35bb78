"""Alternatives: other words that stand for a name of a query, and are looked for beside it.

Mishearings stand for names, the words of an acronym for the acronym.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Term
from radio.search.query import parse, phrase

Name = tuple[str, ...]
"""The folded words of some clauses."""


class Alternatives(NamedTuple):
    """What some clauses of a query stand for, too."""

    places: tuple[int, ...]  # of these clauses, in order
    clauses: tuple[Clause, ...]


def add(clauses: Sequence[Clause], found: Iterable[Alternatives]) -> tuple[Clause, ...]:
    """Add alternatives to the clauses of a query; of those that overlap, the shortest go first."""
    groups: list[tuple[tuple[int, ...], Clause]] = [
        ((place,), clause) for place, clause in enumerate(clauses)
    ]
    for places, others in sorted(found, key=lambda each: len(each.places)):
        parts = [group for group in groups if not set(places).isdisjoint(group[0])]
        if sorted(place for own, _ in parts for place in own) != list(places):
            continue
        own_clauses = tuple(clause for _, clause in parts)
        whole = own_clauses[0] if len(parts) == 1 else Every(own_clauses)
        groups[groups.index(parts[0])] = places, Either((whole, *others))
        groups = [group for group in groups if group not in parts]
    return tuple(clause for _, clause in groups)


def find(name: Name, names: Sequence[str]) -> tuple[int, ...]:
    """Find the clauses of a name among those of a query, by number; none where one is missing.

    `names` are those of all clauses of the query.
    """
    if not name or not all(part and part in names for part in name):
        return ()
    return tuple(sorted({names.index(part) for part in name}))


@lru_cache(maxsize=10_000)
def names_of(text: str) -> Sequence[Name]:
    """Give a text as it may stand in a query: as words, and in quotes.

    >>> names_of("Crêt de Roc")
    [('-cret', '-roc'), ('-cret -de -roc',)]
    """
    quoted = phrase(text)
    both = (parse(text).clauses, (quoted,) if quoted else ())
    return list(dict.fromkeys(tuple(map(name_of, each)) for each in both if each))


def name_of(clause: Clause) -> str:
    """Give the folded words of a clause, to compare it with a name."""
    if isinstance(clause, Term):
        return clause.forms[1]
    if isinstance(clause, Compound):
        return clause.whole.forms[1]
    if isinstance(clause, Phrase):
        return " ".join(forms[1] for forms in clause.words)
    return ""
