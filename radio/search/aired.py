"""When episodes were aired and how long they are, as numbers for a picture of many. Pure."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from radio.search.syntax import period

Aired = NDArray[np.int32]
"""A row for each episode: the first day that it may have been aired, how many days that may be,
and how many seconds it lasts; no days where nothing is known."""


def table(episodes: Iterable[tuple[str, float]]) -> Aired:
    """Make the table of some episodes, given by what is known of their day and by their length.

    >>> table([("2024-02", 600.0), ("", 60.0)]).tolist()
    [[738917, 29, 600], [0, 0, 60]]
    """
    rows = [(*_days(known), int(seconds)) for known, seconds in episodes]
    return np.array(rows, np.int32).reshape(-1, 3)


def nothing() -> Aired:
    """Make the table of no episode."""
    return table(())


def _days(known: str) -> tuple[int, int]:
    days = period(known)
    return (days[0].toordinal(), (days[1] - days[0]).days + 1) if days else (0, 0)
