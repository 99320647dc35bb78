"""Hearings: other texts that were heard in the same sound, which the desk offers to who rereads.

They lie in `cache/hearings/`, derived, one file for each episode: it names the evidence that it
was made of, and counts for nothing where that is another by now. It may be deleted at any moment.
Nobody but keepers is shown what it holds, and no way out takes it along.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio import paths, records
from radio.archive import Archive
from radio.disk import read_bytes, write_whole
from radio.errors import ArchiveError
from radio.transcript import LARGEST_EVIDENCE

VERSION = 1
LARGEST = 16 << 20  # bytes of a file; some ten hours of speech
MOST_TEXTS = 60  # of a hearing
LONGEST_TEXT = 2000  # letters


@dataclass(frozen=True)
class Hearing:
    """A part of an episode, and what else was heard in it than its evidence says."""

    start: float  # seconds
    end: float
    texts: tuple[str, ...]  # the most frequent first


@dataclass(frozen=True)
class _Heard:
    evidence: str  # sha256
    hearings: tuple[Hearing, ...]


def path_of(archive: Archive, key: str) -> Path:
    """Tell where the hearings of an episode lie."""
    return archive.root / paths.hearings(key)


def state_of(archive: Archive, key: str) -> str:
    """Name the evidence that hearings are made of; nothing where there is none.

    Raises ArchiveError if the disk refuses.
    """
    path = archive.evidence_path(key)
    if not archive.holds(path):
        return ""
    return hashlib.sha256(read_bytes(path, LARGEST_EVIDENCE)).hexdigest()


def read(archive: Archive, key: str) -> tuple[Hearing, ...]:
    """Read the hearings of an episode, in its order.

    None where they were not made, are those of another evidence, or can't be read.
    """
    path = path_of(archive, key)
    if not archive.holds(path):
        return ()
    try:
        heard = records.read(_Heard, read_bytes(path, LARGEST), path, version=VERSION)
        is_current = heard.evidence == state_of(archive, key)
    except ArchiveError:
        return ()
    return tuple(_sound(heard.hearings)) if is_current and heard.evidence else ()


def write(archive: Archive, key: str, state: str, hearings: Sequence[Hearing]) -> None:
    """Keep the hearings of an episode, whole; `state` is that of its evidence as it was heard.

    Call it under the archive's lock. Raises ArchiveError if the disk refuses.
    """
    heard = _Heard(state, tuple(_sound(hearings)))
    write_whole(path_of(archive, key), records.render(heard, version=VERSION))


def _sound(hearings: Sequence[Hearing]) -> Iterator[Hearing]:
    """Give the hearings that may be shown: whoever wrote the file may have written anything."""
    for each in sorted(hearings, key=lambda each: each.start):
        texts = (" ".join(text.split()) for text in each.texts if len(text) <= LONGEST_TEXT)
        kept = tuple(dict.fromkeys(text for text in texts if text))[:MOST_TEXTS]
        if kept and 0 <= each.start < each.end < math.inf:
            yield replace(each, texts=kept)
