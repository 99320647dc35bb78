"""The archive as a bag on a disk, updated where it changed. New files wait in a stage until all are
there, so the present bag stays whole. Then files are only renamed: `bagit.txt`, which makes a
folder a bag, goes first and comes back last. A run cut short goes on from stage and manifest. A
recording that is lost or damaged in the archive stays in the bag if it is the sidecar's."""

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from radio.archive import Archive, fixity_log, losses
from radio.archive.locks import locked
from radio.bags import bagit
from radio.bags.payload import all_files, find
from radio.system import disk
from radio.system.checksums import Checksums, copy_blocks, hash_blocks
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress, silent

STAGE = ".radio-export"
JOURNAL = ".radio-export.txt"  # of an older version: what lies in its place in a bag not finished
OFTEN = 5.0  # seconds between two writings of what is staged
UNSOUND = _("pas ce qui vient d’être écrit ; ce disque est-il en train de lâcher ?")


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
    progress: Progress = silent,
    *,
    verify: bool = False,
    accept: bool = False,
) -> Export:
    """Write the archive to a folder as a bag, or update the bag there. `verify` reads back all that
    is there and written. Raises LossError if too much of the archive vanished, unless `accept`;
    ArchiveError if the folder holds anything else, there is no room, or a disk refuses."""
    with disk.explained(dest, _("vérifiez le nom et les droits du dossier")):
        dest = dest.absolute()
        dest.mkdir(mode=0o700, parents=True, exist_ok=True)
    bag, spoilt = _Folder(archive, dest, verify), dict[str, str]()
    damaged = bag.read_back(progress) if verify else []
    bag.compare(damaged, accept)
    if bag.todo or bag.gone or damaged or not bag.is_finished:
        bag.begin()
        bag.copy(progress)
        # with the lock, also what changed meanwhile: a bag is of one moment
        with locked(archive.root, "archive"):
            bag.compare(damaged, accept)
            spoilt = bag.copy(progress)
            bag.switch()
        spoilt |= bag.read_again() if verify else {}
    copied = len(bag.copied & bag.wanted.keys() - spoilt.keys())
    kept, faults = len(bag.wanted) - len(spoilt) - copied, (*bag.faults, *spoilt.values())
    return Export(copied, kept, len(bag.gone), faults, tuple(dest / each for each in damaged))


