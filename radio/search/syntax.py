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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from radio.french.letters import fold

_TIME = r"(?:(?P<{0}h>\d{{1,2}})h(?P<{0}min>\d{{2}})?|(?P<{0}m>\d{{1,4}})(?:min|mn|m)?)"
_LENGTH = re.compile(
    rf"(?P<sign>[<>]=?)?{_TIME.format('a')}|{_TIME.format('b')}-{_TIME.format('c')}", re.IGNORECASE
)
ENDLESS = 2**32  # seconds, longer than any

Lengths = tuple[int, int]  # shortest and longest, in seconds, both included
Field = Literal["person", "tag", "show", "voice", "length", "before", "after"]
DAYS = ("before", "after")
_FRENCH = ("personne", "mot-cle", "emission", "voix", "duree", "avant", "apres")
FIELDS: dict[str, Field] = dict(zip(_FRENCH, get_args(Field), strict=True))
FIELDS |= {name: name for name in get_args(Field)}
_ITEM = re.compile(
    r"""(?P<minus>-(?=[\w"«“]))?
    (?:(?P<field>[^\W\d_]+(?:-[^\W\d_]+)?):(?=\S))?
    (?:"(?P<straight>[^"]*)" | «(?P<angled>[^»]*)» | “(?P<curled>[^”]*)” | (?P<word>\S+))""",
    re.VERBOSE,
)
_EITHER = {"OU", "OR"}
_DATE = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


@dataclass(frozen=True)
class Item:
    """A word or phrase of a query, with its signs."""

    typed: str
    text: str  # without its signs
    field: Field | None = None
    is_negated: bool = False
    is_quoted: bool = False
    is_prefix: bool = False  # the beginning of a word

    @property
    def is_plain(self) -> bool:
        """Whether it bears no sign."""
        return not (self.field or self.is_negated or self.is_quoted or self.is_prefix)


def read(text: str) -> Iterator[Item]:
    """Cut a query into items."""
    for match in _ITEM.finditer(text):
        parts = match.groupdict()
        quotations = (parts[kind] for kind in ("straight", "angled", "curled"))
        quotation = next((each for each in quotations if each is not None), None)
        own = parts["word"] or "" if quotation is None else quotation
        name, is_negated = parts["field"] or "", parts["minus"] is not None
        field = None if is_negated else FIELDS.get(fold(name.lower()))
        is_known = {"before": period, "after": period, "length": lengths}.get(field or "", bool)
        field = field if is_known(own) else None
        own = f"{name} {own}" if name and not field else own
        is_prefix = quotation is None and field is None and own.endswith("*")
        yield Item(match[0], own, field, is_negated, quotation is not None, is_prefix)


def items(text: str) -> list[list[Item]]:
    """Cut a query into groups of alternatives; most groups have one item.

    >>> [[each.text for each in group] for group in items('rue OU place -"la police"')]
    [['rue', 'place'], ['la police']]
    """
    groups, joins = list[list[Item]](), False
    for item in read(text):
        if joins:
            groups[-1].append(item)
            joins = False
        elif groups and item.typed in _EITHER:
            joins = True
        else:
            groups.append([item])
    return groups


def only(text: str, is_wanted: Callable[[Item], bool]) -> str:
    """Keep some items of a query, as typed.

    >>> only('"la place" avant:2023 personne:noé', lambda item: item.field not in DAYS)
    '"la place" personne:noé'
    """
    return " ".join(item.typed for item in read(text) if is_wanted(item))


def without_filters(text: str) -> str:
    """Take the filters out of a query.

    >>> without_filters('"la place" avant:2023 -police personne:noé')
    '"la place" -police'
    """
    return only(text, lambda item: item.field is None)


