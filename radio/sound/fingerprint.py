"""Acoustic fingerprints, the same in every format and loudness: four times a second, for sixteen
pairs of bands, towards which one the sound moves. As Haitsma and Kalker, « A Highly Robust Audio
Fingerprinting System » (ISMIR 2002), at a coarser step. An hour takes 29 kB."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import listening
from radio.sound.samples import RATE, Samples, followed
from radio.system.progress import Progress

STEP = 0.25  # seconds
BITS = 16
LOWEST, HIGHEST = 200.0, 3200.0  # Hz: what every codec and a telephone keep

Fingerprint = NDArray[np.uint16]  # one number for each STEP


def listen(path: Path, duration: float, progress: Progress = lambda _: None) -> Fingerprint:
    """Make a fingerprint in a child; `duration` is in seconds. Raises AudioError."""
    numbers = listening("fingerprint:read", path, duration, progress=progress)
    return np.array(numbers, np.uint16)


def read(path: str, progress: Progress, duration: float) -> list[int]:
    """Do the work of `listen`, in the child."""
    blocks = followed(Path(path), duration, progress)
    numbers: list[int] = fingerprint(blocks).tolist()
    return numbers


def fingerprint(blocks: Iterable[Samples]) -> Fingerprint:
    """Make the fingerprint of samples, given in blocks, in little memory. Silence gives zeros."""
    window = round(2 * STEP * RATE)
    shape = np.hanning(window).astype(np.float32)
    hertz = np.geomspace(LOWEST, HIGHEST, BITS + 2)  # evenly to the ear
    edges = np.unique((hertz * window / RATE).astype(np.intp))  # where each band begins
    parts, before, pending = [], np.zeros((1, BITS), np.float32), np.zeros(0, np.float32)
    for block in blocks:
        pending = np.concatenate([pending, block])
        if len(pending) < window:
            continue
        frames = np.lib.stride_tricks.sliding_window_view(pending, window)[:: window // 2]
        pending = pending[len(frames) * (window // 2) :]
        powers = np.abs(np.fft.rfft(frames * shape)) ** 2
        bands = np.log(np.add.reduceat(powers[:, : edges[-1]], edges[:-1], axis=1) + 1e-6)
        slopes = np.diff(bands, axis=1)
        bits = np.diff(slopes, axis=0, prepend=before) > 0
        before = slopes[-1:]
        parts.append(np.packbits(bits, axis=1).view(">u2")[:, 0].astype(np.uint16))
    return np.concatenate(parts) if parts else np.zeros(0, np.uint16)
