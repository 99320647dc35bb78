"""The sources: what is followed is looked at when it is time, by a process (`radio source look`).

It goes on beside all else, at a low priority; one that takes too long is ended, and the next run
goes on with what it had begun to download.
"""

import contextlib
import subprocess
import time

from radio.archive import Archive
from radio.ingest.looks import due
from radio.system.errors import ArchiveError
from radio.work.aside import Aside

LONGEST = 6 * 3600.0  # seconds for all that is due
PAUSE = 30.0  # seconds between two looks for what is due


class Sources:
    """The process that looks at what is followed."""

    def __init__(
        self, archive: Archive, output: int | None = subprocess.DEVNULL, *, is_off: bool = False
    ):
        """Take where its messages go, and whether another process looks instead."""
        self._archive, self._aside, self._is_off = archive, Aside(output), is_off
        self._began = 0.0
        self._next = 0.0  # when to see what is due
        self._tried = set[str]()  # addresses
        self.failures = 0

    @property
    def is_done(self) -> bool:
        """Whether no look goes on, and all that is due was tried."""
        with contextlib.suppress(ArchiveError):  # which is said where it begins
            return not self._aside.has_begun and not self._due() - self._tried
        return not self._aside.has_begun

    def keep_up(self) -> None:
        """Begin to look if it is time, and end what takes too long.

        Raises ArchiveError if `follows.json` can't be read.
        """
        if self._aside.is_running:
            if time.monotonic() - self._began > LONGEST:
                self.end()
            return
        self.failures += bool(self._aside.end())
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PAUSE
            self._tried = self._due()
            if self._tried:
                self._aside.begin("source", "look", "--due", "--root", str(self._archive.root))
                self._began = time.monotonic()

    def _due(self) -> set[str]:
        """Name what is to be looked at now, by its address."""
        return set() if self._is_off else {each.address for each in due(self._archive)}

    def end(self) -> None:
        """End the look, if one goes on."""
        self._aside.end()
