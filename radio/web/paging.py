"""The pages of a dossier: one where it is short, else one for each year, or several. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from radio.dossier import Line

LONG = 120  # sentences on a page, about


@dataclass(frozen=True)
class Leaf:
    """A page of a dossier: some of its episodes, the oldest first."""

    lines: tuple[Line, ...]
    year: int = 0  # of all of them; 0 where nobody told their dates
    number: int = 1  # of the pages of that year


@dataclass(frozen=True)
class Year:
    """A year in which something is said: of how many episodes, and on which page it begins."""

    year: int
    episodes: int
    leaf: Leaf


def leaves(lines: Sequence[Line]) -> tuple[Leaf, ...]:
    """Part the episodes of a dossier into pages.

    >>> short = [Line(f"a/{year}", str(year), 1, False) for year in (2020, 2021)]
    >>> [len(each.lines) for each in leaves(short)]
    [2]
    >>> [(each.year, each.number) for each in leaves([Line("a/b", "2020", 90, False)] * 2 + short)]
    [(2020, 1), (2020, 2), (2021, 1)]
    """
    if sum(map(_weight, lines)) <= LONG:
        return (Leaf(tuple(lines)),)
    found = list[Leaf]()
    for year, some in groupby(lines, key=lambda line: line.year):
        found += (Leaf(part, year, number) for number, part in enumerate(_cut(list(some)), 1))
    return tuple(found)


def years(all_leaves: Sequence[Leaf]) -> tuple[Year, ...]:
    """Tell the years of a dossier, each with the page on which it begins."""
    found: dict[int, Year] = {}
    for leaf in all_leaves:
        for line in leaf.lines:
            known = found.get(line.year, Year(line.year, 0, leaf))
            found[line.year] = Year(line.year, known.episodes + 1, known.leaf)
    return tuple(found.values())


def _cut(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    part, weight = list[Line](), 0
    for line in lines:
        if part and weight + _weight(line) > LONG:
            yield tuple(part)
            part, weight = [], 0
        part.append(line)
        weight += _weight(line)
    yield tuple(part)


def _weight(line: Line) -> int:
    return max(1, line.passages) + line.is_named
