"""Listening: how recordings sound, what they sound like, and copies of those that need one.

A process of its own (`radio index --listen`) does some at a time, at the lowest priority, and
then pauses; what can't be decoded is tried again once files change.
"""

import time

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived.copies import uncopied
from radio.derived.soundness import unmeasured
from radio.kit.music_free import missing_copies
from radio.proposals.twins.prints import Prints
from radio.work.rest import Rest
from radio.work.slices import Slices


def unheard(archive: Archive) -> list[Episode]:
    """List the episodes not measured yet, or without the copy that they need, the newest first."""
    lacking = (
        *(*unmeasured(archive), *Prints(archive).missing()),
        *(*uncopied(archive), *missing_copies(archive)),
    )
    missing = {each.key for each in lacking}
    return [each for each in archive.episodes() if each.key in missing]


def listening(archive: Archive, rest: Rest, *, pauses: bool = True) -> Slices:
    """Give what listens; `rest` makes the pages, which tell how recordings sound."""
    words = ("index", "--listen", "--root", str(archive.root))
    return Slices(
        words,
        lambda: bool(unheard(archive)),
        lambda: rest.try_again(time.time()),
        pauses=pauses,
    )
