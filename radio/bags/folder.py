"""A folder that becomes a bag, or another one: what is new waits in its stage until all is there.

While files are copied, the bag that lies there stays whole. Then names change and nothing else:
`bagit.txt`, by which a folder is a bag, goes first and comes back last, so that at no moment
anything passes for a bag that is none. A run that was broken off goes on from stage and manifest.

Each file is read back from the disk and compared with what was written.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from radio.archive import Archive
from radio.bags.bagit import (
    DECLARATION,
    INFO,
    MANIFEST,
    PAYLOAD,
    RECORDS,
    TAG_MANIFEST,
    catalogue,
    describe,
    read_manifest,
    render_line,
    render_manifest,
)
from radio.system.checksums import copy_blocks, hash_blocks
from radio.system.disk import (
    blocks,
    discard,
    drop_empty,
    explained,
    flush,
    is_file,
    is_folder,
    is_temporary,
    keep,
    open_file,
    read_bytes,
    stamp,
    unfinished,
    write_whole,
)
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress

STAGE = ".radio-export"
JOURNAL = ".radio-export.txt"  # of an older version: what lies in its place in a bag not finished
OFTEN = 5.0  # seconds between two writings of what is staged
RIGHTS = _("vérifiez les droits du dossier")
UNSOUND = _("pas ce qui vient d’être écrit ; ce disque est-il en train de lâcher ?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that the bag should hold."""

    source: Path
    size: int  # bytes
    sha256: str  # empty where only the copying will tell


class BagFolder:
    """A bag that is being written; hashes are by place, the path in the bag."""

    def __init__(self, dest: Path, placed: dict[str, str]):
        self.copied = set[str]()  # places
        self.dest, self._stage = dest, dest / STAGE
        self.placed, self._staged = placed, _read_stage(dest)
        self._saved = 0.0

    @property
    def hashes(self) -> dict[str, str]:
        """The sha256 of all that is there, in its place or in the stage."""
        return self.placed | self._staged

    @property
    def is_finished(self) -> bool:
        """Whether it is a bag, and no run that began another was broken off."""
        return is_file(self.dest / DECLARATION) and not is_folder(self._stage)

    def holds(self, place: str, wanted: Wanted) -> bool:
        """Whether a file lies there as it should be, as far as manifest and size tell."""
        path = (self._stage if place in self._staged else self.dest) / place
        return self.hashes.get(place) == wanted.sha256 and stamp(path)[1] == wanted.size

    def read_back(self, progress: Progress) -> list[str]:
        """Read all that is there; name what is not as it was written, but for what is staged.

        What a run that was broken off staged is copied anew where it is unsound.
        """
        for place in _differing(self._stage, self._staged):
            del self._staged[place]
        path = self.dest / TAG_MANIFEST
        try:
            tags = read_manifest(read_bytes(path), path)
        except ArchiveError:
            tags = {TAG_MANIFEST: ""} if (self.dest / DECLARATION).exists() else {}
        return _differing(self.dest, tags | self.placed, progress)

    def begin(self, archive: Archive) -> None:
        """Sweep what a killed run left half written, and be ours, though no bag yet."""
        with explained(self.dest, RIGHTS):
            for path in filter(is_leftover, walk(self.dest)):
                path.unlink()
        if not is_file(self.dest / INFO):
            self._write(INFO, self._described(archive, {})[INFO])

    def copy(self, todo: Mapping[str, Wanted], progress: Progress) -> dict[str, str]:
        """Copy files into the stage, and tell what was wrong with some."""
        faults, done, total = dict[str, str](), 0, sum(each.size for each in todo.values())
        for place, each in todo.items():
            sha256 = _copy(each.source, self._stage / place, each.sha256)
            if sha256 is None:
                faults[place] = _(
                    "{source} : abîmé ou en train de changer ; `radio check` en dit plus",
                    source=each.source,
                )
            else:
                self._staged[place] = sha256
                self.copied.add(place)
            done += each.size
            progress(done / max(1, total))
            if time.monotonic() > self._saved + OFTEN:
                self._note()
        return faults

    def switch(self, archive: Archive, gone: Set[str]) -> None:
        """Be the new bag, without what is `gone`: for a moment none, while names change."""
        hashes = {place: each for place, each in self.hashes.items() if place not in gone}
        self.copied -= gone
        self._note()  # else nobody knew what lies in the stage, and what still in its place
        with explained(self.dest, RIGHTS):
            (self.dest / DECLARATION).unlink(missing_ok=True)
        for place in gone:
            path = self.dest / place
            with explained(path, RIGHTS):
                path.unlink(missing_ok=True)
            drop_empty(path.parent, (self.dest / PAYLOAD, self.dest))
        self._flush(gone)
        self._write(MANIFEST, render_manifest(hashes))  # of what lies in the stage too, from now on
        discard(self.dest / JOURNAL)
        new = self._staged.keys() - gone
        for place in new:
            path = self.dest / place
            with explained(path, RIGHTS):
                path.parent.mkdir(parents=True, exist_ok=True)
                (self._stage / place).replace(path)
        self._flush(new)
        shutil.rmtree(self._stage, ignore_errors=True)
        self._tag(archive, hashes)

    def read_again(self) -> dict[str, str]:
        """Read what was written, and tell what is wrong with some of it."""
        written = {place: self._staged[place] for place in self.copied}
        wrong = _differing(self.dest, written)
        return {place: f"{self.dest / place}: {UNSOUND}" for place in wrong}

    def _note(self) -> None:
        self._write(f"{STAGE}/{MANIFEST}", render_manifest(self._staged))
        self._saved = time.monotonic()

    def _flush(self, places: Set[str]) -> None:
        for folder in filter(is_folder, {(self.dest / place).parent for place in places}):
            flush(folder)

    def _tag(self, archive: Archive, hashes: Mapping[str, str]) -> None:
        """Write what the bag says of itself, and last that it is one."""
        shows = archive.shows()
        slugs = {show.slug for show in shows}
        episodes = (each for each in archive.episodes() if each.show in slugs)
        files = {
            **self._described(archive, hashes),
            RECORDS: b"".join(catalogue(shows, episodes)),
            MANIFEST: read_bytes(self.dest / MANIFEST),
        }
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        files[TAG_MANIFEST] = b"".join(render_line(sums[name], name) for name in sums)
        files[DECLARATION] = files.pop(DECLARATION)
        for name, content in files.items():
            self._write(name, content)

    def _described(self, archive: Archive, hashes: Mapping[str, str]) -> dict[str, bytes]:
        size = sum(stamp(self.dest / place)[1] for place in hashes)
        today, has_pages = datetime.now(UTC).date(), f"{PAYLOAD}index.html" in hashes
        payload = size, len(hashes)
        return describe(archive.shows(), today, payload, with_pages=has_pages, is_public=False)

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self.dest / name, content)


