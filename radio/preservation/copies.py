"""Copies of a whole archive, each with a list of hashes that `sha256sum --check` reads too. Where
they are, which stay, and when the last one was made and tried: `desk/backups.json`."""

import contextlib
import datetime as dt
import os
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from radio.archive import journal
from radio.archive.archive import Archive
from radio.archive.losses import INVENTORY
from radio.archive.stores import SHOWS
from radio.system import disk
from radio.system.checksums import hash_file
from radio.system.disk import Stamp
from radio.system.errors import ArchiveError
from radio.system.progress import Progress, silent, with_progress
from radio.system.records import RecordFile

DERIVED = ("index", "cache")  # made again: they are in no copy
HASHES = "cache/hashes.txt"  # of what a copy has, a line for each file
LISTS = (INVENTORY, HASHES)  # of cache/, what goes along
NAME = "%Y-%m-%dT%H%M%SZ"  # of a copy that is a folder
KEPT = ((7, "%Y-%m-%d"), (4, "%G-%V"), (12, "%Y-%m"), (None, "%Y"))  # days, weeks, months, years
LEFT = re.compile(r"\.[^/]+\.lock|(.*/)?\.[^/]*\.part", re.DOTALL)  # locks, half files
LINE = re.compile(rb"(\\?)([0-9a-f]{64}) [ *](.+)", re.DOTALL)
ESCAPES = {b"\\": b"\\\\", b"\n": b"\\n", b"\r": b"\\r"}
SECRET = re.compile(r"//[^/@]*@")  # who may ask a server, in an address

Hashes = Mapping[str, str]  # the sha256 of files, by their paths beneath the root


@dataclass(frozen=True)
class Snapshot:
    """A copy: the name of its folder, or of a snapshot."""

    name: str
    when: dt.datetime  # UTC


class Copies(Protocol):
    """Copies of an archive in one place. A draft is not listed until it is kept. Its methods raise
    ProgramError or ArchiveError."""

    place: str
    kind: str  # of the program that makes them

    def every(self) -> list[Snapshot]:
        """List the copies, the newest last."""
        ...

    def begin(self, is_first: bool, size: int) -> None:
        """Make ready for a draft with so many new bytes."""
        ...

    def send(
        self,
        root: Path,
        left_out: Sequence[str],
        progress: Progress = silent,
        changed: Sequence[str] = (),
    ) -> None:
        """Bring the draft to what the archive is now, without some files; those that changed just
        now may have the time and size of before."""
        ...

    def differing(
        self, root: Path, fresh: Hashes, old: Hashes, parts: int, progress: Progress
    ) -> list[str]:
        """Read the fresh files of the draft, and one of some `parts` of the old ones; name those
        that differ."""
        ...

    def mend(self, root: Path, paths: Sequence[str]) -> None:
        """Send some files of the draft again."""
        ...

    def keep(self) -> Snapshot:
        """Give the draft its name."""
        ...

    def forget(self, some: Sequence[Snapshot]) -> None:
        """Remove copies."""
        ...

    def read(self, copy: Snapshot, path: str) -> bytes | None:
        """Read a small file of a copy; None where it has none."""
        ...

    def restore(
        self,
        copy: Snapshot,
        into: Path,
        paths: Collection[str] = (),
        progress: Progress = silent,
    ) -> None:
        """Write some files of a copy, or all, beneath a folder."""
        ...


@dataclass(frozen=True)
class Backups:
    """What is known of the copies in one place."""

    place: str
    kind: str
    made: str = ""  # ISO date and time, UTC
    copy: str = ""
    files: int = 0
    size: int = 0  # bytes
    tried: str = ""  # when the last drill ended
    minutes: float = 0.0  # that it took
    faults: int = 0  # that it found


@dataclass(frozen=True)
class BackupPlaces:
    """What is known of all copies."""

    places: tuple[Backups, ...] = ()


PLACES = RecordFile("desk/backups.json", BackupPlaces)


def backups(root: Path) -> tuple[Backups, ...]:
    """Tell of each place when the last whole copy was made, and tried. Raises ArchiveError."""
    return PLACES.read(root).places


def backups_at(root: Path, copies: Copies) -> Backups:
    """Tell it of one place."""
    there = (each for each in backups(root) if each.place == copies.place)
    return next(there, Backups(copies.place, copies.kind))


