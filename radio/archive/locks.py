"""Locks of an archive, released by the kernel when their holder dies. A lock is an empty hidden
file that stays, `.<name>.lock`. Writers hold their half files (`disk.held`), so whoever holds a
lock knows what dead writers left, and removes it."""

import contextlib
import fcntl
import os
import pwd
import shutil
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from radio.system.disk import is_folder, is_temporary
from radio.system.errors import BusyError, ReadOnlyError
from radio.system.messages import _, reason

FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK
LOOKS = 500  # of a hundredth of a second, in which who only looks at a lock surely leaves it


@contextlib.contextmanager
def locked(root: Path, name: str, *, wait: bool = True) -> Iterator[None]:
    """Hold a lock of the archive in a folder, swept of what dead writers left. Raises ReadOnlyError
    if it can't be opened, BusyError if it is held and we should not `wait`."""
    descriptor = _open(root / f".{name}.lock")
    try:
        try:
            _take(descriptor, wait=wait)
        except BlockingIOError as error:
            message = _("{parent} : un autre `radio` y travaille ; laissez-le finir")
            raise BusyError(message, parent=root) from error
        sweep([root])
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, *, wait: bool) -> None:
    """Take a lock; wait for who only looks at it (`is_locked`), which shares it for an instant."""
    for left in reversed(range(LOOKS)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            if not left:
                raise
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # not where somebody holds it
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            time.sleep(0.01)
        else:
            return


def sweep(folders: Iterable[Path]) -> None:
    """Remove from folders what dead writers left: half files that nobody holds."""
    for folder in folders:
        names = list[str]()
        with contextlib.suppress(OSError):
            names = os.listdir(folder)  # noqa: PTH208 (the quickest, and this is done often)
        for part in (folder / name for name in filter(is_temporary, names)):
            with contextlib.suppress(OSError):  # it is held until it is gone
                descriptor = os.open(part, os.O_RDONLY | FLAGS)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    shutil.rmtree(part) if is_folder(part) else part.unlink()
                finally:
                    os.close(descriptor)


def is_locked(root: Path, name: str) -> bool:
    """Whether somebody holds a lock, without waiting."""
    try:
        descriptor = os.open(root / f".{name}.lock", os.O_RDONLY | FLAGS)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _open(path: Path) -> int:
    """Open a lock; one of another user for reading, which is enough."""
    try:
        return os.open(path, os.O_CREAT | os.O_RDWR | FLAGS, 0o666)
    except OSError as error:
        with contextlib.suppress(OSError):
            return os.open(path, os.O_RDONLY | FLAGS)
        message, why = _("{path} : {reason} ; {remedy}"), reason(error)
        raise ReadOnlyError(message, path=path, reason=why, remedy=_owned(path)) from error


def _owned(path: Path) -> str:
    there = path if os.path.lexists(path) else path.parent
    with contextlib.suppress(OSError):
        if (user := there.lstat().st_uid) != os.geteuid():
            owner = str(user)
            with contextlib.suppress(KeyError):
                owner = pwd.getpwuid(user).pw_name
            message = _(
                "il appartient à {owner} : travaillez sous ce nom, ou changez-le par `chown`"
            )
            return _(message, owner=owner)
    return _("travaillez là où l’on peut écrire dans l’archive")
