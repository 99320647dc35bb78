"""Removal: what must be nowhere any more goes whole, and leaves no trace in the history. The record
`history/.removal.json` says which files are put aside in `sealed/`, what takes their place and what
is deleted, not what they said. It is written first; the next holder of the archive's lock finishes
what was cut short, and nothing takes it back. `sealed/` is for its owner alone: nothing of it goes
out. All raise ArchiveError if the disk refuses or the record can't be read."""

import contextlib
import datetime as dt
import logging
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from radio.archive import fixity_log
from radio.archive.changes import TRASH, keep_aside, says
from radio.system import disk, records
from radio.system.errors import ArchiveError, retold
from radio.system.messages import _

SEALED = "sealed"
HIDDEN = (f"{SEALED}/", f"{TRASH}/")
MADE = ("cache/", "history/")  # where no person writes
RECORD = "history/.removal.json"
VERSION = 2
LARGEST = 512 << 20  # bytes of a record
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Removal:
    """What is put aside, written and deleted, not what it said; paths beneath the root."""

    aside: Mapping[str, str] = field(default_factory=dict)  # put away, each with its new place
    made: Mapping[str, str] = field(default_factory=dict)  # each with the file that it replaces
    written: Mapping[str, str | None] = field(default_factory=dict)  # texts; None: to delete
    seen: Mapping[str, disk.Stamp] = field(default_factory=dict)  # states of the small files before


def perform(root: Path, removal: Removal) -> None:
    """Write down and do a removal, under the lock; the next writer finishes what is begun."""
    for path in removal.made:
        disk.flush(root / path)
    texts = (path for path, text in removal.written.items() if text is not None)
    known = replace(removal, seen={path: disk.stamp(root / path) for path in texts})
    with _with_unfinished_named(root):
        disk.write_whole(root / RECORD, records.render(known, version=VERSION))
        _carry_out(root, known)


@contextlib.contextmanager
def _with_unfinished_named(root: Path) -> Iterator[None]:
    try:
        yield
    except ArchiveError as error:
        if not is_cut_short(root):
            raise
        message = _("{error} ; un retrait est inachevé : la prochaine commande qui écrit le finit")
        raise type(error)(message, error=error) from error


@contextlib.contextmanager
def making(root: Path, part: Path) -> Iterator[None]:
    """Hold a file that is made; delete it, unless an unfinished removal needs it."""
    try:
        with disk.held(part):
            yield
    finally:
        if not is_cut_short(root):
            disk.discard(part)


def finish(root: Path) -> None:
    """Finish what was cut short; call it under the archive's lock."""
    if not is_cut_short(root):
        return
    message = _("{error} ; ou déplacez-le ailleurs, et retirez de nouveau ce qui devait partir")
    with retold(message, ArchiveError, by=ArchiveError):
        removal = _read(root)
    with _with_unfinished_named(root):
        _carry_out(root, removal)


def unfinished(root: Path) -> str:
    """Say that a removal is not finished; "" if none is begun."""
    if not is_cut_short(root):
        return ""
    try:
        _read(root)
    except ArchiveError as error:
        return str(error) if is_cut_short(root) else ""
    return _("un retrait est inachevé ; la prochaine commande qui écrit le finit")


def is_cut_short(root: Path) -> bool:
    """Whether a removal is not finished: its writer is at it, or died."""
    return (root / RECORD).exists()


def sealed_folder() -> str:
    """Name a new folder for sealed files, beneath the root, without telling what it holds."""
    return f"{SEALED}/{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}"


def _carry_out(root: Path, removal: Removal) -> None:
    for path, place in removal.aside.items():
        _seal(root, path, place)
    for made, path in removal.made.items():
        if disk.is_file(root / made):
            with disk.explained(root / path):
                disk.move(root / made, root / path)  # from another disk it is copied first
                (root / made).unlink(missing_ok=True)
    texts = {path: text for path, text in removal.written.items() if text is not None}
    for path, text in texts.items():
        _write(root, path, text, removal.seen.get(path))
    for path in removal.aside.keys() - removal.made.values() - texts.keys():
        disk.drop_name(root / path, root / removal.aside[path])
        if disk.is_file(root / path):  # a person wrote it since: it goes all the same
            _keep_aside(root, path)
    for path in (path for path in removal.written if path not in texts):
        _delete(root / path)
        if path.startswith(HIDDEN):  # nobody looks for what is left empty there
            disk.drop_empty((root / path).parent, (root,))
    kept = {path for path, place in removal.aside.items() if place.startswith(f"{TRASH}/")}
    gone = {*removal.aside, *removal.made.values(), *removal.written} - kept
    fixity_log.forget(root, lambda path: not gone.isdisjoint((path, *_above(path))))
    disk.remove(root / RECORD)


def _above(path: str) -> Iterator[str]:
    return (each.as_posix() for each in PurePosixPath(path).parents)


def _seal(root: Path, path: str, place: str) -> None:
    """Rename a file to a closed place; once done, do nothing."""
    if place.startswith(f"{SEALED}/"):
        disk.private_folder(root / SEALED)
    disk.give_name(root / path, root / place)
    _close(root, place)


def _write(root: Path, path: str, text: str, seen: disk.Stamp | None) -> None:
    """Write a small file; move away what a person wrote there since."""
    is_old = seen in (None, disk.stamp(root / path)) or says(root / path, text)
    if disk.is_file(root / path) and not is_old and not path.startswith(MADE):
        _keep_aside(root, path)
    disk.write_whole(root / path, text.encode())
    _close(root, path)


def _keep_aside(root: Path, path: str) -> None:
    keep_aside(root, path)
    message = _(
        "{path} : cette version contient peut-être encore ce qui a été retiré ; regardez, et "
        "videz la corbeille"
    )
    log.warning("%s", _(message, path=path))


def _close(root: Path, path: str) -> None:
    if path.startswith(f"{SEALED}/") and disk.is_file(root / path):
        with disk.explained(root / path):
            (root / path).chmod(0o600)


def _delete(path: Path) -> None:
    """Delete a file, or a folder with all in it, which loses its name at once."""
    aside = path.with_name(f".{path.name}.removed")
    with disk.explained(path, disk.RIGHTS):
        if disk.is_folder(aside):  # of a writer that died
            shutil.rmtree(aside)
        if disk.is_folder(path):
            path.rename(aside)
            shutil.rmtree(aside)
        else:
            path.unlink(missing_ok=True)


def _read(root: Path) -> Removal:
    path = root / RECORD
    return records.read(Removal, disk.read_bytes(path, LARGEST), path, version=VERSION)
