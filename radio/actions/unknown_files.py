"""Files that the program does not know, in which what an act took away may still stand.

Editors leave copies beside what they open. Those that have the name of an episode (`paths.stem`)
belong to it, and go with it. Of others nobody can tell what they are, so keepers are told of them.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath

from radio.actions.pseudonym_texts import WRITTEN
from radio.archive import Archive, history, journal
from radio.archive.episode import MIME, PICTURES
from radio.archive.paths import key_of, stem
from radio.archive.pseudonyms import may_name
from radio.archive.removal import SEALED, TRASH
from radio.archive.stores import BESIDE, SHOWS, walk
from radio.system.disk import is_file, is_temporary, read_bytes, regular_files
from radio.system.errors import ArchiveError

UNREAD = (*MIME, *PICTURES)
"""Ends of the names of what holds no text."""
OWN = {each.path for each in BESIDE}
KEPT = (history.FOLDER, journal.FOLDER)
LOCK = re.compile(r"\.\w+\.lock")

Holds = Callable[[str], bool]
"""Whether what was taken away may stand in a text."""


def naming_any(names: Iterable[str]) -> Holds:
    """Give what tells whether one of some names of people may stand in a text."""
    known = tuple(names)
    return lambda text: may_name(text, known)


def speaking_of(keys: Iterable[str], sounds: Iterable[str]) -> Holds:
    """Give what tells whether a text speaks of an episode, by a key or the hash of a recording."""
    words = (*(key.partition("/")[2] for key in keys), *sounds)
    return lambda text: any(each in text for each in words)


def copies_of(archive: Archive, is_meant: Callable[[str], bool], holds: Holds) -> Iterator[str]:
    """Name the files that are meant and that no act writes anew, in which something may stand.

    In the trash, and in what is sealed, too; beneath the root.
    """
    for path in walk(archive.root, *SHOWS, TRASH, SEALED):
        if is_meant(path) and not _is_written(path) and _may_hold(archive.root, path, holds):
            yield path


def unknown_files(archive: Archive, keys: Collection[str], holds: Holds) -> Iterator[str]:
    """Name the files that nobody knows, of some episodes or of none, in which something may stand.

    Those that have the name of another episode are left out. Paths are beneath the root.
    """
    beside = sorted(regular_files(archive.root, lambda name: not is_temporary(name)))
    for path in (*beside, *walk(archive.root, *SHOWS, *KEPT)):
        if _is_unknown(archive, path, keys) and _may_hold(archive.root, path, holds):
            yield path


def _is_written(path: str) -> bool:
    """Whether acts write such a file of an episode anew, or no text is in it."""
    place = PurePosixPath(path)
    if "transcripts" in place.parts:
        return place.suffix in WRITTEN
    return place.suffix in UNREAD or place.name == f"{stem(place.name)}.json"


def _is_unknown(archive: Archive, path: str, keys: Collection[str]) -> bool:
    place, key = PurePosixPath(path), key_of(path)
    if len(place.parts) == 1:
        return path not in OWN and not LOCK.fullmatch(path)
    if place.parts[0] in KEPT:
        return place.suffix not in (".json", ".jsonl", ".lock") and "uploads" not in place.parts
    if key in keys or key.endswith("/show"):
        return not _is_written(path)
    return not is_file(archive.media / f"{key}.json")


def _may_hold(root: Path, path: str, holds: Holds) -> bool:
    return any(map(holds, _texts(root / path)))


def _texts(path: Path) -> Iterator[str]:
    """Give the name of a file, and what stands in it in each way in which it may be written."""
    yield path.name
    try:
        content = b"" if path.suffix in UNREAD else read_bytes(path)
    except ArchiveError:
        return
    yield content.decode(json.detect_encoding(content), "replace")
    yield content.replace(b"\0", b"").decode("latin-1")
