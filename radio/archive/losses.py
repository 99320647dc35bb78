"""Losses: which files vanished from an archive, and whether too many to be deleted on purpose. A
missing disk looks like an archive with everything deleted, so whoever removes something elsewhere
asks here first. Withdrawn episodes are not lost. `cache/inventory.txt` lists the sidecars and
transcripts that the archive had; all raise ArchiveError if the disk refuses."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Literal

from radio.archive.episode import MIME
from radio.archive.gone import unmeant
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import LossError
from radio.system.messages import _

MOST = 10  # files of a kind that may be missing at once
SHARE = 20  # one file of so many may be missing; one in any case, but never the last
MOST_NAMED = 3  # in a line
INVENTORY = "cache/inventory.txt"

Kind = Literal["episodes", "recordings", "transcripts"]
INVENTORY_KINDS: Collection[Kind] = ("episodes", "transcripts")  # in the inventory


def find_missing(root: Path, paths: Iterable[str]) -> list[str]:
    """List the paths that the disk can't find now, for any reason."""
    base = os.fspath(root)  # a Path of each would take three times as long
    return sorted(path for path in paths if not os.path.exists(f"{base}/{path}"))  # noqa: PTH110


def too_many(root: Path, paths: Collection[str]) -> list[str]:
    """List the missing files of each kind of which too many are missing."""
    missing = find_missing(root, paths)
    gone, all_of = Counter(map(_kind, missing)), Counter(map(_kind, paths if missing else ()))
    many = {kind for kind in gone if kind and is_too_many(gone[kind], all_of[kind])}
    return [path for path in missing if _kind(path) in many]


def away(root: Path) -> list[str]:
    """List the missing files of the inventory, if too many."""
    return too_many(root, inventory(root))


def refuse(root: Path, paths: Collection[str]) -> None:
    """Raise LossError if too many of some files are missing now."""
    if missing := too_many(root, paths):
        raise LossError(explain(root, missing))


def explain(root: Path, missing: Collection[str]) -> str:
    """Make a message about missing files and what to do."""
    message = _(
        "{root} : {gone} fichiers ont disparu ({named}), donc rien n’est supprimé ailleurs ; le "
        "disque est-il branché ? Donnez --yes s’ils ont été effacés exprès"
    )
    return _(message, root=root, gone=len(missing), named=listed(sorted(missing)))


def listed(names: Sequence[str]) -> str:
    """Name the first of some things in a line."""
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")


def inventory(root: Path) -> frozenset[str]:
    """Read which sidecars and transcripts the archive had, without those that moved."""
    return unmoved(root, _read_inventory(root))


def lost(root: Path, listed: str = "") -> list[str]:
    """List missing sidecars and transcripts, also of `listed`; with evidence, no text is lost."""
    known = unmoved(root, _read_inventory(root) | set(listed.splitlines()))
    gone = find_missing(root, known)
    texts = (path for path in gone if path.endswith(".vtt"))
    safe = {path for path in texts if (root / path).with_suffix(".json").exists()}
    return [path for path in gone if path not in safe]


def unmoved(root: Path, paths: Collection[str]) -> frozenset[str]:
    """Leave out what was deleted on purpose or moved: to another show, or as `formerly` says."""
    known = frozenset(paths)
    missing = {path for path in find_missing(root, known) if _kind(path)}
    if not missing:
        return known
    present = _present(root, {"recordings", *INVENTORY_KINDS})
    new_names = {_without_show(path) for path in present if path not in known}
    moved = {path for path in missing if _without_show(path) in new_names}
    others = missing - moved
    return known - moved - (others - unmeant(root, others) if others else set())


def take_inventory(root: Path, *, forget: bool = False) -> None:
    """Add the present files to the inventory; with `forget`, remove the missing ones."""
    now = frozenset(_present(root, INVENTORY_KINDS))
    _write_inventory(root, now if forget else now | inventory(root))


def let_go(root: Path, paths: Collection[str]) -> None:
    """Take files from the inventory that were renamed or deleted on purpose."""
    _write_inventory(root, _read_inventory(root) - set(paths))


def _write_inventory(root: Path, paths: frozenset[str]) -> None:
    if paths != _read_inventory(root):
        write_whole(root / INVENTORY, "".join(f"{path}\n" for path in sorted(paths)).encode())


def _read_inventory(root: Path) -> frozenset[str]:
    path = root / INVENTORY
    return frozenset(read_bytes(path).decode().splitlines()) if path.exists() else frozenset()


def _without_show(path: str) -> tuple[str, str]:
    place = PurePosixPath(path)
    return place.parts[0], place.name


def _present(root: Path, kinds: Collection[Kind]) -> Iterator[str]:
    for part in ("media", "transcripts"):
        for file in (root / part).glob("*/*"):
            path = file.relative_to(root).as_posix()
            if path.isprintable() and _kind(path) in kinds:
                yield path


def _kind(path: str) -> Kind | None:
    """Give the kind of a file; None where its loss does not matter.

    >>> _kind("media/emission/a.json"), _kind("media/emission/show.json")
    ('episodes', None)
    >>> _kind("transcripts/emission/a.vtt"), _kind("transcripts/emission/a.1.vtt")
    ('transcripts', None)
    """
    place = PurePosixPath(path)
    match place.parts:
        case (_, _, name) if name.startswith(".") or name == "show.json":
            return None
        case ("transcripts", _, _):
            return "transcripts" if place.suffix == ".vtt" and "." not in place.stem else None
        case ("media", _, _) if place.suffix == ".json":
            return "episodes"
        case ("media", _, _):
            return "recordings" if place.suffix.lower() in MIME else None
    return None


def is_too_many(missing: int, total: int) -> bool:
    """Whether so many missing files of a kind can't be deleted on purpose.

    >>> is_too_many(1, 1), is_too_many(1, 3), is_too_many(2, 3)
    (True, False, True)
    >>> is_too_many(5, 100), is_too_many(6, 100), is_too_many(10, 900), is_too_many(11, 900)
    (False, True, False, True)
    """
    return missing > min(MOST, max(1, total // SHARE)) or 0 < total == missing
