"""The seam of years: one stitch for each episode, where it was aired, as high as it is long. Pure.

What is known of a date is not drawn as more: where that is a year, a loose stitch lies below the
seam, as long as the year. Episodes whose date is unknown have none. Stitches in the same column are
drawn as the highest of them, so that a picture of 10,000 episodes is as light as that of 1,000.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.search import Aired

WIDTH, HEIGHT = 1000, 36  # units of the picture
LOOSE = 30  # units: what is known to be no closer has no place on the seam
ROWS = (HEIGHT + 7, HEIGHT + 10, HEIGHT + 13)  # below the seam, where loose stitches lie
LOWEST = 3  # units: the shortest episode is seen too
GAP = 3  # units between the stitches of the thread, on each side
USUAL = 3  # times the median length, from which on all are drawn as long


@dataclass(frozen=True)
class Step:
    """A year of the seam, or a month where there is but one year."""

    first: dt.date
    number: int  # of episodes


@dataclass(frozen=True, eq=False)
class SeamOfYears:
    """Where stitches lie, told once for all episodes; those of a search are laid on them."""

    aired: Aired

    @cached_property
    def dated(self) -> Aired:
        """The episodes of which something is known."""
        return self.aired[self.aired[:, 1] > 0]

    @property
    def number(self) -> int:
        """How many episodes are drawn."""
        return len(self.dated)

    @property
    def undated(self) -> int:
        """How many are not, since nobody knows when they were aired."""
        return len(self.aired) - len(self.dated)

    @cached_property
    def years(self) -> tuple[int, int]:
        """The first year and the last."""
        first, last = int(self.dated[:, 0].min()), int(self.dated[:, 0].max())
        return dt.date.fromordinal(first).year, dt.date.fromordinal(last).year

    @property
    def by_month(self) -> bool:
        """Whether steps are months: there is one year only."""
        return self.years[0] == self.years[1]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The years from the first to the last, else the months; also those without an episode."""
        if self.by_month:
            return self.months(self.years[0])
        days = [dt.date(year, 1, 1) for year in range(self.years[0], self.years[1] + 1)]
        return self._steps(days, dt.date(self.years[1], 12, 31), 366)

    def months(self, year: int) -> tuple[Step, ...]:
        """The months of a year; an episode of which the year alone is known is in none."""
        days = [dt.date(year, month, 1) for month in range(1, 13)]
        return self._steps(days, dt.date(year, 12, 31), 31)

    def _steps(self, days: list[dt.date], last: dt.date, widest: int) -> tuple[Step, ...]:
        edges = [day.toordinal() for day in days] + [last.toordinal() + 1]
        counts, _ = np.histogram(self.dated[self.dated[:, 1] <= widest, 0], edges)
        return tuple(Step(*pair) for pair in zip(days, counts.tolist(), strict=True))

    @cached_property
    def path(self) -> str:
        """All stitches, as one path."""
        return self.sew(self.dated)

    @cached_property
    def thread(self) -> str:
        """The thread below them: a stitch for each year, or month."""
        edges = [each.first.toordinal() for each in self.steps]
        first, last = dt.date(self.years[0], 1, 1), dt.date(self.years[1], 12, 31)
        days = last.toordinal() + 1 - first.toordinal()
        places = [(edge - first.toordinal()) * WIDTH // days for edge in edges] + [WIDTH]
        return "".join(
            f"M{here + GAP} {HEIGHT + GAP}H{there - GAP}" for here, there in pairwise(places)
        )

    def sew(self, aired: Aired) -> str:
        """Write the stitches of some episodes as one path: relative commands, whole numbers."""
        is_dated = aired[:, 1] > 0
        dated = aired if is_dated.all() else aired[is_dated]
        places, widths = self._places(dated)
        heights = np.clip(dated[:, 2] * HEIGHT // self._longest, LOWEST, HEIGHT)
        is_loose = widths >= LOOSE
        middles = np.minimum((places + widths // 2)[~is_loose], WIDTH)
        loose = Counter(zip(places[is_loose].tolist(), widths[is_loose].tolist(), strict=True))
        return "".join([*_upright(_highest(middles, heights[~is_loose])), *_lying(loose)])

    @property
    def measures(self) -> tuple[str, int, int]:
        """The first day, how many there are, and what is drawn highest: for a script to sew."""
        first, last = dt.date(self.years[0], 1, 1), dt.date(self.years[1], 12, 31)
        return first.isoformat(), last.toordinal() + 1 - first.toordinal(), self._longest

    @cached_property
    def has_loose(self) -> bool:
        """Whether some stitches lie below the seam."""
        return bool((self._places(self.dated)[1] >= LOOSE).any())

    @cached_property
    def _longest(self) -> int:
        """How long what is drawn highest is, in seconds; one endless recording hides no other."""
        seconds = self.dated[:, 2]
        return max(1, int(min(seconds.max(), USUAL * np.median(seconds))))

    def _places(self, dated: Aired) -> tuple[NDArray[Any], NDArray[Any]]:
        """Tell where each begins and how wide it is, in units of the picture."""
        first = dt.date(self.years[0], 1, 1).toordinal()
        days = dt.date(self.years[1], 12, 31).toordinal() + 1 - first
        places = (dated[:, 0].astype(np.int64) - first) * WIDTH // days
        return np.clip(places, 0, WIDTH), dated[:, 1].astype(np.int64) * WIDTH // days


def _highest(places: NDArray[Any], heights: NDArray[Any]) -> NDArray[np.int64]:
    """Give the highest stitch of each column, 0 where there is none."""
    is_there = np.zeros((WIDTH + 1, HEIGHT + 1), bool)
    is_there[places, heights] = True
    is_there[:, 0] = True
    highest: NDArray[np.int64] = HEIGHT - np.argmax(is_there[:, ::-1], axis=1)
    return highest


def _upright(columns: NDArray[np.int64]) -> Iterator[str]:
    """Write a stitch for each column that has one: from the seam upwards, then on to the next."""
    before, fallen = 0, HEIGHT
    for place in np.flatnonzero(columns).tolist():
        height = int(columns[place])
        yield f"m{place - before} {fallen}v-{height}"
        before, fallen = place, height


def _lying(loose: Mapping[tuple[int, int], int]) -> Iterator[str]:
    """Write the loose stitches of each year, or month: as many rows as there are, at most all."""
    for (place, width), number in sorted(loose.items()):
        for row in ROWS[:number]:
            yield f"M{place + 2} {row}h{width - 4}"
