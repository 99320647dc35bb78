"""The nearest passages of an archive, and the process that finds them, started by `guesses`. Up to
COMPARED passages each is compared; in larger archives those with most signs in common with the
query. A query is answered where something comes nearer to it than to nine in ten of the queries in
`topics.txt`, or than ENOUGH. The process ends when nobody asks, to free memory."""

import sys
from collections.abc import Collection, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from radio.search.sense.vectors import (
    SCALE,
    SIZE,
    SUFFIX,
    Floats,
    SentenceModel,
    Vectors,
    read_vectors,
    release,
    to_signs,
)
from radio.system.disk import Stamp, stamp

Numbers = NDArray[np.int64]

COMPARED = 200_000  # passages, each with the query
CHOSEN = 4_000  # passages of a larger archive that are, by their signs
MOST = 5  # passages that are given
FARTHER = 0.9  # of the topics are farther away than what is near
ENOUGH = 0.35  # a cosine that is near in any archive
IDLE = 600.0  # seconds without a question, after which the process ends


class Neighbour(NamedTuple):
    """A passage near to a query: its episode, its number in it, and the cosine."""

    key: str
    place: int
    score: float


Question = tuple[str, tuple[str, ...] | None]  # text, and keys of episodes to look at; None for all
Reply = tuple[Neighbour, ...]  # nearest first; a first, empty one says that all is loaded


class Shelf:
    """The vectors of an archive, as its files are now."""

    def __init__(self, folder: Path, made: str):
        self._folder, self._made = folder, made
        self._seen: object = None  # the state of the folders
        self._files: dict[str, tuple[Stamp, Vectors | None]] = {}
        self._vectors: dict[str, Vectors] = {}
        self._signs = np.zeros((SIZE // 64, 0), np.uint64)  # of a large archive
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
            known = old.get(key)
            self._files[key] = known if known and known[0] == state else (state, read_vectors(path))
        self._seen = seen
        self._vectors = {
            key: each
            for key, (_, each) in self._files.items()
            if each and each.count and each.made == self._made
        }
        if len(self) > COMPARED:
            joined = np.concatenate([each.signs for each in self._vectors.values()])
            self._signs = np.ascontiguousarray(joined.T)
        if self._vectors:
            nearest = np.maximum.reduce([each.near for each in self._vectors.values()])
            self.limit = min(ENOUGH, float(np.quantile(nearest, FARTHER)))

    def __len__(self) -> int:
        return sum(each.count for each in self._vectors.values())

    def nearest(self, vector: Floats, among: Collection[str] | None = None) -> list[Neighbour]:
        """Give the nearest passages in `among` or all, in order; none where all are far."""
        wanted = None if among is None else set(among)
        some = {key: it for key, it in self._vectors.items() if wanted is None or key in wanted}
        keys, vectors = list(some), list(some.values())
        ends = np.cumsum([0, *(each.count for each in vectors)], dtype=np.int64)
        if wanted is None and len(self) > COMPARED:
            numbers = self._alike(vector)
            rows = np.stack([vectors[file].rows[at] for file, at in _places(ends, numbers)])
            scores = np.asarray(rows.astype(np.float32) @ vector / SCALE, np.float32)
        else:
            scores = _scores(vectors, vector)
            numbers = np.arange(len(scores))
        best = np.argsort(-scores, kind="stable")[:MOST]
        if not len(best) or scores[best[0]] < self.limit:
            return []
        pairs = zip(_places(ends, numbers[best]), scores[best], strict=True)
        return [Neighbour(keys[file], at, float(score)) for (file, at), score in pairs]

    def _alike(self, vector: Floats) -> Numbers:
        """Give the numbers of the passages that have most signs in common with a vector."""
        other = np.zeros(self._signs.shape[1], np.uint16)
        for row, sign in zip(self._signs, to_signs(vector), strict=True):
            other += np.bitwise_count(row ^ sign)
        return np.argpartition(other, CHOSEN)[:CHOSEN]


def _scores(some: Sequence[Vectors], vector: Floats) -> Floats:
    scores = np.empty(sum(each.count for each in some), np.float32)
    scaled, begin = vector / np.float32(SCALE), 0
    room = np.empty((max((each.count for each in some), default=0), SIZE), np.float32)
    for each in some:
        np.copyto(room[: each.count], each.rows)
        np.dot(room[: each.count], scaled, out=scores[begin : begin + each.count])
        begin += each.count
    return scores


def _places(ends: Numbers, numbers: Numbers) -> Iterator[tuple[int, int]]:
    """Give of each passage the place of its episode, and its own among the passages of that."""
    for number in numbers.tolist():
        file = int(np.searchsorted(ends, number, side="right")) - 1
        yield file, number - int(ends[file])


def main() -> None:
    """Reply until the other end is closed."""
    folder, descriptor = sys.argv[1:]
    with Connection(int(descriptor)) as line:
        shelf, model = Shelf(Path(folder), release()), SentenceModel()
        line.send(())
        while line.poll(IDLE):
            try:
                text, among = line.recv()
            except EOFError:
                return
            shelf.refresh()
            found = shelf.nearest(model.encode([text])[0], among)
            line.send(tuple(tuple(each) for each in found))


if __name__ == "__main__":
    main()
