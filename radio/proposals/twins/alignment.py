"""A copy aligned with a recording: where each moment of the one is heard in the other. Some seconds
of the old one are searched all over the new one, by their fingerprints; of the places found, those
stay that follow each other in both. So a copy may lack an announcement, hold one more, or run a
little faster. Then the sound itself gives each moment exactly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.fingerprint import BITS, STEP, Fingerprint
from radio.sound.likeness import signs
from radio.sound.moments import FRAMES, Envelope, Moments, Pair, SharedPart, envelope, sharpen
from radio.system.progress import Progress

Signs = NDArray[np.float32]

WINDOW, HOP = 48, 16  # steps that are looked for at once, and from one such look to the next
PLACES = 4  # at most, for each
SPACING = 8  # steps between two of them, at least
KNOWN = 0.25  # agreement from which on a place counts
LEAP = 0.8  # agreement that a leap to another distance costs
STRAY, DRIFT = 1.5, 0.06  # steps, and share of what lies between: less is no leap
BLOCK, SLICE = 256, 8192  # looks at once, and steps in which they are looked for at once
FEWEST = 3  # looks that make a part
DENSE = 0.4  # share of the looks at it that must have found it
EVEN = 0.05  # seconds: less over a whole part is no pace of its own
NEAR = 0.06  # seconds that a moment may lie beside the line of its part
FEW = 8  # moments: a part of fewer is not parted
ASTRAY = 0.2  # share of the moments beside the line that parts a part
CLEAR = 0.25  # share of the moments that must be found exactly
ALIKE = 0.5  # share of the looks that must be found in a copy
STRANGE = 0.2  # agreement of a frame below which it lies in no part

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """A part that both hold: where each look at it was found; seconds of both."""

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


def find_runs(new: Fingerprint, old: Fingerprint) -> list[Run]:
    """Give the parts that both hold, in order; none unless they are most of the shorter one."""
    places = _places(signs(old), signs(new))
    if not len(places):
        return []
    chain = places[_chain(places)]
    before, after = chain[:, 0], chain[:, 1]
    gone, went = np.diff(before), np.diff(after)
    leaps = np.flatnonzero(np.abs(went - gone) > STRAY + DRIFT * gone) + 1
    runs = [
        Run(*(tuple((each[part] + WINDOW / 2) * STEP) for each in (before, after)))
        for part in np.split(np.arange(len(chain)), leaps)
    ]
    dense = [run for run in runs if run.is_dense]
    looks = sum(len(each.old) for each in dense)
    return dense if looks * HOP >= ALIKE * min(len(new), len(old)) else []


def _places(old: Signs, new: Signs) -> NDArray[np.float64]:
    """Search each part of the old one: rows of its step, the step of the new one, agreement."""
    size = min(WINDOW, len(old), len(new))
    if not size:
        return np.zeros((0, 3))
    windows = np.lib.stride_tricks.sliding_window_view
    looks, room = (windows(each, size, 0).transpose(0, 2, 1) for each in (old, new))
    looks, rows = looks[::HOP], list[tuple[float, float, float]]()
    for first in range(0, len(looks), BLOCK):
        block = looks[first : first + BLOCK].reshape(-1, size * BITS)
        heard = np.maximum(np.abs(block).sum(axis=1), size * BITS / 4)
        tops, places = _tops(block, room)
        for number in range(len(block)):
            shares = tops[number] / heard[number]
            for best in np.argsort(shares)[::-1][:PLACES]:
                if shares[best] >= KNOWN:
                    place = best * SPACING + places[number, best]
                    rows.append(((first + number) * HOP, place, shares[best]))
    return np.array(rows, np.float64).reshape(-1, 3)


def _tops(block: Signs, room: Signs) -> tuple[Signs, NDArray[np.intp]]:
    """Give for each look its best agreement in every few steps, and at which of them."""
    tops, places = list[Signs](), list[NDArray[np.intp]]()
    for first in range(0, len(room), SLICE):
        sums = block @ room[first : first + SLICE].reshape(-1, block.shape[1]).T
        padding = (0, 0), (0, -sums.shape[1] % SPACING)
        bins = np.pad(sums, padding, constant_values=-1e9).reshape(len(block), -1, SPACING)
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


def align(
    runs: Sequence[Run],
    new: tuple[Path, float],
    old: tuple[Path, float],
    progress: Progress = lambda _: None,
) -> Moments:
    """Find each moment of a recording, given with its seconds, in a copy. Raises AudioError."""
    after = envelope(*new, lambda share: progress(share / 2))
    before = envelope(*old, lambda share: progress(0.5 + share / 2))
    parts = list[list[SharedPart]]()
    for run in runs:
        rough = list(zip(run.old, run.new, strict=True))
        exact = list(sharpen(after, before, rough, run.pace))
        parts.append(list(_parts(exact if len(exact) >= CLEAR * len(rough) else rough)))
    for left, right in pairwise(parts):
        end, begin = _border(left[-1], right[0], after, before)
        left[-1] = _between(left[-1], left[-1].start, end)
        right[0] = _between(right[0], begin, right[0].end)
    return Moments(tuple(each for some in parts for each in some))


def _parts(pairs: Sequence[Pair]) -> Iterator[SharedPart]:
    """Put a line through moments, or where it does not fit, one through each half of them."""
    old, new = np.array(pairs).T
    first, pace = _line(old, new)
    far = np.abs(_beside(old, new, first, pace)) > NEAR
    if len(pairs) >= FEW and far.mean() > ASTRAY:
        half = len(pairs) // 2
        yield from _parts(pairs[: half + 1])
        yield from _parts(pairs[half:])
    else:
        yield SharedPart(float(old[0]), float(old[-1]), first, pace)


def _line(old: Floats, new: Floats) -> Pair:
    """Give where the first of some moments is heard, and the pace; a few outliers don't count."""
    pace, near = 1.0, np.full(len(old), fill_value=True)
    for _again in range(3):
        if near.sum() > 2:
            pace, first = np.polyfit(old[near] - old[0], new[near], 1)
            far = np.abs(_beside(old, new, first, pace))
            near = far <= max(NEAR, float(np.median(far)))
    if abs(pace - 1) * (old[-1] - old[0]) < EVEN:
        pace = 1.0
    return float(np.median(_beside(old, new, 0.0, pace)[near])), float(pace)


