"""Months, weekdays and dates as people, feeds and sites write them, in two languages. Pure."""

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from radio.french.letters import plain_letters

_MONTHS = """
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
    January February March April May June July August September October November December
"""
_WEEKDAYS = """
    lundi mardi mercredi jeudi vendredi samedi dimanche
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
"""
MONTHS = {"fr": tuple(_MONTHS.split()[:12]), "en": tuple(_MONTHS.split()[12:])}
WEEKDAYS = {"fr": tuple(_WEEKDAYS.split()[:7]), "en": tuple(_WEEKDAYS.split()[7:])}
_SHORT_MONTHS = "janv fév févr avr juil sept oct nov déc"
_STARTS = "jan f[ée][bv] mar avr|apr mai|may juin|jun juil|jul ao[ûu]t|aug sep oct nov d[ée]c"


def _any(names: Iterable[str]) -> str:
    """Make a pattern of names in small letters, with or without accents."""
    longest = sorted({name.lower() for name in names}, key=len, reverse=True)
    return "|".join(longest).replace("é", "[ée]").replace("û", "[ûu]")


# whole or short, and no other word
MONTH = _any([*MONTHS["fr"], *MONTHS["en"], *_SHORT_MONTHS.split()])
MONTH_START = "|".join(_STARTS.split())  # how a month begins
WEEKDAY = _any(  # whole or short
    [name[:size] for name in WEEKDAYS["fr"] for size in (9, 3, 2)]
    + [name[:size] for name in WEEKDAYS["en"] for size in (9, 3)]
)

FIRST_DAY = dt.date(1940, 1, 1)  # no recording of a show is older
FIRST_WORDED = 1980  # older years in words are events, as 17 octobre 1961; six figures mean none
FIRST_POSTED = dt.date(1971, 1, 1)  # what counts seconds from 1970 says that year for nothing
AHEAD = dt.timedelta(days=2)  # a clock may be wrong, a date in the future is

_POSTED = {
    "ISO": re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?=[T\s]|$)"),
    "mail": re.compile(
        r"\b(?P<d>\d{1,2})(?:er)?[\s-]+(?P<m>[^\W\d_]{3,})\.?[\s,-]+(?P<y>\d{4}|\d{2})\b"
    ),
    "month first": re.compile(r"\b(?P<m>[^\W\d_]{3,})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})\b"),
    "figures": re.compile(r"^(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)$"),
}
_POSTED_AT = re.compile(
    r"\b(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2}))?(?:\.\d+)?\s*(?P<zone>\S+)?"
)
_AT_HOUR = re.compile(  # a day and an hour of it
    r"(?P<day>.+?)(?:T| (?:à |a )?)(?P<clock>\d{1,2} ?h(?: ?\d{2})?|\d{1,2}:\d{2}(?::\d{2})?)"
)
_POSTED_BEHIND = re.compile(r"[\sT,]*\d{1,2}[:h]\d{2}.*$")
_UNIVERSAL = {"Z", "GMT", "UT", "UTC", "+0000", "+00:00", "-0000", "-00:00"}


@dataclass(frozen=True)
class Written:
    """A date in a text: its readings as year, month, day (0 if not said), the likeliest first."""

    start: int  # characters
    end: int
    readings: tuple[tuple[int, int, int], ...]
    form: str  # the name of one of FORMS
    weekday: int | None = None  # 0 is Monday


def read_month(name: str) -> int:
    """Give the number of a month, whole or short, in small letters; 0 if it is none.

    >>> [read_month(name) for name in ("fevrier", "déc", "may", "8", "demain")]
    [2, 12, 5, 8, 0]
    """
    if name.isdecimal():
        return int(name)
    starts = enumerate(_STARTS.split(), 1)
    return next((number for number, start in starts if re.match(start, name)), 0)


def read_weekday(name: str) -> int | None:
    """Give the number of a weekday, whole or short; Monday is 0.

    >>> [read_weekday(name) for name in ("lundi", "ven", "Sun", "")]
    [0, 4, 6, None]
    """
    start = name[:2].lower()
    pairs = enumerate(zip(WEEKDAYS["fr"], WEEKDAYS["en"], strict=True))
    return next((n for n, (fr, en) in pairs if start in (fr[:2], en[:2].lower())), None)


def write_date(known: str, language: str = "fr") -> str:
    """Write what is known of a day in words: 2024-01-16, 2024-01, 2024.

    >>> write_date("2024-01-16"), write_date("2024-02-01"), write_date("2024-01", "en")
    ('16 janvier 2024', '1er février 2024', 'January 2024')
    """
    year, month, day = [*known.split("-"), "", ""][:3]
    name = MONTHS[language][int(month) - 1] if month else ""
    number = "1er" if (language, day) == ("fr", "01") else day.lstrip("0")
    return " ".join(filter(None, (number, name, year)))


