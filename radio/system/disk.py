"""Files written whole or not at all, so that neither a crash nor a power cut leaves half a file.

Whatever is written goes to a hidden file in the same folder, is flushed to the disk and renamed,
and the folder is flushed too.

What is read is a regular file that lies where its name says. A link, a pipe, a socket or a device
counts as nothing: following the first leads out of the archive, opening the others waits for ever.
"""

import contextlib
import errno
import fcntl
import io
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Protocol

from radio.system.errors import ArchiveError, NotFoundError, ReadOnlyError
from radio.system.messages import _, reason

LARGEST = 32 << 20  # bytes of a file that is read at once
BLOCK = 1 << 20  # bytes of a file that is read block by block
ROOM = _("vérifiez la place libre et les droits du dossier")
RESERVE = 64 << 20  # bytes of a disk that stay free
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
LINK = _("mettez à sa place le fichier ou le dossier lui-même")
NO_LINK = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EACCES}
"""What it says where a file can't have two names."""
ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG}
"""What it says where a name, or one that is no symbolic link, is missing or can’t be."""
NOTHING = os.stat_result([0] * 10)

Stamp = tuple[int, int]
"""When a file was last written (nanoseconds) and its size (bytes); zeros where there is none."""


def stamp(path: "Path | os.DirEntry[str]") -> Stamp:
    """Tell the state of a file or a folder without reading it; a link has none."""
    status = _status(path)
    if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
        return status.st_mtime_ns, status.st_size
    return 0, 0


def is_file(path: "Path | os.DirEntry[str]") -> bool:
    """Whether a regular file lies there, and no link to one."""
    return stat.S_ISREG(_status(path).st_mode)


def is_folder(path: "Path | os.DirEntry[str]") -> bool:
    """Whether a folder lies there, and no link to one."""
    return stat.S_ISDIR(_status(path).st_mode)


def regular_files(
    folder: Path, is_wanted: Callable[[str], bool] = lambda _: True
) -> dict[str, Stamp]:
    """Tell the state of the regular files of a folder, those of a wanted name, by name.

    A link to a folder has none. Raises ArchiveError if the disk refuses the folder.
    """
    if not is_folder(folder):
        return {}
    with explained(folder, _("vérifiez les droits du dossier")), os.scandir(folder) as entries:
        wanted = (each for each in entries if is_wanted(each.name) and is_file(each))
        return {each.name: stamp(each) for each in wanted}


def _status(path: "Path | os.DirEntry[str]") -> os.stat_result:
    try:
        return path.stat(follow_symlinks=False)
    except (OSError, ValueError):  # gone, beneath what is no folder, or of an impossible name
        return NOTHING


def temporary(path: Path) -> Path:
    """Name a hidden file in the same folder that becomes `path` once it is whole; no two alike."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.{os.getpid()}.part")


def is_temporary(name: str) -> bool:
    """Whether a file of that name is not whole yet: its writer is at it, or died."""
    return name.startswith(".") and name.endswith(".part")


@contextlib.contextmanager
def held(part: Path, path: Path | None = None) -> Iterator[None]:
    """Make an empty file and hold it while it is written, so that nobody sweeps it.

    Raises ArchiveError if it can't be made, naming what it is to become, where that is told.
    """
    while True:
        with explained(path or part, ROOM):
            descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, 0o666)
        try:
            with contextlib.suppress(OSError):  # of a disk that knows no locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:  # nobody swept it before it was held
                yield
                return
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """Give a hidden file, held, which becomes `path` if it is kept, and goes if not.

    Raises ArchiveError naming the file if the disk refuses.
    """
    with explained(path, ROOM):
        path.parent.mkdir(parents=True, exist_ok=True)
    part = temporary(path)
    try:
        with held(part, path):
            yield part
    finally:
        discard(part)


def keep(part: Path, path: Path) -> None:
    """Give a finished temporary file or folder its name, so that it survives a power cut.

    Raises ArchiveError naming the file if the disk refuses.
    """
    with explained(path, ROOM):
        _flush(part)
        part.replace(path)
        _flush(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises ArchiveError naming the file if the disk refuses.
    """
    with unfinished(path) as part:
        with explained(path, ROOM):
            part.write_bytes(content)
        keep(part, path)


def give_name(old: Path, new: Path) -> None:
    """Give a file or a folder another name; a file keeps the old one too, where the disk can.

    To be done again after a crash: nothing happens where `new` is there, or `old` is not. A file is
    copied where both lie on different disks. Raises ArchiveError if the disk refuses.
    """
    if os.path.lexists(new) or not os.path.lexists(old):
        return
    with explained(new, ROOM):
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            old.rename(new) if is_folder(old) else os.link(old, new, follow_symlinks=False)
        except OSError as error:
            if error.errno not in NO_LINK:
                raise
            move(old, new)
        _flush(new.parent)