class _Folder:
    """A folder that becomes a bag, or a new one; all goes by place, the path in the bag."""

    wanted: dict[str, Wanted]
    todo: dict[str, Wanted]  # of these, what the bag has not, or not as it was written
    gone: Set[str]  # what the archive no longer holds
    faults: list[str]

    def __init__(self, archive: Archive, dest: Path, verify: bool):
        self._archive, self.dest, self._stage = archive, dest, dest / STAGE
        self.copied, self._saved = set[str](), 0.0
        self._placed = _read_there(archive, dest, verify)
        path, self._staged = self._stage / bagit.MANIFEST, dict[str, str]()
        with contextlib.suppress(ArchiveError):  # all of it is copied anew
            staged = bagit.read_manifest(disk.read_bytes(path), path) if disk.is_file(path) else {}
            self._staged = {a: b for a, b in staged.items() if disk.is_file(self._stage / a)}

    @property
    def _hashes(self) -> dict[str, str]:
        return self._placed | self._staged

    @property
    def is_finished(self) -> bool:
        """Whether it is a bag, and no run that began another was cut short."""
        return disk.is_file(self.dest / bagit.DECLARATION) and not disk.is_folder(self._stage)

    def compare(self, damaged: Sequence[str], accept: bool) -> None:
        """Compare it with the archive; errors as of `export_bag`."""
        root, dest, hashes = self._archive.root, self.dest, self._hashes
        self.wanted, self.faults = _survey(self._archive, hashes)
        if not self.wanted:
            raise ArchiveError(_("{root} : rien à exporter ; disque débranché ?"), root=root)
        ours = self._placed.keys() | self.wanted.keys()
        for path in _walk(dest / bagit.PAYLOAD):
            if path.relative_to(dest).as_posix() not in ours and not disk.is_temporary(path.name):
                raise ArchiveError(_("{path} : étranger à ce sac ; déplacez-le"), path=path)
        if not accept:
            known = [place.removeprefix(bagit.PAYLOAD) for place in self._placed]
            losses.refuse(root, losses.unmoved(root, known))
        rotten = {*damaged} - self.copied
        self.gone, self.todo = hashes.keys() - self.wanted.keys(), {}
        for place, each in self.wanted.items():
            path = (self._stage if place in self._staged else dest) / place
            is_there = hashes.get(place) == each.sha256 and disk.stamp(path)[1] == each.size
            if place in rotten or not is_there:
                self.todo[place] = each
        size = sum(each.size for each in self.todo.values())
        message = _("{dest} : {size} octets à copier, {free} libres ; faites de la place")
        disk.require_room(dest, size, lambda free: _(message, dest=dest, size=size, free=free))

    def read_back(self, progress: Progress) -> list[str]:
        """Read all that is there, and name what differs; damaged staged files are copied anew."""
        for place in _differing(self._stage, self._staged):
            del self._staged[place]
        path = self.dest / bagit.TAG_MANIFEST
        try:
            tags = bagit.read_manifest(disk.read_bytes(path), path)
        except ArchiveError:
            tags = {bagit.TAG_MANIFEST: ""} if (self.dest / bagit.DECLARATION).exists() else {}
        return _differing(self.dest, tags | self._placed, progress)

    def begin(self) -> None:
        """Remove half files of a killed run, and mark the folder as ours."""
        with disk.explained(self.dest, disk.RIGHTS):
            for path in _walk(self.dest):
                if disk.is_temporary(path.name):
                    path.unlink()
        if not disk.is_file(self.dest / bagit.INFO):
            disk.write_whole(self.dest / bagit.INFO, self._described({})[bagit.INFO])

    def copy(self, progress: Progress) -> dict[str, str]:
        """Copy what is missing into the stage, and say what was wrong with some of it."""
        faults, done = dict[str, str](), 0
        total = sum(each.size for each in self.todo.values())
        for place, each in self.todo.items():
            sha256 = _copy(each.source, self._stage / place, each.sha256)
            if sha256 is None:
                message = _("{source} : abîmé ou en train de changer ; `radio check` en dit plus")
                faults[place] = _(message, source=each.source)
            else:
                self._staged[place] = sha256
                self.copied.add(place)
            done += each.size
            progress(done / max(1, total))
            if time.monotonic() > self._saved + OFTEN:
                self._note()
        return faults

    def switch(self) -> None:
        """Become the new bag; while files are renamed it is none."""
        hashes = {place: each for place, each in self._hashes.items() if place not in self.gone}
        self.copied -= self.gone
        self._note()  # else nobody knew what lies in the stage, and what still in its place
        with disk.explained(self.dest, disk.RIGHTS):
            (self.dest / bagit.DECLARATION).unlink(missing_ok=True)
        for path in (self.dest / place for place in self.gone):
            disk.remove(path, disk.RIGHTS)
            disk.drop_empty(path.parent, (self.dest / bagit.PAYLOAD, self.dest))
        self._flush(self.gone)
        disk.write_whole(self.dest / bagit.MANIFEST, bagit.render_manifest(hashes))
        disk.discard(self.dest / JOURNAL)
        new = self._staged.keys() - self.gone
        for place in new:
            path = self.dest / place
            with disk.explained(path, disk.RIGHTS):
                path.parent.mkdir(parents=True, exist_ok=True)
                (self._stage / place).replace(path)
        self._flush(new)
        shutil.rmtree(self._stage, ignore_errors=True)
        self._tag(hashes)

    def read_again(self) -> dict[str, str]:
        wrong = _differing(self.dest, {place: self._staged[place] for place in self.copied})
        return {place: f"{self.dest / place}: {UNSOUND}" for place in wrong}

    def _note(self) -> None:
        disk.write_whole(self._stage / bagit.MANIFEST, bagit.render_manifest(self._staged))
        self._saved = time.monotonic()

    def _flush(self, places: Set[str]) -> None:
        for folder in filter(disk.is_folder, {(self.dest / place).parent for place in places}):
            disk.flush(folder)

    def _tag(self, hashes: Mapping[str, str]) -> None:
        """Write the tag files, the declaration last."""
        shows = self._archive.shows()
        slugs = {show.slug for show in shows}
        episodes = (each for each in self._archive.episodes() if each.show in slugs)
        files = self._described(hashes)
        files[bagit.RECORDS] = b"".join(bagit.catalogue(shows, episodes))
        files[bagit.MANIFEST] = disk.read_bytes(self.dest / bagit.MANIFEST)
        sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        files[bagit.TAG_MANIFEST] = b"".join(bagit.render_line(sums[name], name) for name in sums)
        files[bagit.DECLARATION] = files.pop(bagit.DECLARATION)
        for name, content in files.items():
            disk.write_whole(self.dest / name, content)

    def _described(self, hashes: Mapping[str, str]) -> dict[str, bytes]:
        size = sum(disk.stamp(self.dest / place)[1] for place in hashes)
        today, has_pages = datetime.now(UTC).date(), f"{bagit.PAYLOAD}index.html" in hashes
        payload, shows = (size, len(hashes)), self._archive.shows()
        return bagit.describe(shows, today, payload, with_pages=has_pages, is_public=False)


