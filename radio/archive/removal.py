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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from radio.archive.changes import TRASH, keep_aside, says
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

SEALED = "sealed"
HIDDEN = (f"{SEALED}/", f"{TRASH}/")
MADE = ("cache/", "history/")  # where no person writes
RECORD = "history/.removal.json"
VERSION = 2
LARGEST = 512 << 20  # bytes of a record
REMEDY = _("vérifiez la place libre et les droits du dossier")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removal:
    """What is put aside, what takes its place, and what is deleted; paths beneath the root.

    What a small file said before is noted nowhere.
    """

    aside: Mapping[str, str] = field(default_factory=dict)
    """Files that are put where nobody is given them, each with that place."""
    made: Mapping[str, str] = field(default_factory=dict)
    """Files that were made aside, each with the one whose place it takes."""
    written: Mapping[str, str | None] = field(default_factory=dict)
    """Small files with their new text; None for files and whole folders that are deleted."""
    seen: Mapping[str, Stamp] = field(default_factory=dict)
    """The states of what small files take the place of."""


def perform(root: Path, removal: Removal) -> None:
    """Remove something, having written down what; call it under the archive's lock.

    Raises ArchiveError if the disk refuses; it says so if something was begun, which is finished by
    the next writer and never taken back.
    """
    for path in removal.made:
        flush(root / path)
    seen = {path: stamp(root / path) for path, text in removal.written.items() if text is not None}
    known = replace(removal, seen=seen)
    with _told_if_begun(root):
        write_whole(root / RECORD, records.render(known, version=VERSION))
        _carry_out(root, known)


@contextlib.contextmanager
def _told_if_begun(root: Path) -> Iterator[None]:
    try:
        yield
    except ArchiveError as error:
        if not is_cut_short(root):
            raise
        message = _("{error} ; un retrait est commencé : la prochaine commande qui écrit l’achève")
        raise type(error)(message, error=error) from error


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
        message = _("{error} ; ou déplacez-le ailleurs, et retirez de nouveau ce qui devait partir")
        raise ArchiveError(message, error=error) from error
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
    return _("un retrait est commencé, pas achevé ; la prochaine commande qui écrit l’achève")


def is_cut_short(root: Path) -> bool:
    """Whether a removal is not finished: its writer is at it, or died."""
    return (root / RECORD).exists()


def sealed(root: Path) -> Path:
    """Give the folder of what is sealed, made where it is missing, closed to other users."""
    folder = root / SEALED
    with explained(folder, REMEDY):
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    return folder


def sealed_folder() -> str:
    """Name a new folder for what is sealed, beneath the root, by no word of what it holds."""
    return f"{SEALED}/{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"


def _carry_out(root: Path, removal: Removal) -> None:
    """Do all of a removal, or what is left of it."""
    for path, place in removal.aside.items():
        _seal(root, path, place)
    for made, path in removal.made.items():
        _install(root / made, root / path)
    texts = {path: text for path, text in removal.written.items() if text is not None}
    for path, text in texts.items():
        _write(root, path, text, removal.seen.get(path))
    for path in removal.aside.keys() - removal.made.values() - texts.keys():
        drop_name(root / path, root / removal.aside[path])
        if is_file(root / path):  # a person wrote it since: it goes all the same
            _keep_aside(root, path)
    for path in (path for path in removal.written if path not in texts):
        _delete(root / path)
        if path.startswith(HIDDEN):  # nobody looks for what is left empty there
            drop_empty((root / path).parent, (root,))
    with explained(root / RECORD, REMEDY):
        (root / RECORD).unlink(missing_ok=True)


def _seal(root: Path, path: str, place: str) -> None:
    """Give a file a name where nobody is given it; done once."""
    if place.startswith(f"{SEALED}/"):
        sealed(root)
    give_name(root / path, root / place)
    _close(root, place)


def _install(made: Path, path: Path) -> None:
    """Let a file take the place of another; from another disk it is copied first."""
    if is_file(made):
        with explained(path, REMEDY):
            move(made, path)
            made.unlink(missing_ok=True)


def _write(root: Path, path: str, text: str, seen: Stamp | None) -> None:
    """Write a small file; what a person wrote there since is kept."""
    is_old = seen in (None, stamp(root / path)) or says(root / path, text)
    if is_file(root / path) and not is_old and not path.startswith(MADE):
        _keep_aside(root, path)
    write_whole(root / path, text.encode())
    _close(root, path)


def _keep_aside(root: Path, path: str) -> None:
    """Keep what a person wrote since, and tell that it may have what was to go."""
    keep_aside(root, path)
    message = _(
        "{path} : cette version a peut-être encore ce qui a été retiré ; regardez, et "
        "videz la corbeille"
    )
    log.warning("%s", _(message, path=path))


def _close(root: Path, path: str) -> None:
    """Let nobody but its owner open a file that is sealed."""
    if path.startswith(f"{SEALED}/") and is_file(root / path):
        with explained(root / path, REMEDY):
            (root / path).chmod(0o600)


def _delete(path: Path) -> None:
    """Delete a file, or a folder with all that it holds: it loses its name at once."""
    aside = path.with_name(f".{path.name}.removed")
    with explained(path, _("vérifiez les droits du dossier")):
        if is_folder(aside):  # of a writer that died
            shutil.rmtree(aside)
        if is_folder(path):
            path.rename(aside)
            shutil.rmtree(aside)
        else:
            path.unlink(missing_ok=True)


def _read(root: Path) -> Removal:
    path = root / RECORD
    return records.read(Removal, read_bytes(path, LARGEST), path, version=VERSION)