def read_day(text: str) -> dt.date | None:
    """Read a date; of two numbers, the day comes before the month. None if it is no date.

    >>> read_day("25/12/2026") == read_day("vendredi 25 décembre 2026") == dt.date(2026, 12, 25)
    True
    >>> read_day("bientôt"), read_day("2026-02-30"), read_day("12/26")
    (None, None, None)
    """
    plain = plain_letters(" ".join(text.split()))
    if len(re.findall(r"\d+", plain)) > 3:  # a time, or several days
        return None
    for name in ("year first", "day first", "words"):
        if (match := FORMS[name].fullmatch(plain)) and len(match["y"]) == 4:
            return day_of(*_numbers(match))
    return None


def read_hour(text: str) -> dt.datetime | None:
    """Read a day and an hour of it, by the clock of this machine; without an hour, midnight.

    >>> read_hour("2026-12-01T20:00") == read_hour("1er décembre 2026 à 20 h") == read_hour(
    ...     "1/12/2026 20h00"
    ... )
    True
    >>> str(read_hour("2026-12-01")), read_hour("2026-12-01T25:00"), read_hour("20:00")
    ('2026-12-01 00:00:00', None, None)
    """
    match = _AT_HOUR.fullmatch(" ".join(text.split()))
    day = read_day(match["day"] if match else text)
    with contextlib.suppress(ValueError):  # no time of a day
        numbers = [int(each) for each in re.findall(r"\d+", match["clock"] if match else "")]
        hour, minute, second = [*numbers, 0, 0, 0][:3]
        return dt.datetime.combine(day, dt.time(hour, minute, second)) if day else None
    return None


def read_posted(text: str) -> dt.date | None:
    """Read the day of publication, as it was where it was written. A time in UTC is read by the
    clock of this machine; midnight in UTC is a mere day. None for days that nobody can mean.

    >>> read_posted("mar., 16 janv. 2024 20:30:00 CET").isoformat()
    '2024-01-16'
    >>> read_posted("2024-01-16T23:30:00+01:00").isoformat()
    '2024-01-16'
    >>> read_posted("Thu, 01 Jan 1970 00:00:00 GMT")
    """
    plain = " ".join(text.split())
    matches = (match for form in _POSTED.values() if (match := form.search(plain)))
    day = next(filter(None, map(_posted, matches)), None)
    day = day or read_day(_POSTED_BEHIND.sub("", plain)) or read_day(plain[:10])
    clock = _POSTED_AT.search(plain)
    if day and clock and (clock["zone"] or "").upper() in _UNIVERSAL:
        with contextlib.suppress(ValueError):  # no time of a day
            time = dt.time(int(clock["h"]), int(clock["min"]), int(clock["s"] or 0))
            moment = dt.datetime.combine(day, time, dt.UTC)
            day = moment.astimezone().date() if time != dt.time() else day
    latest = dt.datetime.now(dt.UTC).date() + AHEAD
    return day if day and FIRST_POSTED <= day <= latest else None


def find_posted(text: str) -> dt.date | None:
    """Find the one whole date that a text says in ISO form or with its month in letters.

    >>> find_posted("Émission du 12 mai 2023 : la rue").isoformat()
    '2023-05-12'
    >>> find_posted("Du 12 mai 2023 au 14 mai 2023")
    """
    forms = (_POSTED["ISO"], _POSTED["mail"])
    days = {day for form in forms for match in form.finditer(text) if (day := _posted(match))}
    return read_posted(days.pop().isoformat()) if len(days) == 1 else None


def first_day(year: int, month: int, day: int) -> tuple[dt.date, str]:
    """Give the first day of a date whose unknown parts are 0, and its precision. Raises ValueError.

    >>> first_day(2019, 3, 0)
    (datetime.date(2019, 3, 1), 'month')
    """
    precision = "day" if month and day else "month" if month else "year"
    return dt.date(year, month or 1, day if month and day else 1), precision


def find_dates(text: str, today: dt.date) -> list[Written]:
    """Find the dates of a text, in order, but for those to come or too old.

    >>> [found] = find_dates("LMAD du 12 mai 23, les puces", dt.date(2026, 11, 26))
    >>> found.readings, found.form
    (((2023, 5, 12),), 'words')
    """
    plain, found = plain_letters(text), []
    for name, form in FORMS.items():
        for match in form.finditer(plain):
            readings = dict.fromkeys(_READERS[name](match, today))
            if possible := tuple(each for each in readings if _fits(each, today)):
                weekday = read_weekday(match.groupdict().get("w") or "")
                found.append(Written(*match.span(), possible, name, weekday))
        for each in found:  # what is read once is read in no other form
            plain = plain[: each.start] + "\0" * (each.end - each.start) + plain[each.end :]
    return sorted(found, key=lambda each: each.start)


