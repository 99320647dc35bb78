"""The rest: what is made of texts and recordings, by a process of its own (`radio index --rest`).

That is proposed chapters, checksums, waveforms, and the pages that go with the whole archive. All
of it takes long and much memory, so it is made at the lowest priority, once for each state of the
files, and never without a pause.
"""

import math
import resource
import subprocess
import time
from collections.abc import Callable
from datetime import date

from radio.archive import Archive
from radio.archive.imprint import state_of
from radio.system.disk import stamp
from radio.work.aside import Aside
from radio.work.follower import Stamps

PAUSE = 5.0  # seconds between two runs, at least
SPARING = 9  # times the processor time of a run is waited before the next
LONGEST = 600.0  # seconds that are waited at most
UNFINISHED = 3  # exit code of a run that left something for the next one


class Rest:
    """The process that makes the rest, run again whenever something changed."""

    def __init__(
        self,
        archive: Archive,
        output: int | None = subprocess.DEVNULL,
        ended: Callable[[int], None] = lambda _: None,
        *,
        pauses: bool = True,
    ):
        """Take where its messages go, and what is told the exit code of a run that ended.

        Without `pauses` a run may follow another at once.
        """
        self._pauses = pauses
        self._archive, self._aside, self._ended = archive, Aside(output), ended
        self._made: object = None
        self._began = self._next = 0.0  # processor seconds; time of the next run
        self._again = math.inf  # seconds since the epoch: when to try again though nothing changed

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._aside.is_running

    def keep_up(self, stamps: Stamps) -> None:
        """Begin a run if something changed, unless one is going on or was a moment ago."""
        if self.is_running:
            return
        self.end()
        if self.may_begin(stamps):
            self._began, self._made = _used(), self._state(stamps)
            self._again = math.inf
            words = ["--rest", "--pages", *([] if self._pauses else ["--booklets"])]
            self._aside.begin("index", *words, "--root", str(self._archive.root))

    def try_again(self, moment: float) -> None:
        """Run again at a moment, in seconds since the epoch, even if nothing changes until then."""
        self._again = moment

    def is_due(self, stamps: Stamps) -> bool:
        """Whether something changed since a run began, or one that failed is to be tried again."""
        return time.time() >= self._again or self._state(stamps) != self._made

    def may_begin(self, stamps: Stamps) -> bool:
        """Whether a run may begin now: it is due, and the last one was long enough ago."""
        return time.monotonic() >= self._next and self.is_due(stamps)

    def end(self) -> None:
        """End the run, if one is going on; what it left to do is done in the next."""
        if self._aside.has_begun:
            code = self._aside.end()
            if code is None:
                self._made = None
            else:
                self._ended(code)
            if self._pauses:
                self._next = time.monotonic() + pause_after(_used() - self._began)

    def _state(self, stamps: Stamps) -> object:
        media = self._archive.media
        shows = [(show, stamp(media / show.slug)) for show in self._archive.shows()]
        return stamps, shows, state_of(self._archive.root), date.today()


def pause_after(used: float) -> float:
    """Tell how long to wait after a run that took some processor time; both in seconds.

    >>> pause_after(0.1), pause_after(20.0), pause_after(7200.0)
    (5.0, 180.0, 600.0)
    """
    return min(max(PAUSE, SPARING * used), LONGEST)


def _used() -> float:
    """Tell the processor time of the processes that ended, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
