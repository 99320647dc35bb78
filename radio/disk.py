"""Files written whole or not at all, so that neither a crash nor a power cut leaves half a file.

Whatever is written goes to a hidden file in the same folder, is flushed to the disk and renamed,
and the folder is flushed too.
"""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from radio.errors import ArchiveError

Stamp = tuple[int, int]
"""When a file was last written (nanoseconds) and its size (bytes); zeros where there is none."""


def stamp(path: "Path | os.DirEntry[str]") -> Stamp:
    """Tell the state of a file without reading it."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def temporary(path: Path) -> Path:
    """Name the hidden file in the same folder that becomes `path` once it is whole."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


def keep(part: Path, path: Path) -> None:
    """Give a finished temporary file or folder its name, so that it survives a power cut.

    Raises ArchiveError naming the file if the disk refuses.
    """
    with explained(path, "check the free space and the rights of the folder"):
        _flush(part)
        part.replace(path)
        _flush(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises ArchiveError naming the file if the disk refuses.
    """
    part = temporary(path)
    try:
        with explained(path, "check the free space and the rights of the folder"):
            path.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
        keep(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises ArchiveError naming it if the disk refuses.
    """
    with explained(path, "check the rights of the file, or restore it"):
        return path.read_bytes()


def read_end(path: Path, size: int) -> bytes:
    """Read the last `size` bytes of a file; nothing where it is not there.

    Raises ArchiveError naming it if the disk refuses.
    """
    with explained(path, "check the rights of the file, or restore it"):
        if not path.exists():
            return b""
        with path.open("rb") as file:
            file.seek(-min(size, file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.read()


@contextlib.contextmanager
def explained(path: Path, remedy: str) -> Iterator[None]:
    """Tell what the system refused as an ArchiveError with a remedy."""
    try:
        yield
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}; {remedy}") from error


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