def _fits(reading: tuple[int, int, int], today: dt.date) -> bool:
    year, month, day = reading
    if not year:  # said elsewhere; a leap year has all days
        return day_of(2000, month, day) is not None
    first = day_of(year, month or 1, day or 1)
    return first is not None and FIRST_DAY <= first <= today


def day_of(year: int, month: int, day: int) -> dt.date | None:
    """Give a day; None where a part is 0, or there is no such day."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _numbers(match: re.Match[str]) -> tuple[int, int, int]:
    return int(match["y"]), read_month(match["m"]), int(match["d"])


def _posted(match: re.Match[str]) -> dt.date | None:
    """Read a match; years of two digits are from 1970 to 2069."""
    year = int(match["y"])
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    return day_of(year, read_month(match["m"].casefold()), int(match["d"]))


# Readers: each gives what a match may mean, the likeliest first

Read = Iterator[tuple[int, int, int]]
Reader = Callable[[re.Match[str], dt.date], Read]


def _century(year: str, today: dt.date) -> int:
    """Complete a year of two digits: the last one that has begun."""
    if len(year) > 2:
        return int(year)
    return 2000 + int(year) - (100 if 2000 + int(year) > today.year else 0)


def _whole(match: re.Match[str], _today: dt.date) -> Read:
    """Read three numbers; the month comes last only where it must."""
    year, month, day = _numbers(match)
    yield (year, month, day) if month <= 12 else (year, day, month)


def _day_first(match: re.Match[str], _today: dt.date) -> Read:
    """Read three numbers, the day before the month; then as Americans write them."""
    year, month, day = _numbers(match)
    yield year, month, day
    yield year, day, month


def _worded(match: re.Match[str], today: dt.date) -> Read:
    said = match.groupdict()
    year = _century(said["y"].strip("'’"), today)
    if year >= FIRST_WORDED:
        yield year, read_month(said.get("m", "0")), int(said.get("d", 0))


def _digits(match: re.Match[str], today: dt.date) -> Read:
    """Read eight digits; or six, the later day first and the month first only where it must."""
    digits = match["digits"]
    if len(digits) == 8:
        yield int(digits[:4]), int(digits[4:6]), int(digits[6:])
        yield int(digits[4:]), int(digits[2:4]), int(digits[:2])
        return
    one, two, three = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    first, last = _century(digits[:2], today), _century(digits[4:], today)
    days = [(last, one, two)] if two > 12 else [(last, two, one), (first, two, three)]
    yield from sorted((each for each in days if each[0] >= FIRST_WORDED), reverse=True)
    if digits[:2] in ("19", "20"):
        yield int(digits[:4]), three, 0


def _short(match: re.Match[str], today: dt.date) -> Read:
    one, two, three = match["a"], match["b"], match["c"]
    yield _century(three, today), int(two), int(one)
    if len(one) == 2:
        yield _century(one, today), int(two), int(three)


def _yearless(match: re.Match[str], _today: dt.date) -> Read:
    day, month = int(match["d"]), read_month(match["m"])
    yield 0, month, day
    if match["m"].isdecimal():
        yield 0, day, month


def _season(match: re.Match[str], _today: dt.date) -> Read:
    """Read « 2018-2019 », which begins in September; « 2011-12 » alone is a month."""
    first, last = int(match["y"]), int(match["to"])
    if last % 100 == (first + 1) % 100 and (last > 12 or match["named"]):
        yield first, 0, 0
        yield first + 1, 0, 0


def _week(match: re.Match[str], _today: dt.date) -> Read:
    """Read a day of a week, else the month in which the whole week is, else the year."""
    year, week, day = int(match["y"]), int(match["week"]), match.groupdict().get("day")
    try:
        monday = dt.date.fromisocalendar(year, week, 1)
    except ValueError:
        return
    sunday = monday + dt.timedelta(days=6)
    if day:
        exact = monday + dt.timedelta(days=int(day) - 1)
        yield exact.year, exact.month, exact.day
    else:
        yield year, monday.month if monday.month == sunday.month else 0, 0


# Forms, on small letters without accents; the surest first

_W = rf"(?P<w>{WEEKDAY})"
_LEAD = (
    rf"(?:(?<![a-z])(?:du|le|la|on)[ _-]+)?(?:(?<![a-z]){_W}[ ._,-]{{1,3}})?(?:le[ _-]+)?(?<!\d)"
)
_M = rf"(?P<m>{MONTH}|jan|fe[bv]|mar|apr|jun|jul|aug|sep)(?![a-z])\.?"
_D = r"(?P<d>\d\d?)(?:er|eme|e|st|nd|rd|th)?"
_TO = r"(?:[ _]?(?:au|et|&|a)[ _]?\d\d?(?:er)?)?"  # the last of several days
_CENTURY = r"(?P<y>(?:19|20)\d\d)"
_Y = rf"{_CENTURY}(?!\d)"
_YY = r"(?P<y>(?:19|20)\d\d(?!\d)|['’]?\d\d(?![\dh%]| ?(?:ans|h|min)\b))"
_S = r"(?P<s> ?[-–_./:] ?| )"  # between numbers, twice the same
_O = r"[ _.,/-]{0,3}"  # between words
_MINUTES = r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?"
_CLOCK = r"(?:[01]?\d|2[0-4])(?:h(?:[0-5]\d)?|[:.-][0-5]\d(?:[:.-][0-5]\d)?)(?!\d)"
_TIME = rf"(?:[ ,_t-]{{0,3}}(?:(?:a|at) |@)?{_CLOCK}(?: ?[-–] ?{_CLOCK})?|[t_]{_MINUTES}(?!\d))?"
_AFTER = r"(?<!\d)(?<!\d[-_./:])"  # no part of a longer row of numbers
_AFTER_NUMBER = r"(?:(?<!\d[-_. ])|(?<=#\d[-_. ])|(?<=#\d\d[-_. ])|(?<=#\d{3}[-_. ]))"
_BEFORE = r"(?!\d)(?![-_./:]\d)"
_WEEK = r"(?P<week>\d\d?)"

_TEXTS: dict[str, tuple[str, Reader]] = {
    "year first": (rf"(?<!\d){_CENTURY}{_S}(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?!\d){_TIME}", _whole),
    "day first": (rf"{_LEAD}(?P<d>\d\d?){_S}(?P<m>\d\d?)(?P=s){_Y}{_TIME}", _day_first),
    "eight digits": (rf"(?<!\d)(?P<digits>\d{{8}})(?:[t_-]?{_MINUTES})?(?!\d)", _digits),
    "year and week": (
        rf"(?<!\d){_CENTURY}(?:[-_ ]?[ws]|[-_ /](?:semaine|sem)[. _]?){_WEEK}"
        r"(?:-(?P<day>[1-7]))?(?![\de])",
        _week,
    ),
    "week and year": (rf"(?<![a-z])(?:semaine|week|sem\.?|s|w)[ _]?{_WEEK}[ _-]{{1,3}}{_Y}", _week),
    "words": (rf"{_LEAD}{_D}{_TO}{_O}(?:de[ _])?{_M}{_O}{_YY}{_TIME}", _worded),
    "month first": (rf"(?<![a-z]){_M}[ _-](?P<d>\d\d?)(?:st|nd|rd|th)?,?[ _-]{_Y}", _worded),
    "year and words": (rf"(?<!\d){_Y}{_O}{_M}{_O}{_D}", _worded),
    "short": (
        rf"{_LEAD}{_AFTER}(?P<a>\d\d?)(?P<s>[-_./:])(?P<b>\d\d?)(?P=s)(?P<c>\d\d){_BEFORE}{_TIME}",
        _short,
    ),
    "short and spaced": (
        rf"{_LEAD}(?<!\d )(?P<a>\d\d) (?P<b>\d\d) (?P<c>\d\d)(?!\d)(?! \d)",
        _short,
    ),
    "six digits": (rf"{_LEAD}{_AFTER_NUMBER}(?P<digits>\d{{6}})(?!\d)(?!k?hz)", _digits),
    "season": (
        rf"(?P<named>saison[ _-]+)?(?<!\d){_CENTURY} ?[-–_/] ?(?P<to>(?:20)?\d\d)(?!\d)",
        _season,
    ),
    "day and month": (rf"{_LEAD}{_D}{_TO}{_O}(?:de[ _])?{_M}{_TIME}(?! ?\d)", _yearless),
    "month": (rf"(?<![a-z]){_M}{_O}{_Y}", _worded),
    "year and month": (rf"(?<!\d){_Y}{_O}(?<![a-z]){_M}", _worded),
    "numbered month": (rf"{_AFTER}{_CENTURY}[-_./ ](?P<m>0[1-9]|1[0-2]){_BEFORE}", _worded),
    "month in numbers": (rf"{_AFTER}(?P<m>0?[1-9]|1[0-2])[-_./]{_Y}", _worded),
    "two numbers": (rf"{_LEAD}{_AFTER}(?P<d>\d\d?)[-_./:](?P<m>\d\d?){_BEFORE}(?!h)", _yearless),
    "year": (rf"{_AFTER}{_Y}(?![-_./:]\d)", _worded),
}
# On plain letters; what an earlier form reads, no later one reads again.
FORMS = {name: re.compile(form) for name, (form, _read) in _TEXTS.items()}
_READERS = {name: read for name, (_form, read) in _TEXTS.items()}
