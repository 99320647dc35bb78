"""Times said in a query: « mars 2024 », « au printemps dernier », « depuis 2021 », « last year ».

Each is offered as a filter; its words are looked for all the same. Pure.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from radio.french.letters import fold
from radio.search.days import FORMS
from radio.search.syntax import between

MOST_PERIODS = 3  # that are read in one query

OpenDays = tuple[dt.date | None, dt.date | None]
"""The first and the last day; None where a time has none."""

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
_LEAD = re.compile(rf"(?<!\w){_SHOWS}?(?:diffusée?s? )?(?:{_DIRECTION}\s*)?{_LE}*\Z", re.IGNORECASE)
_LINK = re.compile(rf"\s*(?:(?P<to>à|au|to|jusqu['’])|et|and)\s*{_LE}*", re.IGNORECASE)
_BETWEEN = re.compile(rf"\b(?:entre|between) {_LE}*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Period:
    """A time said in a query, and the words that are left without it."""

    first: dt.date | None
    last: dt.date | None
    rest: str

    @property
    def narrowed(self) -> str:
        """The other words, and the filter."""
        return f"{self.rest} {between(self.first, self.last)}".strip()


@dataclass(frozen=True)
class _Said:
    """A time as it stands in a text: its characters, its days."""

    start: int
    end: int
    days: OpenDays


def read_periods(text: str, today: dt.date) -> list[Period]:
    """Read the times of a query; quotations, filters and excluded words hold none.

    >>> [found] = read_periods("caméras depuis 2021", dt.date(2026, 11, 26))
    >>> found.narrowed
    'caméras après:2020'
    """
    plain = _ASIDE.sub(lambda match: "\x01" * len(match[0]), text)
    found = list(_directed(plain, _ranges(plain, list(_said(plain, today)))))[:MOST_PERIODS]
    rest = _without(text, found)
    return [Period(*each.days, rest) for each in found]


def _said(text: str, today: dt.date) -> Iterator[_Said]:
    """Find the times of a text, the longest where several begin; what is no day is left out."""
    place = 0
    matches = [(match, read) for form, read in FORMS for match in form.finditer(text)]
    for match, read in sorted(matches, key=lambda each: (each[0].start(), -each[0].end())):
        if match.start() < place:
            continue
        place = match.end()
        try:
            days = read(match.groupdict(""), today)
        except (ValueError, OverflowError):
            continue
        if days:
            yield _Said(*match.span(), days)


def _ranges(text: str, found: Sequence[_Said]) -> Iterator[_Said]:
    """Join « entre 2019 et 2021 », « de 2019 à 2021 »."""
    skipped = False
    for one, other in pairwise([*found, None]):
        if skipped:
            skipped = False
        elif one and other and _joins(text, one, other):
            skipped = True
            yield _Said(one.start, other.end, (one.days[0], other.days[1]))
        elif one:
            yield one


def _joins(text: str, one: _Said, other: _Said) -> bool:
    link = _LINK.fullmatch(text[one.end : other.start])
    return link is not None and (bool(link["to"]) or bool(_BETWEEN.search(text[: one.start])))


def _directed(text: str, found: Iterator[_Said]) -> Iterator[_Said]:
    """Take in the words before each time: « depuis » and « avant » leave one side open."""
    for each in found:
        if lead := _LEAD.search(text[: each.start]):
            direction = fold((lead["direction"] or "").lower())
            yield _Said(lead.start(), each.end, _open(direction, each.days))


def _open(direction: str, days: OpenDays) -> OpenDays:
    first, last = days
    if direction.startswith(("depuis", "des", "a partir", "since")):
        return first, None
    if direction.startswith(("avant", "before")) and first:
        return None, first - dt.timedelta(days=1)
    if direction.startswith(("apres", "after")) and last:
        return last + dt.timedelta(days=1), None
    return (None, last) if direction.startswith(("jusqu", "until")) else days


def _without(text: str, found: Sequence[_Said]) -> str:
    for each in reversed(found):
        text = f"{text[: each.start]}\x01{text[each.end :]}"
    text = re.sub(r"\s*(?:\b(?:et|ou|and|or)\b|,)?\s*\x01,?", " ", text)
    return " ".join(text.split()).strip(",;")
