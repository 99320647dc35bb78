"""The archive as a bag on a disk, written again only where it changed.

A folder is a bag when it has its `bagit.txt`: that goes first and comes back last, so that a run
that was broken off leaves nothing that passes for whole. What lies there by then is in a journal,
and the next run goes on from it. A recording that is lost or spoilt in the archive stays in the
bag, as long as the bag has the one that the sidecar names.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from radio import disk, losses
from radio.archive import Archive
from radio.bags.bagit import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    read_manifest,
    read_tags,
    render_line,
    render_tags,
    values,
)
from radio.bags.payload import all_files
from radio.bags.readback import UnreadableError, differing, read_back, read_steady
from radio.bags.sums import checksums
from radio.bags.tag_files import AGENT, README, RECORDS, catalogue, describe, identify, welcome
from radio.checksums import copy_blocks
from radio.disk import (
    discard,
    explained,
    keep,
    read_bytes,
    stamp,
    temporary,
    write_whole,
)
from radio.errors import ArchiveError
from radio.messages import _
from radio.progress import Progress

JOURNAL = ".radio-export.txt"
OFTEN = 5.0  # seconds between two writings of the journal
UNSOUND = _("not what was written a moment ago; is this disk failing?")


@dataclass(frozen=True)
class Export:
    """What an export did."""

    copied: int  # files
    kept: int
    removed: int
    faults: tuple[str, ...]  # a line for each file that could not be taken as it should be
    damaged: tuple[Path, ...] = ()  # what lay there otherwise than it was written, where verified


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that the bag should hold."""

    source: Path
    size: int  # bytes
    sha256: str  # empty where only the copying will tell


def export_bag(
    archive: Archive,
    dest: Path,
    progress: Progress = lambda _: None,
    *,
    verify: bool = False,
    accept: bool = False,
) -> Export:
    """Write the archive to a folder as a bag, or bring the bag that lies there up to date.

    To `verify` is to read back all that lies there, and what is written now. Raises LossError if
    too much of the archive vanished since, unless somebody says to `accept` that; ArchiveError if
    the folder holds anything else, if there is no room, or if a disk refuses.
    """
    with explained(dest, _("check the name and the rights of the folder")):
        dest = dest.absolute()
        dest.mkdir(parents=True, exist_ok=True)
    there = _read_there(archive, dest, verify)
    wanted, faults = _survey(archive, there)
    if not wanted:
        raise ArchiveError(
            _("{root}: nothing to export; is its disk there?").format(root=archive.root)
        )
    _refuse_strays(dest, there.keys() | wanted.keys())
    if not accept:
        known = [place.removeprefix(PAYLOAD) for place in there]
        losses.refuse(archive.root, losses.unmoved(archive.root, known))
    damaged = read_back(dest, there, progress) if verify else []
    todo = {
        place: each
        for place, each in wanted.items()
        if place in damaged or not _lies_there(dest / place, there.get(place), each)
    }
    gone = there.keys() - wanted.keys()
    _require_room(dest, sum(each.size for each in todo.values()))
    spoilt = dict[str, str]()
    if todo or gone or damaged or not (dest / DECLARATION).exists():
        bag = _Bag(dest, {place: sha256 for place, sha256 in there.items() if place not in todo})
        bag.begin(archive)
        bag.remove(gone)
        spoilt = bag.copy(todo, there, progress)
        bag.finish(archive)
        spoilt |= bag.read_again(todo.keys() - spoilt.keys()) if verify else {}
    copied, kept = len(todo) - len(spoilt), len(wanted) - len(todo)
    faults += spoilt.values()
    return Export(copied, kept, len(gone), tuple(faults), tuple(dest / each for each in damaged))


def _lies_there(path: Path, sha256: str | None, wanted: Wanted) -> bool:
    return sha256 == wanted.sha256 and stamp(path)[1] == wanted.size


def _read_there(archive: Archive, dest: Path, verify: bool) -> dict[str, str]:
    """Read what lies in a folder already, by its place in the bag: the sha256.

    Where that is to be verified, a manifest that can't be read is as good as none. Raises
    ArchiveError if the folder holds anything but a bag of this archive.
    """
    if not any(dest.iterdir()):
        return {}
    tags = read_tags(read_bytes(dest / INFO), dest / INFO) if (dest / INFO).is_file() else ()
    agents, names = (values(tags, name) for name in ("Bag-Software-Agent", "External-Identifier"))
    ours = {identify(show) for show in archive.shows()}
    if not any(agent.startswith(f"{AGENT} ") for agent in agents) or not ours & set(names):
        raise ArchiveError(
            _("{dest}: neither empty nor a bag of this archive; choose another").format(dest=dest)
        )
    listing = next((dest / name for name in (JOURNAL, MANIFEST) if (dest / name).exists()), None)
    try:
        return read_manifest(read_bytes(listing).splitlines(), listing) if listing else {}
    except ArchiveError:
        if not verify:
            raise
        return {}


