"""The checkpoint: a hidden file beside the transcript, with the work done so far on an episode.

A stopped run goes on from it. Once it is removed, the work is finished.
"""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive
from radio.sound import RATE
from radio.system import records
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import ArchiveError
from radio.text.transcript import LARGEST_EVIDENCE, Region, Segment


@dataclass(frozen=True)
class Checkpoint:
    """The work done so far, with recording and engine: if one differs, work starts again."""

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
    """The progress of the work on an episode."""

    reached: float  # seconds of the episode
    remaining: float | None  # seconds of work, None where unknown

    def share(self, duration: float) -> float:
        """Give the share of the episode that is done, 0 to 1; `duration` is in seconds."""
        return min(self.reached / duration, 1.0)


@dataclass(frozen=True)
class _Position:
    reached: int
    spent: float = 0.0


def headway(
    archive: Archive, key: str, duration: float, work: str = "checkpoint"
) -> Headway | None:
    """Read the progress of the transcription of an episode, or of other `work` on it.

    None where there is no checkpoint. `duration` is that of the episode, in seconds.
    """
    try:
        path = archive.checkpoint_path(key, work)
        record = records.read(_Position, read_bytes(path, LARGEST_EVIDENCE), path)
    except ArchiveError:
        return None
    reached = record.reached / RATE
    rest = max(duration - reached, 0.0)
    return Headway(reached, record.spent / reached * rest if reached and record.spent else None)


def resume(path: Path, fresh: Checkpoint) -> Checkpoint:
    """Read the checkpoint of an earlier run; if it is of other work, only its `texts` are kept."""
    try:
        earlier = records.read(Checkpoint, read_bytes(path, LARGEST_EVIDENCE), path)
    except ArchiveError:
        return fresh
    restart = dataclasses.replace(
        earlier, reached=0, spent=0.0, regions=(), segments=(), texts=fresh.texts
    )
    return earlier if restart == fresh else dataclasses.replace(fresh, texts=earlier.texts)


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint."""
    write_whole(path, records.render(checkpoint))
