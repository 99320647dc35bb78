"""What waits for people at the desk, and the titles of what the desk tells of by its key."""

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass

from radio.archive import Archive
from radio.ingest.uploads import uploads
from radio.proposals import queue as proposals
from radio.system.errors import ArchiveError, RadioError
from radio.work.status import read_status


@dataclass(frozen=True)
class Awaited:
    """How much waits for somebody, of each kind."""

    proposals: int | None  # None where their list can't be read
    recordings: int = 0  # that were sent, and are to be taken in
    failed: int = 0  # of the work that goes on by itself


def awaited(archive: Archive, *, is_keeper: bool) -> Awaited:
    """Count what waits; recordings are for keepers alone."""
    failed = len(read_status(archive).troubles)
    sent = sum(1 for each in uploads(archive) if each.row) if is_keeper else 0
    return Awaited(_proposed(archive), sent, failed)


def _proposed(archive: Archive) -> int | None:
    try:
        return len(proposals.read(archive.root).waiting)
    except ArchiveError:
        return None


def titles_of(archive: Archive, keys: Iterable[str]) -> dict[str, str]:
    """Give the titles of the episodes that are there, by key."""
    found = {}
    for key in {each for each in keys if "/" in each}:
        with contextlib.suppress(RadioError):
            found[key] = archive.episode(key).title
    return found
