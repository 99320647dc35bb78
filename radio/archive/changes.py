"""Changes of files, carried out whole: files are renamed, and small ones written anew. What was cut
short is carried out again: what is done is left alone, and what a person wrote since goes to the
trash, with a warning. In the trash files have their former paths. All raise ArchiveError."""

import datetime as dt
import filecmp
import json
import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from radio.system import disk
from radio.system.errors import ArchiveError, retold
from radio.system.messages import _

TRASH = "trash"
DERIVED = "cache/"  # what lies there may be missing or in the way
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Renaming:
    """A file, or the folder of a show, that gets another name; paths beneath the root."""

    old: str
    new: str


@dataclass(frozen=True)
class Rewriting:
    """A small file that is written anew; None stands for no file."""

    path: str  # beneath the root, once all have their new names
    before: str | None
    after: str | None


def text_of(path: Path) -> str | None:
    """Read a small file for a Rewriting; None where there is none."""
    if not path.exists():
        return None
    content = disk.read_bytes(path)
    message = _("{where} : pas de l’UTF-8 ; enregistrez le fichier en UTF-8")
    with retold(message, UnicodeDecodeError, by=ArchiveError, where=path):
        return content.decode(json.detect_encoding(content))


def old_place(renamings: Sequence[Renaming], path: str) -> str:
    """Tell where a file is before a folder gets its new name."""
    for each in renamings:
        if path.startswith(f"{each.new}/"):
            return each.old + path.removeprefix(each.new)
    return path


def carry_out(root: Path, renamings: Sequence[Renaming], rewritings: Sequence[Rewriting]) -> None:
    """Do all changes, or what is left of them; if the disk refuses, what is done stays done."""
    within = [each for each in rewritings if old_place(renamings, each.path) != each.path]
    for each in within:  # a folder says already what it was called when it gets its new name
        place = old_place(renamings, each.path)
        _rewrite(root, place if disk.is_folder((root / place).parent) else each.path, each)
    moves = [move for each in renamings for move in _file_by_file(root, each)]
    for move in moves:
        _rename(root, move)
    others = [each for each in rewritings if each not in within]
    for each in sorted(others, key=lambda each: each.after is None):  # what goes, goes last
        _rewrite(root, each.path, each)
    for move in moves:
        disk.drop_name(root / move.old, root / move.new)
        disk.drop_empty((root / move.old).parent, (root, root / "media", root / "transcripts"))


def says(path: Path, text: str | None) -> bool:
    """Whether a file has this text; for None, whether there is no file."""
    if text is None or not os.path.lexists(path):
        return text is None and not os.path.lexists(path)
    try:
        return text_of(path) == text
    except (ArchiveError, OSError):  # in other letters, too large, a link: none of ours
        return False


def _rewrite(root: Path, path: str, change: Rewriting) -> None:
    """Write or remove a file; move away a text that is neither `before` nor `after`."""
    place = root / path
    if says(place, change.after):
        return
    if os.path.lexists(place) and not says(place, change.before):
        keep_aside(root, path)
    if change.after is not None:
        disk.write_whole(place, change.after.encode())
    else:
        disk.remove(place)


def _file_by_file(root: Path, renaming: Renaming) -> Iterator[Renaming]:
    old = root / renaming.old
    if not (disk.is_folder(old) and os.path.lexists(root / renaming.new)):
        yield renaming
        return
    for path in filter(disk.is_file, sorted(old.rglob("*"))):
        name = path.relative_to(old).as_posix()
        yield Renaming(f"{renaming.old}/{name}", f"{renaming.new}/{name}")


def _rename(root: Path, renaming: Renaming) -> None:
    """Rename a file or folder; what somebody put there meanwhile makes way."""
    old, new = root / renaming.old, root / renaming.new
    is_derived = renaming.new.startswith(DERIVED)
    if not (os.path.lexists(old) or os.path.lexists(new) or is_derived):
        log.warning("%s", _("{path} : n’y est plus ; laissé de côté", path=renaming.old))
    if disk.is_file(old) and os.path.lexists(new) and disk.stamp(old) != disk.stamp(new):
        with disk.explained(new):
            is_same = is_derived or (disk.is_file(new) and filecmp.cmp(old, new, shallow=False))
        if not is_same:
            keep_aside(root, renaming.new)
        disk.remove(new)
    disk.give_name(old, new)


def new_folder(name: str) -> str:
    """Name a new folder of the trash, beneath the root."""
    return f"{TRASH}/{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S-%f}-{name}"


def keep_aside(root: Path, path: str) -> None:
    """Move to the trash what a person wrote where an unfinished act writes; warn."""
    place = f"{new_folder('meanwhile')}/{path}"
    disk.give_name(root / path, root / place)
    disk.remove(root / path)
    message = _(
        "{path} : changé avant la fin d’une action interrompue ; cette version est gardée : {kept}"
    )
    log.warning("%s", _(message, path=path, kept=place))
