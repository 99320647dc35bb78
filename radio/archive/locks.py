"""Locks of an archive: who writes holds one, and the kernel gives it back when its holder dies.

A lock is a hidden file in the archive's folder, `.<name>.lock`, which is empty and stays. Whatever
is written is held by its writer until it is whole (`disk.held`); so whoever takes a lock of a
folder knows what writers left there that died, and removes it.
"""

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
    """Hold a lock of the archive in a folder, swept of what writers left there that died.

    Raises ReadOnlyError naming its file if it can't be opened, and BusyError if another process
    holds it and we should not `wait`.
    """
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
    """Take a lock; who only looks at it (`is_locked`) shares it for an instant, and is waited for.

    Raises BlockingIOError if somebody holds it and we should not `wait`.
    """
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
    """Remove from some folders what writers that died left: what nobody holds any more."""
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
    """Whether somebody holds a lock of the archive in a folder, by a look that lasts no time."""
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
    """Open a lock; that of another user does where it may be read."""
    try:
        return os.open(path, os.O_CREAT | os.O_RDWR | FLAGS, 0o666)
    except OSError as error:
        with contextlib.suppress(OSError):
            return os.open(path, os.O_RDONLY | FLAGS)
        told, why = _("{path} : {reason} ; {remedy}"), reason(error)
        raise ReadOnlyError(told, path=path, reason=why, remedy=_owned(path)) from error


def _owned(path: Path) -> str:
    """Tell what to do about a file that may not be written to."""
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
    return _("travaillez là où l’archive peut être écrite")
