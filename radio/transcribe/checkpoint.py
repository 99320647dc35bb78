"""The checkpoint: what is done of an episode, kept beside its transcript while it is under way.

A run that was stopped goes on from it. With it gone, the work is finished.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from radio import records
from radio.archive import Archive
from radio.audio import RATE
from radio.disk import read_bytes, write_whole
from radio.errors import ArchiveError
from radio.transcript import LARGEST_EVIDENCE, Region, Segment


@dataclass(frozen=True)
class Checkpoint:
    """What is done, and of what, by what: another engine or recording begins anew."""

    audio: str  # sha256
    engine: str
    weights: str  # sha256
    language: str
    prompt: str
    reached: int = 0  # samples
    spent: float = 0.0  # seconds of work
    regions: tuple[Region, ...] = ()
    segments: tuple[Segment, ...] = ()
    texts: tuple[str, ...] = ()  # sha256 of every .vtt written on the way


@dataclass(frozen=True)
class Headway:
    """How far the work on an episode is."""

    reached: float  # seconds of the episode
    left: float | None  # seconds of work, None where nothing tells

    def share(self, duration: float) -> float:
        """Give the share of an episode of some seconds that is done."""
        return min(self.reached / duration, 1.0)


@dataclass(frozen=True)
class _Reached:
    reached: int
    spent: float = 0.0


def headway(archive: Archive, key: str, duration: float) -> Headway | None:
    """Tell how far the transcription of a key is, None where nothing is under way.

    `duration` is that of the episode, in seconds.
    """
    try:
        path = archive.checkpoint_path(key)
        found = records.read(_Reached, read_bytes(path, LARGEST_EVIDENCE), path)
    except ArchiveError:
        return None
    reached = found.reached / RATE
    rest = max(duration - reached, 0.0)
    return Headway(reached, found.spent / reached * rest if reached and found.spent else None)


def resume(path: Path, fresh: Checkpoint) -> Checkpoint:
    """Read what an earlier run had done; where it did something else, its texts alone are kept."""
    try:
        kept = records.read(Checkpoint, read_bytes(path, LARGEST_EVIDENCE), path)
    except ArchiveError:
        return fresh
    begun = dataclasses.replace(
        kept, reached=0, spent=0.0, regions=(), segments=(), texts=fresh.texts
    )
    return kept if begun == fresh else dataclasses.replace(fresh, texts=kept.texts)


def save(path: Path, done: Checkpoint) -> None:
    """Write what is done."""
    write_whole(path, records.render(done))
