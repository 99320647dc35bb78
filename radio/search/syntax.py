"""The syntax of queries: words, phrases in quotes, and a few signs.

    -mot              not this word
    vidéo*            words that begin so
    chat OU chien     one or the other
    personne:noé      of an episode: who takes part; also mot-clé:, émission:
    voix:noé          said by that voice
    durée:>30         an episode of more than 30 minutes; also <10, 20-40, >1h
    avant:2023        broadcast before that year, month (2023-06) or day; après: after it

There is no wrong query: everything else is words.
"""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from radio.french.letters import fold

_TIME = r"(?:(?P<{0}h>\d{{1,2}})h(?P<{0}rest>\d{{2}})?|(?P<{0}m>\d{{1,4}})(?:min|mn|m)?)"
_FROM, _TO = _TIME.format("a"), _TIME.format("b")
_RANGE = re.compile(rf"(?P<sign>[<>]=?)?{_FROM}|{_FROM.replace('P<a', 'P<c')}-{_TO}", re.IGNORECASE)
ENDLESS = 2**32  # seconds, longer than any

Lengths = tuple[int, int]
"""The shortest and the longest, in seconds, both included."""
Field = Literal["person", "tag", "show", "voice", "length", "before", "after"]
FIELDS: dict[str, Field] = {
    "personne": "person",
    "person": "person",
    "mot-cle": "tag",
    "tag": "tag",
    "emission": "show",
    "show": "show",
    "voix": "voice",
    "voice": "voice",
    "duree": "length",
    "length": "length",
    "avant": "before",
    "before": "before",
    "apres": "after",
    "after": "after",
}
_ITEM = re.compile(
    r"""(?P<minus>-(?=[\w"«“]))?
    (?:(?P<field>[^\W\d_]+(?:-[^\W\d_]+)?):(?=\S))?
    (?:"(?P<straight>[^"]*)" | «(?P<angled>[^»]*)» | “(?P<curled>[^”]*)” | (?P<word>\S+))""",
    re.VERBOSE,
)
_EITHER = {"OU", "OR"}
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


def lengths(text: str) -> Lengths | None:
    """Read the lengths that a filter allows; None where it says none.

    >>> lengths(">30"), lengths("<10"), lengths("20-40"), lengths("45")
    ((1801, 4294967296), (0, 599), (1200, 2400), (2700, 2759))
    >>> lengths(">=1h30"), lengths("1h-2h"), lengths("long")
    ((5400, 4294967296), (3600, 7200), None)
    """
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    parts = match.groupdict()
    if parts["bh"] or parts["bm"]:
        shortest, longest = _seconds(parts, "c"), _seconds(parts, "b")
        return min(shortest, longest), max(shortest, longest)
    seconds, sign = _seconds(parts, "a"), parts["sign"]
    return {
        None: (seconds, seconds + 59),
        ">": (seconds + 1, ENDLESS),
        ">=": (seconds, ENDLESS),
        "<": (0, max(0, seconds - 1)),
        "<=": (0, seconds),
    }[sign]


def _seconds(parts: dict[str, str | None], side: str) -> int:
    hours, rest, minutes = (int(parts[f"{side}{name}"] or 0) for name in ("h", "rest", "m"))
    return 60 * (60 * hours + rest + minutes)


@dataclass(frozen=True)
class Item:
    """A word or phrase of a query, with its signs."""

    text: str
    is_quoted: bool = False
    is_negated: bool = False
    field: Field | None = None
    is_prefix: bool = False  # the beginning of a word


def items(text: str) -> list[list[Item]]:
    """Cut a query into groups of alternatives; most groups have one item.

    >>> [[each.text for each in group] for group in items('rue OU place -"la police"')]
    [['rue', 'place'], ['la police']]
    """
    groups: list[list[Item]] = []
    joins = False
    for item in map(_item, _ITEM.finditer(text)):
        is_sign = item.text in _EITHER and not (item.is_quoted or item.is_negated or item.field)
        if is_sign and groups and not joins:
            joins = True
            continue
        if joins:
            groups[-1].append(item)
        else:
            groups.append([item])
        joins = False
    return groups


def without_filters(text: str) -> str:
    """Take the filters out of a query.

    >>> without_filters('"la place" avant:2023 -police personne:noé')
    '"la place" -police'
    """
    return " ".join(match[0] for match in _ITEM.finditer(text) if not _item(match).field)


def only_filters(text: str) -> str:
    """Take all but the filters out of a query.

    >>> only_filters('"la place" avant:2023 -police personne:noé')
    'avant:2023 personne:noé'
    """
    return " ".join(match[0] for match in _ITEM.finditer(text) if _item(match).field)


@dataclass(frozen=True)
class Filter:
    """A filter of a query, and the query without it."""

    field: Field
    text: str
    rest: str


def filters(text: str) -> list[Filter]:
    """Give the filters of a query; those of days one by one.

    >>> [(each.field, each.text, each.rest) for each in filters("rue personne:noé durée:>30")]
    [('person', 'noé', 'rue durée:>30'), ('length', '>30', 'rue personne:noé')]
    """
    typed = [(match[0], _item(match)) for match in _ITEM.finditer(text)]
    return [
        Filter(item.field, item.text, " ".join(each for each, _ in typed[:at] + typed[at + 1 :]))
        for at, (_, item) in enumerate(typed)
        if item.field
    ]


