"""The pages of a dossier: some years each; a year in which much is said has several. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from radio.archive.dossier import Line

LONG = 60  # sentences on a page, about


@dataclass(frozen=True)
class Leaf:
    """A page of a dossier: some of its episodes, the oldest first."""

    lines: tuple[Line, ...]
    number: int = 1  # of the pages that begin with its year

    @property
    def year(self) -> int:
        """The year with which it begins; 0 where nobody told a date."""
        return self.lines[0].year if self.lines else 0

    @property
    def last(self) -> int:
        """The year with which it ends, likewise."""
        return self.lines[-1].year if self.lines else 0


@dataclass(frozen=True)
class Year:
    """A year in which something is said: of how many episodes, and on which page it begins."""

    year: int
    episodes: int
    leaf: Leaf


def leaves(lines: Sequence[Line]) -> tuple[Leaf, ...]:
    """Part the episodes of a dossier into pages of whole years, where these are not too long.

    >>> some = [Line(f"a/{year}", str(year), 25, False) for year in (2020, 2021, 2022)]
    >>> [(each.year, each.last, each.number) for each in leaves(some)]
    [(2020, 2021, 1), (2022, 2022, 1)]
    >>> much = [Line("a/b", "2019", 45, False)] * 2
    >>> [(each.year, each.number) for each in leaves([*much, *some])]
    [(2019, 1), (2019, 2), (2020, 1), (2022, 1)]
    """
    found = [Leaf(())]
    for _year, some in groupby(lines, key=lambda line: line.year):
        for number, part in enumerate(_cut(tuple(some)), 1):
            before = found[-1]
            fits = number == before.number == 1 and _long(before.lines) + _long(part) <= LONG
            if fits or not before.lines:
                found[-1] = Leaf((*before.lines, *part))
            else:
                found.append(Leaf(part, number))
    return tuple(found)


def place_of(all_leaves: Sequence[Leaf], year: int, number: int) -> int | None:
    """Tell which page holds a year, or is the further one of it; None where there is none."""
    for place, leaf in enumerate(all_leaves):
        is_there = number == 1 and any(line.year == year for line in leaf.lines)
        if is_there or (number > 1 and (leaf.year, leaf.number) == (year, number)):
            return place
    return None


def years(all_leaves: Sequence[Leaf]) -> tuple[Year, ...]:
    """Tell the years of a dossier, each with the page on which it begins."""
    found: dict[int, Year] = {}
    for leaf in all_leaves:
        for line in leaf.lines:
            known = found.get(line.year, Year(line.year, 0, leaf))
            found[line.year] = Year(line.year, known.episodes + 1, known.leaf)
    return tuple(found.values())


def _cut(lines: Sequence[Line]) -> Iterator[tuple[Line, ...]]:
    part = list[Line]()
    for line in lines:
        if part and _long(part) + _long([line]) > LONG:
            yield tuple(part)
            part = []
        part.append(line)
    yield tuple(part)


def _long(lines: Sequence[Line]) -> int:
    """Tell about how many sentences some episodes say."""
    return sum(max(1, line.passages) + line.is_named for line in lines)
