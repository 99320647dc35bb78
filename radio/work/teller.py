"""The teller: it keeps the status of the work up to date while the work goes on."""

import contextlib
import dataclasses
import math
import time

from radio.archive import Archive
from radio.derived.recipe import Kind
from radio.system.errors import RadioError
from radio.transcribe.schedule import Hours
from radio.work.follower import Stamps
from radio.work.passes import Passes
from radio.work.queue import Queue
from radio.work.status import Asked, Current, Trouble, WorkStatus, read_status, write_status

OFTEN = 2.0  # seconds between two counts of what is left, at least
RESTING = 20  # times as long as a count takes is waited


class Teller:
    """Tells what is done and what is left."""

    def __init__(self, archive: Archive, quiet: Hours | None, asked: Asked):
        self._archive, self._quiet, self._asked = archive, quiet, asked
        self._status = read_status(archive)
        self.earlier = self._status.troubles
        self.books = self._status.of("books").number  # that are left
        self._speeds = dict(self._status.speeds)
        self._current: Current | None = None
        self._length = self._from = self._began = 0.0
        self._counted: object = None  # of which state of the files
        self._next = -math.inf  # when to count again

    def begin(self, kind: Kind) -> None:
        """Note what begins now."""
        self._current = Current(kind)

    def reached(self, kind: Kind, key: str, model: str, share: float) -> None:
        """Note how much of a pass on an episode is done, 0 to 1, and how fast it went."""
        if self._current is None or self._current.key != key:
            self._start(kind, key, model)
        second = share * self._length
        if self._current and second > self._from:
            spent = max(time.monotonic() - self._began, 0.1)
            self._speeds[model] = round((second - self._from) / spent, 2)
            self._current = self._at(self._current, second)

    def _start(self, kind: Kind, key: str, model: str) -> None:
        self._current, self._began, self._length = Current(kind, key, model), time.monotonic(), 1.0
        with contextlib.suppress(RadioError):  # it is gone meanwhile
            episode = self._archive.episode(key)
            self._length = max(episode.audio.duration, 1.0)
            self._from = Queue(self._archive).reached(kind, episode)
            self._current = self._at(self._current, self._from)

    def speed(self, model: str) -> float | None:
        """Tell how many seconds of sound a model hears in a second; None where unknown."""
        return self._speeds.get(model)

    def _at(self, current: Current, second: float) -> Current:
        speed = self._speeds.get(current.model)
        left = round(max(self._length - second, 0.0) / speed) if speed else None
        share = round(min(second / self._length, 1.0), 3)
        return dataclasses.replace(current, share=share, left=left)

    def pause(self) -> None:
        """Note that nothing is done now."""
        self._current = None

    def tell(
        self, queue: Queue, passes: Passes | None, troubles: tuple[Trouble, ...], stamps: Stamps
    ) -> None:
        """Write the status where it changed.

        Raises ArchiveError if the disk refuses.
        """
        quiet = str(self._quiet or "")
        names = (passes.first, passes.better) if passes else ("", "")
        left, state = self._status.left, (dict(stamps), self._current, names, self.books)
        if state != self._counted and time.monotonic() >= self._next:
            began = time.thread_time()
            left, self._counted = queue.left(passes, self._speeds, self.books), state
            look = time.thread_time() - began
            self._next = time.monotonic() + max(OFTEN, RESTING * look)
        speeds = dict(self._speeds)
        self._write(WorkStatus(*names, quiet, self._current, left, troubles, speeds, self._asked))

    def end(self, troubles: tuple[Trouble, ...]) -> None:
        """Write that nothing is done any more."""
        self._write(dataclasses.replace(self._status, current=None, troubles=troubles))

    def _write(self, status: WorkStatus) -> None:
        if status != self._status:
            write_status(self._archive, status)
            self._status = status
