"""A file opened beneath a folder, so that no name of it, nor a link, leads out of that folder."""

import errno
import io
import os
import stat
from pathlib import Path

from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _, reason

ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG}
"""What the system says where a name, or one that is no symbolic link, is missing or can’t be."""


def open_beneath(folder: Path, *names: str) -> io.FileIO:
    """Open a regular file beneath a folder, following no symbolic link and waiting for nothing.

    Raises NotFoundError if there is no such file, or something that only looks like one;
    ArchiveError if the system refuses it.
    """
    name = "/".join(names)
    try:
        descriptor = _descend(folder, names)
    except OSError as error:
        kind = NotFoundError if error.errno in ABSENT else ArchiveError
        raise kind(
            _("{path}: {strerror}; `radio check` says more").format(
                path=name, strerror=reason(error)
            )
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotFoundError(
            _("{path}: not a plain file; `radio check` says more").format(path=name)
        )
    return io.FileIO(descriptor)


def _descend(folder: Path, names: tuple[str, ...]) -> int:
    """Open the last of some names, each within the one before it."""
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    for number, name in enumerate(names, 1):
        kind = os.O_NONBLOCK if number == len(names) else os.O_DIRECTORY
        try:
            below = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | kind, dir_fd=place)
        finally:
            os.close(place)
        place = below
    return place
