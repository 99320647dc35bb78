"""Hearings: other texts heard in the same sound, offered to who rereads. `cache/hearings/` is
derived and private: a file for each episode, stale once its evidence changes."""

import contextlib
import hashlib
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import paths
from radio.archive.archive import Archive
from radio.system import records
from radio.system.disk import RIGHTS, read_bytes, read_end, remove, stamp, write_whole
from radio.system.errors import ArchiveError
from radio.text.transcript import LARGEST_EVIDENCE

VERSION = 1
LARGEST = 16 << 20  # bytes of a file; some ten hours of speech
MOST_TEXTS = 60  # of a hearing
LONGEST_TEXT = 2000  # letters
WHOLE = b'"is_whole": true'


@dataclass(frozen=True)
class Hearing:
    """A part of an episode, and the texts heard in it; its own text may be one of them."""

    start: float  # seconds
    end: float
    texts: tuple[str, ...]  # each as often as it was heard, the most frequent first


@dataclass(frozen=True)
class HeardAgain:
    """The hearings of an episode; only the first ones unless `is_whole`."""

    evidence: str  # sha256
    hearings: tuple[Hearing, ...] = ()
    windows: int = 0  # that were heard again
    is_whole: bool = True  # in the file the last, which is read alone


def path_of(archive: Archive, key: str) -> Path:
    """Give the path of the hearings of an episode."""
    return archive.cache / "hearings" / f"{paths.checked_key(key)}.json"


def state_of(archive: Archive, key: str) -> str:
    """Hash the evidence that hearings are made of; "" where there is none."""
    path = archive.evidence_path(key)
    content = read_bytes(path, LARGEST_EVIDENCE) if archive.holds(path) else b""
    return hashlib.sha256(content).hexdigest() if content else ""


def read(archive: Archive, key: str) -> tuple[Hearing, ...]:
    """Read the hearings of an episode, in order; none where missing, stale or unreadable."""
    return begun(archive, key).hearings


def begun(archive: Archive, key: str) -> HeardAgain:
    """Read how far an episode was heard again; not at all where that can't be read."""
    path = path_of(archive, key)
    with contextlib.suppress(ArchiveError):
        if archive.holds(path) and (state := state_of(archive, key)):
            heard = records.read(HeardAgain, read_bytes(path, LARGEST), path, version=VERSION)
            if heard.evidence == state:
                return replace(heard, hearings=tuple(_sound(heard.hearings)))
    return HeardAgain("", is_whole=False)


def is_whole(archive: Archive, key: str) -> bool:
    """Whether an episode was heard again to its end; reads only the end of the file."""
    path = path_of(archive, key)
    with contextlib.suppress(ArchiveError):
        is_new = stamp(path)[0] >= stamp(archive.evidence_path(key))[0] and archive.holds(path)
        return is_new and WHOLE in read_end(path, len(WHOLE) + 8)
    return False


def write(archive: Archive, key: str, heard: HeardAgain) -> None:
    """Save the hearings of an episode; call it under the archive's lock."""
    sound = replace(heard, hearings=tuple(_sound(heard.hearings)))
    write_whole(path_of(archive, key), records.render(sound, version=VERSION))


def text_of(archive: Archive, key: str) -> str:
    """Read the whole file, be it stale or damaged; "" where there is none."""
    path = path_of(archive, key)
    with contextlib.suppress(ArchiveError):
        return read_bytes(path).decode(errors="replace") if archive.holds(path) else ""
    return ""


def forget(archive: Archive, keys: Iterable[str]) -> None:
    """Delete the hearings of some episodes."""
    for key in keys:
        remove(path_of(archive, key), RIGHTS)


def _sound(hearings: Sequence[Hearing]) -> Iterator[Hearing]:
    """Leave out what may not be shown: anybody may have written the file."""
    for each in sorted(hearings, key=lambda each: each.start):
        texts = (" ".join(text.split()) for text in each.texts if len(text) <= LONGEST_TEXT)
        shown = tuple(text for text in texts if text)[:MOST_TEXTS]
        if shown and 0 <= each.start < each.end < math.inf:
            yield replace(each, texts=shown)
