"""Mishearings of names: what the machine wrote in their place, taken from the shows' corrections.

A search for « Beaubrun » also finds « Bobran » where nobody has corrected it yet.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from radio.search.alternatives import Alternatives, exact, find, name_of, names_of
from radio.search.clauses import Clause, Phrase
from radio.search.query import phrase

WEIGHT = 0.3  # of a mishearing against the name itself


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
            names.setdefault(right, []).append(replace(mishearing, weight=WEIGHT))
    return names