def _read_there(archive: Archive, dest: Path, verify: bool) -> dict[str, str]:
    """Read the sha256 of each place. Raises ArchiveError if the folder is no bag of ours."""
    if all(disk.is_temporary(path.name) for path in dest.iterdir()):
        return {}
    info = dest / bagit.INFO
    tags = bagit.read_tags(disk.read_bytes(info), info) if info.is_file() else ()
    agents = bagit.values(tags, "Bag-Software-Agent")
    names = bagit.values(tags, "External-Identifier")
    ours = {bagit.identify(show) for show in archive.shows()}
    if not any(agent.startswith(f"{bagit.AGENT} ") for agent in agents) or not ours & set(names):
        message = _("{dest} : ni vide ni un sac de cette archive ; choisissez-en un autre")
        raise ArchiveError(message, dest=dest)
    listings = (dest / name for name in (JOURNAL, bagit.MANIFEST))
    listing = next((path for path in listings if path.exists()), None)
    try:
        return bagit.read_manifest(disk.read_bytes(listing), listing) if listing else {}
    except ArchiveError:
        if not verify:
            raise
        return {}


def _survey(archive: Archive, there: dict[str, str]) -> tuple[dict[str, Wanted], list[str]]:
    known, broken = Checksums(archive.root), fixity_log.damaged(archive.root)
    wanted, faults = _recordings(archive, there, known)
    for each in (each for each in all_files(archive) if each.place not in wanted):
        if each.source.removeprefix("./") in broken:
            message = _("{path} : abîmé ; `radio check --repair` cherche une copie")
            faults.append(_(message, path=each.source))
            if sound := there.get(each.place):  # the bag keeps what it has
                wanted[each.place] = Wanted(archive.root / each.source, each.stamp[1], sound)
            continue
        sums = find(known, each)
        if sums is None and each.place in there:
            sums = known.measure(each.folder, each.name)
        sha256 = sums.sha256 if sums else ""
        wanted[each.place] = Wanted(archive.root / each.source, each.stamp[1], sha256)
    known.keep()
    return wanted, faults


def _recordings(
    archive: Archive, there: dict[str, str], known: Checksums
) -> tuple[dict[str, Wanted], list[str]]:
    wanted, faults = dict[str, Wanted](), list[str]()
    for episode in archive.episodes():
        path, audio = archive.audio_path(episode), episode.audio
        place, state = f"{bagit.PAYLOAD}media/{episode.show}/{audio.file}", disk.stamp(path)
        is_there, is_kept = archive.holds(path), there.get(place) == audio.sha256
        if is_there or is_kept:
            wanted[place] = Wanted(path, audio.size, audio.sha256)
        if not is_there:
            faults.append(_("{path} : manquant ; restaurez-le d’une copie", path=path))
        elif is_kept:
            sums = known.find(f"media/{episode.show}", audio.file, state)
            if state[1] != audio.size or (sums is not None and sums.sha256 != audio.sha256):
                faults.append(_("{path} : abîmé ; restaurez-le à partir du sac", path=path))
    return wanted, faults


class UnreadableError(Exception):
    """A file can't be read, or changes meanwhile."""


def _differing(dest: Path, hashes: Mapping[str, str], progress: Progress = silent) -> list[str]:
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
    """Read a file, if asked not from the cache of the system. Raises if it changes meanwhile."""
    try:
        with disk.open_file(source) as file:
            if from_disk and hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            before = os.fstat(file.fileno())
            yield from disk.blocks(file)
            after = os.fstat(file.fileno())
    except (ArchiveError, OSError) as error:
        raise UnreadableError from error
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        raise UnreadableError


def _copy(source: Path, path: Path, expected: str) -> str | None:
    """Copy a file and give its sha256; None where it can't be read or is not as expected."""
    try:
        with disk.unfinished(path) as part:
            with part.open("wb") as file:
                sha256 = copy_blocks(_read_steady(source), file)
            if sha256 != (expected or sha256):
                return None
            disk.keep(part, path)
    except UnreadableError:
        return None
    return sha256


def _walk(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names))
