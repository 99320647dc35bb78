"""What a site does by itself: it follows the files, and has all made that is derived from them.

The index follows at once, and what was made of an episode goes when the episode does. The rest
takes long and much memory, so a process of its own makes it, and nothing else: proposed chapters,
checksums, waveforms, and the pages that go with the whole archive. So each thing is done once.
"""

import logging
import math
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Set
from datetime import date

from radio import holdings, losses, process
from radio.archive import Archive
from radio.caches import forget
from radio.disk import Stamp, stamp
from radio.errors import RadioError
from radio.imprint import state_of
from radio.search import Index

log = logging.getLogger(__name__)

OFTEN = 0.5  # seconds between two looks for changed files, at least
RESTING = 15  # times as long as a look takes is waited, so that listeners never notice
AFTERWARDS = 10.0  # seconds in which somebody may still write what must go
PAUSE = 5.0  # seconds between two runs of the other process, at least
SPARING = 9  # times the processor time of such a run is waited before the next
NICE = 10  # of processes that listeners do not wait for

Stamps = Mapping[str, tuple[Stamp, Stamp]]


class Upkeep:
    """Keeps up with the files of an archive until it is told to stop."""

    def __init__(self, archive: Archive, index: Index):
        self._archive, self._index = archive, index
        self._others = _Others(archive)
        self._seen: Stamps = {}
        self._held = 0  # files that vanished, and are kept in the index all the same
        self._look = 0.0  # processor seconds of the last one
        self._forgetting = math.inf  # until when what must go is looked for
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.is_fresh = threading.Event()  # once the index was brought up to date, or can't be

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """End what was begun, within some seconds."""
        self._stopped.set()
        self._thread.join(seconds)
        self._others.end()

    def _run(self) -> None:
        while not self._stopped.wait(max(OFTEN, RESTING * self._look)):
            try:
                self._follow()
            except (RadioError, OSError) as error:
                log.warning("%s", error)
            self.is_fresh.set()

    def _follow(self) -> None:
        """Look at the files, and do what they ask for."""
        began = time.thread_time()
        stamps = holdings.stamps(self._archive)
        self._look = time.thread_time() - began
        if self._seen.keys() - stamps.keys():
            self._forgetting = math.inf
        if time.monotonic() < self._forgetting:
            self._forget(stamps.keys() | self._vanished())
        if stamps != self._seen:
            self._held = self._index.refresh().held
            self._seen = stamps
            process.settle()
        if not self._held:
            self._others.keep_up(stamps)

    def _vanished(self) -> Set[str]:
        """Name the episodes that are gone because a disk is, as it seems."""
        root = self._archive.root
        gone = losses.too_many(root, losses.inventory(root))
        return {path.removeprefix("media/").removesuffix(".json") for path in gone}

    def _forget(self, public: Set[str]) -> None:
        """Let go what was made of others, and what somebody writes of them just now."""
        if self._forgetting == math.inf:
            self._others.end()
            if forget(self._archive, public):
                self._forgetting = time.monotonic() + AFTERWARDS
        else:
            forget(self._archive, public)


class _Others:
    """The process that makes what takes long, run again whenever something changed."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._command = [sys.executable, "-m", "radio", "index", "--rest", "--pages"]
        self._process: subprocess.Popen[bytes] | None = None
        self._made: object = None
        self._began = self._next = 0.0  # processor seconds; time of the next run

    def keep_up(self, stamps: Stamps) -> None:
        """Begin a run if something changed, unless one is going on or was a moment ago."""
        if self._process is not None and self._process.poll() is None:
            return
        self.end()
        media = self._archive.media
        shows = [(show, stamp(media / show.slug)) for show in self._archive.shows()]
        state = stamps, shows, state_of(self._archive.root), date.today()
        if state != self._made and time.monotonic() >= self._next:
            self._began, self._made = _used(), state
            command = [*self._command, "--root", str(self._archive.root)]
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
            os.setpriority(os.PRIO_PROCESS, self._process.pid, NICE)

    def end(self) -> None:
        """End the run, if one is going on; what it left to do is done in the next."""
        if self._process is not None:
            if self._process.poll() is None:
                self._process.terminate()
                self._made = None
            self._process.wait()
            self._process = None
            self._next = time.monotonic() + max(PAUSE, SPARING * (_used() - self._began))


def _used() -> float:
    """Tell the processor time of the processes that ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
