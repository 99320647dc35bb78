"""The files of a transcript: its text, older ones under numbers, unfinished work. The machine's
text may be replaced, a person's never. A checkpoint is a hidden file beside the transcript, from
which a stopped run goes on; it is removed when the work is done."""

import dataclasses
import itertools
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive
from radio.archive.authorship import BEFORE, naming, sha256
from radio.sound import RATE
from radio.system import records
from radio.system.disk import is_file, read_bytes, write_whole
from radio.system.errors import RadioError
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    Evidence,
    Region,
    Segment,
    read_evidence,
    render_evidence,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """The work done so far, with recording and engine: if one differs, work starts again."""

    audio: str  # sha256
    engine: str
    weights: str  # sha256
    language: str
    prompt: str
    also: tuple[str, ...] = ()  # languages
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


def headway(archive: Archive, key: str, length: float, work: str = "checkpoint") -> Headway | None:
    """Read how far an episode's transcription, or other `work`, is; None without a checkpoint.
    `length` is the episode's, in seconds."""
    path = archive.checkpoint_path(key, work)
    record = records.recall(Checkpoint, path, LARGEST_EVIDENCE)
    if record is None:
        return None
    reached = record.reached / RATE
    left = max(length - reached, 0.0)
    return Headway(reached, record.spent / reached * left if reached and record.spent else None)


def resume(path: Path, fresh: Checkpoint) -> Checkpoint:
    """Read the checkpoint of an earlier run; of other work, only its `texts` stay."""
    earlier = records.recall(Checkpoint, path, LARGEST_EVIDENCE) or fresh
    restart = dataclasses.replace(
        earlier, reached=0, spent=0.0, regions=(), segments=(), texts=fresh.texts
    )
    return earlier if restart == fresh else dataclasses.replace(fresh, texts=earlier.texts)


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint."""
    write_whole(path, records.render(checkpoint))


def replace(archive: Archive, key: str, text: bytes, evidence: Evidence) -> None:
    """Replace a machine's text and its evidence, under the archive's lock. The evidence names both
    texts first, so that they count as the machine's if we are killed in between."""
    evidence = naming(evidence, text.decode(), read_bytes(archive.vtt_path(key)))
    write_whole(archive.evidence_path(key), render_evidence(evidence))
    write_whole(archive.vtt_path(key), text)


def is_by_hand(archive: Archive, key: str) -> bool:
    """Whether the transcript is anything but what the machine wrote, byte for byte."""
    path, evidence = archive.vtt_path(key), archive.evidence(key)
    if not os.path.lexists(path):
        return False
    hashes = {evidence.vtt, evidence.extra.get(BEFORE)} if evidence else set()
    return sha256(read_bytes(path)) not in hashes


def untouched(archive: Archive) -> list[str]:
    """List the keys of the episodes whose text a machine wrote and nobody changed."""
    keys = (each.key for each in archive.episodes() if archive.is_transcribed(each.key))
    return [key for key in keys if not is_by_hand(archive, key)]


def texts_aside(archive: Archive, key: str) -> list[Path]:
    """List the versions of a transcript that were set aside, the oldest first."""
    path = archive.vtt_path(key)
    names = (path.with_suffix(f".{number}.vtt") for number in itertools.count(1))
    return list(itertools.takewhile(os.path.lexists, names))


def evidence_aside(archive: Archive, key: str) -> dict[Path, Evidence]:
    """Read all evidence set aside, by path, the oldest first. Unreadable ones cost a warning."""
    found = {}
    for text in texts_aside(archive, key):
        path = text.with_suffix(".json")
        try:
            if is_file(path):
                found[path] = read_evidence(read_bytes(path, LARGEST_EVIDENCE), path)
        except RadioError as error:
            log.warning("%s", error)
    return found


def keep_present(archive: Archive, key: str) -> None:
    """Save the present text and its evidence under a number, unless it is there."""
    old, present = read_bytes(archive.vtt_path(key)), archive.evidence_path(key)
    if old not in map(read_bytes, texts_aside(archive, key)):
        set_aside(archive, key, old, read_bytes(present) if present.exists() else None)


def set_aside(archive: Archive, key: str, text: bytes, evidence: bytes | None) -> None:
    """Keep another version of a transcript under the next number, its text last."""
    path = archive.vtt_path(key)
    number = len(texts_aside(archive, key)) + 1
    if evidence is not None:
        write_whole(path.with_suffix(f".{number}.json"), evidence)
    write_whole(path.with_suffix(f".{number}.vtt"), text)
