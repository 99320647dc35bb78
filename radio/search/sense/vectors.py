"""The vectors of one episode, in a file of `cache/sense`: derived, and as good as its stamp.

A line of JSON; then for each topic how near the episode comes to it (float32), the signs of each
vector (64 bytes), the vectors (512 bytes, a number times SCALE in each); then, as JSON, where each
passage begins and what is said there.
"""

import json
import mmap
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from radio.search.sense.model import SIZE, Floats
from radio.system.disk import Stamp

SCALE = 512.0  # a number of a vector seldom exceeds a quarter
SUFFIX = ".vectors"
HEAD = 4_096  # bytes that the first line has at most
WORDS = SIZE // 64  # of 64 bits, for the signs of a vector

Bytes8 = NDArray[np.int8]
Bits64 = NDArray[np.uint64]


class SensePassage(NamedTuple):
    """A passage of some sentences: what one vector stands for."""

    start: float  # seconds
    text: str


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors of an episode, read from the disk as they are needed."""

    of: Stamp  # the text that they are made of
    made: str  # by which release of the model
    topics: int
    count: int
    data: bytes | mmap.mmap
    begin: int  # of what follows the first line

    @property
    def near(self) -> Floats:
        """How near the nearest passage comes to each topic: cosines."""
        return np.frombuffer(self.data, np.float32, self.topics, self.begin)

    @property
    def signs(self) -> Bits64:
        """The signs of the vectors, a row for each."""
        found = np.frombuffer(self.data, np.uint64, self.count * WORDS, self._signs_begin)
        return found.reshape(self.count, WORDS)

    @cached_property
    def rows(self) -> Bytes8:
        """The vectors, times SCALE, a row for each."""
        size = self.count * SIZE
        found = np.frombuffer(self.data, np.int8, size, self._rows_begin)
        return found.reshape(self.count, SIZE)

    def passages(self) -> list[SensePassage]:
        """Read where each passage begins, and what is said there."""
        rest = self.data[self._rows_begin + self.count * SIZE :]
        return [SensePassage(*each) for each in json.loads(rest)]

    @property
    def _signs_begin(self) -> int:
        return self.begin + 4 * self.topics

    @property
    def _rows_begin(self) -> int:
        return self._signs_begin + 8 * WORDS * self.count


def render_vectors(
    of: Stamp, made: str, passages: list[SensePassage], vectors: Floats, topics: Floats
) -> bytes:
    """Write the vectors of an episode as its file has them."""
    rows = to_bytes(vectors)
    nearest = (vectors @ topics.T).max(axis=0, initial=-1.0)
    head = json.dumps({"of": of, "made": made, "topics": len(topics), "count": len(rows)})
    parts = (nearest.astype(np.float32), to_signs(vectors), rows)
    line = head.encode().ljust(-(-(len(head) + 1) // 8) * 8 - 1) + b"\n"  # numbers lie at eights
    body = b"".join(each.tobytes() for each in parts)
    return line + body + json.dumps(passages, ensure_ascii=False).encode()


def read_vectors(path: Path) -> Vectors | None:
    """Open the vectors of an episode; None where there are none that can be read."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        begin = data.find(b"\n", 0, HEAD) + 1
        head = json.loads(data[:begin])
        of, made = head["of"], str(head["made"])
        found = Vectors((of[0], of[1]), made, int(head["topics"]), int(head["count"]), data, begin)
        is_whole = len(found.rows) == found.count and data[-1:] == b"]"
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if is_whole else None


def to_bytes(vectors: Floats) -> Bytes8:
    """Make bytes of vectors."""
    rows: Bytes8 = np.clip(np.rint(vectors * SCALE), -127, 127).astype(np.int8)
    return rows


def to_signs(vectors: Floats) -> Bits64:
    """Make the signs of vectors, a bit for each number."""
    bits: Bits64 = np.packbits(vectors > 0, axis=-1).view(np.uint64)
    return bits