def _survey(archive: Archive, there: dict[str, str]) -> tuple[dict[str, Wanted], list[str]]:
    """List what the bag should hold, by place, and what is wrong with it.

    A recording should be what its sidecar says. What else lies there is compared by its hash.
    """
    wanted, faults, known = dict[str, Wanted](), list[str](), checksums(archive)
    for episode in archive.episodes():
        path, audio = archive.audio_path(episode), episode.audio
        place = f"{PAYLOAD}media/{episode.show}/{audio.file}"
        if archive.holds(path) or there.get(place) == audio.sha256:
            wanted[place] = Wanted(path, audio.size, audio.sha256)
        if not archive.holds(path):
            faults.append(_("{path}: missing; restore it from a copy").format(path=path))
    for each in all_files(archive):
        if each.place in wanted:
            continue
        sums = known.find(each.folder, each.name, each.stamp)
        if sums is None and each.place in there:
            sums = known.measure(each.folder, each.name)
        wanted[each.place] = Wanted(
            archive.root / each.source, each.stamp[1], sums.sha256 if sums else ""
        )
    known.keep()
    return wanted, faults


def _refuse_strays(dest: Path, ours: Set[str]) -> None:
    for path in _walk(dest / PAYLOAD):
        place = path.relative_to(dest).as_posix()
        if place not in ours and not _is_leftover(path):
            raise ArchiveError(_("{path}: not of this bag; move it away").format(path=path))


def _walk(folder: Path) -> Iterator[Path]:
    for place, _rest, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names))


def _is_leftover(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == ".part"


def _require_room(dest: Path, size: int) -> None:
    text = _("{dest}: {size} bytes to copy, {free} free; make room")
    disk.require_room(dest, size, lambda free: text.format(dest=dest, size=size, free=free))


class _Bag:
    """A bag that is being written."""

    def __init__(self, dest: Path, hashes: dict[str, str]):
        self.hashes = hashes  # of what lies there, by place
        self._dest = dest
        self._saved = 0.0

    def begin(self, archive: Archive) -> None:
        """Be no bag until the end, but ours."""
        with explained(self._dest, _("check the rights of the folder")):
            (self._dest / DECLARATION).unlink(missing_ok=True)
            for path in filter(_is_leftover, _walk(self._dest)):
                path.unlink()
        self._describe(archive)
        self._save()

    def remove(self, gone: Set[str]) -> None:
        """Take out what the archive no longer holds."""
        for place in gone:
            path = self._dest / place
            with explained(path, _("check the rights of the folder")):
                path.unlink(missing_ok=True)
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()
            self.hashes.pop(place, None)

    def copy(
        self, todo: dict[str, Wanted], there: dict[str, str], progress: Progress
    ) -> dict[str, str]:
        """Copy files, and tell what was wrong with some: of them what was there stays."""
        faults, done, total = dict[str, str](), 0, sum(each.size for each in todo.values())
        for place, each in todo.items():
            sha256 = _copy(each.source, self._dest / place, each.sha256)
            if sha256 is None:
                faults[place] = _("{source}: damaged or changing; `radio check` says more").format(
                    source=each.source
                )
                if place in there:
                    self.hashes[place] = there[place]
            else:
                self.hashes[place] = sha256
            done += each.size
            progress(done / max(1, total))
            if time.monotonic() > self._saved + OFTEN:
                self._save()
        return faults

    def read_again(self, places: Set[str]) -> dict[str, str]:
        """Read what was written, and tell what is wrong with some of it."""
        written = {place: self.hashes[place] for place in places}
        return {
            place: f"{self._dest / place}: {UNSOUND}" for place in differing(self._dest, written)
        }

    def finish(self, archive: Archive) -> None:
        """Write the manifests, and be a bag."""
        self._write(MANIFEST, self._listing())
        shows = archive.shows()
        has_pages = f"{PAYLOAD}index.html" in self.hashes
        self._write(README, welcome(shows, with_pages=has_pages))
        episodes = [each for each in archive.episodes() if each.show in {s.slug for s in shows}]
        self._write(RECORDS, b"".join(catalogue(shows, episodes)))
        self._describe(archive)
        names = (DECLARATION, INFO, README, RECORDS, MANIFEST)
        contents = [DECLARED, *(read_bytes(self._dest / name) for name in names[1:])]
        lines = map(render_line, (hashlib.sha256(each).hexdigest() for each in contents), names)
        self._write(TAG_MANIFEST, b"".join(lines))
        self._write(DECLARATION, DECLARED)
        (self._dest / JOURNAL).unlink(missing_ok=True)

    def _describe(self, archive: Archive) -> None:
        size = sum(stamp(self._dest / place)[1] for place in self.hashes)
        today = datetime.now(UTC).date()
        tags = describe(archive.shows(), today, (size, len(self.hashes)))
        self._write(INFO, render_tags(tags))

    def _save(self) -> None:
        self._write(JOURNAL, self._listing())
        self._saved = time.monotonic()

    def _listing(self) -> bytes:
        return b"".join(render_line(self.hashes[place], place) for place in sorted(self.hashes))

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self._dest / name, content)


def _copy(source: Path, path: Path, expected: str) -> str | None:
    """Copy a file and give its sha256; None where it can't be read or is not what is expected.

    Raises ArchiveError if the disk copied to refuses.
    """
    part = temporary(path)
    try:
        with explained(path, _("check the free space and the rights of the folder")):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                sha256 = copy_blocks(read_steady(source), file)
        if sha256 != (expected or sha256):
            return None
        keep(part, path)
    except UnreadableError:
        return None
    finally:
        discard(part)
    return sha256
