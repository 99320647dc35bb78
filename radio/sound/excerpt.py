"""Where a short recording, a jingle, is heard in a longer one, whatever its format and loudness and
though somebody may speak over it. Both are told by how bands of their sound change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import listening
from radio.sound.samples import RATE, Samples, decode
from radio.system.progress import Progress, silent

FRAMES = 50  # a second
STEP = RATE // FRAMES  # samples
BANDS = 20
LOWEST, HIGHEST = 200.0, 4000.0  # Hz: what every codec keeps
SMOOTH = 2 * FRAMES  # frames over which what stays alike does not count
LONGEST = 60.0  # seconds of an excerpt that are compared
FAINT = 1e-5  # power that keeps logarithms finite
APART = FRAMES  # frames between two places
EQUAL, MOST = 0.8, 20  # likeness of a place that is as good as the best, and how many are known
SURE, MARGIN = 0.4, 1.5  # likeness from which on it is the same, and times that of another place

Bands = NDArray[np.float32]  # shape: frames, bands


@dataclass(frozen=True)
class Occurrence:
    """Where an excerpt is heard best, or as well and nearer to where it is awaited."""

    second: float  # where its beginning is heard
    likeness: float  # 1 for the very same
    rival: float  # likeness of the best place that is less alike

    @property
    def is_sure(self) -> bool:
        """Whether it is heard there."""
        return self.likeness >= SURE and self.likeness >= MARGIN * self.rival


def locate(
    path: Path, excerpt: Path, awaited: float = 0.0, progress: Progress = silent
) -> Occurrence:
    """Find where an excerpt is heard in a recording, in a child; of places that are as good, that
    nearest to the `awaited` second. Raises AudioError if one can't be decoded."""
    return Occurrence(*listening("excerpt:read", path, str(excerpt), awaited, progress=progress))


def read(
    path: str, _progress: Progress, excerpt: str, awaited: float
) -> tuple[float, float, float]:
    """Do the work of `locate`, in the child."""
    whole, part = (_bands(decode(Path(each))) for each in (path, excerpt))
    return _best(whole, part[: round(LONGEST * FRAMES)], awaited)


def _bands(blocks: Iterator[Samples]) -> Bands:
    """Measure how the bands of a sound change, frame by frame, in little memory."""
    shape = np.hanning(2 * STEP).astype(np.float32)
    edges = np.unique((np.geomspace(LOWEST, HIGHEST, BANDS + 1) * 2 * STEP / RATE).astype(np.intp))
    parts, pending = list[Bands](), np.zeros(0, np.float32)
    for block in blocks:
        pending = np.concatenate([pending, block])
        if len(pending) < 2 * STEP:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(pending, 2 * STEP)[::STEP]
        pending = pending[len(frames) * STEP :]
        powers = np.abs(np.fft.rfft(frames * shape)) ** 2
        bands = np.log(np.add.reduceat(powers[:, : edges[-1]], edges[:-1], axis=1) + FAINT)
        parts.append(bands.astype(np.float32))
    return np.concatenate(parts) if parts else np.zeros((0, len(edges) - 1), np.float32)


def _changing(bands: Bands) -> Bands:
    """Leave out what stays alike for a while, so that neither loudness nor timbre counts."""
    size = min(SMOOTH, len(bands)) or 1
    sums = np.cumsum(np.pad(bands, ((size // 2 + 1, size - size // 2 - 1), (0, 0)), "edge"), axis=0)
    means = (sums[size:] - sums[:-size]) / size
    changes = bands[: len(means)] - means[: len(bands)]
    clipped: Bands = np.clip(changes - changes.mean(axis=1, keepdims=True), -2, 2)
    return clipped


def _best(whole: Bands, part: Bands, awaited: float = 0.0) -> tuple[float, float, float]:
    length = len(part)
    if length < FRAMES or len(whole) < length:
        return 0.0, 0.0, 0.0
    whole, part = _changing(whole), _changing(part)
    size = 1 << (len(whole) + length).bit_length()
    spectra = np.fft.rfft(whole, size, axis=0) * np.fft.rfft(part, size, axis=0).conj()
    sums = np.fft.irfft(spectra.sum(axis=1), size)[: len(whole) - length + 1]
    squares = np.concatenate([[0.0], np.cumsum(np.square(whole, dtype=np.float64).sum(axis=1))])
    powers = squares[length:] - squares[: len(squares) - length]
    least = 0.05 * float(np.square(part).sum())  # silence is like nothing
    shares = sums[: len(powers)] / np.sqrt(
        np.maximum(powers[: len(sums)], least) * float(np.square(part).sum()) + 1e-9
    )
    best, found = float(shares.max()), list[int]()
    while len(found) < MOST and float(shares.max()) >= EQUAL * best > 0:
        found.append(place := int(shares.argmax()))
        shares[max(0, place - APART) : place + APART] = 0.0
    rival = float(shares.max())
    place = min(found, key=lambda each: abs(each / FRAMES - awaited)) if found else 0
    return place / FRAMES, round(best, 3), round(rival, 3)
