"""Alternatives: other words that stand for a name of a query, and are looked for beside it.

Mishearings stand for names, the words of an acronym for the acronym.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Term, roots
from radio.search.query import parse, phrase

Name = tuple[frozenset[str], ...]
"""What each clause of a text is called: its folded words, or its lemmas."""
MISHEARD = 0.3  # of a mishearing against the name itself


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


def find(name: Name, typed: Name) -> tuple[int, ...]:
    """Find the clauses of a name among those of a query, by number; none where one is missing."""
    places = [
        next((i for i, other in enumerate(typed) if not part.isdisjoint(other)), None)
        for part in name
    ]
    found = {place for place in places if place is not None}
    return tuple(sorted(found)) if None not in places else ()


def exact(names: Iterable[str]) -> Name:
    """Take folded words for nothing but themselves."""
    return tuple(frozenset(filter(None, (each,))) for each in names)


@lru_cache(maxsize=10_000)
def names_of(text: str) -> Sequence[tuple[str, ...]]:
    """Give the folded words of a text as it may stand in a query: as words, and in quotes.

    >>> names_of("Crêt de Roc")
    [('-cret', '-roc'), ('-cret -de -roc',)]
    """
    quoted = phrase(text)
    both = (parse(text).clauses, (quoted,) if quoted else ())
    return list(dict.fromkeys(tuple(map(name_of, each)) for each in both if each))


@lru_cache(maxsize=10_000)
def inflected_name_of(text: str) -> Name:
    """Give a text as its words may stand in a query, whatever their number and gender."""
    return tuple(map(inflected, parse(text).clauses))


def name_of(clause: Clause) -> str:
    """Give the folded words of a clause, to compare it with a name."""
    if isinstance(clause, Phrase):
        return " ".join(forms[1] for forms in clause.words)
    return "".join(_forms(clause)[1:2])


def inflected(clause: Clause) -> frozenset[str]:
    """Give the lemmas of the word of a clause; nothing of one in quotes."""
    return roots(_forms(clause))


def _forms(clause: Clause) -> tuple[str, ...]:
    if isinstance(clause, Compound):
        return clause.whole.forms
    return clause.forms if isinstance(clause, Term) else ()


def find_mishearings(
    clauses: Sequence[Clause], corrections: Iterable[Mapping[str, str]]
) -> Iterator[Alternatives]:
    """Find the names of a query that are misheard."""
    typed = exact(map(name_of, clauses))
    for right, wrongs in _by_name(corrections).items():
        for name in names_of(right):
            if places := find(exact(name), typed):
                yield Alternatives(places, tuple(wrongs))
                break


def _by_name(corrections: Iterable[Mapping[str, str]]) -> dict[str, list[Phrase]]:
    names: dict[str, list[Phrase]] = {}
    for wrong, right in (pair for each in corrections for pair in each.items()):
        mishearing = phrase(wrong)
        if mishearing:
            names.setdefault(right, []).append(replace(mishearing, weight=MISHEARD))
    return names
