"""The seam of years: one stitch for each episode, where it was aired, as high as it is long.

What is known of a date is not drawn as more: where that is a year, a loose stitch lies below the
seam, as long as the year. Episodes whose date is unknown have none. Stitches in the same column are
drawn as the highest of them, so that a picture of 10,000 episodes is as light as that of 1,000.
It is sewn once for each state of the archive, its years as links. What it shows is public:
`holdings` says which episodes are.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask import current_app, url_for
from flask_babel import format_date, ngettext
from numpy.typing import NDArray

from radio.archive import Archive, holdings
from radio.search import Aired, Results, SearchOptions, table
from radio.search.syntax import DAYS, aired, in_month, in_year, only, read
from radio.web.context import catalogue

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


FEWEST = 2  # episodes that make a seam
KEPT = 64  # seams in memory, some 10 kB each
WORDS = "WORDS"  # what stands for the words of a search while its address is built


@dataclass(frozen=True)
class Way:
    """A year or a month of the seam, and where it leads."""

    text: str
    number: int  # of its episodes
    address: str
    is_here: bool = False


@dataclass(frozen=True)
class Timeline:
    """A seam, with its ways, and the stitches of what was found."""

    seam: SeamOfYears
    ways: Sequence[Way]
    months: Sequence[Way] = ()  # of the year that is asked for
    found: str = ""


Address = Callable[[Step], str]


def of_archive() -> Timeline | None:
    """Show the whole archive; a year leads to what was aired in it."""
    seam = _seam()
    if seam is None:
        return None
    search = _searches(None, "newest")
    return Timeline(seam, _ways(seam, lambda step: search(_filter(step, seam.by_month))))


def of_show(show: str, year: str) -> Timeline | None:
    """Show one show; a year leads to its episodes on the page of the show."""

    def address(step: Step) -> str:
        if current_app.config["FROZEN"]:
            return f"#y{step.first.year}"
        return url_for("pages.show", show=show, year=step.first.year, _anchor="episodes")

    seam = _seam(show)
    if seam is None:
        return None
    if seam.by_month:
        search = _searches(show, "newest")
        return Timeline(seam, _ways(seam, lambda step: search(in_month(step.first))))
    return Timeline(seam, _ways(seam, address, year))


def of_results(query: str, results: Results, options: SearchOptions) -> Timeline | None:
    """Show where what was found lies among all; a year leads to what was found in it."""
    seam = _seam(options.show) if results.total else None
    if seam is None:
        return None
    (year, month), rest = _asked(query), only(query, lambda item: item.field not in DAYS)
    search = _searches(options.show, options.order if options.order != "best" else None)

    def address(step: Step, by_month: bool = seam.by_month) -> str:
        return search(f"{rest} {_filter(step, by_month)}".strip())

    this_month = f"{month:%Y-%m}" if month else ""
    here = this_month if seam.by_month else year
    months: Sequence[Way] = ()
    if year and not seam.by_month and seam.years[0] <= int(year) <= seam.years[1]:
        steps = seam.months(int(year))
        months = _named(steps, lambda step: address(step, True), this_month, True)
    return Timeline(seam, _ways(seam, address, here), months, seam.sew(results.aired))


def of_dossier(
    said: Iterable[tuple[str, float]], years: Mapping[int, tuple[int, str]], here: Container[int]
) -> Timeline | None:
    """Show where the episodes of a dossier lie among all, given by known date and length.

    `years` tell how many there are in each and where it leads; `here` are those of the page.
    """
    seam = _seam()
    if seam is None or seam.by_month:
        return None
    none = 0, ""
    ways = [
        Way(str(year), *years.get(year, none), year in here)
        for year in (step.first.year for step in seam.steps)
    ]
    return Timeline(seam, ways, found=seam.sew(table(said)))


def spanning(seam: SeamOfYears) -> str:
    """Say what a seam shows: « 170 épisodes, de 2012 à 2026 »."""
    number, (first, last) = seam.number, seam.years
    if first == last:
        told = ngettext(
            "%(num)s épisode, en %(year)s", "%(num)s épisodes, en %(year)s", number, year=first
        )
    else:
        told = ngettext(
            "%(num)s épisode, de %(first)s à %(last)s",
            "%(num)s épisodes, de %(first)s à %(last)s",
            number,
            first=first,
            last=last,
        )
    return str(told)


def _asked(query: str) -> tuple[str, dt.date | None]:
    """Tell which year a query asks for, and which month of it."""
    first, last = aired(read(query))
    if not first or not last or first.year != last.year:
        return "", None
    return str(first.year), first.replace(day=1) if first.month == last.month else None


def _seam(show: str | None = None) -> SeamOfYears | None:
    archive = catalogue().archive
    folders = [show] if show in archive.folders() else archive.folders()
    return _sewn(archive, show, holdings.state(archive, folders))


@lru_cache(maxsize=KEPT)
def _sewn(archive: Archive, show: str | None, _state: Hashable) -> SeamOfYears | None:
    episodes = holdings.episodes(archive, show)
    seam = SeamOfYears(table((each.known_date, each.audio.duration) for each in episodes))
    return seam if seam.number >= FEWEST else None


def _ways(seam: SeamOfYears, address: Address, here: str = "") -> Sequence[Way]:
    return _named(seam.steps, address, here, seam.by_month)


def _named(steps: Sequence[Step], address: Address, here: str, by_month: bool) -> Sequence[Way]:
    names = [(str(step.first)[: 7 if by_month else 4], step) for step in steps]
    return [
        Way(
            str(format_date(step.first, "MMM")) if by_month else name,
            step.number,
            address(step) if step.number else "",
            name == here,
        )
        for name, step in names
    ]


def _filter(step: Step, by_month: bool) -> str:
    return in_month(step.first) if by_month else in_year(step.first.year)


def _searches(show: str | None, order: str | None) -> Callable[[str], str]:
    """Give what addresses a search by its words; all else of the address is built once."""
    before, words, after = url_for("finding.search", q=WORDS, show=show, sort=order).partition(
        f"q={WORDS}"
    )
    return lambda query: f"{before}{urlencode({words[0]: query}, safe=':')}{after}"
