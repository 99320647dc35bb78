"""Samples in the form that Whisper takes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import frames_of, open_sound, resampled
from radio.system.disk import open_file
from radio.system.errors import ArchiveError, AudioError
from radio.system.messages import _
from radio.system.progress import Progress

RATE = 16_000  # samples per second

Samples = NDArray[np.float32]  # mono, -1 to 1, at RATE


def decode(path: Path, block: int = 30 * RATE) -> Iterator[Samples]:
    """Decode a file of the archive to mono samples at RATE, by blocks of `block`, in little memory.
    Raises AudioError if it can't be decoded."""
    try:
        file = open_file(path)
    except ArchiveError as error:
        raise AudioError(_("{error} ; `radio check` en dit plus", error=error)) from error
    parts: list[Samples] = []
    length = 0
    with file, open_sound(file, path) as container:
        for frame in resampled(frames_of(container, path), "flt", "mono", RATE):
            parts.append(frame.to_ndarray()[0])
            length += len(parts[-1])
            while length >= block:
                samples_so_far = np.concatenate(parts)
                yield samples_so_far[:block]
                parts, length = [samples_so_far[block:]], length - block
    if length:
        yield np.concatenate(parts)


def followed(path: Path, duration: float, progress: Progress) -> Iterator[Samples]:
    """Decode a recording of `duration` seconds, and report how much is done. Raises AudioError."""
    heard = 0.0
    for block in decode(path):
        yield block
        heard += len(block) / RATE
        progress(min(1.0, heard / max(duration, 1.0)))


def cut(blocks: Iterable[Samples], ranges: Iterable[tuple[int, int]]) -> Iterator[Samples]:
    """Cut ranges, sorted by their beginnings, out of samples in blocks; memory holds one of each.
    What the blocks lack is missing at the end."""
    tape, offset, source = np.empty(0, np.float32), 0, iter(blocks)
    for first, last in ranges:
        while offset + len(tape) < last and (block := next(source, None)) is not None:
            past = min(max(first - offset, 0), len(tape))
            tape, offset = np.concatenate([tape[past:], block]), offset + past
        yield tape[max(0, first - offset) : max(0, last - offset)]