def note(archive: Archive, copies: Copies, **now: object) -> None:
    """Note what has become of the copies in one place. Raises ArchiveError."""
    with archive.lock():
        journal.desk(archive.root)
        row = replace(backups_at(archive.root, copies), kind=copies.kind, **now)  # type: ignore[arg-type]
        others = (each for each in backups(archive.root) if each.place != row.place)
        PLACES.write(archive.root, BackupPlaces((*others, row)))
        (archive.root / PLACES.name).chmod(0o600)


@dataclass(frozen=True)
class Contents:
    """The regular files of an archive, but for what is derived; links lead out of it."""

    files: dict[str, Stamp] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(size for _time, size in self.files.values())


def contents_of(root: Path) -> Contents:
    """List what a copy must have. Raises ArchiveError where a folder can't be read."""
    found = Contents()
    with disk.explained(root, disk.RIGHTS):
        _look(root, "", found)
    return found


def _look(root: Path, folder: str, found: Contents) -> None:
    with os.scandir(root / folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            path = f"{folder}{entry.name}"
            if disk.is_folder(entry) or (path in SHOWS and (root / path).is_dir()):
                if path not in DERIVED and not LEFT.fullmatch(path):
                    _look(root, f"{path}/", found)
            elif entry.is_symlink():
                found.links.append(path)
            elif disk.is_file(entry) and not LEFT.fullmatch(path):
                found.files[path] = disk.stamp(entry)


def render_hashes(hashes: Hashes) -> bytes:
    r"""Write a list of hashes.

    >>> render_hashes({"a\nb": "0" * 64})[-8:]
    b'0  a\\nb\n'
    """
    return b"".join(_line(path, hashes[path]) for path in sorted(hashes))


def _line(path: str, sha256: str) -> bytes:
    raw = os.fsencode(path)
    name = re.sub(rb"[\\\n\r]", lambda sign: ESCAPES[sign[0]], raw)
    return (b"\\" if name != raw else b"") + sha256.encode() + b"  " + name + b"\n"


def parse_hashes(text: bytes | None) -> dict[str, str]:
    r"""Read a list of hashes, without any line that leads out of the archive.

    >>> parse_hashes(render_hashes({"a\\\nb": "0" * 64})) == {"a\\\nb": "0" * 64}
    True
    >>> parse_hashes(b"0" * 64 + b"  ../../etc/passwd\n")
    {}
    """
    return dict(_parsed((text or b"").split(b"\n")))


def _parsed(lines: Iterable[bytes]) -> Iterable[tuple[str, str]]:
    signs = {escaped: sign for sign, escaped in ESCAPES.items()}
    for line in lines:
        if match := LINE.fullmatch(line):
            name = match[3]
            if match[1]:
                name = re.sub(rb"\\[\\nr]", lambda sign: signs[sign[0]], name)
            path = os.fsdecode(name)
            if not path.startswith("/") and ".." not in path.split("/"):
                yield path, match[2].decode()


def part_of_today(parts: int) -> int:
    """Give the number, from 1, of the part of the old files that is read today: all are read within
    so many copies."""
    return dt.datetime.now(dt.UTC).toordinal() % parts + 1


def differing(folder: Path, hashes: Hashes, progress: Progress = silent) -> list[str]:
    """Name the files of a folder that are missing, can't be read, or have another hash."""
    found = list[str]()
    for path in with_progress(sorted(hashes), progress):
        with contextlib.suppress(ArchiveError):
            if hash_file(folder / path) == hashes[path]:
                continue
        found.append(path)
    return found


def kept(copies: Collection[Snapshot]) -> set[Snapshot]:
    """Say which copies stay: the newest one of each of the last 7 days, 4 weeks and 12 months that
    have any, and of every year."""
    stay = set[Snapshot]()
    for most, period in KEPT:
        newest = {each.when.strftime(period): each for each in sorted(copies, key=_when)}
        stay |= set(sorted(newest.values(), key=_when)[-(most or len(newest)) :])
    return stay


def _when(copy: Snapshot) -> dt.datetime:
    return copy.when


Stage = Callable[[str], contextlib.AbstractContextManager[Progress]]  # a part of some long work


def unseen(_label: str) -> contextlib.AbstractContextManager[Progress]:
    """Show no progress."""
    return contextlib.nullcontext(silent)
