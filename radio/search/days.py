"""Times in a query: « mars 2024 », « au printemps dernier », « depuis 2021 », « last year ». A time
without a year is the last one that has begun; what is « dernier » is over. Seasons begin as
almanacs say. « 8 mars » and « les émeutes de 2005 » may be what is spoken of: such a time is not
meant as a filter, unless episodes are named (« émission du 8 mars »). Pure."""

import calendar
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from radio.french.dates import MONTH, WEEKDAYS, read_month, read_weekday
from radio.french.letters import fold
from radio.french.numbers import SMALL
from radio.search.results import PeriodChoice
from radio.search.syntax import period

Days = tuple[dt.date, dt.date]  # first and last
Said = Mapping[str, str]  # named parts of a match, folded; missing ones are empty
Reader = Callable[[Said, dt.date], Days | None]  # None, ValueError, OverflowError: no time
OpenDays = tuple[dt.date | None, dt.date | None]  # None where a side is open

_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
COUNTS = {fold(name): value for name, value in SMALL.items()}
COUNTS |= {name: value for value, name in enumerate(_ENGLISH, 1)}
SEASONS = {  # the first day and the last, as month and day
    ("printemps", "spring"): ((3, 20), (6, 20)),
    ("ete", "summer"): ((6, 21), (9, 22)),
    ("automne", "autumn", "fall"): ((9, 23), (12, 20)),
    ("hiver", "winter"): ((12, 21), (3, 19)),
}
UNITS = {"an": "year", "annee": "year", "mois": "month", "semaine": "week", "jour": "day"}
MOST_PERIODS = 3  # that are read in one query

_ASIDE = re.compile(r"\"[^\"]*\"|«[^»]*»|“[^”]*”|\S+:\S+|(?<!\S)-\S+")
_ARTICLES = """
    le_ la_ les_ l['’] du_ de_ d['’] des_ en_ au_ à_ dans_ pendant_ durant_ entre_
    in_ on_ of_ the_ between_
"""
_LE = f"(?:{'|'.join(_ARTICLES.split())})".replace("_", " ")
_SHOWS = r"(?:(?:les? |l['’]|the )?(?:émissions?|emissions?|épisodes?|episodes?|shows?) )"
_DIRECTION = (
    r"(?P<direction>depuis|dès|à partir|a partir|since|avant|before|jusqu['’]|until|après|apres"
    r"|after)"
)
_LEAD = re.compile(
    rf"(?<!\w)(?P<shows>{_SHOWS}?(?:diffusée?s? )?)(?:{_DIRECTION}\s*)?(?P<of>des? |du |d['’]|of )?"
    rf"{_LE}*\Z",
    re.IGNORECASE,
)
_LINK = re.compile(rf"\s*(?:(?P<to>à|au|to|jusqu['’])|et|and)\s*{_LE}*", re.IGNORECASE)
_BETWEEN = re.compile(rf"\b(?:entre|between) {_LE}*\Z", re.IGNORECASE)


def _day(said: Said, today: dt.date) -> Days:
    """Read « le 19 mai 2020 », « le 19 mai »."""
    month, day = read_month(said["month"]), int(said["day"])
    only = dt.date(int(said["year"] or today.year), month, day)
    if only > today and not said["year"]:
        only = dt.date(today.year - 1, month, day)
    return only, only


def _month(said: Said, today: dt.date) -> Days | None:
    """Read « mars 2024 », « mars à juin 2021 », « en mars », « mars dernier »."""
    first = read_month(said["month"])
    last = read_month(said["to"]) or first
    if said["year"]:
        year = int(said["year"])
        return dt.date(year - (first > last), first, 1), _end(year, last)
    if said["in"] or said["last"] or said["past"]:
        is_ahead = first > today.month if said["in"] else first >= today.month
        return dt.date(today.year - is_ahead, first, 1), _end(today.year - is_ahead, first)
    return None


def _season(said: Said, today: dt.date) -> Days | None:
    """Read « l'été 2022 », « cet été », « l'été dernier »; winter begins in the year before."""
    first, last = next(days for names, days in SEASONS.items() if said["season"] in names)

    def of(year: int) -> Days:
        return dt.date(year - (first > last), *first), dt.date(year, *last)

    if said["year"]:
        return of(int(said["year"]))
    latest = [of(year) for year in (today.year + 1, today.year, today.year - 1)]
    if said["this"]:
        return next(days for days in latest if days[0] <= today)
    is_over = said["last"] or said["past"]
    return next(days for days in latest if days[1] < today) if is_over else None


