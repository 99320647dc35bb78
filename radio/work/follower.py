"""The follower: it looks at the files, and has the index and the caches follow them."""

import contextlib
import math
import time
from collections.abc import Callable, Mapping, Set

from radio.archive import Archive, history, holdings, losses, removal
from radio.derived.cache import forget
from radio.search import Index
from radio.system import process
from radio.system.disk import Stamp
from radio.system.errors import RadioError

OFTEN = 0.5  # seconds between two looks for changed files, at least
ROUND = 1.0  # seconds between two looks at each file while the folders stay the same, at least
RESTING = 40  # times as long as a look takes is waited: it slows one answer in forty
AFTERWARDS = 10.0  # seconds in which somebody may still write what must go

Stamps = Mapping[str, tuple[Stamp, Stamp]]
"""The states of the sidecar and the text of each public episode, by key."""


class Follower:
    """Keeps index and caches up with the files, as often as it is told to look."""

    def __init__(self, archive: Archive, index: Index, interrupt: Callable[[], None]):
        """Take what ends (`interrupt`) whoever may be writing about an episode that must go."""
        self._archive, self._index, self._interrupt = archive, index, interrupt
        self.stamps: Stamps = {}
        self.look = 0.0  # processor seconds of the last one
        self.held = 0  # files that vanished, and are kept in the index all the same
        self._forgetting = math.inf  # until when what must go is looked for
        self.state: object = None  # of the folders before the last look at each file
        self._round = 0.0  # when each file is looked at again in any case

    def follow(self) -> None:
        """Look at the files, and do what they ask for.

        A file that is written whole changes its folder; one that an editor changes in its place is
        seen a round later at most. Raises RadioError or OSError if the disk refuses.
        """
        began, now = time.thread_time(), time.monotonic()
        state = holdings.state(self._archive, self._archive.folders())
        if state != self.state or now >= self._round or now < self._forgetting:
            self._follow_each(began)
            self.state, self._round = state, now + ROUND
        else:
            self.look = time.thread_time() - began

    def _follow_each(self, began: float) -> None:
        """Look at each file; the look began at some processor second."""
        _finish(self._archive)
        stamps = holdings.stamps(self._archive)
        self.look = time.thread_time() - began
        if self.stamps.keys() - stamps.keys():
            self._forgetting = math.inf
        if time.monotonic() < self._forgetting:
            self._forget(stamps.keys() | self._vanished())
        if stamps != self.stamps:
            self.held = self._index.refresh().held
            self.stamps = stamps
            process.settle()

    def _vanished(self) -> Set[str]:
        """Name the episodes that are gone because a disk is, as it seems."""
        root = self._archive.root
        gone = losses.too_many(root, losses.inventory(root))
        return {path.removeprefix("media/").removesuffix(".json") for path in gone}

    def _forget(self, public: Set[str]) -> None:
        """Let go what was made of others, and what somebody writes of them just now."""
        if self._forgetting == math.inf:
            self._interrupt()
            if forget(self._archive, public):
                self._forgetting = time.monotonic() + AFTERWARDS
        else:
            forget(self._archive, public)


def _finish(archive: Archive) -> None:
    """Finish what a keeper's act that died had begun: a site goes on giving nothing that must go.

    Whoever acts next is told why it can't be.
    """
    if history.is_cut_short(archive.root) or removal.is_cut_short(archive.root):
        with contextlib.suppress(RadioError), archive.lock(wait=False):
            pass  # whoever holds the lock finishes it
