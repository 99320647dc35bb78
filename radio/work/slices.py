"""Slices: long work that a process of its own does for a while, then again after a pause."""

import time
from collections.abc import Callable

from radio.work.aside import Aside
from radio.work.follower import Stamps

SLICE = 60.0  # seconds of a run, and of the pause after it
MORE = 75  # exit code of a run that left some for the next


class Slices:
    """A command that is run again until nothing is left; what fails waits until files change."""

    def __init__(
        self,
        words: tuple[str, ...],
        is_left: Callable[[], bool],
        ended: Callable[[], None] = lambda: None,
        *,
        pauses: bool = True,
    ):
        """Take the words of the command, whether something is left, what to do once it is done.

        Without `pauses` a run follows another at once.
        """
        self._words, self._is_left, self._ended, self._pauses = words, is_left, ended, pauses
        self._aside = Aside(output=None)
        self._done: Stamps | None = None  # the state in which all was done, as far as it can be
        self._next = 0.0  # time of the next run

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._aside.is_running

    def is_due(self, stamps: Stamps) -> bool:
        """Whether something is left to do, in this state of the files."""
        return stamps != self._done and self._is_left()

    def keep_up(self, stamps: Stamps) -> None:
        """Begin a run if something is left, unless one is going on or was a moment ago."""
        if self.is_running:
            return
        self.end(stamps)
        if time.monotonic() >= self._next and self.is_due(stamps):
            self._aside.begin(*self._words)

    def end(self, stamps: Stamps | None = None) -> None:
        """End the run, if one is going on; `stamps` are the state in which it ended by itself."""
        if self._aside.has_begun:
            code = self._aside.end()
            if code not in (None, MORE):
                self._done = stamps
                self._ended()
            self._next = time.monotonic() + (SLICE if self._pauses else 0.0)
