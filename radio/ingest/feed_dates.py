"""The day that a feed tells of an item, in all the ways in which feeds write dates. Pure."""

import datetime as dt
import re

from radio.french.calendar import read_month
from radio.french.dates import read_day
from radio.ingest.description import Day

ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?=[T\s]|$)")
MAIL = re.compile(r"\b(?P<d>\d{1,2})(?:er)?[\s-]+(?P<m>[^\W\d_]{3,})\.?[\s,-]+(?P<y>\d{4}|\d{2})\b")
MONTH_FIRST = re.compile(r"\b(?P<m>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})\b")
CLOCK = re.compile(r"\b(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?(?:\.\d+)?\s*(?P<zone>\S+)?")
UNIVERSAL = {"Z", "GMT", "UT", "UTC", "+0000", "+00:00", "-0000", "-00:00"}
EARLIEST = dt.date(1971, 1, 1)  # what counts seconds from 1970 says that year for nothing
AHEAD = dt.timedelta(days=2)  # a clock may be wrong, a date in the future is


def read(text: str, today: dt.date | None = None) -> Day | None:
    """Read the date of an item: the day as it was where it was written.

    A time in UTC was made of a local one, so it is read by the clock of this machine; midnight in
    UTC is a mere day. None for what tells no day, or one that no feed can mean.

    >>> read("mar., 16 janv. 2024 20:30:00 CET").date.isoformat()
    '2024-01-16'
    >>> read("2024-01-16T23:30:00+01:00").date.isoformat()
    '2024-01-16'
    >>> read("Thu, 01 Jan 1970 00:00:00 GMT")
    """
    plain = " ".join(text.split())
    day = _day(plain)
    if day is None:
        return None
    clock = CLOCK.search(plain)
    if clock and (clock["zone"] or "").upper() in UNIVERSAL:
        day = _here(day, clock) or day
    latest = (today or dt.datetime.now(dt.UTC).date()) + AHEAD
    return Day(day, "page") if EARLIEST <= day <= latest else None


def find(text: str) -> Day | None:
    """Find the one date with a day, a month in letters or two dashes, and a year that a text says.

    >>> find("Émission du 12 mai 2023 : la rue").date.isoformat()
    '2023-05-12'
    >>> find("Du 12 mai 2023 au 14 mai 2023")
    """
    days = {day for form in (ISO, MAIL) for match in form.finditer(text) if (day := _of(match))}
    return read(days.pop().isoformat()) if len(days) == 1 else None


def _day(text: str) -> dt.date | None:
    for form in (ISO, MAIL, MONTH_FIRST):
        if (match := form.search(text)) and (day := _of(match)):
            return day
    return read_day(text.partition(" ")[0])


def _of(match: re.Match[str]) -> dt.date | None:
    try:
        return dt.date(_year(match["y"]), read_month(match["m"].casefold()), int(match["d"]))
    except ValueError:
        return None


def _year(digits: str) -> int:
    """Read a year; of two digits are those from 1970 to 2069."""
    year = int(digits)
    return year if year > 99 else year + (2000 if year < 70 else 1900)


def _here(day: dt.date, clock: re.Match[str]) -> dt.date | None:
    """Tell which day it was here at a time in UTC."""
    try:
        time = dt.time(int(clock["h"]), int(clock["min"]), int(clock["s"] or 0))
        moment = dt.datetime.combine(day, time, dt.UTC)
    except ValueError:
        return None
    return day if time == dt.time() else moment.astimezone().date()
