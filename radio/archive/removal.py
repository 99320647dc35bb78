"""Removal: what must be nowhere any more goes whole, and leaves no trace in the history.

Another act of a keeper (`history`) keeps small files as they were, so that it can be undone. A
removal keeps nothing: its record, `history/.removal.json`, says what files are put aside, in
`sealed/`, what takes their place and what is deleted. It is written before anything is done, and
whoever holds the archive's lock next finishes what was cut short; nothing takes it back. `sealed/`
is for its owner alone: no page, feed, bag, export or mirror ever has anything of it.
"""

import contextlib
import datetime as dt
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import trash
from radio.archive.changes import says
from radio.system import records
from radio.system.disk import (
    Stamp,
    discard,
    drop_empty,
    drop_name,
    explained,
    flush,
    give_name,
    held,
    is_file,
    is_folder,
    move,
    read_bytes,
    stamp,
    write_whole,
)
from radio.system.errors import ArchiveError
from radio.system.messages import _

SEALED, TRASH = "sealed", trash.FOLDER
HIDDEN = (f"{SEALED}/", f"{TRASH}/")
MADE = ("cache/", "history/")  # where no person writes
VERSION = 1
LARGEST = 512 << 20  # bytes of a record
REMEDY = _("check the free space and the rights of the folder")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Installment:
    """A file that was made aside and takes the place of another; paths beneath the root."""

    made: str
    path: str


@dataclass(frozen=True)
class Sealing:
    """A file that is put where nobody is given it; paths beneath the root."""

    path: str
    aside: str


@dataclass(frozen=True)
class Wording:
    """A small file with its new text; what it said before is noted nowhere."""

    path: str
    text: str
    seen: Stamp | None = None  # the state of what it takes the place of


@dataclass(frozen=True)
class Removal:
    """What is put aside, what takes its place, and what is deleted: files and whole folders."""

    sealings: tuple[Sealing, ...] = ()
    installments: tuple[Installment, ...] = ()
    wordings: tuple[Wording, ...] = ()
    deletions: tuple[str, ...] = ()


def perform(root: Path, removal: Removal) -> None:
    """Remove something, having written down what; call it under the archive's lock.

    Raises ArchiveError if the disk refuses; it says so if something was begun, which is finished by
    the next writer and never taken back.
    """
    for each in removal.installments:
        flush(root / each.made)
    seen = tuple(replace(each, seen=stamp(root / each.path)) for each in removal.wordings)
    known = replace(removal, wordings=seen)
    with _told_if_begun(root):
        write_whole(_record(root), records.render(known, version=VERSION))
        _carry_out(root, known)


@contextlib.contextmanager
def _told_if_begun(root: Path) -> Iterator[None]:
    try:
        yield
    except ArchiveError as error:
        if not is_cut_short(root):
            raise
        told = _("{error}; a removal is begun: the next command that writes finishes it")
        raise type(error)(told, error=error) from error


@contextlib.contextmanager
def making(root: Path, part: Path) -> Iterator[None]:
    """Hold a file that is made aside; it goes, unless a removal that is not finished needs it."""
    try:
        with held(part):
            yield
    finally:
        if not is_cut_short(root):
            discard(part)


def finish(root: Path) -> None:
    """Finish what was cut short; call it under the archive's lock.

    Raises ArchiveError if the disk refuses, or if what is written of it can't be read.
    """
    if not is_cut_short(root):
        return
    try:
        removal = _read(root)
    except ArchiveError as error:
        told = _("{error}; or move it away, and remove again what had to go")
        raise ArchiveError(told, error=error) from error
    with _told_if_begun(root):
        _carry_out(root, removal)


def unfinished(root: Path) -> str:
    """Tell that something that must go is not gone yet; "" where nothing is."""
    if not is_cut_short(root):
        return ""
    try:
        _read(root)
    except ArchiveError as error:
        return str(error) if is_cut_short(root) else ""
    return _("a removal is begun, not finished; the next command that writes finishes it")


def is_cut_short(root: Path) -> bool:
    """Whether a removal is not finished: its writer is at it, or died."""
    return _record(root).exists()


def sealed(root: Path) -> Path:
    """Give the folder of what is sealed, made where it is missing, closed to other users."""
    folder = root / SEALED
    with explained(folder, REMEDY):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    return folder


def aside() -> str:
    """Name a new folder for what is sealed, beneath the root, by no word of what it holds."""
    return f"{SEALED}/{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"


def _carry_out(root: Path, removal: Removal) -> None:
    """Do all of a removal, or what is left of it."""
    for each in removal.sealings:
        _seal(root, each)
    for made in removal.installments:
        _install(root / made.made, root / made.path)
    for wording in removal.wordings:
        _word(root, wording)
    replaced = {each.path for each in removal.installments}
    replaced |= {each.path for each in removal.wordings}
    for each in removal.sealings:
        if each.path not in replaced:
            drop_name(root / each.path, root / each.aside)
            if is_file(root / each.path):  # a person wrote it since: it goes all the same
                _keep_aside(root, each.path)
    for path in removal.deletions:
        _delete(root / path)
        if path.startswith(HIDDEN):  # nobody looks for what is left empty there
            drop_empty((root / path).parent, (root,))
    with explained(_record(root), REMEDY):
        _record(root).unlink(missing_ok=True)


def _seal(root: Path, sealing: Sealing) -> None:
    """Give a file a name where nobody is given it; done once."""
    aside = root / sealing.aside
    if sealing.aside.startswith(f"{SEALED}/"):
        sealed(root)
    give_name(root / sealing.path, aside)
    _close(root, sealing.aside)


def _word(root: Path, wording: Wording) -> None:
    """Write a small file; what a person wrote there since is kept."""
    path = root / wording.path
    is_old = wording.seen in (None, stamp(path)) or says(path, wording.text)
    if is_file(path) and not is_old and not wording.path.startswith(MADE):
        _keep_aside(root, wording.path)
    write_whole(path, wording.text.encode())
    _close(root, wording.path)


def _keep_aside(root: Path, path: str) -> None:
    """Keep what a person wrote since, and tell that it may have what was to go."""
    trash.keep_aside(root, path)
    told = _("{path}: that version may still have what was removed; look, and empty the trash")
    log.warning("%s", told.format(path=path))


def _close(root: Path, path: str) -> None:
    """Let nobody but its owner open a file that is sealed."""
    if path.startswith(f"{SEALED}/") and is_file(root / path):
        with explained(root / path, REMEDY):
            (root / path).chmod(0o600)


def _install(made: Path, path: Path) -> None:
    """Let a file take the place of another; from another disk it is copied first."""
    if not is_file(made):
        return
    with explained(path, REMEDY):
        move(made, path)
        made.unlink(missing_ok=True)


def _delete(path: Path) -> None:
    """Delete a file, or a folder with all that it holds: it loses its name at once."""
    aside = path.with_name(f".{path.name}.removed")
    with explained(path, _("check the rights of the folder")):
        if is_folder(aside):  # of a writer that died
            shutil.rmtree(aside)
        if is_folder(path):
            path.rename(aside)
            shutil.rmtree(aside)
        else:
            path.unlink(missing_ok=True)


def _record(root: Path) -> Path:
    return root / "history" / ".removal.json"


def _read(root: Path) -> Removal:
    path = _record(root)
    return records.read(Removal, read_bytes(path, LARGEST), path, version=VERSION)
