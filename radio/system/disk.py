"""Files written whole or not at all: to a hidden file in the same folder, flushed, renamed, and the
folder flushed. Only regular files are read: a link may lead out of the archive, and a pipe or
device may wait for ever. If the disk refuses, all raise ArchiveError with the file."""

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
RIGHTS = _("vérifiez les droits du dossier")
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
LINK = _("mettez à sa place le fichier ou le dossier lui-même")
# a file can't have two names
NO_LINK = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS, errno.EACCES}
# no such name, or a symbolic link
ABSENT = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG}
NOTHING = os.stat_result([0] * 10)

Stamp = tuple[int, int]  # nanoseconds of the last writing, bytes; zeros without a file


def stamp(path: "Path | os.DirEntry[str] | str") -> Stamp:
    """Give the state of a file or a folder without reading it; zeros for a link."""
    status = _status(path)
    if stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode):
        return status.st_mtime_ns, status.st_size
    return 0, 0


def file_stamp(path: Path) -> Stamp | None:
    """Give the state of a regular file; None where there is none."""
    status = _status(path)
    return (status.st_mtime_ns, status.st_size) if stat.S_ISREG(status.st_mode) else None


def is_file(path: "Path | os.DirEntry[str]") -> bool:
    """Whether it is a regular file, and no link to one."""
    return stat.S_ISREG(_status(path).st_mode)


def is_folder(path: "Path | os.DirEntry[str]") -> bool:
    """Whether it is a folder, and no link to one."""
    if isinstance(path, os.DirEntry):  # as the folder above it says, without a look
        with contextlib.suppress(OSError):
            return path.is_dir(follow_symlinks=False)
    return stat.S_ISDIR(_status(path).st_mode)


def regular_files(
    folder: Path, is_wanted: Callable[[str], bool] = lambda _: True
) -> dict[str, Stamp]:
    """Give the state of the regular files of a folder by wanted names; none through a link."""
    if not is_folder(folder):
        return {}
    with explained(folder, RIGHTS), os.scandir(folder) as entries:
        wanted = (each for each in entries if is_wanted(each.name) and is_file(each))
        return {each.name: stamp(each) for each in wanted}


def _status(path: "Path | os.DirEntry[str] | str") -> os.stat_result:
    try:
        if isinstance(path, os.DirEntry):  # it may know
            return path.stat(follow_symlinks=False)
        return os.lstat(path)
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
    """Make a file and hold it while it is written, so that nobody sweeps it; errors name `path`."""
    while True:
        with explained(path or part):
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
    """Give a hidden, held file that becomes `path` by `keep`, or is removed; explain errors."""
    part = temporary(path)
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with held(part, path):
                yield part
    finally:
        discard(part)


def keep(part: Path, path: Path) -> None:
    """Give a finished temporary file or folder its name, so that it survives a power cut."""
    with explained(path):
        flush(part, path)
        part.replace(path)
        flush(path.parent, path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with unfinished(path) as part:
        part.write_bytes(content)
        keep(part, path)


def give_name(old: Path, new: Path) -> None:
    """Give a file or a folder another name; a file keeps the old one too, if the disk can, or is
    copied. Nothing happens if `new` is there or `old` is not, so it can be repeated."""
    if os.path.lexists(new) or not os.path.lexists(old):
        return
    with explained(new):
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            old.rename(new) if is_folder(old) else os.link(old, new, follow_symlinks=False)
        except OSError as error:
            if error.errno not in NO_LINK:
                raise
            move(old, new)
        flush(new.parent, new)


def drop_name(old: Path, new: Path) -> None:
    """Take the old name from a file that has the new one; another file of that name stays."""
    if is_file(old) and is_file(new) and stamp(old) == stamp(new):
        with explained(old, RIGHTS):
            old.unlink()
            flush(old.parent, old)


def drop_empty(folder: Path, kept: Collection[Path]) -> None:
    """Remove a folder that is empty, and those above it, but for some; errors as of `drop_name`."""
    with explained(folder, RIGHTS):
        while folder not in kept and is_folder(folder) and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


def move(old: Path, new: Path) -> None:
    """Give a file the name of another, or copy it to another disk. Raises OSError."""
    try:
        old.rename(new)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with unfinished(new) as part:
            shutil.copy2(old, part)
            keep(part, new)


def private_folder(folder: Path) -> Path:
    """Give a folder, made if missing, that is closed to other users."""
    with explained(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    return folder


def remove(path: Path, remedy: str = ROOM) -> None:
    """Remove a file that may be there."""
    with explained(path, remedy):
        path.unlink(missing_ok=True)


def discard(part: Path) -> None:
    """Remove a temporary file that may be there; if that fails, the next writer sweeps it."""
    with contextlib.suppress(OSError):
        part.unlink()


def open_file(path: Path) -> io.FileIO:
    """Open a regular file for reading, without following links or waiting."""
    with explained(path, _("vérifiez les droits du fichier, ou restaurez-le")):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        message = _("{path} : pas un fichier ordinaire ; déplacez-le, ou restaurez le fichier")
        raise ArchiveError(message, path=path)
    return io.FileIO(descriptor)


def open_beneath(folder: Path, *names: str) -> io.FileIO:
    """Open a regular file within a folder, without following links or waiting: no name leads out of
    it. Raises NotFoundError if there is none, ArchiveError if the system refuses it."""
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
    """Read a regular file of at most `most` bytes. Raises ArchiveError if it is larger or none."""
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
    """Read a file from its position to its end."""
    while block := file.read(BLOCK):
        yield block


def read_end(path: Path, size: int) -> bytes:
    """Read the last `size` bytes of a regular file; empty if it is missing."""
    with explained(path, _("vérifiez les droits du fichier, ou restaurez-le")):
        if not path.exists():
            return b""
        with open_file(path) as file:
            file.seek(-min(size, file.seek(0, os.SEEK_END)), os.SEEK_END)
            return file.readall()


def require_room(folder: Path, size: int, message: Callable[[int], str], reserve: int = 0) -> None:
    """Raise ArchiveError, `message` of the free bytes, unless RESERVE or `reserve` stays."""
    free = shutil.disk_usage(folder).free
    if size and size + max(reserve, RESERVE) > free:
        raise ArchiveError(message(free))


@contextlib.contextmanager
def explained(path: Path, remedy: str = ROOM) -> Iterator[None]:
    """Raise what the system refused as an ArchiveError with a remedy."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ELOOP:
            message = _("{path} : un lien, qui n’est pas suivi ; {link}")
            raise ArchiveError(message, path=path, link=LINK) from error
        kind = ReadOnlyError if error.errno in READ_ONLY else ArchiveError
        message = _("{path} : {reason} ; {remedy}")
        raise kind(message, path=path, reason=reason(error), remedy=_(remedy)) from error


def flush(path: Path, named: Path | None = None) -> None:
    """Write what is finished to the disk before anything counts on it; errors name `named`."""
    with explained(named or path):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
