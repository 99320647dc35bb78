"""Checksums, computed once for each state of a file, in `cache/checksums/`: a file for each folder
of the archive, a line for each file: time of writing (ns), size (bytes), CRC-32, sha256, name."""

import contextlib
import hashlib
import logging
import os
import zlib
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from radio.system.disk import Stamp, blocks, explained, open_file, stamp, write_whole
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress, silent

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sums:
    """The checksums of a file at a stamp."""

    stamp: Stamp
    crc32: int
    sha256: str  # empty where the file could not be read

    @property
    def is_readable(self) -> bool:
        """Whether the file could be read."""
        return bool(self.sha256)


class Checksums:
    """The checksums of an archive; those of one folder are in memory at a time."""

    def __init__(self, root: Path):
        self._root = root
        self._folder = ""
        self._sums: dict[str, Sums] = {}
        self._is_dirty = False

    def find(self, folder: str, name: str, stamp: Stamp) -> Sums | None:
        """Give the checksums of a file in this state; None if not read yet."""
        self._open(folder)
        sums = self._sums.get(name)
        return sums if sums and sums.stamp == stamp else None

    def measure(
        self, folder: str, name: str, progress: Callable[[int], None] = silent
    ) -> Sums | None:
        """Read a file and record its checksums; None if it changes meanwhile. `progress` gets the
        bytes of each block. An unreadable file gives one warning until it changes."""
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
        self._sums[name] = sums
        self._is_dirty = True
        return sums

    def keep(self) -> None:
        """Write the checksums of the current folder, if they changed."""
        if self._is_dirty:
            lines = (
                f"{each.stamp[0]} {each.stamp[1]} {each.crc32:08x} {each.sha256} {name}\n"
                for name, each in self._sums.items()
            )
            write_whole(self._path(), "".join(lines).encode())
            self._is_dirty = False

    def carry(self, old: tuple[str, str], new: tuple[str, str]) -> None:
        """Keep the checksums of a file that got another name, in this folder or another."""
        self._open(old[0])
        sums = self._sums.get(old[1])
        self._open(new[0])
        if sums:
            self._sums[new[1]] = sums
            self._is_dirty = True

    def forget_others(self, folder: str, names: Set[str]) -> None:
        """Remove the checksums of files that a folder no longer has."""
        self._open(folder)
        for missing in self._sums.keys() - names:
            del self._sums[missing]
            self._is_dirty = True
        self.keep()

    def _open(self, folder: str) -> None:
        if folder != self._folder:
            self.keep()
            self._folder, self._sums = folder, {}
            with contextlib.suppress(OSError, ValueError):  # derived: what is damaged is made again
                for line in self._path().read_text(encoding="utf-8").splitlines():
                    modified, size, crc32, sha256, name = line.split(" ", 4)
                    stamp = int(modified), int(size)
                    self._sums[name] = Sums(stamp, int(crc32, 16), sha256)

    def _path(self) -> Path:
        return self._root / "cache" / "checksums" / f"{self._folder}.txt"


def measure(path: Path, progress: Callable[[int], None] = silent) -> Sums:
    """Read a file and give its checksums; `progress` gets the bytes of each block. Raises
    ArchiveError if it can't be read."""
    digest, crc32 = hashlib.sha256(), 0
    with open_file(path) as file, explained(path, _("vérifiez le fichier")):
        for block in blocks(file):
            digest.update(block)
            crc32 = zlib.crc32(block, crc32)
            progress(len(block))
        status = os.fstat(file.fileno())
    return Sums((status.st_mtime_ns, status.st_size), crc32, digest.hexdigest())


def hash_file(path: Path) -> str:
    """Give the sha256 of a file. Raises ArchiveError if it can't be read."""
    with open_file(path) as file, explained(path, _("vérifiez le fichier")):
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_blocks(blocks: Iterable[bytes]) -> str:
    """Give the sha256 of bytes that come in blocks."""
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def copy_blocks(
    blocks: Iterable[bytes], file: IO[bytes], total: int = 0, progress: Progress = silent
) -> str:
    """Write blocks to a file and give their sha256. `total` is the bytes to come, 0 if unknown."""
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        file.write(block)
        size += len(block)
        progress(size / max(total, size) if total else 0.0)
    return digest.hexdigest()
