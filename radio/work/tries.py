"""Tries: how often the voices of an episode were listened for in vain.

What goes on by itself leaves an episode alone after some, until its files change. A keeper who asks
for it by hand is obeyed all the same.
"""

from dataclasses import dataclass

from radio.archive import Archive
from radio.system import records
from radio.system.disk import read_bytes, stamp, write_whole
from radio.system.errors import ArchiveError
from radio.transcribe.voices import untold

MOST = 3  # tries for one state of the files


@dataclass(frozen=True)
class Try:
    """What failed for one episode."""

    key: str
    files: str  # their state
    times: int


@dataclass(frozen=True)
class _Kept:
    tries: tuple[Try, ...] = ()


def worth_telling(archive: Archive) -> list[str]:
    """List the keys of `untold` that did not fail too often."""
    tries = _read(archive)
    return [
        key for key in untold(archive) if key not in tries or _times(archive, tries[key]) < MOST
    ]


def note_failure(archive: Archive, key: str) -> None:
    """Note that the voices of an episode could not be told.

    Raises ArchiveError if the disk refuses.
    """
    tries = _read(archive)
    times = _times(archive, tries[key]) if key in tries else 0
    tries[key] = Try(key, _files(archive, key), times + 1)
    write_whole(archive.cache / "voices.json", records.render(_Kept(tuple(tries.values()))))


def _read(archive: Archive) -> dict[str, Try]:
    """Read the tries by key; what can't be read counts as none, for it is derived."""
    path = archive.cache / "voices.json"
    try:
        kept = records.read(_Kept, read_bytes(path), path)
    except ArchiveError:
        return {}
    return {each.key: each for each in kept.tries if archive.holds(archive.sidecar_path(each.key))}


def _times(archive: Archive, earlier: Try) -> int:
    return earlier.times if earlier.files == _files(archive, earlier.key) else 0


def _files(archive: Archive, key: str) -> str:
    audio = archive.audio_path(archive.episode(key))
    return str((stamp(audio), stamp(archive.evidence_path(key))))
