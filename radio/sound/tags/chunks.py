"""The chunks of a WAV file (RIFF)."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST = 1000  # chunks
HEAD = struct.Struct("<4sI")


@dataclass(frozen=True)
class WaveChunk:
    """A part of a WAV file."""

    name: bytes
    start: int  # of its header, in bytes from the beginning of the file
    stop: int  # of its content, with the byte that makes it even, at most the end of the file


def wave_chunks(file: BinaryIO) -> Iterator[WaveChunk]:
    """Find the chunks of a file in their order; none where it is no WAV."""
    end = os.fstat(file.fileno()).st_size
    file.seek(0)
    riff = file.read(12)
    if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
        return
    start = 12
    for _number in range(MOST):
        file.seek(start)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = HEAD.unpack(head)
        stop = min(end, start + 8 + size + size % 2)
        yield WaveChunk(name, start, stop)
        start = stop
