"""How loud a recording is from moment to moment, and where it is so in another.

That is the same in every format and loudness, and nearly so at another pace: two copies are laid on
each other by it to some hundredths of a second.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.samples import RATE, decode
from radio.system.progress import Progress

FRAMES = 100  # in a second
SMOOTH = FRAMES  # frames over which what stays alike does not count
AROUND = 4 * FRAMES  # frames on both sides of a moment that are laid on the other one
NEAR = 40  # frames by which what is known may be wrong
CLEAR = 0.5  # correlation from which on a place is believed

Envelope = NDArray[np.float32]


def envelope(path: Path, duration: float, progress: Progress = lambda _: None) -> Envelope:
    """Tell how a recording of some seconds gets louder and lower; memory for its sound is not used.

    Raises AudioError if it can't be decoded.
    """
    size, parts, heard = RATE // FRAMES, list[Envelope](), 0.0
    for block in decode(path):
        whole = np.pad(block, (0, -len(block) % size)).reshape(-1, size)
        parts.append(np.log(np.square(whole).mean(axis=1) + 1e-7).astype(np.float32))
        heard += len(block) / RATE
        progress(min(1.0, heard / max(duration, 1.0)))
    loud = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    if len(loud) < SMOOTH:
        return loud - loud.mean() if len(loud) else loud
    mean = np.convolve(loud, np.full(SMOOTH, 1 / SMOOTH, np.float32), "same")
    return (loud - mean).astype(np.float32)


def sharpen(
    new: Envelope, old: Envelope, pairs: Iterable[tuple[float, float]], pace: float
) -> Iterator[tuple[float, float]]:
    """Tell of seconds of the old one more exactly when each is heard in the new one.

    The new one takes `pace` seconds for one of the old one. What is not clear is left out.
    """
    frames, beside = np.arange(len(old)), np.arange(-AROUND, AROUND + 1)
    for second, there in pairs:
        piece = np.interp(second * FRAMES + beside / pace, frames, old)
        first = round(there * FRAMES) - AROUND - NEAR
        room = new[max(0, first) : first + len(piece) + 2 * NEAR]
        if first < 0 or len(room) < len(piece):
            continue
        sums = np.correlate(room, piece, "valid")
        squares = np.concatenate([[0.0], np.cumsum(np.square(room, dtype=np.float64))])
        powers = squares[len(piece) :] - squares[: len(sums)]
        shares = sums / np.sqrt(np.maximum(powers * np.square(piece).sum(), 1e-9))
        place = int(shares.argmax())
        if shares[place] >= CLEAR:
            yield second, (first + place + _between(shares, place) + AROUND) / FRAMES


def _between(shares: NDArray[np.float64], place: int) -> float:
    """Tell by how much of a frame the top lies beside a place."""
    if not 0 < place < len(shares) - 1:
        return 0.0
    left, top, right = shares[place - 1 : place + 2]
    bend = left - 2 * top + right
    return float((left - right) / (2 * bend)) if bend < 0 else 0.0
