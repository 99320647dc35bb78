"""By how much two copies of one broadcast are shifted, to some hundredths of a second."""

from pathlib import Path

import numpy as np

from radio.sound.samples import RATE, Samples, cut, decode

LISTENED = 60.0  # seconds of each that are laid on each other
NEAR = 0.5  # seconds around what is known at a coarse look
CLEAR = 0.2  # correlation from which on the shift is believed


def refine(new: Path, old: Path, offset: float) -> float:
    """Tell how many seconds later all is said in the new one, where about that is known.

    What is known at a coarse look is given back where the sounds don't agree sample by sample.
    Raises AudioError if one can't be decoded.
    """
    start = max(0.0, -offset)
    first = _minute(new, start + offset)
    second = _minute(old, start)
    length = min(len(first), len(second))
    if length < RATE:
        return offset
    first, second = first[:length], second[:length]
    size = 1 << (2 * length).bit_length()
    product = np.fft.rfft(first, size) * np.fft.rfft(second, size).conj()
    sums = np.fft.irfft(product, size)
    most = round(NEAR * RATE)
    near = np.concatenate([sums[-most:], sums[: most + 1]])
    place = int(np.abs(near).argmax())
    loud = float(np.sqrt(np.square(first).sum() * np.square(second).sum()))
    if np.abs(near[place]) < CLEAR * max(loud, 1e-9):
        return offset
    return round(offset + (place - most) / RATE, 3)


def _minute(path: Path, start: float) -> Samples:
    """Decode a minute from a second on."""
    ends = round(start * RATE), round((start + LISTENED) * RATE)
    return next(cut(decode(path), [ends]))
