"""Fixity: is every file still what it was? All that is truth is read again and compared: recordings
with the hash in their sidecar, all else with its bytes when it was last read (`fixity_log`). What
was written since has another time: a person or the program did that. Other bytes at the same time
are damage. What only grows is compared as far as it is known. A file that moved keeps its time."""

import contextlib
import datetime as dt
import hashlib
import os
import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from radio.archive import fixity_log, paths
from radio.archive.archive import Archive
from radio.archive.episode import LARGEST_SIDECAR, MIME, Episode, read_episode
from radio.archive.fixity_log import BAD, GROWING, FileReading, Found, KnownBytes
from radio.archive.stores import BESIDE, PRIVATE, SHOWS, walk
from radio.system.checksums import Checksums
from radio.system.disk import Stamp, blocks, explained, open_file, read_bytes, regular_files, stamp
from radio.system.errors import ArchiveError, warned
from radio.system.messages import _
from radio.system.progress import Progress, silent

AGAIN = 60.0  # days after which a file is due to be read again
LONGEST = 90.0  # days within which each should have been
SETTLED = 1.0  # days for which a file stays as it is, until its new bytes are read
DAY = 86_400.0  # seconds
OFTEN = 256  # files read between two writings of the log, at most
SECOND = 1_000_000_000  # nanoseconds: times of whole seconds tell no file from another


def all_files(root: Path) -> list[str]:
    """Name all files of an archive, but what is derived; sidecars before their recordings."""
    beside = regular_files(root, lambda name: any(each.pattern.fullmatch(name) for each in BESIDE))
    found = [*beside, *walk(root, *SHOWS, *PRIVATE)]
    named = ((path.rpartition("/")[0], is_recording(path), path) for path in found)
    return [path for *_order, path in sorted(named) if not path.endswith(".lock")]


def is_recording(path: str) -> bool:
    """Whether a file is a recording, by its name."""
    return Path(path).suffix.lower() in MIME


class FixityReader:
    """Reads files of an archive again, and says what became of each."""

    def __init__(self, archive: Archive):
        self._root = archive.root
        self.files = all_files(archive.root)
        self.log = fixity_log.read_log(archive.root)
        self._damages = dict(fixity_log.damaged(archive.root))
        self._checksums = Checksums(archive.root)

    def due(self, now: float | None = None) -> list[str]:
        """Name the files to be read again: first those never read, then by their last reading. What
        is known to be damaged is not, until somebody writes it."""
        now, found = now or time.time(), list[tuple[float, str]]()
        for path in (each for each in self.files if each not in self._damages):
            read, known = self._read_at(path), self.log.known.get(path)
            modified, size = stamp(self._root / path)
            is_old = not 0 <= now - read < AGAIN * DAY
            is_settled = abs(now - modified / SECOND) > SETTLED * DAY
            is_other = known is None or known.stamp != (modified, size)
            if (is_old and read) or (is_other and is_settled):
                found.append((read, path))
        return [path for _read, path in sorted(found, key=lambda each: each[0])]

    def size(self, path: str) -> int:
        """Give the bytes of a file."""
        return stamp(self._root / path)[1]

    def _read_at(self, path: str) -> float:
        with contextlib.suppress(KeyError, ValueError):
            return dt.datetime.fromisoformat(self.log.whole[path]).timestamp()
        return 0.0

    def read(self, path: str, progress: Callable[[int], None] = silent) -> FileReading | None:
        """Read a file; None where it changes or goes meanwhile. `progress` gets bytes."""
        place, known = self._root / path, self._known(path)
        before = stamp(place)
        try:
            part = known.stamp[1] if known and path.endswith(GROWING) else None
            sha256, start = _hash(place, part, progress)
        except ArchiveError:
            is_there = os.path.lexists(place)
            expected = self.expected(path)
            return FileReading(path, "unreadable", before, "", expected) if is_there else None
        if stamp(place) != before:
            return None
        found, expected = self._judge(path, before, sha256, start, known)
        if found in BAD:
            return FileReading(path, found, before, sha256, expected)
        own = self.log.known.get(path)
        is_same = own is not None and (own.sha256, own.stamp) == (sha256, before)
        return FileReading(path, found, before, sha256, is_news=not is_same)

    def _judge(
        self, path: str, now: Stamp, sha256: str, start: str, known: KnownBytes | None
    ) -> tuple[Found, str]:
        """Say what became of a file, and what its hash should be where it is damaged."""
        is_known = known is not None and known.sha256 == sha256
        if named := self._of_sidecar(path):
            return ("damaged" if named != sha256 else "whole" if is_known else "new"), named
        if known is None or is_known:
            return ("whole" if is_known else "new"), sha256
        if start == known.sha256:
            return "grown", sha256
        damage = self._damages.get(path)
        is_written = now[0] != known.stamp[0] and not path.endswith(GROWING)
        is_as_damaged = damage is not None and damage.sha256 == sha256
        return ("changed" if is_written and not is_as_damaged else "damaged"), known.sha256

    def expected(self, path: str) -> str:
        """Give the hash that a file should have; "" where nobody knows."""
        if damage := self._damages.get(path):
            return damage.expected
        known = self._known(path)
        return self._of_sidecar(path) or (known.sha256 if known else "")

    def _of_sidecar(self, path: str) -> str:
        """Give the hash of a recording that the sidecar beside it has, if that is whole."""
        if not is_recording(path):
            return ""
        sidecar = (self._root / path).with_suffix(".json")
        known = self.log.known.get(sidecar.relative_to(self._root).as_posix())
        with contextlib.suppress(ArchiveError):
            text = read_bytes(sidecar, LARGEST_SIDECAR)
            audio = read_episode(sidecar.parent.name, sidecar.stem, text, sidecar).audio
            is_rotten = (
                known is not None
                and known.stamp[0] == stamp(sidecar)[0]
                and known.sha256 != hashlib.sha256(text).hexdigest()
            )
            return audio.sha256 if audio.file == Path(path).name and not is_rotten else ""
        return ""

    def _known(self, path: str) -> KnownBytes | None:
        """Give what is known of a file, perhaps by another name, or from when it was copied out."""
        if known := self.log.known.get(path):
            return known
        now = stamp(self._root / path)
        if now in self._moved:
            return self._moved[now]
        folder, _slash, name = path.rpartition("/")
        sums = self._checksums.find(folder or ".", name, now)
        return KnownBytes(sums.sha256, now, "") if sums and sums.is_readable else None

    @cached_property
    def _moved(self) -> Mapping[Stamp, KnownBytes]:
        """Give the bytes of files that are no longer where they were, by their stamps."""
        gone = self.log.known.keys() - {*self.files}
        some = (self.log.known[path] for path in gone)
        return {each.stamp: each for each in some if each.stamp[0] % SECOND}

    def keep(self, readings: Iterable[FileReading]) -> None:
        """Write readings to the log, and learn from them. Raises ArchiveError."""
        some = list(readings)
        if some:
            fixity_log.note(self._root, some)
            self._damages = dict(fixity_log.damaged(self._root))


