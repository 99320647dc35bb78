"""What a site does by itself: it follows the files, and has all made that is derived from them.

While `radio work` is at the archive, that has the rest made: a site starts no process then.
"""

import logging
import threading

from radio.archive import Archive
from radio.search import Index
from radio.system.errors import RadioError
from radio.work.follower import OFTEN, RESTING, Follower, Stamps
from radio.work.rest import Rest
from radio.work.status import is_running

log = logging.getLogger(__name__)


class Upkeep:
    """Keeps up with the files of an archive until it is told to stop."""

    def __init__(self, archive: Archive, index: Index):
        self._archive, self._index, self._rest = archive, index, Rest(archive)
        self._follower = Follower(archive, index, self._rest.end)
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
        self._rest.end()

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
            self._rest.end()
        elif not (self._follower.held or self._stopped.is_set()):
            self._rest.keep_up(self._follower.stamps)