def _ago(said: Said, today: dt.date) -> Days:
    """Read « l'an passé », « ce mois-ci », « il y a deux ans », « hier », « mardi dernier »."""
    unit, count = _unit(said), 0 if said["this"] else _count(said)
    if said["weekday"]:
        count = (today.weekday() - (read_weekday(said["weekday"]) or 0) - 1) % 7 + 1
    if unit == "year":
        return dt.date(today.year - count, 1, 1), dt.date(today.year - count, 12, 31)
    if unit == "month":
        first = _months_before(count, today)
        return first, _end(first.year, first.month)
    if unit == "day":
        return (today - dt.timedelta(days=count),) * 2
    monday = today - dt.timedelta(days=today.weekday() + 7 * count)
    return monday, monday + dt.timedelta(days=6)


def _lately(said: Said, today: dt.date) -> Days:
    """Read « ces trois derniers mois »."""
    unit, count = _unit(said), _count(said)
    if unit in ("week", "day"):
        return today - dt.timedelta(days=count * (7 if unit == "week" else 1)), today
    first = _months_before(count * (12 if unit == "year" else 1), today)
    return first.replace(day=min(today.day, _end(first.year, first.month).day)), today


def _years(said: Said, today: dt.date) -> Days | None:
    """Read « 2023 », « 2019-2021 », « début 2023 », « les années 2010 », « les années 90 »."""
    if decade := said["decade"]:
        year = int(decade) + (0 if len(decade) > 2 else 1900)
        return dt.date(year, 1, 1), dt.date(year + 9, 12, 31)
    first, last = int(said["year"]), int(said["to"] or said["year"])
    if said["part"]:
        months = (9, 12) if said["part"] in ("fin", "late") else (1, 4)
        return dt.date(first, months[0], 1), _end(first, months[1])
    return (dt.date(first, 1, 1), dt.date(last, 12, 31)) if first <= last <= today.year else None


def _unit(said: Said) -> str:
    name = said["unit"] or "day"
    return UNITS.get(name) or UNITS.get(name.removesuffix("s")) or name.removesuffix("s")


def _count(said: Said) -> int:
    name = said["count"] or "1"
    return int(name) if name.isdecimal() else COUNTS[name]


def _end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _months_before(count: int, today: dt.date) -> dt.date:
    year, month = divmod(today.year * 12 + today.month - 1 - count, 12)
    return dt.date(year, month + 1, 1)


_MONTH = rf"(?P<month>{MONTH})\.?"
_TO_MONTH = _MONTH.replace("?P<month>", "?P<to>")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_UNIT = r"(?P<unit>ans?|années?|annees?|mois|semaines?|jours?|years?|months?|weeks?|days?)"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join((*SMALL, *COUNTS))})"
_WEEKDAY = rf"(?P<weekday>{'|'.join([*WEEKDAYS['fr'], *WEEKDAYS['en']])})"
_DERNIER = r"(?:derni[eè]re?|pass[eé]e?)"
_SEASON = r"(?P<season>printemps|[eé]t[eé]|automne|hiver|spring|summer|autumn|fall|winter)"

_TEXTS: tuple[tuple[str, Reader], ...] = (
    (r"(?P<iso>(?:19|20)\d\d-\d\d(?:-\d\d)?)", lambda said, _today: period(said["iso"])),
    (rf"(?P<day>\d\d?)([-/.])(?P<month>\d\d?)\2{_YEAR}", _day),
    (rf"(?:{_WEEKDAY} )?(?P<day>\d\d?)(?:er|st|nd|rd|th)? {_MONTH}(?: {_YEAR}|(?! ?\d))", _day),
    (rf"{_MONTH} (?P<day>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}", _day),
    (
        rf"(?P<in>en |au mois d(?:e |['’])|in )?(?P<past>last )?{_MONTH}"
        rf"(?: {_YEAR}| (?P<last>{_DERNIER})|(?! ?\d))",
        _month,
    ),
    (rf"{_MONTH} (?:à|to) {_TO_MONTH} {_YEAR}", _month),
    (
        rf"(?:(?P<this>cet? |this )|(?P<past>last ))?{_SEASON}(?: {_YEAR}| (?P<last>{_DERNIER}))?",
        _season,
    ),
    (rf"(?:l['’]|le |la )?{_UNIT} {_DERNIER}", _ago),
    (r"last (?P<unit>year|month|week)", _ago),
    (rf"(?P<this>cette|ce|this) {_UNIT}(?:-ci)?", _ago),
    (rf"il y a {_COUNT} {_UNIT}", _ago),
    (rf"{_COUNT} {_UNIT} ago", _ago),
    (r"hier|yesterday", _ago),
    (rf"(?:ces|les|the)? ?{_COUNT} derni[eè]re?s {_UNIT}", _lately),
    (rf"(?:the )?last {_COUNT} {_UNIT}", _lately),
    (rf"{_WEEKDAY} dernier", _ago),
    (rf"last {_WEEKDAY}", _ago),
    (rf"(?P<part>début|debut|fin|early|late) {_YEAR}", _years),
    (r"années (?P<decade>(?:19|20)?\d0)", _years),
    (r"(?P<decade>(?:19|20)\d0)s", _years),
    (rf"(?:(?:l['’])?année |the year )?{_YEAR}(?: ?[-–] ?(?P<to>(?:19|20)\d\d))?", _years),
)
FORMS = [
    (re.compile(rf"(?<![\w/.-])(?:{text})(?![\w/-])", re.IGNORECASE), read) for text, read in _TEXTS
]


