"""The transcription of an episode: piece by piece, each kept before the next is begun.

What a run that was stopped had done lies in a hidden checkpoint beside the transcripts; the next
run goes on from there. What a person reread or corrected is never overwritten, only kept aside
when somebody asks for a new transcription.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from radio import records
from radio.archive import Archive, write_whole
from radio.audio import RATE, Samples, decode
from radio.episode import Episode
from radio.errors import ArchiveError, TranscriptError
from radio.transcribe import cues, regions
from radio.transcribe.regions import Stretch, find_speech
from radio.transcribe.weights import Weights
from radio.transcribe.windows import Window, pack
from radio.transcript import Evidence, Region, Segment, Transcript, render_evidence, render_vtt

PIECE = 240 * RATE
"""Samples decoded between two checkpoints: eight windows where people speak all the time."""

UNSAID = 1 * RATE
"""Samples of speech after the last word of a window that make it worth another look."""

Progress = Callable[[float], None]
"""Is told how many seconds of the episode are done."""


class Engine(Protocol):
    """What turns windows of speech into segments of words."""

    name: str
    weights: Weights

    @property
    def versions(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def parameters(self) -> Mapping[str, Any]: ...  # noqa: D102
    def transcribe(self, windows: Sequence[Window], language: str) -> list[Segment]: ...  # noqa: D102


@dataclass(frozen=True)
class Checkpoint:
    """What is done of an episode, and by what: another engine or recording begins anew."""

    audio: str  # sha256
    engine: str
    weights: str  # sha256
    language: str
    reached: int = 0  # samples
    regions: tuple[Region, ...] = ()
    segments: tuple[Segment, ...] = ()


def transcribe(
    archive: Archive,
    episode: Episode,
    engine: Engine,
    *,
    again: bool = False,
    progress: Progress = lambda _: None,
) -> Transcript:
    """Transcribe an episode and write its `.vtt` and evidence.

    Raises TranscriptError if there is a transcript already and `again` is not asked for, and
    AudioError if the recording can't be decoded.
    """
    if not again:
        _refuse_to_overwrite(archive, episode)
    path = _checkpoint_path(archive, episode)
    done = _resume(path, episode, engine, archive.show(episode.show).language)
    for piece in _pieces(decode(archive.audio_path(episode)), done.reached):
        done = _add(done, piece, engine)
        write_whole(path, records.render(done))
        progress(done.reached / RATE)
    transcript = _write(archive, episode, engine, done)
    path.unlink(missing_ok=True)
    return transcript


def is_by_hand(archive: Archive, key: str) -> bool:
    """Whether a person reread or changed the transcript, as far as the files tell."""
    path = archive.vtt_path(key)
    if not path.exists():
        return False
    transcript, evidence = archive.transcript(key), archive.evidence(key)
    if transcript is None or evidence is None or not transcript.is_machine:
        return True
    return hashlib.sha256(path.read_bytes()).hexdigest() != evidence.vtt


def _refuse_to_overwrite(archive: Archive, episode: Episode) -> None:
    if is_by_hand(archive, episode.key):
        raise TranscriptError(
            f"{episode.key}: a person reread or changed its transcript; "
            "`--again` keeps that aside and transcribes anew"
        )
    if archive.vtt_path(episode.key).exists():
        raise TranscriptError(f"{episode.key}: transcribed already; `--again` does it anew")


def _checkpoint_path(archive: Archive, episode: Episode) -> Path:
    path = archive.vtt_path(episode.key)
    return path.with_name(f".{episode.slug}.checkpoint.json")


def _resume(path: Path, episode: Episode, engine: Engine, language: str) -> Checkpoint:
    fresh = Checkpoint(episode.audio.sha256, engine.name, engine.weights.sha256, language)
    try:
        kept = records.read(Checkpoint, path.read_bytes(), path)
    except (FileNotFoundError, ArchiveError):
        return fresh
    begun = dataclasses.replace(kept, reached=0, regions=(), segments=())
    return kept if begun == fresh else fresh


@dataclass(frozen=True)
class _Piece:
    start: int  # samples
    samples: Samples
    speech: tuple[Stretch, ...]  # in samples of the piece


def _pieces(blocks: Iterator[Samples], reached: int) -> Iterator[_Piece]:
    """Cut an episode at pauses into pieces, from the sample `reached` on."""
    held, start, passed = np.empty(0, np.float32), reached, 0
    for block in blocks:
        held = np.concatenate([held, block[max(0, reached - passed) :]])
        passed += len(block)
        while len(held) >= PIECE:
            piece = _cut(held[:PIECE], start)
            yield piece
            held, start = held[len(piece.samples) :], start + len(piece.samples)
    if len(held):
        yield _Piece(start, held, tuple(find_speech(held)))


def _cut(samples: Samples, start: int) -> _Piece:
    """End a piece in its last pause: what is said across the end belongs to the next piece."""
    speech = find_speech(samples)
    if speech and speech[-1][1] > len(samples) - RATE:
        unfinished = speech.pop()
        end = (speech[-1][1] + unfinished[0]) // 2 if speech else unfinished[0]
        samples = samples[:end]
    return _Piece(start, samples, tuple(speech))


def _add(done: Checkpoint, piece: _Piece, engine: Engine) -> Checkpoint:
    windows = pack(piece.samples, piece.speech, piece.start)
    segments = _hear(windows, engine, done.language) if windows else []
    spoken = (
        Region((piece.start + first) / RATE, (piece.start + last) / RATE, "speech")
        for first, last in piece.speech
    )
    return dataclasses.replace(
        done,
        reached=piece.start + len(piece.samples),
        regions=(*done.regions, *spoken),
        segments=(*done.segments, *segments),
    )


def _hear(windows: Sequence[Window], engine: Engine, language: str) -> list[Segment]:
    """Decode windows, and once more what the decoder left unsaid at the end of one."""
    segments = engine.transcribe(windows, language)
    tails = [
        tail
        for window, segment in zip(windows, segments, strict=True)
        if segment.words and len((tail := window.after(segment.words[-1].end)).samples) > UNSAID
    ]
    if tails:
        segments += engine.transcribe(tails, language)
    return sorted(segments, key=lambda segment: segment.start)


def _write(archive: Archive, episode: Episode, engine: Engine, done: Checkpoint) -> Transcript:
    """Write the evidence, then the text: a transcript exists when its `.vtt` does."""
    note = {
        "status": "machine",
        "engine": f"{engine.name} {engine.versions[engine.name]}",
        "model": engine.weights.name,
        "language": done.language,
        "date": dt.date.today().isoformat(),
        "audio": episode.audio.sha256,
    }
    words = (word for segment in done.segments for word in segment.words)
    transcript = Transcript(tuple(cues.cut(words)), note)
    text = render_vtt(transcript).encode()
    evidence = Evidence(
        engine=engine.name,
        versions=engine.versions,
        model=engine.weights.name,
        weights=engine.weights.sha256,
        parameters={**engine.parameters, "regions": regions.parameters()},
        audio=episode.audio.sha256,
        language=done.language,
        duration=done.reached / RATE,
        regions=done.regions,
        segments=done.segments,
        vtt=hashlib.sha256(text).hexdigest(),
    )
    with archive.lock():
        archive.set_aside(episode.key)
        write_whole(archive.evidence_path(episode.key), render_evidence(evidence))
        write_whole(archive.vtt_path(episode.key), text)
    return transcript