def aired(typed: Iterable[Item]) -> tuple[dt.date | None, dt.date | None]:
    """Give the first day and the last that filters leave; None where a side is open.

    >>> aired(read("rue après:2023 avant:2024-03")), aired(read("rue"))
    ((datetime.date(2024, 1, 1), datetime.date(2024, 2, 29)), (None, None))
    """
    day, found = dt.timedelta(days=1), [(each.field, period(each.text)) for each in typed]
    least, most = dt.date.min, dt.date.max  # the calendar has no day outside
    firsts = [min(days[1], most - day) + day for field, days in found if days and field == "after"]
    lasts = [max(days[0], least + day) - day for field, days in found if days and field == "before"]
    return max(firsts, default=None), min(lasts, default=None)


def lengths(text: str) -> Lengths | None:
    """Read the lengths that a filter allows; None where it says none.

    >>> lengths(">30"), lengths("<10"), lengths("20-40"), lengths("45")
    ((1801, 4294967296), (0, 599), (1200, 2400), (2700, 2759))
    >>> lengths(">=1h30"), lengths("1h-2h"), lengths("long")
    ((5400, 4294967296), (3600, 7200), None)
    """
    match = _LENGTH.fullmatch(text)
    if match is None:
        return None
    seconds, first, last = (
        60 * (60 * int(match[f"{side}h"] or 0) + int(match[f"{side}min"] or match[f"{side}m"] or 0))
        for side in "abc"
    )
    if match["bh"] or match["bm"]:
        return min(first, last), max(first, last)
    return {
        None: (seconds, seconds + 59),
        ">": (seconds + 1, ENDLESS),
        ">=": (seconds, ENDLESS),
        "<": (0, max(0, seconds - 1)),
        "<=": (0, seconds),
    }[match["sign"]]


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
    """Narrow a query to the episodes in which somebody speaks.

    >>> by_person("Noé"), by_tag("radios libres"), by_voice("Noé")
    ('personne:"Noé"', 'mot-clé:"radios libres"', 'voix:"Noé"')
    """
    return f'personne:"{name}"'


def by_tag(tag: str) -> str:
    """Narrow a query to the episodes that bear a tag."""
    return f'mot-clé:"{tag}"'


def by_voice(name: str) -> str:
    """Narrow a query to what one voice says."""
    return f'voix:"{name}"'


def by_length(first: int, end: int | None = None) -> str:
    """Narrow a query to episodes of `first` seconds or more, and less than `end`.

    >>> by_length(1800), by_length(0, 900), by_length(900, 1800)
    ('durée:>=30', 'durée:<15', 'durée:>=15 durée:<30')
    """
    least, most = f"durée:>={first // 60}" if first else "", f"durée:<{end // 60}" if end else ""
    return f"{least} {most}".strip()


def between(first: dt.date | None, last: dt.date | None) -> str:
    """Narrow a query to the days from one to another; None leaves a side open.

    >>> between(dt.date(2024, 1, 1), dt.date(2024, 12, 31)), between(dt.date(2024, 1, 1), None)
    ('après:2023 avant:2025', 'après:2023')
    >>> between(dt.date(2024, 2, 1), dt.date(2024, 2, 29)), between(None, dt.date(2024, 5, 19))
    ('après:2024-01 avant:2024-03', 'avant:2024-05-20')
    """

    def outside(first: dt.date, beside: dt.date) -> str:
        """Name the day beside, by its year or month where one begins on the first."""
        size = 10 if first.day != 1 else 4 if first.month == 1 else 7
        return beside.isoformat()[:size]

    day = dt.timedelta(days=1)  # the calendar has none before its first and after its last
    after = first and first > dt.date.min and outside(first, first - day)
    before = last and last < dt.date.max and outside(last + day, last + day)
    sides = (f"après:{after}" if after else "", f"avant:{before}" if before else "")
    return " ".join(filter(None, sides))


def in_year(year: int) -> str:
    """Narrow a query to a year.

    >>> in_year(2024), in_month(dt.date(2024, 1, 1)), in_year(1), in_year(9999)
    ('après:2023 avant:2025', 'après:2023 avant:2024-02', 'avant:0002', 'après:9998')
    """
    return between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def in_month(first: dt.date) -> str:
    """Narrow a query to the month of its first day."""
    return between(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))