def _read_stage(dest: Path) -> dict[str, str]:
    """Give the sha256 of what waits in the stage of a bag, by place."""
    path = dest / STAGE / MANIFEST
    try:
        listed = read_manifest(read_bytes(path), path) if is_file(path) else {}
    except ArchiveError:  # all of it is copied anew
        return {}
    return {place: each for place, each in listed.items() if is_file(dest / STAGE / place)}


class UnreadableError(Exception):
    """A file can't be read, or changes meanwhile."""


def _differing(
    dest: Path, hashes: Mapping[str, str], progress: Progress = lambda _: None
) -> list[str]:
    """Name the files that have another sha256, or none that can be read."""
    found = list[str]()
    for number, (place, sha256) in enumerate(hashes.items(), 1):
        try:
            is_same = hash_blocks(_read_steady(dest / place, from_disk=True)) == sha256
        except UnreadableError:
            is_same = False
        found += [] if is_same else [place]
        progress(number / len(hashes))
    return found


def _read_steady(source: Path, *, from_disk: bool = False) -> Iterator[bytes]:
    """Read a file, rather from the disk itself than from what the system remembers of it."""
    try:
        with open_file(source) as file:
            if from_disk and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            before = os.fstat(file.fileno())
            yield from blocks(file)
            after = os.fstat(file.fileno())
    except (ArchiveError, OSError) as error:
        raise UnreadableError from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise UnreadableError


def _copy(source: Path, path: Path, expected: str) -> str | None:
    """Copy a file and give its sha256; None where it can't be read or is not what is expected.

    Raises ArchiveError if the disk copied to refuses.
    """
    remedy = _("vérifiez la place libre et les droits du dossier")
    try:
        with unfinished(path) as part:
            with explained(path, remedy), part.open("wb") as file:
                sha256 = copy_blocks(_read_steady(source), file)
            if sha256 != (expected or sha256):
                return None
            keep(part, path)
    except UnreadableError:
        return None
    return sha256


def walk(folder: Path) -> Iterator[Path]:
    """Give every file beneath a folder."""
    for place, _folders, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names))


def is_leftover(path: Path) -> bool:
    """Whether a file is what a broken run left half written."""
    return is_temporary(path.name)
