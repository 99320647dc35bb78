"""When a show is on the air: the grid in its `show.json`, a line for each place in the week, by the
clock of the station. Pure.

    mardi 20:00 60 min, une semaine sur 2, depuis 2026-09-08, sauf 12-20/01-04 2027-05-11
    lundi mercredi 18:30 30 min, 1er et 3e du mois, aussi 2026-12-23T21:00, titre Direct du {date}
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from radio.french.dates import day_of, read_weekday
from radio.system.errors import ArchiveError
from radio.system.messages import _

LONGEST = 24 * 60  # minutes
CLOCK = r"\d{1,2}(?:[:hH](?:\d{2})?)?"
LINE = re.compile(
    rf"(?P<day>[^\d]*?)\s*(?P<at>{CLOCK})\s+(?P<minutes>\d{{1,4}})\s*min", re.IGNORECASE
)
HOUR = re.compile(r"(\d{1,2})(?:[:hH](\d{2})?)?")
DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")  # without a year: in each


@dataclass(frozen=True)
class Slot:
    """A place in the grid of a station, week after week."""

    day: str = ""  # mardi, or several: lundi mercredi; empty: every day
    at: str = ""  # 20:00
    minutes: float = 60.0
    every: int = 1  # weeks: 2 is every other one, counted from `since`
    nth: tuple[int, ...] = ()  # of the month: 1 is the first such day, -1 the last one
    since: str = ""  # 2026-09-08, or 09-01 for each year
    until: str = ""  # likewise, that day included
    off: tuple[str, ...] = ()  # days without it: 2026-12-22, or 12-20/01-04
    also: tuple[str, ...] = ()  # when else it is on the air: 2026-12-23T21:00
    title: str = ""  # of its episodes; {date} and {hour} stand for those on the air


def _numbers(text: str) -> tuple[int, ...]:
    last = (-1,) if re.search(r"dernier|last", text, re.IGNORECASE) else ()
    return (*map(int, re.findall(r"\d", text)), *last)


Words = Mapping[str, tuple[str, Callable[[str], Any]]]
PARTS: Words = {
    r"(?:une semaine sur|every) (\d)(?: weeks)?": ("every", int),
    r"((?:\d(?:er|e|st|nd|rd|th)?|dernier|last|et|and|\s)+) (?:du mois|of the month)": (
        *("nth", _numbers),
    ),
    r"(?:depuis(?: le)?|since) (\S+)": ("since", str),
    r"(?:jusqu[’']au|until) (\S+)": ("until", str),
    r"(?:sauf|except) (.+)": ("off", lambda text: tuple(text.split())),
    r"(?:aussi|also) (.+)": ("also", lambda text: tuple(text.split())),
    r"(?:titre|title) (.+)": ("title", str),
}


@dataclass(frozen=True)
class Airing:
    """A show on the air, once."""

    start: dt.datetime  # with its zone
    end: dt.datetime
    title: str = ""

    @property
    def name(self) -> str:
        """Its start in universal time, by which it is known."""
        return f"{self.start.astimezone(dt.UTC):%Y-%m-%dT%H:%MZ}"


def read_slot(line: str) -> Slot:
    """Read a line of a grid. Raises ArchiveError with what is not understood.

    >>> read_slot("mardi 20h 60 min, 1er et dernier du mois, sauf 12-20/01-04").nth
    (1, -1)
    """
    head, *parts = (each.strip() for each in line.split(","))
    match = LINE.fullmatch(head)
    if match is None:
        message = _("{line!r} : écrivez par exemple « mardi 20:00 60 min »")
        raise ArchiveError(message, line=line)
    slot = Slot(match["day"], match["at"], float(match["minutes"]))
    for part in parts:
        found = ((re.fullmatch(each, part, re.IGNORECASE), how) for each, how in PARTS.items())
        said = next((pair for pair in found if pair[0]), None)
        if said is None or said[0] is None:
            message = _(
                "{part!r} : pas compris ; écrivez par exemple « une semaine sur 2 », « depuis "
                "2026-09-08 » ou « sauf 12-20/01-04 »"
            )
            raise ArchiveError(message, part=part)
        name, read = said[1]
        slot = replace(slot, **{name: read(said[0][1])})
    _require_sane(slot)
    return slot


def _require_sane(slot: Slot) -> None:
    """Raise ArchiveError if a slot says nothing that can be."""
    next(_airings(slot, dt.date(2024, 1, 1), dt.date(2024, 1, 1)), None)


def airings(grid: Sequence[str], first: float, last: float) -> list[Airing]:
    """List what begins between two moments (seconds since the epoch), in order, each once. Raises
    ArchiveError for the first line that can't be read."""
    days = [dt.datetime.fromtimestamp(each).date() for each in (first, last)]
    found = {
        each.start.timestamp(): each
        for slot in map(read_slot, grid)
        for each in _airings(slot, days[0] - dt.timedelta(1), days[1] + dt.timedelta(1))
    }
    return [found[each] for each in sorted(found) if first <= each < last]


