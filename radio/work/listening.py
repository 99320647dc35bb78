"""Listening: how recordings sound, what they sound like, and copies of those that need one.

A process of its own (`radio index --listen`) does some at a time, at the lowest priority, and
then pauses; what can't be decoded is tried again once files change.
"""

import time

from radio.archive import Archive
from radio.copies import uncopied
from radio.episode import Episode
from radio.music_free import missing_copies
from radio.soundness import unmeasured
from radio.twins.prints import Prints
from radio.work.aside import Aside
from radio.work.follower import Stamps
from radio.work.rest import Rest

SLICE = 60.0  # seconds of a run, and of the pause after it
MORE = 75  # exit code of a run that left some for the next


def unheard(archive: Archive) -> list[Episode]:
    """List the episodes not measured yet, or without the copy that they need, the newest first."""
    lacking = (
        *(*unmeasured(archive), *Prints(archive).missing()),
        *(*uncopied(archive), *missing_copies(archive)),
    )
    missing = {each.key for each in lacking}
    return [each for each in archive.episodes() if each.key in missing]


class Listening:
    """The process that listens, run again until there is nothing left."""

    def __init__(self, archive: Archive, rest: Rest, *, pauses: bool = True):
        """Take what makes the pages, which tell how recordings sound.

        Without `pauses` a run follows another at once.
        """
        self._archive, self._rest, self._pauses = archive, rest, pauses
        self._aside = Aside(output=None)
        self._heard: Stamps | None = None  # the state in which all was measured, as far as it can
        self._next = 0.0  # time of the next run

    @property
    def is_running(self) -> bool:
        """Whether a run is going on."""
        return self._aside.is_running

    def is_due(self, stamps: Stamps) -> bool:
        """Whether something is left to listen to, in this state of the files."""
        return stamps != self._heard and bool(unheard(self._archive))

    def keep_up(self, stamps: Stamps) -> None:
        """Begin a run if something is left, unless one is going on or was a moment ago."""
        if self.is_running:
            return
        self.end(stamps)
        if time.monotonic() >= self._next and self.is_due(stamps):
            self._aside.begin("index", "--listen", "--root", str(self._archive.root))

    def end(self, stamps: Stamps | None = None) -> None:
        """End the run, if one is going on; `stamps` are the state in which it ended by itself."""
        if self._aside.has_begun:
            code = self._aside.end()
            if code not in (None, MORE):
                self._heard = stamps
                self._rest.try_again(time.time())
            self._next = time.monotonic() + (SLICE if self._pauses else 0.0)
