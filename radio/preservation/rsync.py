"""Copies by rsync, in a folder here or over SSH: each is a folder named by its time, whose
unchanged files are those of the copy before (hard links)."""

import contextlib
import datetime as dt
import os
import re
import shlex
import shutil
import tempfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from radio.preservation.copies import LISTS, NAME, Hashes, Snapshot, differing, part_of_today
from radio.system.disk import RESERVE, flush, is_file, keep, open_file, read_bytes, require_room
from radio.system.errors import ProgramError
from radio.system.messages import _
from radio.system.process import program
from radio.system.progress import Progress, silent

DRAFT = ".radio.part"
REMOTE = re.compile(r"((?:[^@:/\s-][^@:/\s]*@)?[^@:/\s-][^@:/\s]*):(?![:/]/)([^:].*)", re.DOTALL)
DATED = re.compile(rb" (\.?)(\d{4}-\d\d-\d\dT\d{6}Z)(\.part)?\n")
RULES = (
    *("--include=/cache/", *(f"--include=/{each}" for each in LISTS), "--exclude=/cache/*"),
    *("--exclude=/index", "--exclude=.*.part", "--exclude=/.*.lock"),
)
OCTAL = re.compile(rb"\\#(\d{3})")
SHARES = re.compile(rb" (\d+)% ")
CHUNK = 512  # bytes of what it tells of its progress
VANISHED = 24  # the code where files went while they were copied
PARTIAL = 23
LARGEST = 1 << 30  # bytes of a list