def _airings(slot: Slot, first: dt.date, last: dt.date) -> Iterator[Airing]:
    days, hour, length = (
        _weekdays(slot.day),
        read_clock(slot.at),
        dt.timedelta(minutes=slot.minutes),
    )
    if not 0 < slot.minutes <= LONGEST or slot.every < 1:
        message = _("{minutes:g} min : écrivez de 1 à {most}")
        raise ArchiveError(message, minutes=slot.minutes, most=LONGEST)
    seasons, pauses = _Days((f"{slot.since}/{slot.until}",)), _Days(slot.off)
    begin = _Days.date(slot.since, 0) if slot.every > 1 else None
    if slot.every > 1 and begin is None:
        message = _("une semaine sur {weeks}, depuis quand ? ajoutez « depuis 2026-09-08 »")
        raise ArchiveError(message, weeks=slot.every)
    starts = [_moment(each) for each in slot.also]
    for number in range((last - first).days + 1):
        day = first + dt.timedelta(number)
        if day.weekday() not in days or day not in seasons or day in pauses:
            continue
        weeks = (day - begin + dt.timedelta(begin.weekday())).days // 7 if begin else 0
        if weeks % slot.every or (slot.nth and not _is_nth(day, slot.nth)):
            continue
        starts.append(dt.datetime.combine(day, hour))
    for start in starts:
        if first <= start.date() <= last:
            yield _airing(slot, start, length)


def _airing(slot: Slot, start: dt.datetime, length: dt.timedelta) -> Airing:
    """Place it on the clock: its length is that which is heard, whatever the clock does."""
    known = start.astimezone(dt.UTC)
    title = slot.title.replace("{date}", f"{start:%d/%m/%Y}").replace("{hour}", f"{start:%H:%M}")
    return Airing(known.astimezone(), (known + length).astimezone(), title)


def _is_nth(day: dt.date, nth: Sequence[int]) -> bool:
    before = (day.day - 1) // 7 + 1
    return before in nth or ((day + dt.timedelta(7)).month != day.month and -1 in nth)


def _weekdays(text: str) -> frozenset[int]:
    names = text.replace(",", " ").lower().split()
    found = [read_weekday(each) for each in names]
    if None in found:
        raise ArchiveError(
            _("{text} : pas des jours de la semaine ; écrivez par exemple mardi", text=text)
        )
    return frozenset(each for each in found if each is not None) or frozenset(range(7))


def read_clock(text: str) -> dt.time:
    """Read an hour of the day. Raises ArchiveError.

    >>> str(read_clock("20:30")), str(read_clock("20h")), str(read_clock("9"))
    ('20:30:00', '20:00:00', '09:00:00')
    """
    match = HOUR.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise ArchiveError(_("{text!r} : pas une heure ; écrivez par exemple 20:00", text=text))
    return dt.time(int(match[1]), int(match[2] or 0))


def _moment(text: str) -> dt.datetime:
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        message = _("{text} : pas un jour et son heure ; écrivez 2026-12-23T21:00")
        raise ArchiveError(message, text=text) from error


class _Days:
    """Some spans of days, each written `first/last` or as one day; without a year in each year."""

    def __init__(self, spans: Sequence[str]):
        self._spans = [self._ends(each) for each in spans]

    def __contains__(self, day: dt.date) -> bool:
        return any(self._holds(day, *each) for each in self._spans)

    def _holds(self, day: dt.date, first: str, last: str) -> bool:
        if first and last and len(first) == len(last) == 5:  # it may hold New Year
            known = f"{day:%m-%d}"
            return first <= known <= last if first <= last else not last < known < first
        begin, end = self.date(first, day.year), self.date(last, day.year)
        return (begin is None or begin <= day) and (end is None or day <= end)

    @classmethod
    def _ends(cls, text: str) -> tuple[str, str]:
        first, _slash, last = text.partition("/") if "/" in text else (text, "", text)
        for each in (first.strip(), last.strip()):
            cls.date(each, 2024)
        return first.strip(), last.strip()

    @staticmethod
    def date(text: str, year: int) -> dt.date | None:
        """Read a day, one without a year in a `year`; None for no text, or without any year."""
        match = DATE.fullmatch(text)
        known = int(match[1] or year) if match else 0
        day = day_of(known, int(match[2]), int(match[3])) if match and known else None
        if text and day is None and not (match and not known):
            message = _("{text} : pas un jour ; écrivez 2026-12-22, 12-20/01-04 ou 09-01")
            raise ArchiveError(message, text=text)
        return day
