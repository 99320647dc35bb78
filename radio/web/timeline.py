"""The timeline: a bar for each public episode on its date, as high as it is long. If only the year
is known, a flat bar as long as the year lies below the axis. Of bars in one column only the highest
is drawn, so that any number of episodes makes a small picture."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from flask import current_app, url_for
from flask_babel import format_date, ngettext
from numpy.typing import NDArray

from radio.archive import Archive, holdings
from radio.search.results import Aired, Results, SearchOptions, table
from radio.search.syntax import DAYS, aired, in_month, in_year, only, read
from radio.web.context import catalogue
from radio.web.queries import search_address, sort_of

WIDTH, HEIGHT = 1000, 36  # units of the picture
FLAT = 30  # units: what is known to be no closer has no place of its own
ROWS = (HEIGHT + 7, HEIGHT + 10, HEIGHT + 13)  # below the axis, where flat bars lie
LOWEST = 3  # units: the shortest episode is seen too
GAP = 3  # units between the parts of the axis, on each side
USUAL = 3  # times the median length, from which on all are drawn as long


@dataclass(frozen=True)
class Step:
    """A year of the timeline, or a month where there is but one year."""

    first: dt.date
    number: int  # of episodes
    is_month: bool

    @property
    def name(self) -> str:
        """Name it as people write dates: 2013, 2013-04."""
        return str(self.first)[: 7 if self.is_month else 4]

    @cached_property
    def query(self) -> str:
        """Write the filter that finds what was aired in it."""
        return in_month(self.first) if self.is_month else in_year(self.first.year)


class Bars:
    """Where the bars of all episodes lie; those of a search are drawn over them."""

    def __init__(self, aired: Aired):
        self.dated = aired[aired[:, 1] > 0]  # the episodes of which something is known
        self.number = len(self.dated)  # of those that are drawn
        self.undated = len(aired) - self.number

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
    def measures(self) -> tuple[str, int, int]:
        """The first day, how many there are, and the seconds drawn highest, for scripts."""
        first, last = dt.date(self.years[0], 1, 1), dt.date(self.years[1], 12, 31)
        seconds = self.dated[:, 2]  # one endless recording hides no other
        longest = max(1, int(min(seconds.max(), USUAL * np.median(seconds))))
        return first.isoformat(), (last - first).days + 1, longest

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The years from the first to the last, else the months; also those without an episode."""
        if self.by_month:
            return self.months(self.years[0])
        days = [dt.date(year, 1, 1) for year in range(self.years[0], self.years[1] + 1)]
        return self._steps(days, is_month=False)

    def months(self, year: int) -> tuple[Step, ...]:
        """The months of a year; an episode of which the year alone is known is in none."""
        return self._steps([dt.date(year, month, 1) for month in range(1, 13)], is_month=True)

    def _steps(self, days: Sequence[dt.date], *, is_month: bool) -> tuple[Step, ...]:
        end = dt.date(days[-1].year, 12, 31).toordinal() + 1
        edges = [*(day.toordinal() for day in days), end]
        known = self.dated[self.dated[:, 1] <= (31 if is_month else 366), 0]
        numbers = np.histogram(known, edges)[0].tolist()
        return tuple(Step(*pair, is_month) for pair in zip(days, numbers, strict=True))

    @cached_property
    def path(self) -> str:
        """All bars, as one path."""
        return self.draw(self.dated)

    @cached_property
    def axis(self) -> str:
        """The line below them: a part for each year, or month."""
        begin, days = self.steps[0].first, self.measures[1]
        places = [(step.first - begin).days * WIDTH // days for step in self.steps]
        parts = pairwise((*places, WIDTH))
        return "".join(f"M{here + GAP} {HEIGHT + GAP}H{there - GAP}" for here, there in parts)

    @cached_property
    def has_flat(self) -> bool:
        """Whether some bars lie below the axis."""
        return bool((self._places(self.dated)[1] >= FLAT).any())

    def draw(self, aired: Aired) -> str:
        """Write the bars of some episodes as one path: relative commands, whole numbers."""
        dated = aired[aired[:, 1] > 0]
        places, widths = self._places(dated)
        heights = np.clip(dated[:, 2] * HEIGHT // self.measures[2], LOWEST, HEIGHT)
        is_flat = widths >= FLAT
        middles = np.minimum((places + widths // 2)[~is_flat], WIDTH)
        columns = np.zeros(WIDTH + 1, heights.dtype)
        np.maximum.at(columns, middles, heights[~is_flat])
        flat = Counter(zip(places[is_flat].tolist(), widths[is_flat].tolist(), strict=True))
        filled = np.flatnonzero(columns)
        steps, drawn = np.diff(filled, prepend=0).tolist(), columns[filled].tolist()
        bars = zip(steps, (HEIGHT, *drawn), drawn, strict=False)  # from the axis upwards, then on
        path = "".join(f"m{step} {fallen}v-{height}" for step, fallen, height in bars)
        for (place, width), number in sorted(flat.items()):
            path += "".join(f"M{place + 2} {row}h{width - 4}" for row in ROWS[:number])
        return path

    def _places(self, dated: Aired) -> tuple[NDArray[Any], NDArray[Any]]:
        first, days = dt.date(self.years[0], 1, 1).toordinal(), self.measures[1]
        places = (dated[:, 0].astype(np.int64) - first) * WIDTH // days
        return np.clip(places, 0, WIDTH), dated[:, 1].astype(np.int64) * WIDTH // days


FEWEST = 2  # episodes that make a timeline
KEPT = 64  # in memory, some 10 kB each


@dataclass(frozen=True)
class Way:
    """A year or a month, and where it leads."""

    text: str
    number: int  # of its episodes
    address: str
    is_here: bool = False


@dataclass(frozen=True)
class Timeline:
    """The bars, where years lead, and the bars of what was found."""

    bars: Bars
    ways: Sequence[Way]
    months: Sequence[Way] = ()  # of the year that is asked for
    found: str = ""


def of_archive() -> Timeline | None:
    """Show the whole archive; a year leads to what was aired in it."""
    if not (bars := _bars()):
        return None
    search = search_address(SearchOptions(), "newest")
    return Timeline(bars, _ways(bars.steps, lambda step: search(step.query)))


def of_show(show: str, year: str) -> Timeline | None:
    """Show one show; a year leads to its episodes on the page of the show."""
    if not (bars := _bars(show)):
        return None
    search = search_address(SearchOptions(show=show), "newest")

    def address(step: Step) -> str:
        if step.is_month:
            return search(step.query)
        if current_app.config["FROZEN"]:
            return f"#y{step.name}"
        return url_for("pages.show", show=show, year=step.name, _anchor="episodes")

    return Timeline(bars, _ways(bars.steps, address, year))


def of_results(query: str, results: Results, options: SearchOptions) -> Timeline | None:
    """Show where what was found lies among all; a year leads to what was found in it."""
    if not results.total or not (bars := _bars(options.show)):
        return None
    search = search_address(options, sort_of(options), only(query, lambda i: i.field not in DAYS))
    first, last = (str(day or "") for day in aired(read(query)))
    year = first[:4] if first[:4] == last[:4] else ""
    month = first[:7] if first[:7] == last[:7] else ""

    def ways(steps: Sequence[Step]) -> Sequence[Way]:
        here = month if steps[0].is_month else year
        return _ways(steps, lambda step: search(step.query), here)

    has_year = not bars.by_month and year and bars.years[0] <= int(year) <= bars.years[1]
    months = ways(bars.months(int(year))) if has_year else ()
    return Timeline(bars, ways(bars.steps), months, bars.draw(results.aired))


def of_dossier(
    said: Iterable[tuple[str, float]], years: Mapping[int, tuple[int, str]], here: Container[int]
) -> Timeline | None:
    """Show the episodes of a dossier, given by known date and length; for each year, `years` has
    their number and address; `here` are those of the page."""
    bars = _bars()
    if bars is None or bars.by_month:
        return None
    every = (step.first.year for step in bars.steps)
    ways = [Way(str(year), *years.get(year, (0, "")), year in here) for year in every]
    return Timeline(bars, ways, found=bars.draw(table(said)))


def spanning(bars: Bars) -> str:
    """Say what bars show: « 170 épisodes, de 2012 à 2026 »."""
    number, (first, last) = bars.number, bars.years
    message = ngettext(
        "%(num)s épisode, de %(first)s à %(last)s",
        "%(num)s épisodes, de %(first)s à %(last)s",
        number,
        first=first,
        last=last,
    )
    if first == last:
        message = ngettext(
            "%(num)s épisode, en %(year)s", "%(num)s épisodes, en %(year)s", number, year=first
        )
    return str(message)


def _bars(show: str | None = None) -> Bars | None:
    archive = catalogue().archive
    folders = [show] if show in archive.folders() else archive.folders()
    return _drawn(archive, show, holdings.state(archive, folders))


@lru_cache(maxsize=KEPT)
def _drawn(archive: Archive, show: str | None, _state: Hashable) -> Bars | None:
    episodes = holdings.episodes(archive, show)
    bars = Bars(table((each.known_date, each.audio.duration) for each in episodes))
    return bars if bars.number >= FEWEST else None


def _ways(steps: Iterable[Step], address: Callable[[Step], str], here: str = "") -> Sequence[Way]:
    ways = list[Way]()
    for step in steps:
        text = str(format_date(step.first, "MMM")) if step.is_month else step.name
        there = address(step) if step.number else ""
        ways.append(Way(text, step.number, there, step.name == here))
    return ways
