"""How a copy runs beside a recording: which stretches both hold, found by their fingerprints.

Some seconds of the old one are looked for all over the new one; of the places that are found, those
are kept that follow each other in both. So a copy that lacks an announcement, or holds one more, is
followed around it, and one that runs a little faster all along.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from radio.proposals.twins.likeness import signs
from radio.sound.fingerprint import BITS, STEP, Fingerprint

Signs = NDArray[np.float32]

WINDOW, HOP = 48, 16  # steps that are looked for at once, and from one such look to the next
PLACES = 4  # at most, that are kept of each
APART = 8  # steps between two of them, at least
KNOWN = 0.25  # agreement from which on a place counts
LEAP = 0.8  # agreement that a leap to another distance costs
STRAY, DRIFT = 1.5, 0.06  # steps, and share of what lies between: less is no leap
BLOCK, SLICE = 256, 8192  # looks at once, and steps in which they are looked for at once
FEWEST = 3  # looks that make a stretch
DENSE = 0.4  # share of the looks at it that must have found it


@dataclass(frozen=True)
class Run:
    """A stretch that both hold: where each look at it was found; seconds of both."""

    old: tuple[float, ...]  # middle of each look
    new: tuple[float, ...]

    @property
    def is_dense(self) -> bool:
        """Whether most looks were found there: some are by chance anywhere."""
        looks = 1 + (self.old[-1] - self.old[0]) / (HOP * STEP)
        return len(self.old) >= max(FEWEST, DENSE * looks)

    @property
    def pace(self) -> float:
        """The seconds of the new one for one of the old one, about."""
        return float(np.polyfit(self.old, self.new, 1)[0])


def runs(new: Fingerprint, old: Fingerprint) -> list[Run]:
    """Give the stretches that both recordings hold, in their order; none where they are strange."""
    before, after = signs(old), signs(new)
    places = _places(before, after)
    if not len(places):
        return []
    chosen = places[_chain(places)]
    return [run for run in _cut(chosen) if run.is_dense]


def _places(old: Signs, new: Signs) -> NDArray[np.float64]:
    """Look for each part of the old one: rows of its step, the step of the new one, agreement."""
    size = min(WINDOW, len(old), len(new))
    looks = _windows(old, size)[::HOP] if size else np.zeros((0, 0, 0), np.float32)
    rows = list[NDArray[np.float64]]()
    for first in range(0, len(looks), BLOCK):
        block = _rows(looks[first : first + BLOCK])
        heard = np.maximum(np.abs(block).sum(axis=1), size * BITS / 4)
        tops, places = _tops(block, _windows(new, size))
        for number in range(len(block)):
            shares = tops[number] / heard[number]
            for best in np.argsort(shares)[::-1][:PLACES]:
                if shares[best] >= KNOWN:
                    place = best * APART + places[number, best]
                    rows.append(np.array([(first + number) * HOP, place, shares[best]]))
    return np.array(rows).reshape(-1, 3)


def _windows(some: Signs, size: int) -> Signs:
    return np.lib.stride_tricks.sliding_window_view(some, size, 0).transpose(0, 2, 1)


def _rows(windows: Signs) -> Signs:
    return np.ascontiguousarray(windows).reshape(len(windows), -1)


def _tops(block: Signs, room: Signs) -> tuple[Signs, NDArray[np.intp]]:
    """Tell of some looks how well each agrees at best in every few steps, and at which of them."""
    tops, places = list[Signs](), list[NDArray[np.intp]]()
    for first in range(0, len(room), SLICE):
        sums = block @ _rows(room[first : first + SLICE]).T
        more = -sums.shape[1] % APART
        bins = np.pad(sums, ((0, 0), (0, more)), constant_values=-1e9)
        bins = bins.reshape(len(block), -1, APART)
        tops.append(bins.max(axis=2))
        places.append(bins.argmax(axis=2))
    return np.concatenate(tops, axis=1), np.concatenate(places, axis=1)


def _chain(places: NDArray[np.float64]) -> list[int]:
    """Choose places that follow each other in both, agree most and leap least."""
    old, new, shares = places.T
    best, before = shares - KNOWN, np.full(len(places), -1)
    for number in range(len(places)):
        gone, went = old[number] - old[:number], new[number] - new[:number]
        leaps = np.abs(went - gone) > STRAY + DRIFT * gone
        sums = np.where((gone > 0) & (went > 0), best[:number] - LEAP * leaps, -1.0)
        if len(sums) and (top := int(sums.argmax())) >= 0 and sums[top] > 0:
            before[number] = top
            best[number] += sums[top]
    chain, place = list[int](), int(best.argmax())
    while place >= 0:
        chain.append(place)
        place = int(before[place])
    return chain[::-1]


def _cut(places: NDArray[np.float64]) -> Iterator[Run]:
    """Cut a chain where it leaps."""
    old, new = places[:, 0], places[:, 1]
    gone, went = np.diff(old), np.diff(new)
    leaps = np.flatnonzero(np.abs(went - gone) > STRAY + DRIFT * gone) + 1
    for part in np.split(np.arange(len(places)), leaps):
        middle = WINDOW / 2
        yield Run(tuple((old[part] + middle) * STEP), tuple((new[part] + middle) * STEP))