def drop_name(old: Path, new: Path) -> None:
    """Take the old name from a file that has the new one; another file of that name stays."""
    if is_file(old) and is_file(new) and stamp(old) == stamp(new):
        with explained(old, _("vérifiez les droits du dossier")):
            old.unlink()
            _flush(old.parent)


def drop_empty(folder: Path, kept: Collection[Path]) -> None:
    """Remove a folder that is empty, and those above it, but for some; errors as of `drop_name`."""
    with explained(folder, _("vérifiez les droits du dossier")):
        while folder not in kept and is_folder(folder) and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def move(old: Path, new: Path) -> None:
    """Give a file the name of another; from another disk it is copied, and the old one stays.

    Raises OSError if the disk refuses.
    """
    try:
        old.rename(new)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with unfinished(new) as part:
            shutil.copy2(old, part)
            keep(part, new)


def discard(part: Path) -> None:
    """Remove a temporary file that may be there; what a disk keeps, the next writer sweeps."""
    with contextlib.suppress(OSError):
        part.unlink()


def open_file(path: Path) -> io.FileIO:
    """Open a regular file to be read, following no link and waiting for nothing.

    Raises ArchiveError naming it if it is none, or if the disk refuses.
    """
    with explained(path, _("vérifiez les droits du fichier, ou restaurez-le")):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        message = _("{path} : pas un fichier ordinaire ; déplacez-le, ou restaurez le fichier")
        raise ArchiveError(message, path=path)
    return io.FileIO(descriptor)


def open_beneath(folder: Path, *names: str) -> io.FileIO:
    """Open a regular file beneath a folder, following no symbolic link and waiting for nothing.

    No name leads out of the folder. Raises NotFoundError if there is no such file, or something
    that only looks like one; ArchiveError if the system refuses it.
    """
    path = "/".join(names)
    try:
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        for number, name in enumerate(names, 1):
            kind = os.O_NONBLOCK if number == len(names) else os.O_DIRECTORY
            above = place
            try:
                place = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | kind, dir_fd=above)
            finally:
                os.close(above)
    except OSError as error:
        kind_of = NotFoundError if error.errno in ABSENT else ArchiveError
        message = _("{path} : {strerror} ; `radio check` en dit plus")
        raise kind_of(message, path=path, strerror=reason(error)) from error
    if not stat.S_ISREG(os.fstat(place).st_mode):
        os.close(place)
        message = _("{path} : pas un fichier ordinaire ; `radio check` en dit plus")
        raise NotFoundError(message, path=path)
    return io.FileIO(place)


def read_bytes(path: Path, most: int = LARGEST) -> bytes:
    """Read a regular file of no more than `most` bytes.

    Raises ArchiveError naming it if it is larger or none, or if the disk refuses.
    """
    with open_file(path) as file, explained(path, _("vérifiez le disque, ou restaurez le fichier")):
        if os.fstat(file.fileno()).st_size > most:
            message = _("{path} : plus de {most} Mio ; restaurez le fichier")
            raise ArchiveError(message, path=path, most=most >> 20)
        return file.readall()


class Readable(Protocol):
    """What gives up to so many bytes at a time, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """Give the next bytes."""
        ...


def blocks(file: Readable) -> Iterator[bytes]:
    """Read a file from where it stands to its end."""
    while block := file.read(BLOCK):
        yield block


def read_end(path: Path, size: int) -> bytes:
    """Read the last `size` bytes of a regular file; nothing where it is not there.

    Raises ArchiveError naming it if it is none, or if the disk refuses.
    """
    with explained(path, _("vérifiez les droits du fichier, ou restaurez-le")):
        if not path.exists():
            return b""
        with open_file(path) as file:
            file.seek(-min(size, file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.readall()


def require_room(folder: Path, size: int, told: Callable[[int], str], reserve: int = 0) -> None:
    """Refuse to write `size` bytes to a disk of which too little would stay free.

    What stays is RESERVE, or a larger `reserve`. Raises ArchiveError with what is `told` of the
    bytes that are free.
    """
    free = shutil.disk_usage(folder).free
    if size and size + max(reserve, RESERVE) > free:
        raise ArchiveError(told(free))


@contextlib.contextmanager
def explained(path: Path, remedy: str) -> Iterator[None]:
    """Tell what the system refused as an ArchiveError with a remedy."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            message = _("{path} : un lien, qui n’est pas suivi ; {link}")
            raise ArchiveError(message, path=path, link=LINK) from error
        kind = ReadOnlyError if error.errno in READ_ONLY else ArchiveError
        message = _("{path} : {reason} ; {remedy}")
        raise kind(message, path=path, reason=reason(error), remedy=_(remedy)) from error


def flush(path: Path) -> None:
    """Have a finished file on the disk before anything counts on it.

    Raises ArchiveError naming the file if the disk refuses.
    """
    with explained(path, ROOM):
        _flush(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
