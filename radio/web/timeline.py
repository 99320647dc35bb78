"""The seam of years as pages show it: sewn once for each state of the archive, its years as links.

What it shows is public: `holdings` says which episodes are.
"""

import datetime as dt
from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import current_app, url_for
from flask_babel import format_date, ngettext

from radio.archive import Archive, holdings
from radio.search import Results, SearchOptions, table
from radio.search.syntax import aired, in_month, in_year, whenever
from radio.web.context import catalogue
from radio.web.seam import SeamOfYears, Step

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
    (year, month), rest = _asked(query), whenever(query)
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
    first, last = aired(query)
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