def _hash(path: Path, part: int | None, progress: Callable[[int], None]) -> tuple[str, str]:
    """Give the hash of a file, from the disk and not from memory, and that of so many bytes at its
    beginning; "" where it has fewer. What was read is not kept in memory."""
    whole, start = hashlib.sha256(), hashlib.sha256()
    with open_file(path) as file, explained(path, _("vérifiez le fichier")):
        _let_go(file.fileno())
        for block in blocks(file):
            whole.update(block)
            if part is not None:
                start.update(block[: max(part, 0)])
                part -= len(block)
            progress(len(block))
        _let_go(file.fileno())
    return whole.hexdigest(), "" if part is None or part > 0 else start.hexdigest()


def _let_go(descriptor: int) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def read_again(
    reader: FixityReader, some: Sequence[str], progress: Progress = silent, *, log: bool = True
) -> Generator[FileReading, None, None]:
    """Read files again, and write what is found to the log now and then: who is killed goes on
    from there. Without `log` a disk that refuses it costs a warning."""
    total, done, kept = 1 + sum(reader.size(each) for each in some), 0, list[FileReading]()

    def passed(size: int) -> None:
        nonlocal done
        done += size
        progress(min(done / total, 1.0))

    def keep() -> None:
        with contextlib.nullcontext() if log else warned():
            reader.keep(kept)
        kept.clear()

    try:
        for path in some:
            if reading := reader.read(path, passed):
                kept.append(reading)
                if len(kept) == OFTEN or reading.found in BAD:
                    keep()
                yield reading
    finally:
        keep()
    progress(1.0)


@dataclass(frozen=True)
class Proof:
    """When some recordings were last read and whole."""

    number: int = 0  # that were, within the time in which each should be
    days: int | None = None  # since the one that was longest ago; None without any
    late: int = 0  # that were not


def prove_read(archive: Archive, episodes: Iterable[Episode], now: float | None = None) -> Proof:
    """Tell when the recordings of some episodes were last read and whole. One that came since is
    not late."""
    log, ages, late = fixity_log.read_log(archive.root), list[float](), 0
    broken, now = fixity_log.damaged(archive.root), now or time.time()
    for each in episodes:
        path = paths.audio(each)
        if path in broken:
            continue
        if path in log.whole:
            ages.append((now - dt.datetime.fromisoformat(log.whole[path]).timestamp()) / DAY)
            late += ages[-1] > LONGEST
        else:
            since = archive.audio_path(each)
            with contextlib.suppress(OSError):  # missing: which has its own line
                late += now - since.stat().st_ctime > LONGEST * DAY
    return Proof(len(ages), int(max(0.0, *ages)) if ages else None, late)
