"""The inbox: the folder where people drop recordings, and what lies in it.

It may be shared (Samba, SFTP, Nextcloud), so copies come in under other names first, grow slowly,
and stop for a while. A file is ready once the system has seen no change of it for some time: of its
content, its name or its rights, whatever date it was given.
"""

import os
import stat
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import TEXTS
from radio.ingest.folders import Left, find
from radio.ingest.neighbours import neighbour
from radio.system.messages import _

REFUSED = "refused"  # the folder of what can't be taken
WAIT = 60.0  # seconds without a change
PATIENCE = 10  # times as long: a text waits for its recording, an empty file for its content
UNFINISHED = (
    *(".part", ".partial", ".filepart", ".crdownload", ".download", ".opdownload"),
    *(".tmp", ".temp", ".swp", "~"),
)
"""How the names of copies end that are under way."""
OFFICE_LOCK = "~$"
OF_FOLDERS = {"thumbs.db", "desktop.ini"}  # how Windows shows a folder: passed over
WRITES = os.O_WRONLY | os.O_RDWR

Identity = tuple[int, int]
"""The device and the number of a file."""


@dataclass(frozen=True)
class Drop:
    """A file that somebody dropped, with the text beside it."""

    path: Path
    states: tuple[tuple[int, ...], ...]  # of the file and the text: others where one changes
    size: int  # bytes
    wait: float = 0.0  # seconds until it is ready, if nothing changes
    reason: str = ""  # why it can't be taken, where that is plain

    @property
    def identities(self) -> set[Identity]:
        """Name the files on their disk."""
        return {(state[0], state[1]) for state in self.states}


@dataclass(frozen=True)
class Inbox:
    """What lies in the inbox now."""

    ready: tuple[Drop, ...] = ()  # the small ones first
    waiting: tuple[Path, ...] = ()
    locked: tuple[str, ...] = ()  # why folders can't be looked into


def folder(archive: Archive) -> Path:
    """Tell where the inbox of an archive is; whoever makes it has it watched."""
    return archive.root / "inbox"


def wait_of(environment: Mapping[str, str]) -> float:
    """Tell for how many seconds a file must not change (RADIO_INBOX_WAIT).

    >>> wait_of({}), wait_of({"RADIO_INBOX_WAIT": "300"}), wait_of({"RADIO_INBOX_WAIT": "long"})
    (60.0, 300.0, 60.0)
    """
    try:
        return max(float(environment.get("RADIO_INBOX_WAIT", WAIT)), 0.0)
    except ValueError:
        return WAIT


def look(archive: Archive, wait: float) -> Inbox:
    """Look at the inbox, without reading a file; nothing is there where the folder is not."""
    place = folder(archive)
    if not place.is_dir():
        return Inbox()
    ready, waiting, locked = list[Drop](), list[Path](), list[str]()
    for found in find(place):
        path, reason = (found.path, found.reason) if isinstance(found, Left) else (found, "")
        if not isinstance(path, Path) or path.is_relative_to(place / REFUSED):
            continue
        if path.is_dir() and not path.is_symlink():
            locked.append(f"{path}: {reason}")
        elif path.name.lower() not in OF_FOLDERS:
            drop = _drop(path, reason, wait)
            (ready.append(drop) if drop and not drop.wait else waiting.append(path))
    written = _written() if ready else set()
    waiting += [each.path for each in ready if each.identities & written]
    done = sorted((each for each in ready if not each.identities & written), key=_order)
    return Inbox(tuple(done), tuple(waiting), tuple(locked))


def _order(drop: Drop) -> tuple[int, int]:
    """The small ones first; of copies the one with a text."""
    return drop.size, -len(drop.states)


def state(path: Path) -> tuple[int, ...]:
    """Tell the state of a file: which it is, its size, when its content and anything of it changed.

    Raises OSError if it is gone.
    """
    status = path.lstat()
    change = status.st_mtime_ns, status.st_ctime_ns
    return (status.st_dev, status.st_ino, status.st_size, *change)


def _drop(path: Path, reason: str, wait: float) -> Drop | None:
    """Look at a file; None where it is unfinished by its name, or gone."""
    if path.name.lower().endswith(UNFINISHED) or path.name.startswith(OFFICE_LOCK):
        return None
    text = None if reason else neighbour(path)
    try:
        status, states = path.lstat(), tuple(map(state, filter(None, (path, text))))
    except OSError:
        return None
    if stat.S_ISLNK(status.st_mode):
        reason = _("a link, which is not followed; put the file itself there")
    elif not stat.S_ISREG(status.st_mode):
        return None
    is_slow = not status.st_size or path.suffix.lower() in TEXTS
    ends = (states[0][4] / 1e9 + wait * (PATIENCE if is_slow else 1), states[-1][4] / 1e9 + wait)
    left = max(0.0, max(ends) - time.time())
    return Drop(path, states, status.st_size, left, reason)


def _written() -> set[Identity]:
    """Name the files that some process holds open to write, as far as the system tells."""
    return {
        (status.st_dev, status.st_ino)
        for process in _scan(Path("/proc"))
        if process.name.isdigit()
        for link in _scan(process / "fd")
        if (status := _open_to_write(process, link))
    }


def _scan(place: Path) -> Iterator[Path]:
    """List a folder of the system; of processes of others nothing is told."""
    try:
        yield from map(place.joinpath, os.listdir(place))  # noqa: PTH208 (a list at once)
    except OSError:
        return


def _open_to_write(process: Path, link: Path) -> os.stat_result | None:
    try:
        told = (process / "fdinfo" / link.name).read_text(encoding="ascii")
        flags = next(line for line in told.splitlines() if line.startswith("flags:"))
        return link.stat() if int(flags.split()[1], 8) & WRITES else None
    except (OSError, StopIteration, ValueError, UnicodeError):
        return None
