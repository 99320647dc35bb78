"""A copy laid beside a recording: where each moment of the one is heard in the other."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.proposals.twins.course import HOP, Run, runs
from radio.sound.envelope import FRAMES, Envelope, envelope, sharpen
from radio.sound.fingerprint import STEP, Fingerprint
from radio.sound.moments import Moments, SideBySide
from radio.system.progress import Progress

EVEN = 0.05  # seconds: less over a whole stretch is no pace of its own
NEAR = 0.06  # seconds that a moment may lie beside the line of its stretch
FEW = 8  # moments: a stretch of fewer is not parted
ASTRAY = 0.2  # share of the moments beside the line that parts a stretch
CLEAR = 0.25  # share of the moments that must be found exactly
ALIKE = 0.5  # share of the looks that must be found in a copy
STRANGE = 0.2  # agreement of a frame below which it lies in no stretch

Pair = tuple[float, float]
Floats = NDArray[np.float64]


def find_course(new: Fingerprint, old: Fingerprint) -> list[Run]:
    """Give the stretches that both hold; none unless they are most of the shorter one."""
    found = runs(new, old)
    seconds = sum(len(each.old) for each in found) * HOP * STEP
    return found if seconds >= ALIKE * min(len(new), len(old)) * STEP else []


def lay(
    course: Sequence[Run],
    new: tuple[Path, float],
    old: tuple[Path, float],
    progress: Progress = lambda _: None,
) -> Moments:
    """Tell where each moment of a recording is heard in a copy; each with its seconds.

    Raises AudioError if one of both can't be decoded.
    """
    after = envelope(*new, lambda share: progress(share / 2))
    before = envelope(*old, lambda share: progress(0.5 + share / 2))
    parts = [list(_stretches(_exact(run, after, before))) for run in course]
    for left, right in pairwise(parts):
        end, begin = _border(left[-1], right[0], after, before)
        left[-1], right[0] = (
            _until(left[-1], left[-1].start, end),
            _until(right[0], begin, right[0].end),
        )
    return Moments(tuple(each for some in parts for each in some))


def _exact(run: Run, after: Envelope, before: Envelope) -> Sequence[Pair]:
    """Give the moments of a stretch as exactly as they can be found."""
    rough = list(zip(run.old, run.new, strict=True))
    pairs = list(sharpen(after, before, rough, run.pace))
    return pairs if len(pairs) >= CLEAR * len(rough) else rough


def _stretches(pairs: Sequence[Pair]) -> Iterator[SideBySide]:
    """Lay a line through moments, or where it does not fit, one through each half of them."""
    old, new = np.array(pairs).T
    first, pace = _line(old, new)
    far = np.abs(_beside(old, new, first, pace)) > NEAR
    if len(pairs) >= FEW and far.mean() > ASTRAY:
        half = len(pairs) // 2
        *some, left = _stretches(pairs[: half + 1])
        yield from (*some, left)
        yield from _stretches(pairs[half:])
    else:
        yield SideBySide(float(old[0]), float(old[-1]), first, pace)


def _line(old: Floats, new: Floats) -> Pair:
    """Tell where the first of some moments is heard, and the pace, whatever a few of them say."""
    pace, kept = 1.0, np.full(len(old), fill_value=True)
    for _again in range(3):
        if kept.sum() > 2:
            pace, first = np.polyfit(old[kept] - old[0], new[kept], 1)
            far = np.abs(_beside(old, new, first, pace))
            kept = far <= max(NEAR, float(np.median(far)))
    if abs(pace - 1) * (old[-1] - old[0]) < EVEN:
        pace = 1.0
    return float(np.median(_beside(old, new, 0.0, pace)[kept])), float(pace)


def _beside(old: Floats, new: Floats, first: float, pace: float) -> Floats:
    beside: Floats = new - first - (old - old[0]) * pace
    return beside


def _border(
    left: SideBySide, right: SideBySide, after: Envelope, before: Envelope
) -> tuple[float, float]:
    """Tell where one stretch ends and the next one begins, in seconds of the old recording.

    That is where both together agree most, and nothing of the new one is heard twice.
    """
    frames = np.arange(round(left.end * FRAMES), round(right.start * FRAMES) + 1)
    stays = np.concatenate([[0.0], np.cumsum(_agreement(left, frames, after, before))])
    comes = np.cumsum(_agreement(right, frames, after, before)[::-1])[::-1]
    comes = np.append(comes, 0.0)
    ends = np.append(frames, frames[-1] + 1) / FRAMES
    least = right.start + (_moved(left, ends) - right.at) / right.pace
    begins = np.clip(np.ceil((least - ends[0]) * FRAMES), np.arange(len(ends)), len(frames))
    begins = begins.astype(int)
    best = np.maximum.accumulate(comes[::-1])[::-1]
    end = int((stays + best[begins]).argmax())
    begin = begins[end] + int(comes[begins[end] :].argmax())
    return float(ends[end]), float(ends[begin])


def _agreement(
    each: SideBySide, frames: NDArray[np.intp], after: Envelope, before: Envelope
) -> Floats:
    """Tell of each frame of the old one whether a stretch goes on there, or not (below 0)."""
    there = _moved(each, frames / FRAMES) * FRAMES
    heard = np.interp(there, np.arange(len(after)), after, 0.0, 0.0)
    loud = float(before.std()) * float(after.std()) or 1.0
    agreed: Floats = before[np.minimum(frames, len(before) - 1)] * heard / loud - STRANGE
    return agreed


def _moved(each: SideBySide, seconds: Floats) -> Floats:
    moved: Floats = each.at + (seconds - each.start) * each.pace
    return moved


def _until(each: SideBySide, start: float, end: float) -> SideBySide:
    """Give a stretch other ends."""
    return SideBySide(start, end, each.moved(start), each.pace)
