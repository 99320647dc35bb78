"""What lies in a bag on a disk, read back and compared with what was written there."""

import os
from collections.abc import Iterator
from pathlib import Path

from radio.bags.bagit import DECLARATION, TAG_MANIFEST, read_manifest
from radio.system.checksums import hash_blocks
from radio.system.disk import blocks, open_file, read_bytes
from radio.system.errors import ArchiveError
from radio.system.progress import Progress


def read_back(dest: Path, there: dict[str, str], progress: Progress) -> list[str]:
    """Read a bag from end to end, and name the files that are not what was written."""
    try:
        tags = read_manifest(read_bytes(dest / TAG_MANIFEST).splitlines(), dest / TAG_MANIFEST)
    except ArchiveError:
        tags = {TAG_MANIFEST: ""} if (dest / DECLARATION).exists() else {}
    return differing(dest, tags | there, progress)


def differing(dest: Path, hashes: dict[str, str], progress: Progress = lambda _: None) -> list[str]:
    """Name the files that have another sha256, or none that can be read."""
    found = list[str]()
    for number, (place, sha256) in enumerate(hashes.items(), 1):
        try:
            is_same = hash_blocks(read_steady(dest / place, from_disk=True)) == sha256
        except UnreadableError:
            is_same = False
        found += [] if is_same else [place]
        progress(number / len(hashes))
    return found


class UnreadableError(Exception):
    """A file can't be read, or changes meanwhile."""


def read_steady(source: Path, *, from_disk: bool = False) -> Iterator[bytes]:
    """Read a file, rather from the disk itself than from what the system remembers of it."""
    try:
        with open_file(source) as file:
            if from_disk and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            before = os.fstat(file.fileno())
            yield from blocks(file)
            after = os.fstat(file.fileno())
    except (ArchiveError, OSError) as error:
        raise UnreadableError from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise UnreadableError
