"""The sources: what is followed is looked at when it is time, by a process (`radio follow --now`).

It goes on beside all else, at a low priority; one that takes too long is ended, and the next run
goes on with what it had begun to download.
"""

import contextlib
import os
import subprocess
import sys
import time

from radio.archive import Archive
from radio.errors import ArchiveError
from radio.follows import Follow
from radio.ingest.looks import due
from radio.work.rest import NICE

LONGEST = 6 * 3600.0  # seconds for all that is due
PAUSE = 30.0  # seconds between two looks for what is due


class Sources:
    """The process that looks at what is followed."""

    def __init__(
        self, archive: Archive, output: int | None = subprocess.DEVNULL, *, is_off: bool = False
    ):
        """Take where its messages go, and whether another process looks instead."""
        self._archive, self._output, self._is_off = archive, output, is_off
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0
        self._next = 0.0  # when to see what is due
        self._tried = set[str]()  # addresses
        self.failures = 0

    @property
    def is_done(self) -> bool:
        """Whether no look goes on, and all that is due was tried."""
        return self._process is None and not self._due().keys() - self._tried

    def keep_up(self) -> None:
        """Begin to look if it is time, and end what takes too long.

        Raises ArchiveError if `follows.json` can't be read.
        """
        if self._is_off:
            return
        if self._process is not None and self._process.poll() is None:
            if time.monotonic() - self._began > LONGEST:
                self.end()
            return
        if self._process is not None:
            self.failures += self._process.returncode != 0
            self._process = None
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PAUSE
            self._tried = {each.address for each in due(self._archive)}
            if self._tried:
                self._begin()

    def _due(self) -> dict[str, Follow]:
        """Give what is to be looked at now; nothing where that can't be read, which is said."""
        if self._is_off:
            return {}
        with contextlib.suppress(ArchiveError):
            return {each.address: each for each in due(self._archive)}
        return {}

    def _begin(self) -> None:
        root = str(self._archive.root)
        command = [sys.executable, "-m", "radio", "follow", "--due", "--root", root]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(
            command, stdin=quiet, stdout=self._output, stderr=self._output
        )
        self._began = time.monotonic()
        nice = max(NICE, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, self._process.pid, nice)

    def end(self) -> None:
        """End the look, if one goes on."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.terminate()
                self._process.wait()
            self._process = None
