"""What a site does by itself: it follows the files, and has all made that is derived from them.

While `radio work` is at the archive, that has the rest made: a site starts no process then.
"""

import logging
import threading

from radio.archive import Archive
from radio.derived.recipe import Means, Recipe
from radio.search import Index
from radio.system.errors import RadioError
from radio.work.follower import OFTEN, RESTING, Follower, Stamps
from radio.work.maker import Maker
from radio.work.recipes import derived
from radio.work.status import is_running
from radio.work.tries import Tries

log = logging.getLogger(__name__)


class Upkeep:
    """Keeps up with the files of an archive until it is told to stop."""

    def __init__(self, archive: Archive, index: Index, pages: Recipe, base_url: str = ""):
        """Take how `pages` are made, which are of a room above, and the address of the site."""
        self._archive, self._index, self._means = archive, index, Means(base_url=base_url)
        self._maker = Maker(archive, derived(pages), Tries(), lambda _: self._may_make())
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
        while not self._stopped.wait(max(OFTEN, RESTING * self._follower.look)):
            try:
                self._keep_up()
            except (RadioError, OSError) as error:
                log.warning("%s", error)
            self.is_fresh.set()

    def _keep_up(self) -> None:
        self._follower.follow()
        if self._follower.stamps is not self._counted:
            self._counted = self._follower.stamps
            self._index.dossiers.subjects()  # before a listener asks for the list of themes
        if is_running(self._archive):
            self._maker.end()
        elif not self._stopped.is_set():
            self._maker.keep_up(self._follower.state, self._follower.stamps)

    def _may_make(self) -> Means | None:
        return None if self._follower.held else self._means
