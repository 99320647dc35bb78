"""Recordings that keepers send from their browser, until they are taken into the archive. Each has
a folder in the private folder of the archive: a note, and the bytes that are here. These come in
blocks, each where the last one ended, and get the name of the file once they are whole. Unfinished
ones stay for some days. Functions raise ArchiveError if the disk refuses."""

import contextlib
import os
import re
import shutil
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from radio.archive import Archive
from radio.archive.gone import read_gone
from radio.archive.journal import FOLDER, desk, write_private
from radio.archive.locks import locked
from radio.ingest.description import NOTHING
from radio.ingest.names import file_name, folder_name
from radio.ingest.plan import TWIN, PlanRow, Surveyor
from radio.ingest.recordings import Recordings
from radio.sound.tags.reader import read_tags
from radio.system import records
from radio.system.checksums import hash_file
from radio.system.disk import explained, is_file, keep, read_bytes, require_room, stamp
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _, as_data, from_data

NOTE, PART, SOUND = "upload.json", "sound.part", "sound"
VERSION = 1
LARGEST = 4 << 30  # bytes of a file
MOST = 40  # files that wait
TOTAL = 20 << 30  # bytes that wait
FLOOR, SHARE, ENOUGH = 2 << 30, 0.05, 10 << 30  # bytes of the disk that stay free: a share of it
KEPT_DAYS = 7  # without a byte, until what is not whole is swept
ID = re.compile(r"[a-p]{20}")

Refusal = Literal["empty", "large", "many", "full", "room"]  # why no more is taken


@dataclass(frozen=True)
class SentFile:
    """A recording that comes in, or waits to be taken."""

    id: str
    name: str  # of its file
    size: int  # bytes
    show: str
    who: str  # the name of an account
    changed: float = 0.0  # when the file was written, where it lies (seconds since 1970)
    sha256: str = ""  # once it is whole
    row: PlanRow | None = None  # what would become of it, once it is whole
    fault: str = ""  # why it was not taken


def uploads(archive: Archive) -> list[SentFile]:
    """List them by name, and sweep those that nobody continued."""
    found, place = list[SentFile](), archive.root / FOLDER / "uploads"
    with contextlib.suppress(OSError):
        for name in os.listdir(place):  # noqa: PTH208
            known = None
            with contextlib.suppress(ArchiveError):
                known = find(archive, name)
            if not (known and known.sha256):
                _sweep(place / name)
            if known and (place / name).exists():
                found.append(known)
    return sorted(found, key=lambda each: (each.name, each.id))


def _sweep(place: Path) -> None:
    """Remove an unfinished one, if no byte of it came for some days."""
    newest = 0.0
    with contextlib.suppress(OSError):
        newest = max(each.lstat().st_mtime for each in (place, *place.iterdir()))
    if newest < time.time() - KEPT_DAYS * 86400:
        shutil.rmtree(place, ignore_errors=True)


def find(archive: Archive, name: str) -> SentFile:
    """Give one by its id. Raises NotFoundError if there is none."""
    path = _place(archive, name) / NOTE
    if not is_file(path):
        raise NotFoundError(_("{name} : aucun envoi de ce nom", name=name))
    return records.read(SentFile, read_bytes(path), path, version=VERSION, amend=from_data)


def received(archive: Archive, upload: SentFile) -> int:
    """Give how many bytes of it are here."""
    place = _place(archive, upload.id)
    return max(stamp(place / PART)[1], stamp(place / SOUND / upload.name)[1])


