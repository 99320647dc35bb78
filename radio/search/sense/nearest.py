"""The nearest passages of an archive, and the process that knows the model and finds them.

What is near is measured on the archive itself: a query is answered where something comes nearer to
it than to nine in ten of the queries about everything (`topics.txt`), so that one about nothing
that was ever said finds nothing. How near that is grows with the archive, up to ENOUGH.

The process answers one question at a time, and ends when nobody asks: so the model's memory is not
the site's, and is given back. `guesses` starts it.
"""

import sys
from collections.abc import Collection
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
)
from radio.system.disk import Stamp, stamp

MOST = 5  # passages that are given
FARTHER = 0.9  # of the topics are farther away than what is near
ENOUGH = 0.35  # a cosine that is near in any archive
IDLE = 600.0  # seconds without a question, after which the process ends


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
        self._vectors: dict[str, Vectors] = {}
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
        if self._vectors:
            nearest = np.maximum.reduce([each.near for each in self._vectors.values()])
            self.limit = min(ENOUGH, float(np.quantile(nearest, FARTHER)))

    def __len__(self) -> int:
        return sum(each.count for each in self._vectors.values())

    def nearest(self, vector: Floats, among: Collection[str] | None = None) -> list[Neighbour]:
        """Give the nearest passages, the nearest first; none where all are far.

        `among` names the episodes to look at, all without.
        """
        wanted = None if among is None else set(among)
        some = {key: it for key, it in self._vectors.items() if wanted is None or key in wanted}
        scores, ends = self._scores(some, vector)
        best = (
            np.argpartition(-scores, MOST)[:MOST] if len(scores) > MOST else np.arange(len(scores))
        )
        best = best[np.argsort(-scores[best], kind="stable")]
        if not len(best) or scores[best[0]] < self.limit:
            return []
        keys, found = list(some), list[Neighbour]()
        for number in best.tolist():
            file = int(np.searchsorted(ends, number, side="right"))
            place = number - (int(ends[file]) - some[keys[file]].count)
            found.append(Neighbour(keys[file], place, float(scores[number])))
        return found

    def _scores(self, some: dict[str, Vectors], vector: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Compare every passage of some episodes: cosines, and where those of each episode end."""
        ends = np.cumsum([each.count for each in some.values()], dtype=np.int64)
        scores = np.empty(int(ends[-1]) if len(ends) else 0, np.float32)
        scaled = vector / np.float32(SCALE)
        room = np.empty((max((each.count for each in some.values()), default=0), SIZE), np.float32)
        for end, each in zip(ends.tolist(), some.values(), strict=True):
            np.copyto(room[: each.count], each.rows)
            np.dot(room[: each.count], scaled, out=scores[end - each.count : end])
        return scores, ends


def main() -> None:
    """Reply until the other end is closed."""
    folder, descriptor = sys.argv[1:]
    with Connection(int(descriptor)) as line:
        shelf, model = Shelf(Path(folder), release()), SentenceModel()
        ready: tuple[tuple[object, ...], ...] = ()
        line.send(ready)
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