def _beside(old: Floats, new: Floats, first: float, pace: float) -> Floats:
    beside: Floats = new - first - (old - old[0]) * pace
    return beside


def _border(left: SharedPart, right: SharedPart, after: Envelope, before: Envelope) -> Pair:
    """Find in old seconds where one part ends and the next begins: where both agree most."""
    frames = np.arange(round(left.end * FRAMES), round(right.start * FRAMES) + 1)
    stays = np.concatenate([[0.0], np.cumsum(_agreement(left, frames, after, before))])
    comes = np.append(np.cumsum(_agreement(right, frames, after, before)[::-1])[::-1], 0.0)
    ends = np.append(frames, frames[-1] + 1) / FRAMES
    least = right.start + (_moved(left, ends) - right.at) / right.pace
    begins = np.ceil((least - ends[0]) * FRAMES)
    begins = np.clip(begins, np.arange(len(ends)), len(frames)).astype(int)
    best = np.maximum.accumulate(comes[::-1])[::-1]
    end = int((stays + best[begins]).argmax())
    begin = begins[end] + int(comes[begins[end] :].argmax())
    return float(ends[end]), float(ends[begin])


def _agreement(
    each: SharedPart, frames: NDArray[np.intp], after: Envelope, before: Envelope
) -> Floats:
    """Measure for each frame of the old one whether a part goes on there, or not (below 0)."""
    there = _moved(each, frames / FRAMES) * FRAMES
    heard = np.interp(there, np.arange(len(after)), after, 0.0, 0.0)
    loud = float(before.std()) * float(after.std()) or 1.0
    agreed: Floats = before[np.minimum(frames, len(before) - 1)] * heard / loud - STRANGE
    return agreed


def _moved(each: SharedPart, seconds: Floats) -> Floats:
    moved: Floats = each.at + (seconds - each.start) * each.pace
    return moved


def _between(each: SharedPart, start: float, end: float) -> SharedPart:
    return SharedPart(start, end, each.moved(start), each.pace)
