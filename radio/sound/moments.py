"""Where each moment of a recording is heard in another of the same broadcast, which may begin
later, lack an announcement, or run faster. Loudness over time aligns them to some hundredths of a
second; then samples do, where nothing else differs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.samples import RATE, cut, decode, followed
from radio.system.progress import Progress

HEARD = 0.3  # share of what is said that must be left, or
AUDIBLE = 1.0  # so many seconds of it
LEAST = 1.0  # seconds that one lacks: less is the border's own want of precision

FRAMES = 100  # in a second
SMOOTH = FRAMES  # frames over which what stays alike does not count
AROUND = 4 * FRAMES  # frames on both sides of a moment that are laid on the other one
NEAR = 40  # frames by which what is known may be wrong
CLEAR = 0.5  # correlation from which on a place is believed

LISTENED = 60.0  # seconds of each that are laid on each other sample by sample
NEAREST = 0.5  # seconds around what is known at a coarse look
AGREED = 0.2  # correlation from which on the shift is believed

Envelope = NDArray[np.float32]  # loudness, frame by frame
Pair = tuple[float, float]


@dataclass(frozen=True)
class SharedPart:
    """A part of the old recording that the new one has, too."""

    start: float  # seconds of the old one
    end: float
    at: float  # second of the new one in which it begins
    pace: float = 1.0  # seconds of the new one for one of the old

    def moved(self, second: float) -> float:
        """Give when a second of the old recording is heard in the new one, even beyond its ends."""
        return self.at + (second - self.start) * self.pace


@dataclass(frozen=True)
class Gap:
    """A part that only one of both recordings has."""

    at: float  # second of the new recording
    lacks: float  # seconds of the old one that the new one has not
    adds: float  # seconds of the new one that the old one had not


@dataclass(frozen=True)
class Moments:
    """Where a recording is heard in another; without a shared part at the same seconds."""

    shared: tuple[SharedPart, ...] = ()
    end: float = inf  # seconds of the new recording

    def moved(self, second: float) -> float:
        """Give when a second of the old recording is, or would be, heard in the new one."""
        number = next((n for n, each in enumerate(self.shared) if second <= each.end), None)
        if number is None:
            there = self.shared[-1].moved(second) if self.shared else second
        else:
            following, before = self.shared[number], self.shared[max(0, number - 1)]
            there = following.moved(second)
            if second < following.start and number:
                first, room = before.moved(before.end), following.start - before.end
                there = first + (following.at - first) * (second - before.end) / room
        return round(min(max(0.0, there), self.end), 3)

    def span(self, start: float, end: float) -> Pair | None:
        """Give when the new one has what the old one has between two seconds; None if never."""
        first, last = self.moved(start), self.moved(end)
        least = min(AUDIBLE, HEARD * (end - start))
        return (first, last) if last > first and last - first >= least else None

    @property
    def offset(self) -> float | None:
        """How many seconds later all is heard; None if that changes."""
        paces = {each.pace for each in self.shared}
        shifts = [each.at - each.start for each in self.shared] or [0.0]
        return round(shifts[0], 3) if paces <= {1.0} and len(shifts) == 1 else None

    def gaps(self) -> Iterator[Gap]:
        """Find what only one has, between two shared parts."""
        for left, right in pairwise(self.shared):
            lacks, adds = right.start - left.end, right.at - left.moved(left.end)
            if max(lacks, adds) >= LEAST:
                yield Gap(self.moved(left.end), max(0.0, lacks), max(0.0, adds))


def shifted(offset: float) -> Moments:
    """Give the moments of a recording in which all is heard so many seconds later."""
    return Moments((SharedPart(0.0, 0.0, offset),)) if offset else Moments()


def refine(new: Path, old: Path, offset: float) -> float:
    """Find how many seconds later all is said in the new recording, from a coarse offset. That is
    returned if the samples don't agree. Raises AudioError if one can't be decoded."""
    start = max(0.0, -offset)
    begins = (new, start + offset), (old, start)
    first, second = (
        next(cut(decode(path), [(round(at * RATE), round((at + LISTENED) * RATE))]))
        for path, at in begins
    )
    length = min(len(first), len(second))
    if length < RATE:
        return offset
    first, second = first[:length], second[:length]
    size = 1 << (2 * length).bit_length()
    sums = np.fft.irfft(np.fft.rfft(first, size) * np.fft.rfft(second, size).conj(), size)
    most = round(NEAREST * RATE)
    near = np.concatenate([sums[-most:], sums[: most + 1]])
    place = int(np.abs(near).argmax())
    loud = float(np.sqrt(np.square(first).sum() * np.square(second).sum()))
    if np.abs(near[place]) < AGREED * max(loud, 1e-9):
        return offset
    return round(offset + (place - most) / RATE, 3)


def envelope(path: Path, duration: float, progress: Progress) -> Envelope:
    """Measure how the loudness of a recording of `duration` seconds changes, in little memory.
    Raises AudioError if it can't be decoded."""
    size, parts = RATE // FRAMES, [np.zeros(0, np.float32)]
    for block in followed(path, duration, progress):
        whole = np.pad(block, (0, -len(block) % size)).reshape(-1, size)
        parts.append(np.log(np.square(whole).mean(axis=1) + 1e-7).astype(np.float32))
    loud = np.concatenate(parts)
    if len(loud) < SMOOTH:
        return loud - loud.mean() if len(loud) else loud
    mean = np.convolve(loud, np.full(SMOOTH, 1 / SMOOTH, np.float32), "same")
    return (loud - mean).astype(np.float32)


def sharpen(new: Envelope, old: Envelope, pairs: Iterable[Pair], pace: float) -> Iterator[Pair]:
    """Find more exactly when seconds of the old recording are heard in the new one, which takes
    `pace` seconds for one of the old. Unclear ones are left out."""
    frames, beside = np.arange(len(old)), np.arange(-AROUND, AROUND + 1)
    for second, there in pairs:
        sound = np.interp(second * FRAMES + beside / pace, frames, old)
        first = round(there * FRAMES) - AROUND - NEAR
        room = new[max(0, first) : first + len(sound) + 2 * NEAR]
        if first < 0 or len(room) < len(sound):
            continue
        sums = np.correlate(room, sound, "valid")
        squares = np.concatenate([[0.0], np.cumsum(np.square(room, dtype=np.float64))])
        powers = squares[len(sound) :] - squares[: len(sums)]
        shares = sums / np.sqrt(np.maximum(powers * np.square(sound).sum(), 1e-9))
        place, shift = int(shares.argmax()), 0.0
        if 0 < place < len(shares) - 1:  # the top lies between two frames
            left, top, right = shares[place - 1 : place + 2]
            bend = left - 2 * top + right
            shift = float((left - right) / (2 * bend)) if bend < 0 else 0.0
        if shares[place] >= CLEAR:
            yield second, (first + place + shift + AROUND) / FRAMES
