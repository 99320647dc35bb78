"""The brake: what vanished from an archive, and whether that is too much to be meant.

A disk that is not mounted looks like an archive from which somebody deleted everything. The index,
the exports, a mirror and the check ask here before they let go of anything. What was withdrawn
still lies there, so it never counts. `cache/inventory.txt` names the sidecars and transcripts that
were here, derived: it is how `radio check` knows of what is gone.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

from radio.disk import read_bytes, write_whole
from radio.episode import MIME
from radio.errors import LossError
from radio.messages import _

MOST = 10  # files of a kind that may vanish at once
SHARE = 20  # of so many files one may, and one in any case; but never the last
NAMED = 3  # files in a message

Kind = Literal["episodes", "recordings", "transcripts"]
NOTED: Collection[Kind] = ("episodes", "transcripts")  # in the inventory


def lost(root: Path, known: Iterable[str]) -> list[str]:
    """Name those of some files, given by their path in the archive, that are not there now.

    One that the disk refuses to tell of is not there either, whatever its reason.
    """
    return sorted(path for path in known if not os.path.exists(root / path))  # noqa: PTH110


def too_many(root: Path, known: Collection[str]) -> list[str]:
    """Name the lost files of each kind of which more are lost than anybody would delete at once."""
    kinds: dict[Kind | None, list[str]] = {}
    for path in known:
        kinds.setdefault(_kind(path), []).append(path)
    kinds.pop(None, None)
    found = ((lost(root, paths), len(paths)) for paths in kinds.values())
    return sorted(
        path for gone, number in found if _is_too_many(len(gone), number) for path in gone
    )


def refuse(root: Path, known: Collection[str]) -> None:
    """Raise LossError if too many of some files are not there now."""
    if gone := too_many(root, known):
        raise LossError(explain(root, gone))


def explain(root: Path, gone: Collection[str]) -> str:
    """Say what vanished and what to do."""
    named = ", ".join(sorted(gone)[:NAMED]) + (", …" if len(gone) > NAMED else "")
    return _(
        "{root}: {gone} files are gone ({named}), so nothing of them is removed "
        "elsewhere; is the disk there? Say --yes if they were deleted on purpose"
    ).format(root=root, gone=len(gone), named=named)


def inventory(root: Path) -> frozenset[str]:
    """Tell which sidecars and transcripts an archive had, save those that another show has since.

    Raises ArchiveError if what was noted can't be read.
    """
    return unmoved(root, _seen(root))


def unmoved(root: Path, known: Collection[str]) -> frozenset[str]:
    """Leave out of some files those that moved: of their name, one is new in another show."""
    kept, gone = frozenset(known), lost(root, known)
    here = (path for path in _present(root, {"recordings", *NOTED}) if path not in kept)
    new = {_apart(path) for path in here} if gone else set()
    return kept - {path for path in gone if _kind(path) and _apart(path) in new}


def take_inventory(root: Path, *, forget: bool = False) -> None:
    """Note what is there beside what was, or `forget` what no longer is.

    Raises ArchiveError if it can't be written.
    """
    now = frozenset(_present(root, NOTED))
    after = now if forget else now | inventory(root)
    if after != _seen(root):
        write_whole(_path(root), "".join(f"{path}\n" for path in sorted(after)).encode())


def _seen(root: Path) -> frozenset[str]:
    path = _path(root)
    return frozenset(read_bytes(path).decode().splitlines()) if path.exists() else frozenset()


def _apart(path: str) -> tuple[str, str]:
    """Name a file apart from its show.

    >>> _apart("media/emission/2024-01-10-rue.json")
    ('media', '2024-01-10-rue.json')
    """
    place = PurePosixPath(path)
    return place.parts[0], place.name


def _path(root: Path) -> Path:
    return root / "cache" / "inventory.txt"


def _present(root: Path, kinds: Collection[Kind]) -> Iterator[str]:
    """Name the files of some kinds that are there."""
    for part in ("media", "transcripts"):
        for found in (root / part).glob("*/*"):
            path = found.relative_to(root).as_posix()
            if path.isprintable() and _kind(path) in kinds:
                yield path


def _kind(path: str) -> Kind | None:
    """Tell what a file of an archive is, as far as losing it matters.

    >>> _kind("media/emission/a.json"), _kind("media/emission/show.json")
    ('episodes', None)
    >>> _kind("transcripts/emission/a.vtt"), _kind("transcripts/emission/a.1.vtt")
    ('transcripts', None)
    """
    place = PurePosixPath(path)
    if len(place.parts) != 3 or place.name.startswith("."):
        return None
    if place.parts[0] == "transcripts":
        return "transcripts" if place.suffix == ".vtt" and "." not in place.stem else None
    if place.parts[0] != "media" or place.name == "show.json":
        return None
    if place.suffix == ".json":
        return "episodes"
    return "recordings" if place.suffix.lower() in MIME else None


def _is_too_many(gone: int, known: int) -> bool:
    """Tell whether so many files of a kind can't be meant.

    >>> _is_too_many(1, 1), _is_too_many(1, 3), _is_too_many(2, 3)
    (True, False, True)
    >>> _is_too_many(5, 100), _is_too_many(6, 100), _is_too_many(10, 900), _is_too_many(11, 900)
    (False, True, False, True)
    """
    return gone > min(MOST, max(1, known // SHARE)) or 0 < known == gone
