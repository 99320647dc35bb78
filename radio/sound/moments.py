"""Where each moment of one recording is heard in another of the same broadcast. Pure.

They share parts: one that begins later has one of them, one that lacks an announcement two, one
that runs faster has a pace of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf

HEARD = 0.3  # share of what is said that must be left, or
AUDIBLE = 1.0  # so many seconds of it
LEAST = 1.0  # seconds that one lacks: less is the border's own want of precision


@dataclass(frozen=True)
class SharedPart:
    """A part of the old recording that the new one has, too."""

    start: float  # seconds of the old one
    end: float
    at: float  # second of the new one in which it begins
    pace: float = 1.0  # seconds of the new one for one of the old

    def moved(self, second: float) -> float:
        """Tell when a second of the old recording is heard in the new one, even beyond its ends."""
        return self.at + (second - self.start) * self.pace


@dataclass(frozen=True)
class Gap:
    """Where one of both recordings holds what the other lacks."""

    at: float  # second of the new recording
    lacks: float  # seconds of the old one that the new one has not
    adds: float  # seconds of the new one that the old one had not


@dataclass(frozen=True)
class Moments:
    """Where a recording is heard in another; without a shared part at the same seconds."""

    shared: tuple[SharedPart, ...] = ()
    end: float = inf  # seconds of the new recording

    def moved(self, second: float) -> float:
        """Tell when a second of the old recording is heard in the new one, or would be."""
        return round(min(max(0.0, self._moved(second)), self.end), 3)

    def span(self, start: float, end: float) -> tuple[float, float] | None:
        """Tell from when to when something is heard that was said then; None where it is not."""
        first, last = self.moved(start), self.moved(end)
        least = min(AUDIBLE, HEARD * (end - start))
        return (first, last) if last > first and last - first >= least else None

    @property
    def offset(self) -> float | None:
        """By how many seconds all is heard later; None where that changes."""
        paces = {each.pace for each in self.shared}
        shifts = [each.at - each.start for each in self.shared] or [0.0]
        return round(shifts[0], 3) if paces <= {1.0} and len(shifts) == 1 else None

    def gaps(self) -> Iterator[Gap]:
        """Tell where one holds what the other lacks, between two shared parts."""
        for left, right in pairwise(self.shared):
            lacks, adds = right.start - left.end, right.at - left.moved(left.end)
            if max(lacks, adds) >= LEAST:
                yield Gap(self.moved(left.end), max(0.0, lacks), max(0.0, adds))

    def _moved(self, second: float) -> float:
        if not self.shared:
            return second
        following = next((each for each in self.shared if second <= each.end), None)
        if following is None:
            return self.shared[-1].moved(second)
        number = self.shared.index(following)
        if second >= following.start or number == 0:
            return following.moved(second)
        before = self.shared[number - 1]
        first, room = before.moved(before.end), following.start - before.end
        return first + (following.at - first) * (second - before.end) / room


def shifted(offset: float) -> Moments:
    """Give the moments of a recording in which all is heard so many seconds later."""
    return Moments((SharedPart(0.0, 0.0, offset),)) if offset else Moments()
