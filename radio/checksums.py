"""Checksums of files, computed once for each state of a file: `cache/checksums/`, derived.

For each folder of the archive there is a file with a line for each file of it: when it was written
(nanoseconds), size, CRC-32, sha256, name.
"""

import hashlib
import logging
import os
import zlib
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from radio.disk import Stamp, blocks, explained, open_file, stamp, write_whole
from radio.errors import ArchiveError
from radio.messages import _
from radio.progress import Progress

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sums:
    """What the bytes of a file come to, as of a stamp."""

    stamp: Stamp
    crc32: int
    sha256: str  # empty where the file could not be read

    @property
    def is_readable(self) -> bool:
        """Whether the file could be read."""
        return bool(self.sha256)


class Checksums:
    """The checksums of an archive, those of one folder in memory at a time."""

    def __init__(self, root: Path, cache: Path):
        self._root, self._cache = root, cache
        self._folder = ""
        self._known: dict[str, Sums] = {}
        self._changed = False

    def find(self, folder: str, name: str, stamp: Stamp) -> Sums | None:
        """Give the checksums of a file if they are known in this state of it."""
        self._open(folder)
        known = self._known.get(name)
        return known if known and known.stamp == stamp else None

    def measure(
        self, folder: str, name: str, progress: Callable[[int], None] = lambda _: None
    ) -> Sums | None:
        """Read a file from end to end, telling how many bytes pass, and know its checksums.

        One that can't be read is known as such, with a warning, until it changes. Gives None if it
        changes meanwhile.
        """
        self._open(folder)
        path = self._root / folder / name
        before = stamp(path)
        try:
            sums = measure(path, progress)
        except ArchiveError as error:
            log.warning("%s", error)
            sums = Sums(stamp(path), 0, "")
        if sums.stamp != before:
            return None
        self._known[name] = sums
        self._changed = True
        return sums

    def keep(self) -> None:
        """Write down what is known of the folder of the moment."""
        if self._changed:
            write_whole(self._path(), "".join(map(_line, self._known.items())).encode())
            self._changed = False

    def forget_others(self, folder: str, names: Set[str]) -> None:
        """Write down what is known of the files that a folder still has."""
        self._open(folder)
        for gone in self._known.keys() - names:
            del self._known[gone]
            self._changed = True
        self.keep()

    def _open(self, folder: str) -> None:
        if folder != self._folder:
            self.keep()
            self._folder = folder
            try:
                lines = self._path().read_text(encoding="utf-8").splitlines()
                self._known = dict(map(_read, lines))
            except (OSError, ValueError):  # ours alone, so what is damaged is made again
                self._known = {}

    def _path(self) -> Path:
        return self._cache / f"{self._folder}.txt"


def measure(path: Path, progress: Callable[[int], None] = lambda _: None) -> Sums:
    """Read a file from end to end, telling how many bytes pass, and give its checksums.

    Raises ArchiveError if it can't be read.
    """
    digest, crc32 = hashlib.sha256(), 0
    with open_file(path) as file, explained(path, _("check the file")):
        for block in blocks(file):
            digest.update(block)
            crc32 = zlib.crc32(block, crc32)
            progress(len(block))
        status = os.fstat(file.fileno())
    return Sums((status.st_mtime_ns, status.st_size), crc32, digest.hexdigest())


def hash_file(path: Path) -> str:
    """Give the sha256 of a file.

    Raises ArchiveError if it can't be read.
    """
    with open_file(path) as file, explained(path, _("check the file")):
        return hash_blocks(blocks(file))


def hash_blocks(blocks: Iterable[bytes]) -> str:
    """Give the sha256 of bytes that come in blocks."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def copy_blocks(
    blocks: Iterable[bytes], file: IO[bytes], total: int = 0, progress: Progress = lambda _: None
) -> str:
    """Write blocks to a file and give their sha256: the bytes pass once.

    `total` is how many bytes are expected, 0 where nobody knows.
    """
    digest, done = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        file.write(block)
        done += len(block)
        progress(done / max(total, done) if total else 0.0)
    return digest.hexdigest()


def _line(item: tuple[str, Sums]) -> str:
    name, sums = item
    return f"{sums.stamp[0]} {sums.stamp[1]} {sums.crc32:08x} {sums.sha256} {name}\n"


def _read(line: str) -> tuple[str, Sums]:
    written, size, crc32, sha256, name = line.split(" ", 4)
    return name, Sums((int(written), int(size)), int(crc32, 16), sha256)