def aired(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Give the first day and the last that the filters of a query leave; None where a side is open.

    >>> aired("rue après:2023 avant:2024-03"), aired("rue")
    ((datetime.date(2024, 1, 1), datetime.date(2024, 2, 29)), (None, None))
    """
    day, found = dt.timedelta(days=1), [(each.field, period(each.text)) for each in filters(text)]
    least, most = dt.date.min, dt.date.max  # the calendar has no day outside
    firsts = [min(days[1], most - day) + day for field, days in found if days and field == "after"]
    lasts = [max(days[0], least + day) - day for field, days in found if days and field == "before"]
    return max(firsts, default=None), min(lasts, default=None)


def whenever(text: str) -> str:
    """Take the filters of days out of a query.

    >>> whenever('"la place" avant:2023 personne:noé')
    '"la place" personne:noé'
    """
    typed = ((match[0], _item(match).field) for match in _ITEM.finditer(text))
    return " ".join(each for each, field in typed if field not in ("before", "after"))


def part_signs(text: str) -> tuple[str, str]:
    """Part the plain words of a query from what bears a sign.

    >>> part_signs('la "grande place" avant:2023 rue -police')
    ('la rue', '"grande place" avant:2023 -police')
    """
    pairs = [(match[0], _item(match)) for match in _ITEM.finditer(text)]
    plain = [typed for typed, item in pairs if item == Item(item.text)]
    return " ".join(plain), " ".join(typed for typed, item in pairs if item != Item(item.text))


def period(text: str) -> tuple[dt.date, dt.date] | None:
    """Read a year, a month or a day: its first and last day; None where it is no date.

    >>> period("2021-06")
    (datetime.date(2021, 6, 1), datetime.date(2021, 6, 30))
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        return first, first
    last = month or 12
    return first, dt.date(first.year, last, calendar.monthrange(first.year, last)[1])


def by_person(name: str) -> str:
    """Write what narrows a query to the episodes in which somebody speaks.

    >>> by_person("Noé"), by_tag("radios libres")
    ('personne:"Noé"', 'mot-clé:"radios libres"')
    """
    return f'personne:"{name}"'


def by_tag(tag: str) -> str:
    """Write what narrows a query to the episodes that bear a tag."""
    return f'mot-clé:"{tag}"'


def between(first: dt.date | None, last: dt.date | None) -> str:
    """Write what narrows a query to the days from one to another; None leaves a side open.

    >>> between(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), between(dt.date(2024, 1, 1), None)
    ('après:2023 avant:2025', 'après:2023')
    >>> between(dt.date(2024, 2, 1), dt.date(2024, 2, 29)), between(None, dt.date(2024, 5, 19))
    ('après:2024-01 avant:2024-03', 'avant:2024-05-20')
    """
    day = dt.timedelta(days=1)  # the calendar has none before its first and after its last
    after = first and first > dt.date.min and _outside(first, first - day)
    before = last and last < dt.date.max and _outside(last + day, last + day)
    sides = (f"après:{after}" if after else "", f"avant:{before}" if before else "")
    return " ".join(filter(None, sides))


def by_voice(name: str) -> str:
    """Write what narrows a query to what one voice says.

    >>> by_voice("Noé"), by_length(1800), by_length(0, 900), by_length(900, 1800)
    ('voix:"Noé"', 'durée:>=30', 'durée:<15', 'durée:>=15 durée:<30')
    """
    return f'voix:"{name}"'


def by_length(first: int, end: int | None = None) -> str:
    """Write what narrows a query to episodes of so many seconds or more, and less than `end`."""
    least, most = f"durée:>={first // 60}" if first else "", f"durée:<{end // 60}" if end else ""
    return f"{least} {most}".strip()


def in_year(year: int) -> str:
    """Write what narrows a query to a year.

    >>> in_year(2024), in_month(dt.date(2024, 1, 1)), in_year(1), in_year(9999)
    ('après:2023 avant:2025', 'après:2023 avant:2024-02', 'avant:0002', 'après:9998')
    """
    return between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def in_month(first: dt.date) -> str:
    """Write what narrows a query to the month of its first day."""
    return between(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))


def _outside(first: dt.date, beside: dt.date) -> str:
    """Name the day beside, by its year or month where a year or month begins on the first."""
    if first.day != 1:
        return beside.isoformat()
    return beside.isoformat()[: 4 if first.month == 1 else 7]


def _item(match: re.Match[str]) -> Item:
    parts = match.groupdict()
    quotations = (parts[kind] for kind in ("straight", "angled", "curled"))
    quotation = next((text for text in quotations if text is not None), None)
    text = parts["word"] or "" if quotation is None else quotation
    field = _field(parts, text)
    if parts["field"] and field is None:
        text = f"{parts['field']} {text}"
    is_prefix = quotation is None and field is None and text.endswith("*")
    return Item(text, quotation is not None, parts["minus"] is not None, field, is_prefix)


def _field(parts: Mapping[str, str | None], text: str) -> Field | None:
    """Give the field of a filter; None where its name is unknown or its date is none."""
    name = fold((parts["field"] or "").lower())
    field = None if parts["minus"] else FIELDS.get(name)
    is_read = {"before": period, "after": period, "length": lengths}.get(field or "", bool)
    return field if is_read(text) else None
