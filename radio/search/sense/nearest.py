"""The nearest passages of an archive: each is compared, up to 200,000; in larger ones, those first
whose vectors have most signs in common with that of the query.

What is near is measured on the archive itself: a query is answered where something comes nearer to
it than to nine in ten of the queries about everything (`topics.txt`), so that one about nothing
that was ever said finds nothing. How near that is grows with the archive, up to ENOUGH.
"""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from radio.search.sense.model import SIZE, Floats
from radio.search.sense.vectors import SCALE, SUFFIX, Bytes8, Vectors, read_vectors, to_signs
from radio.system.disk import Stamp, stamp

Numbers = NDArray[np.int64]

COMPARED = 200_000  # passages, each with the query
CHOSEN = 4_000  # passages of a larger archive that are, by their signs
MOST = 5  # passages that are given
FARTHER = 0.9  # of the topics are farther away than what is near
ENOUGH = 0.35  # a cosine that is near in any archive


class Neighbour(NamedTuple):
    """A passage near to a query: its episode, its number in it, and the cosine."""

    key: str
    place: int
    score: float


class Question(NamedTuple):
    """What is near to a text, among the episodes of some keys; among all without."""

    text: str
    among: tuple[str, ...] | None = None


Reply = tuple[Neighbour, ...]
"""The answer to a question, the nearest first; the first one, without, says that all is loaded."""


class Shelf:
    """The vectors of an archive, as its files are now."""

    def __init__(self, folder: Path, made: str):
        self._folder, self._made = folder, made
        self._seen: object = None  # the state of the folders
        self._files: dict[str, tuple[Stamp, Vectors | None]] = {}
        self._keys: list[str] = []
        self._vectors: list[Vectors] = []
        self._ends = np.zeros(0, np.int64)
        self._signs = np.zeros((8, 0), np.uint64)
        self.limit = ENOUGH  # the cosine from which on a passage is near

    def refresh(self) -> None:
        """Follow the files."""
        shows = sorted(path for path in self._folder.glob("[!.]*") if path.is_dir())
        seen = [(path.name, stamp(path)) for path in shows]
        if seen == self._seen:
            return
        old, self._files = self._files, {}
        for path in (path for show in shows for path in show.glob(f"[!.]*{SUFFIX}")):
            state, key = stamp(path), f"{path.parent.name}/{path.name.removesuffix(SUFFIX)}"
            kept = old.get(key)
            self._files[key] = kept if kept and kept[0] == state else (state, read_vectors(path))
        self._seen = seen
        self._lay_out()

    def _lay_out(self) -> None:
        found = {
            key: each
            for key, (_, each) in self._files.items()
            if each and each.count and each.made == self._made
        }
        self._keys, self._vectors = list(found), list(found.values())
        self._ends = np.cumsum([each.count for each in self._vectors], dtype=np.int64)
        self._signs = np.zeros((8, 0), np.uint64)
        if len(self) > COMPARED:
            joined = np.concatenate([each.signs for each in self._vectors])
            self._signs = np.ascontiguousarray(joined.T)
        if self._vectors:
            nearest = np.maximum.reduce([each.near for each in self._vectors])
            self.limit = min(ENOUGH, float(np.quantile(nearest, FARTHER)))

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def nearest(self, vector: Floats, among: Collection[str] | None = None) -> list[Neighbour]:
        """Give the nearest passages, the nearest first; none where all are far.

        `among` names the episodes to look at, all without.
        """
        if among is None and len(self) > COMPARED:
            numbers = self.alike(vector, CHOSEN)
            scores = self._scores_of(numbers, vector)
        else:
            scores = self.scores(vector, None if among is None else set(among))
            numbers = np.arange(len(scores))
        best = _best(scores)
        if not len(best) or scores[best[0]] < self.limit:
            return []
        return [Neighbour(*self._place(int(numbers[each])), float(scores[each])) for each in best]

    def scores(self, vector: Floats, among: set[str] | None = None) -> Floats:
        """Compare every passage: cosines; −1 for those of other episodes."""
        scores, scaled = np.full(len(self), -1.0, np.float32), vector / np.float32(SCALE)
        room = np.empty((max((each.count for each in self._vectors), default=0), SIZE), np.float32)
        begin = 0
        for key, each in zip(self._keys, self._vectors, strict=True):
            end = begin + each.count
            if among is None or key in among:
                np.copyto(room[: each.count], each.rows)
                np.dot(room[: each.count], scaled, out=scores[begin:end])
            begin = end
        return scores

    def alike(self, vector: Floats, most: int) -> Numbers:
        """Give the numbers of the passages that have most signs in common with a vector."""
        other = np.zeros(self._signs.shape[1], np.uint16)
        for row, sign in zip(self._signs, to_signs(vector), strict=True):
            other += np.bitwise_count(row ^ sign)
        return np.argpartition(other, most)[:most] if len(other) > most else np.arange(len(other))

    def _scores_of(self, numbers: Numbers, vector: Floats) -> Floats:
        """Compare some passages."""
        rows = np.stack(list(self._rows(numbers))).astype(np.float32)
        return np.asarray(rows @ vector / SCALE, np.float32)

    def _rows(self, numbers: Numbers) -> Iterator[Bytes8]:
        files = np.searchsorted(self._ends, numbers, side="right")
        for number, file in zip(numbers, files, strict=True):
            each = self._vectors[file]
            yield each.rows[int(number) - (int(self._ends[file]) - each.count)]

    def _place(self, number: int) -> tuple[str, int]:
        file = int(np.searchsorted(self._ends, number, side="right"))
        return self._keys[file], number - (int(self._ends[file]) - self._vectors[file].count)


def _best(scores: Floats) -> Numbers:
    """Give the places of the best scores, the best first; −1 is none."""
    best = np.argpartition(-scores, MOST)[:MOST] if len(scores) > MOST else np.arange(len(scores))
    best = best[np.argsort(-scores[best], kind="stable")]
    return best[scores[best] > -1.0]