def room(archive: Archive) -> int:
    """Give how many bytes may come: what is taken into the archive needs them a second time."""
    disk = shutil.disk_usage(archive.root)
    needed = sum(2 * each.size - received(archive, each) for each in uploads(archive))
    return int(max(0, disk.free - _floor(disk.total) - needed) // 2)


def refusal(archive: Archive, size: int) -> Refusal | None:
    """Say why another file of so many bytes is not taken; None where it is."""
    waiting = uploads(archive)
    if not size:
        return "empty"
    if size > LARGEST:
        return "large"
    if len(waiting) >= MOST:
        return "many"
    if sum(each.size for each in waiting) + size > TOTAL:
        return "full"
    return "room" if size > room(archive) else None


def begin(
    archive: Archive, name: str, size: int, changed: float, show: str, who: str
) -> SentFile | Refusal:
    """Begin or continue a file, or say why not. Raises NotFoundError if there is no such show."""
    archive.show(show)
    text = "\0".join((who, name, str(size), str(changed)))
    upload = SentFile(folder_name(text), _bare(name), size, show, who, changed)
    with locked(desk(archive.root), "uploads"):
        with contextlib.suppress(ArchiveError):
            return find(archive, upload.id)
        if why := refusal(archive, size):
            return why
        note(archive, upload)
    return upload


def add(archive: Archive, upload: SentFile, start: int, piece: bytes) -> int:
    """Write a block where the last one ended, else leave it out; return how many bytes are here
    then. Raises ArchiveError, too, if too little of the disk would stay free."""
    part = _place(archive, upload.id) / PART
    with locked(part.parent, "upload"):
        here = received(archive, upload)
        if start != here or here + len(piece) > upload.size or find(archive, upload.id).sha256:
            return here
        _append(part, here, piece)
        return here + len(piece)


def finish(archive: Archive, upload: SentFile) -> SentFile:
    """Name a whole file, and note its checksum and row. Raises ArchiveError if it is not whole."""
    place = _place(archive, upload.id)
    with locked(place, "upload"):
        known = find(archive, upload.id)
        if known.sha256:
            return known
        if received(archive, known) != known.size:
            raise ArchiveError(_("{name} : incomplet", name=known.name))
        part, path = place / PART, place / SOUND / known.name
        with explained(path):
            if is_file(part):  # else the last try named it
                path.parent.mkdir(exist_ok=True)
                if known.changed > 0:
                    os.utime(part, (known.changed, known.changed))
                keep(part, path)
        sha256, surveyor = hash_file(path), Surveyor(archive, Recordings(archive, [path]))
        row = surveyor.row(path, read_tags(path), archive.show(known.show), NOTHING)
        twin = next((each.name for each in uploads(archive) if each.sha256 == sha256), "")
        if twin and not row.twin_of:
            row = replace(row, twin_of=twin, action=TWIN)
        done = replace(known, sha256=sha256, row=row)
        note(archive, done)
    return done


def store(
    archive: Archive, name: str, show: str, who: str, blocks: Iterable[bytes]
) -> SentFile | Refusal:
    """Save a file of unknown size at once, or say why not. Raises as `begin` and `add`."""
    archive.show(show)
    name_here, size, is_kept = folder_name(uuid.uuid4().hex), 0, False
    part = _place(archive, name_here) / PART
    try:
        with explained(part):
            desk(archive.root)
            part.parent.mkdir(parents=True)
        for block in blocks:
            if size + len(block) > LARGEST:
                return "large"
            _append(part, size, block, is_last=False)
            size += len(block)
        with locked(desk(archive.root), "uploads"):
            if why := refusal(archive, size):
                return why
            note(archive, upload := SentFile(name_here, _bare(name), size, show, who))
            is_kept = True
    finally:
        if not is_kept:
            shutil.rmtree(part.parent, ignore_errors=True)
    return finish(archive, upload)


def note(archive: Archive, upload: SentFile) -> None:
    """Note what is known of one by now."""
    path = _place(archive, upload.id) / NOTE
    with explained(path):
        desk(archive.root)
        path.parent.mkdir(parents=True, exist_ok=True)
    write_private(path, records.render(upload, version=VERSION, spell=as_data))


def remove(archive: Archive, upload: SentFile) -> None:
    """Remove one, with all of its bytes."""
    shutil.rmtree(_place(archive, upload.id), ignore_errors=True)


def forget(archive: Archive, key: str) -> None:
    """Remove what has the sound of an episode, as it is and as it was."""
    gone = read_gone(archive.root).recordings.items()
    sounds = {sha256 for sha256, each in gone if each.key == key}
    with contextlib.suppress(NotFoundError):
        audio = archive.episode(key).audio
        sounds |= {audio.sha256, *audio.formerly}
    for each in uploads(archive):
        if each.sha256 in sounds:
            remove(archive, each)


def _bare(name: str) -> str:
    """Give the name of a file without its folders, which some browsers send."""
    return file_name(name.replace("\\", "/").rpartition("/")[2])


def _place(archive: Archive, name: str) -> Path:
    if not ID.fullmatch(name):
        raise NotFoundError(_("{name} : aucun envoi de ce nom", name=name))
    return archive.root / FOLDER / "uploads" / name


def _append(part: Path, start: int, piece: bytes, *, is_last: bool = True) -> None:
    """Write bytes at the end, all or none; flushed to the disk if `is_last`."""
    full = _("le disque est plein (il reste {free} Mo) ; faites de la place")
    floor = _floor(shutil.disk_usage(part.parent).total)
    require_room(part.parent, len(piece), lambda free: _(full, free=free // 10**6), floor)
    with explained(part), part.open("ab") as file:
        try:
            file.write(piece)
            file.flush()
            if is_last:
                os.fsync(file.fileno())
        except OSError:
            file.truncate(start)
            raise


def _floor(total: int) -> int:
    return max(FLOOR, min(int(total * SHARE), ENOUGH))
