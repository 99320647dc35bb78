"""Dates of three short numbers (210105, 21-01-05), read as those of the files beside them. Pure.

Whether the year stands first or last, no such date tells alone. Under the right order the names of
a folder are a series of broadcasts; under the other they lie scattered over twenty years.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from radio.french.dates import Written, find_dates
from radio.ingest.dating import UNKNOWN, Clue, Parts

SHORT = {"six digits", "short", "short and spaced"}  # forms of radio.french.dates
YEAR_FIRST, YEAR_LAST = 0, -1
"""Where the year stands among three numbers."""
MONTH, HALF_A_YEAR = 31, 183  # days


def order_of(names: Iterable[str], today: dt.date) -> int | None:
    """Tell where the year stands in the names of a folder; None where nothing tells.

    >>> order_of(["210105", "210112 les puces"], dt.date(2026, 11, 26)) == YEAR_FIRST
    True
    >>> order_of(["230512"], dt.date(2026, 11, 26))
    """
    found = [
        (name, each)
        for name in names
        if re.search(r"\d\d[-_./: ]?\d\d?[-_./: ]?\d\d", name)
        for each in find_dates(name, today)
        if each.form in SHORT
    ]
    read = {order: [in_order(*each, order) for each in found] for order in (YEAR_FIRST, YEAR_LAST)}
    series = [order for order in read if _is_series(read[order], read[-1 - order])]
    whole = [order for order in read if UNKNOWN not in read[order]]
    settled = series or whole
    return settled[0] if len(settled) == 1 else None


def in_order(text: str, written: Written, order: int) -> Parts:
    """Give the reading of a short date whose year stands first or last; UNKNOWN if it has none."""
    figures = [int(each) for each in re.findall(r"\d\d?", text[written.start : written.end])[:3]]
    ends = figures[order], figures[-1 - order]
    return next((each for each in written.readings if (each[0] % 100, each[2]) == ends), UNKNOWN)


def day_of(text: str, order: int | None, today: dt.date) -> dt.date | None:
    """Read the short date of a name in the order of those beside it; None where it has none."""
    if order is None:
        return None
    found = (each for each in find_dates(text, today) if each.form in SHORT)
    days = {in_order(text, each, order) for each in found} - {UNKNOWN}
    return dt.date(*days.pop()) if len(days) == 1 else None


def beside(clue: Clue, text: str, order: int | None) -> Clue:
    """Note of a date in a text which of its readings goes with the names beside it."""
    if order is None or clue.written.form not in SHORT:
        return clue
    return replace(clue, likely=in_order(text, clue.written, order))


def _is_series(read: Sequence[Parts], otherwise: Sequence[Parts]) -> bool:
    """Whether dates follow each other as broadcasts do, and read otherwise do so less."""
    steps, number = _steps(read)
    return steps > _steps(otherwise)[0] and 2 * steps >= number


def _steps(read: Sequence[Parts]) -> tuple[int, int]:
    """Count the days between broadcasts that a show may leave, and all."""
    days = sorted({dt.date(*each) for each in read if each != UNKNOWN})
    gaps = [(later - day).days for day, later in pairwise(days)]
    return sum(each <= MONTH or (each % 7 == 0 and each <= HALF_A_YEAR) for each in gaps), len(gaps)
