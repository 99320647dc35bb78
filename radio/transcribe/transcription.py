"""The transcription of an episode: piece by piece, each kept before the next is begun.

What a run that was stopped had done lies in a hidden checkpoint beside the transcripts; the next
run goes on from there. After each piece the `.vtt` holds what is ready, so that it is found at
once. What a person reread or corrected is never overwritten, only kept aside when somebody asks
for a new transcription.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from radio import records
from radio.archive import Archive, write_whole
from radio.audio import RATE, Samples, decode
from radio.episode import Episode, Show
from radio.errors import ArchiveError, TranscriptError
from radio.transcribe import engines, regions
from radio.transcribe.corrections import compose, is_by_hand
from radio.transcribe.engines import Ask, Engine
from radio.transcribe.hearing import hear
from radio.transcribe.names import prompt
from radio.transcribe.regions import Stretch, describe, find_speech, join
from radio.transcribe.windows import pack
from radio.transcript import Evidence, Region, Segment, Transcript, render_evidence, render_vtt

PIECE = 240 * RATE
"""Samples decoded between two checkpoints: a batch of windows where people speak all the time."""

FIRST_PIECE = 60 * RATE
"""Samples of the first piece: what is said first is soon found."""

Progress = Callable[[float], None]
"""Is told how many seconds of the episode are done."""


@dataclass(frozen=True)
class Checkpoint:
    """What is done of an episode, and by what: another engine or recording begins anew."""

    audio: str  # sha256
    engine: str
    weights: str  # sha256
    language: str
    prompt: str
    reached: int = 0  # samples
    regions: tuple[Region, ...] = ()
    segments: tuple[Segment, ...] = ()
    texts: tuple[str, ...] = ()  # sha256 of every .vtt written on the way


@dataclass(frozen=True)
class _Work:
    """What does not change while an episode is transcribed."""

    archive: Archive
    show: Show
    episode: Episode
    engine: Engine
    ask: Ask

    @property
    def checkpoint(self) -> Path:
        return self.archive.checkpoint_path(self.episode.key)


def transcribe(
    archive: Archive,
    episode: Episode,
    engine: Engine,
    *,
    again: bool = False,
    progress: Progress = lambda _: None,
) -> Transcript:
    """Transcribe an episode and write its `.vtt` and evidence.

    Raises TranscriptError if there is a transcript already and `again` is not asked for, or if a
    person changes it meanwhile, and AudioError if the recording can't be decoded.
    """
    show = archive.show(episode.show)
    ask = Ask(episode.language or show.language, prompt(show, episode))
    work = _Work(archive, show, episode, engine, ask)
    done = _resume(work)
    if again and not _is_ours(work, done):
        done = _begin(work)
    if not done.texts:
        _make_room(work, again)
    for piece in _pieces(decode(archive.audio_path(episode)), done.reached):
        done = _add(work, done, piece)
        done = _write_part(work, done)
        progress(done.reached / RATE)
    return _finish(work, done)


def reached(archive: Archive, key: str) -> float | None:
    """Tell how many seconds of an episode are transcribed, None where nothing is under way."""
    try:
        path = archive.checkpoint_path(key)
        return records.read(Checkpoint, path.read_bytes(), path).reached / RATE
    except (FileNotFoundError, ArchiveError):
        return None


def _make_room(work: _Work, again: bool) -> None:
    """Set the present transcript aside if that is asked for."""
    key = work.episode.key
    if not again and is_by_hand(work.archive, key):
        raise TranscriptError(
            f"{key}: a person reread or changed its transcript; "
            "`--again` keeps that aside and transcribes anew"
        )
    if not again and work.archive.vtt_path(key).exists():
        raise TranscriptError(f"{key}: transcribed already; `--again` does it anew")
    with work.archive.lock():
        work.archive.set_aside(key)


def _begin(work: _Work) -> Checkpoint:
    return Checkpoint(
        work.episode.audio.sha256,
        work.engine.name,
        work.engine.weights.sha256,
        work.ask.language,
        work.ask.prompt,
    )


def _is_ours(work: _Work, done: Checkpoint) -> bool:
    """Whether what the `.vtt` holds was written on the way by us, or is not there."""
    path = work.archive.vtt_path(work.episode.key)
    return not path.exists() or _sha256(path.read_bytes()) in done.texts


def _resume(work: _Work) -> Checkpoint:
    fresh = _begin(work)
    try:
        kept = records.read(Checkpoint, work.checkpoint.read_bytes(), work.checkpoint)
    except (FileNotFoundError, ArchiveError):
        return fresh
    begun = dataclasses.replace(kept, reached=0, regions=(), segments=(), texts=())
    return kept if begun == fresh else dataclasses.replace(fresh, texts=kept.texts)


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
        while len(held) >= (length := PIECE if start else min(FIRST_PIECE, PIECE)):
            piece = _cut(held[:length], start)
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


def _add(work: _Work, done: Checkpoint, piece: _Piece) -> Checkpoint:
    windows = pack(piece.samples, piece.speech, piece.start)
    heard = describe(piece.samples, piece.speech, piece.start)
    return dataclasses.replace(
        done,
        reached=piece.start + len(piece.samples),
        regions=join([*done.regions, *heard]),
        segments=(*done.segments, *hear(windows, work.engine, work.ask)),
    )


def _write_part(work: _Work, done: Checkpoint) -> Checkpoint:
    """Keep a piece, and write what is ready unless a person has a hand in it.

    The checkpoint names the text before it is written, so that it is ours if we die in between.
    """
    key, path = work.episode.key, work.archive.vtt_path(work.episode.key)
    text = render_vtt(_transcript(work, done)).encode()
    with work.archive.lock():
        if path.exists() and _sha256(path.read_bytes()) not in done.texts:
            raise TranscriptError(
                f"{key}: a person changed its transcript meanwhile; left as it is"
            )
        done = dataclasses.replace(done, texts=(*done.texts, _sha256(text)))
        write_whole(work.checkpoint, records.render(done))
        write_whole(path, text)
    return done


def _transcript(work: _Work, done: Checkpoint) -> Transcript:
    engine = work.engine
    note = {
        "status": "machine",
        "engine": f"{engine.name} {engine.versions[engine.name]}",
        "model": engine.weights.name,
        "language": done.language,
        "date": dt.date.today().isoformat(),
        "audio": work.episode.audio.sha256,
    }
    return compose(done.segments, work.show.corrections, note)


def _finish(work: _Work, done: Checkpoint) -> Transcript:
    """Write the evidence; with its checkpoint gone, the transcript is finished."""
    engine, path = work.engine, work.archive.vtt_path(work.episode.key)
    if not path.exists():
        done = _write_part(work, done)
    versions: Mapping[str, str] = {**engine.versions, **regions.versions()}
    evidence = Evidence(
        engine=engine.name,
        versions=versions,
        model=engine.weights.name,
        weights=engine.weights.sha256,
        parameters={
            **engines.parameters(engine),
            "prompt": done.prompt,
            "regions": regions.parameters(),
        },
        audio=work.episode.audio.sha256,
        language=done.language,
        duration=done.reached / RATE,
        regions=done.regions,
        segments=done.segments,
        vtt=done.texts[-1],
    )
    with work.archive.lock():
        write_whole(work.archive.evidence_path(work.episode.key), render_evidence(evidence))
        work.checkpoint.unlink(missing_ok=True)
    return _transcript(work, done)


def _sha256(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