@dataclass
class RsyncCopies:
    """Copies in a folder, here or on another machine."""

    place: str
    kind: str = "rsync"
    _last: Snapshot | None = field(default=None, init=False)
    _size: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        remote = REMOTE.fullmatch(self.place)
        self._host, self._folder = remote.groups() if remote else ("", self.place)

    def every(self) -> list[Snapshot]:
        """List the copies, the newest last."""
        found = [name for dot, name, part in self._dated() if not dot and not part]
        return [Snapshot(name, time_of(name)) for name in sorted(found)]

    def begin(self, is_first: bool, size: int) -> None:
        """Make ready for a draft; one that was cut short is gone on with. Raises ArchiveError."""
        self._last, self._size = None if is_first else self.every()[-1], size
        self._do_each("rm", "-rf", [f".{name}.part" for _dot, name, part in self._dated() if part])
        if not self._host and not (Path(self._folder) / DRAFT).exists():
            message = _(
                "{place} : {size:.1f} Go à copier, {free:.1f} Go libres ; faites de la place"
            )
            require_room(
                Path(self._folder),
                size,
                lambda free: _(message, place=self.place, size=size / 1e9, free=free / 1e9),
            )

    def send(
        self,
        root: Path,
        left_out: Sequence[str],
        progress: Progress = silent,
        changed: Sequence[str] = (),
    ) -> None:
        """Bring the draft to what the archive is now, without some files. Those that changed just
        now are compared: rsync looks at seconds and sizes alone."""
        rules = b"".join(os.fsencode(f"/{_literal(each)}\0") for each in left_out)
        how = ["--archive", "--no-D", "--copy-dirlinks", "--delete", "--delete-excluded"]
        linked = [f"--link-dest=../{self._last.name}"] if self._last else []
        wanted = ["--from0", "--exclude-from=-", "--out-format=%l", *RULES]
        sent, codes = 0, (0, VANISHED)
        try:
            with _rsync(
                *how, *linked, *wanted, f"{root}/", self._at(DRAFT), given=rules, accepted=codes
            ) as lines:
                for line in lines:
                    sent += int(line) if line.strip().isdigit() else 0
                    progress(min(1.0, sent / max(1, self._size)))
        except ProgramError:
            if not self._host and shutil.disk_usage(self._folder).free < RESERVE:
                self._do("rm", "-rf", DRAFT)  # others write to that disk
            raise
        if changed:
            self.mend(root, changed)

    def differing(
        self, root: Path, fresh: Hashes, old: Hashes, parts: int, progress: Progress
    ) -> list[str]:
        """Read the fresh files of the draft, and a part of the old ones; name those that differ."""
        number = part_of_today(parts) - 1
        part = {each: old[each] for each in old if _number(each) % parts == number}
        hashes = {**fresh, **part}
        if self._host:
            return [*self._differing_there(root, hashes)]
        draft = Path(self._folder) / DRAFT
        for path in filter(lambda each: is_file(draft / each), hashes):
            with open_file(draft / path) as file:
                if path in fresh:
                    os.fsync(file.fileno())
                # so that it is read from the disk, not from memory
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return differing(draft, hashes, progress)

    def _differing_there(self, root: Path, hashes: Hashes) -> Iterator[str]:
        """Have both ends read files whose hashes are known here, and compare them. What differs may
        have changed here: it is fetched."""
        how = ["--checksum", "--dry-run", "--copy-dirlinks", "--out-format=%i %n"]
        with self._some(root, list(hashes), *how) as lines:
            told = [line.rstrip(b"\n").partition(b" ") for line in lines]
        names = [name for kind, _space, name in told if kind.startswith(b"<f")]
        for name in names:
            path = os.fsdecode(OCTAL.sub(lambda code: bytes([int(code[1], 8)]), name))
            with tempfile.TemporaryDirectory() as folder:
                self.restore(Snapshot(DRAFT, dt.datetime.now(dt.UTC)), Path(folder), [path])
                yield from differing(Path(folder), {path: hashes[path]})

    def mend(self, root: Path, paths: Sequence[str]) -> None:
        """Send some files of the draft again; copies that share them keep theirs."""
        with self._some(root, paths, "--archive", "--checksum", "--copy-dirlinks"):
            pass

    def _some(
        self, root: Path, paths: Sequence[str], *how: str
    ) -> contextlib.AbstractContextManager[IO[bytes]]:
        listed = b"".join(os.fsencode(each) + b"\0" for each in paths)
        which = ["--from0", "--files-from=-", f"{root}/", self._at(DRAFT)]
        return _rsync(*how, *which, given=listed, accepted=(0, VANISHED, PARTIAL))

    def keep(self) -> Snapshot:
        """Give the draft its name."""
        now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        if self._last:  # it stays the last one when clocks are set back
            now = max(now, self._last.when + dt.timedelta(seconds=1))
        copy = Snapshot(now.strftime(NAME), now)
        if self._host:
            for words in (["sync"], ["mv", DRAFT, copy.name], ["sync"]):
                self._do(*words)
        else:
            draft = Path(self._folder) / DRAFT
            for folder, _folders, _files in os.walk(draft):
                flush(Path(folder))
            keep(draft, draft.with_name(copy.name))
        return copy

    def forget(self, some: Sequence[Snapshot]) -> None:
        """Remove copies; one that is half removed looks like none."""
        for each in some:
            self._do("mv", each.name, f".{each.name}.part")
        self._do_each("rm", "-rf", [f".{each.name}.part" for each in some])

    def read(self, copy: Snapshot, path: str) -> bytes | None:
        """Read a small file of a copy; None where it has none."""
        with tempfile.TemporaryDirectory() as folder:
            self.restore(copy, Path(folder), [path])
            found = Path(folder) / path
            return read_bytes(found, LARGEST) if is_file(found) else None

    def restore(
        self,
        copy: Snapshot,
        into: Path,
        paths: Collection[str] = (),
        progress: Progress = silent,
    ) -> None:
        """Write some files of a copy, or all, beneath a folder; what it lacks is left out."""
        listed = b"".join(os.fsencode(each) + b"\0" for each in paths)
        which = ["--from0", "--files-from=-"] if paths else []
        codes = (0, PARTIAL) if paths else (0,)
        source = f"{self._at(copy.name)}/"
        how = ["--archive", "--no-links", "--no-D", "--info=progress2", "--no-inc-recursive"]
        with _rsync(*how, *which, source, f"{into}/", given=listed, accepted=codes) as told:
            while line := told.read(CHUNK):
                for share in SHARES.findall(line):
                    progress(int(share) / 100)

    def _dated(self) -> list[tuple[bytes, str, bytes]]:
        """List what is named by a time: a dot, the name, « .part »."""
        with _rsync("--list-only", f"{self._at()}/") as lines:
            found = DATED.findall(lines.read())
        return [(dot, name.decode(), part) for dot, name, part in found]

    def _at(self, name: str = "") -> str:
        path = f"{self._folder.rstrip('/')}/{name}" if name else self._folder
        return f"{self._host}:{path}" if self._host else path

    def _do_each(self, word: str, option: str, names: Sequence[str]) -> None:
        if names:
            self._do(word, option, *names)

    def _do(self, word: str, *names: str) -> None:
        """Run a program on names in the folder, here or there; names that are options stay so."""
        folder = self._folder.rstrip("/")
        words = [word, *(each if each.startswith("-") else f"{folder}/{each}" for each in names)]
        there = ["ssh", "--", self._host, shlex.join(words)] if self._host else words
        with program(*there):
            pass


def time_of(name: str) -> dt.datetime:
    """Give the time of a copy by its name."""
    return dt.datetime.strptime(name, NAME).replace(tzinfo=dt.UTC)


def _rsync(
    *words: str, given: bytes = b"", accepted: Collection[int] = (0,)
) -> contextlib.AbstractContextManager[IO[bytes]]:
    return program("rsync", "--secluded-args", *words, given=given, accepted=accepted)


def _literal(path: str) -> str:
    """Write a path as a rule that matches it alone."""
    return re.sub(r"[*?[\\]", r"\\\g<0>", path) if re.search(r"[*?[]", path) else path


def _number(path: str) -> int:
    return zlib.crc32(os.fsencode(path))