@dataclass(frozen=True)
class _Found:
    """A time in a text: its characters, its days."""

    start: int
    end: int
    days: OpenDays
    is_meant: bool | None  # as the time of broadcast; None: unless « de » stands before it


def read_periods(text: str, today: dt.date) -> list[PeriodChoice]:
    """Read the times of a query; quotations, filters and excluded words hold none.

    >>> [found] = read_periods("caméras depuis 2021", dt.date(2026, 11, 26))
    >>> found.query
    'caméras après:2020'
    """
    plain = _ASIDE.sub(lambda match: "\x01" * len(match[0]), text)
    joined = _ranges(plain, list(_times(plain, today)))
    found = [_directed(plain, each) for each in joined][:MOST_PERIODS]
    for each in reversed(found):
        text = f"{text[: each.start]}\x01{text[each.end :]}"
    others = re.sub(r"\s*(?:\b(?:et|ou|and|or)\b|,)?\s*\x01,?", " ", text)
    words = " ".join(others.split()).strip(",;")
    return [PeriodChoice(*each.days, words, is_meant=bool(each.is_meant)) for each in found]


def _times(text: str, today: dt.date) -> Iterator[_Found]:
    """Find the times of a text, the longest first where several begin; skip impossible days."""
    place = 0
    matches = [(match, read) for form, read in FORMS for match in form.finditer(text)]
    for match, read in sorted(matches, key=lambda each: (each[0].start(), -each[0].end())):
        if match.start() < place:
            continue
        place = match.end()
        try:
            named = match.groupdict("").items()
            said = defaultdict(str, {name: fold(text.lower()) for name, text in named})
            days = read(said, today)
        except (ValueError, OverflowError):
            continue
        if days:
            is_sure = bool(said["to"]) or not re.search(r"\d", match[0]) or None
            is_open = (said["month"] or said["decade"]) and not (said["year"] or said["last"])
            yield _Found(*match.span(), days, False if is_open and not said["past"] else is_sure)


def _ranges(text: str, found: Sequence[_Found]) -> list[_Found]:
    """Join « entre 2019 et 2021 », « de 2019 à 2021 »."""
    joined, firsts = list[_Found](), set[int]()  # where those begin that are two in one
    for each in found:
        one = joined[-1] if joined else None
        link = _LINK.fullmatch(text[one.end : each.start]) if one else None
        is_free = one is not None and one.start not in firsts
        if one and link and is_free and (link["to"] or _BETWEEN.search(text[: one.start])):
            firsts.add(one.start)
            days = one.days[0], each.days[1]
            joined[-1] = _Found(one.start, each.end, days, each.is_meant is not False)
        else:
            joined.append(each)
    return joined


def _directed(text: str, found: _Found) -> _Found:
    """Add the words before a time: « depuis » and « avant » leave one side open."""
    lead, (first, last), day = _LEAD.search(text[: found.start]), found.days, dt.timedelta(days=1)
    direction = fold((lead["direction"] or "").lower()) if lead else ""
    days: OpenDays = first, last
    if direction.startswith(("depuis", "des", "a partir", "since")):
        days = first, None
    elif direction.startswith(("avant", "before")) and first:
        days = None, first - day
    elif direction.startswith(("apres", "after")) and last:
        days = last + day, None
    elif direction.startswith(("jusqu", "until")):
        days = None, last
    is_of = bool(lead and lead["of"] and text[: lead.start()].strip())
    is_meant = not is_of if found.is_meant is None else found.is_meant
    is_meant |= bool(lead and (lead["shows"] or direction))
    return _Found(lead.start() if lead else found.start, found.end, days, is_meant)
