"""Orders: what a keeper asks of the work that goes on by itself: to pause, to try again now.

They lie in `cache/orders.json`, written by whoever asks and read by `radio work`, in another
process or at its next start.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import Archive
from radio.system import records
from radio.system.disk import Stamp, read_bytes, stamp, write_whole
from radio.system.errors import ArchiveError
from radio.work.status import Trouble

FILE, LOCK = "orders.json", "orders"
KEPT = 7 * 86_400.0  # seconds that a wish is remembered


@dataclass(frozen=True)
class Wish:
    """That something is tried again at once."""

    kind: str
    key: str
    when: float  # seconds since the epoch


@dataclass(frozen=True)
class _Kept:
    is_paused: bool = False
    wishes: tuple[Wish, ...] = ()


class Orders:
    """What was asked of the work on an archive; read anew whenever the file changes."""

    def __init__(self, archive: Archive):
        self._path = archive.cache / FILE
        self._state: Stamp | None = None
        self._known = _Kept()

    @property
    def is_paused(self) -> bool:
        """Whether nothing that takes long is to begin."""
        return self._read().is_paused

    def is_wished(self, trouble: Trouble, noted: float) -> bool:
        """Whether somebody asked to try that again after it was noted."""
        return any(
            each.when > noted and (each.kind, each.key) == (trouble.kind, trouble.key)
            for each in self._read().wishes
        )

    def _read(self) -> _Kept:
        if self._state != (state := stamp(self._path)):
            self._state, self._known = state, _read(self._path)
        return self._known


def pause(archive: Archive, *, on: bool) -> None:
    """Let nothing that takes long begin until it is turned off; what is under way stops soon.

    Raises ArchiveError if the disk refuses.
    """
    with archive.lock(LOCK):
        path = archive.cache / FILE
        _write(path, replace(_read(path), is_paused=on))


def try_again(archive: Archive, troubles: Sequence[Trouble]) -> None:
    """Have what failed be tried again at once, rather than after its wait.

    Raises ArchiveError if the disk refuses.
    """
    now = time.time()
    with archive.lock(LOCK):
        kept = _read(path := archive.cache / FILE)
        wishes = {(each.kind, each.key): each for each in kept.wishes if each.when > now - KEPT}
        wishes |= {(each.kind, each.key): Wish(each.kind, each.key, now) for each in troubles}
        _write(path, replace(kept, wishes=tuple(wishes.values())))


def _read(path: Path) -> _Kept:
    """Read what is there; what can't be read counts as nothing, for it is derived."""
    try:
        return records.read(_Kept, read_bytes(path), path)
    except ArchiveError:
        return _Kept()


def _write(path: Path, kept: _Kept) -> None:
    write_whole(path, records.render(kept))
