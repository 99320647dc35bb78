"""A site follows the files, and has derived things made unless `radio work` is running."""

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping

from radio.archive import Archive, history, holdings, losses, removal
from radio.derived.cache import forget
from radio.derived.recipe import Means, Recipe
from radio.search import Index
from radio.system import process
from radio.system.disk import Stamp
from radio.system.errors import RadioError
from radio.work.maker import Maker
from radio.work.recipes import derived
from radio.work.status import is_running
from radio.work.tries import Tries

OFTEN = 0.5  # seconds between two looks for changed files, at least
ROUND = 1.0  # seconds between two looks at each file while the folders stay the same, at least
RESTING = 40  # times as long as a look takes is waited: it slows one answer in forty
AFTERWARDS = 10.0  # seconds in which somebody may still write what must go
log = logging.getLogger(__name__)

# states of sidecar and text of each public episode, by key
Stamps = Mapping[str, tuple[Stamp, Stamp]]


class Follower:
    """Updates index and caches from the files, as often as it is asked to look."""

    def __init__(self, archive: Archive, index: Index, interrupt: Callable[[], None]):
        """`interrupt` ends whoever may be writing about an episode that must go."""
        self._archive, self._index, self._interrupt = archive, index, interrupt
        self.stamps: Stamps = {}
        self.look = 0.0  # processor seconds of the last one
        self.held = 0  # files that vanished, and stay in the index
        self._forgetting = math.inf  # until when what must go is looked for
        self.state: object = None  # of the folders before the last look at each file
        self._round = 0.0  # when each file is looked at again in any case

    def follow(self) -> None:
        """Look at the files, and do what they ask for. An edit in place is seen a round later at
        most. Raises RadioError or OSError if the disk refuses."""
        began, now = time.thread_time(), time.monotonic()
        state = holdings.state(self._archive, self._archive.folders())
        if state != self.state or now >= self._round or now < self._forgetting:
            self._follow_each(began)
            self.state, self._round = state, now + ROUND
        else:
            self.look = time.thread_time() - began

    def _follow_each(self, began: float) -> None:
        """Look at each file; the look began at some processor second."""
        root = self._archive.root
        if history.is_cut_short(root) or removal.is_cut_short(root):
            # if it fails: a site shows nothing that must go, and the next act reports why
            with contextlib.suppress(RadioError), self._archive.lock(wait=False):
                pass  # whoever holds the lock finishes it
        stamps = holdings.stamps(self._archive)
        self.look = time.thread_time() - began
        if self.stamps.keys() - stamps.keys():
            self._forgetting = math.inf
        is_first = self._forgetting == math.inf
        if time.monotonic() < self._forgetting:
            if is_first:
                self._interrupt()
            gone = losses.away(root)  # because a disk is, as it seems
            vanished = {path.removeprefix("media/").removesuffix(".json") for path in gone}
            if forget(self._archive, stamps.keys() | vanished) and is_first:
                self._forgetting = time.monotonic() + AFTERWARDS
        if stamps != self.stamps:
            self.held = self._index.refresh().held
            self.stamps = stamps
            process.settle()


class Upkeep:
    """Follows the files of an archive until it is stopped."""

    def __init__(self, archive: Archive, index: Index, pages: Recipe, base_url: str = ""):
        """`pages` is a recipe of a room above, `base_url` the address of the site."""
        self._archive, self._index, means = archive, index, Means(base_url=base_url)
        self._maker = Maker(
            archive, derived(pages), Tries(), lambda _: None if self._follower.held else means
        )
        self._follower = Follower(archive, index, self._maker.end)
        self._counted: Stamps = {}  # the files of which themes were counted last
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
        self._maker.end()

    def _run(self) -> None:
        follower = self._follower
        while not self._stopped.wait(max(OFTEN, RESTING * follower.look)):
            try:
                follower.follow()
                if follower.stamps is not self._counted:
                    self._counted = follower.stamps
                    self._index.dossiers.subjects()  # before a listener asks for the list of themes
                if is_running(self._archive):
                    self._maker.end()
                elif not self._stopped.is_set():
                    self._maker.keep_up(follower.state, follower.stamps)
            except (RadioError, OSError) as error:
                log.warning("%s", error)
            self.is_fresh.set()
