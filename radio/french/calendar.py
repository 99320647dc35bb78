"""Months and days of the week: how they are named, shortened, read and written. Pure."""

import re
from collections.abc import Iterable

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
    """Make a pattern of names in small letters, be they without accents."""
    longest = sorted({name.lower() for name in names}, key=len, reverse=True)
    return "|".join(longest).replace("é", "[ée]").replace("û", "[ûu]")


MONTH = _any([*MONTHS["fr"], *MONTHS["en"], *_SHORT_MONTHS.split()])
"""A month, whole or as the French shorten it, as a pattern: none of it is another word."""
MONTH_START = "|".join(_STARTS.split())
"""How a month begins, as a pattern."""
WEEKDAY = _any(
    [name[:size] for name in WEEKDAYS["fr"] for size in (9, 3, 2)]
    + [name[:size] for name in WEEKDAYS["en"] for size in (9, 3)]
)
"""A day of the week, whole or short, as a pattern."""


def read_month(name: str) -> int:
    """Give the number of a month, named or written short, in small letters; 0 if it is none.

    >>> [read_month(name) for name in ("fevrier", "déc", "may", "8", "demain")]
    [2, 12, 5, 8, 0]
    """
    if name.isdecimal():
        return int(name)
    starts = enumerate(_STARTS.split(), 1)
    return next((number for number, start in starts if re.match(start, name)), 0)


def read_weekday(name: str) -> int | None:
    """Give the number of a day of the week, named or written short; Monday is 0.

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
