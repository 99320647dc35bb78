"""The inbox at work: what is ready there is taken by a process (`radio inbox`), beside all else."""

import os
import subprocess
import time
from pathlib import Path

from radio.archive import Archive
from radio.ingest.inbox import look, wait_of
from radio.work.aside import Aside

PAUSE = 5.0  # seconds between two looks
RESTING = 40  # times as long as a look takes is waited, at least
AGAIN = 300.0  # seconds until what had to stay is tried again
FRENCH = {"LC_ALL": "", "LC_MESSAGES": "fr_FR.UTF-8", "LANGUAGE": "fr", "PYTHONUTF8": "1"}
"""What has the notes beside refused files written in French, whatever the system speaks."""

Seen = frozenset[tuple[Path, object]]


class InboxWork:
    """The process that takes what lies in the inbox, run whenever something is ready."""

    def __init__(self, archive: Archive, output: int | None = subprocess.DEVNULL):
        """Take where its messages go."""
        self._archive, self._aside = archive, Aside(output)
        self._next = self._again = 0.0  # when to look; when to try anew what had to stay
        self._tried: Seen = frozenset()
        self.failures = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is taken now, and all that is ready was tried."""
        return not self._aside.has_begun and not self._ready() - self._tried

    def keep_up(self) -> None:
        """Begin to take what is ready, unless that goes on; it costs a look at the folder."""
        if self._aside.is_running:
            return
        self.failures += bool(self._aside.end())
        if time.monotonic() < self._next:
            return
        began = time.thread_time()
        ready = self._ready()
        now = time.monotonic()
        self._next = now + max(PAUSE, RESTING * (time.thread_time() - began))
        if ready and (ready - self._tried or now >= self._again):
            self._tried, self._again = ready, now + AGAIN
            root = str(self._archive.root)
            self._aside.begin("inbox", "--root", root, variables=FRENCH)

    def _ready(self) -> Seen:
        ready = look(self._archive, wait_of(os.environ)).ready
        return frozenset((each.path, each.states) for each in ready)

    def end(self) -> None:
        """End it, if it goes on; the next run takes what is left."""
        self._aside.end()
