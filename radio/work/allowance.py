"""The allowance of books: how long they may take in an hour, so that what is heard comes first.

The first books of some hundred dossiers take hours. Each hour gives them some minutes, fewer while
episodes wait for a text; those of the dossiers with most episodes come first. What was spent, and
how many are left, lies in `cache/books.json`, derived.
"""

import time
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import Archive
from radio.system import records
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import ArchiveError
from radio.system.progress import Progress

FILE = "books.json"
HOUR = 3600.0  # seconds
BUSY, FREE = 300.0, 1200.0  # seconds of an hour, while episodes wait for a text, and else


@dataclass(frozen=True)
class _Kept:
    hour: int = 0  # since the epoch
    spent: float = 0.0  # seconds
    left: int = 0  # books that are still to be made


class Allowance:
    """How long the books of an archive may take."""

    def __init__(self, archive: Archive):
        self._path = archive.cache / FILE
        self.most = BUSY if archive.missing() else FREE  # seconds an hour
        self._since = time.monotonic()

    @property
    def left(self) -> float:
        """How many seconds are left of this hour."""
        return max(0.0, self.most - _now(self._path).spent)

    @property
    def again(self) -> float:
        """When books may be made again, in seconds since the epoch: now, or in the next hour."""
        return time.time() if self.left else (_hour() + 1) * HOUR

    def watch(self, progress: Progress) -> Progress:
        """Give what is told of progress to somebody, and note the time that passed."""
        self._since = time.monotonic()

        def tell(share: float) -> None:
            now = time.monotonic()
            kept = _now(self._path)
            _write(self._path, replace(kept, spent=kept.spent + now - self._since))
            self._since = now
            progress(share)

        return tell

    def note(self, left: int) -> None:
        """Note how many books are still to be made.

        Raises ArchiveError if the disk refuses.
        """
        kept = _now(self._path)
        if kept.left != left:
            _write(self._path, replace(kept, left=left))


def books_left(archive: Archive) -> int:
    """Tell how many books were still to be made when somebody last made some."""
    return _read(archive.cache / FILE).left


def _hour() -> int:
    return int(time.time() // HOUR)


def _now(path: Path) -> _Kept:
    """Read what was spent in this hour."""
    kept = _read(path)
    return kept if kept.hour == _hour() else _Kept(_hour(), 0.0, kept.left)


def _read(path: Path) -> _Kept:
    try:
        return records.read(_Kept, read_bytes(path), path)
    except ArchiveError:
        return _Kept()


def _write(path: Path, kept: _Kept) -> None:
    write_whole(path, records.render(kept))
