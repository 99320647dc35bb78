"""The transcription of an episode: piece by piece, each kept before the next is waited for.

What a run that was stopped had done lies in a hidden checkpoint beside the transcripts; the next
run goes on from there. After each piece the `.vtt` holds what is ready, so that it is found at
once. What a person reread or corrected is never overwritten, only kept aside when somebody asks
for a new transcription.
"""

import dataclasses
import datetime as dt
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radio.archive import Archive
from radio.audio import RATE, decode
from radio.disk import read_bytes, write_whole
from radio.episode import Episode
from radio.errors import TranscriptError
from radio.messages import _
from radio.progress import Progress
from radio.standing import hash_cues, sha256
from radio.transcribe import regions
from radio.transcribe.checkpoint import Checkpoint, resume, save
from radio.transcribe.chunks import cut
from radio.transcribe.corrections import compose
from radio.transcribe.engines.interface import Ask
from radio.transcribe.pool import Crew, Heard
from radio.transcribe.prompt import prompt
from radio.transcribe.regions import describe, join
from radio.transcribe.versions import is_by_hand
from radio.transcribe.windows import pack
from radio.transcript import Evidence, Region, Transcript, render_evidence, render_vtt


@dataclass(frozen=True)
class Work:
    """What does not change while somebody listens to an episode."""

    archive: Archive
    episode: Episode
    crew: Crew
    ask: Ask
    checkpoint: Path

    def begin(self) -> Checkpoint:
        """Give a checkpoint with nothing done."""
        made = self.crew.provenance
        audio = self.episode.audio.sha256
        return Checkpoint(audio, made.engine, made.weights, self.ask.language, self.ask.prompt)

    def listen(self, done: Checkpoint, keep: Callable[[Checkpoint], Checkpoint]) -> Checkpoint:
        """Hear what is left of an episode; `keep` is called with what is done after each piece.

        Raises AudioError if the recording can't be decoded, ModelError if no batch can.
        """
        since = time.monotonic()
        for sent in self._send(done.reached):
            done = dataclasses.replace(
                done,
                reached=sent.end,
                regions=join([*done.regions, *sent.regions]),
                segments=(*done.segments, *sent.heard.result()),
                spent=done.spent + time.monotonic() - since,
            )
            done, since = keep(done), time.monotonic()
        return done

    def _send(self, reached: int) -> Iterator["_Sent"]:
        """Send pieces ahead of the one that is waited for, in the order of the episode."""
        made, waiting = self.crew.provenance, deque[_Sent]()
        blocks = decode(self.archive.audio_path(self.episode))
        for piece in cut(blocks, reached, made.packed * made.batch):
            windows = pack(piece.samples, piece.speech, piece.start, made.packed)
            regions = describe(piece.samples, piece.speech, piece.start)
            waiting.append(_Sent(piece.end, regions, self.crew.send(windows, self.ask)))
            while waiting and (waiting[0].heard.done() or len(waiting) > self.crew.ahead):
                yield waiting.popleft()
        yield from waiting


@dataclass(frozen=True)
class _Sent:
    """A piece that is being decoded."""

    end: int  # samples
    regions: tuple[Region, ...]
    heard: Heard


def prepare(
    archive: Archive,
    episode: Episode,
    crew: Crew,
    checkpoint: Path,
    task: Literal["transcribe", "translate"] = "transcribe",
) -> Work:
    """Tell what is asked for an episode: its language, the names it is likely to say."""
    show = archive.show(episode.show)
    names = prompt(show, episode) if task == "transcribe" else ""
    ask = Ask(show.language_of(episode), names, task)
    return Work(archive, episode, crew, ask, checkpoint)


def transcribe(
    archive: Archive,
    episode: Episode,
    crew: Crew,
    *,
    progress: Progress = lambda _: None,
) -> None:
    """Transcribe an episode and write its `.vtt` and evidence.

    `progress` is told how many seconds of the episode are done.

    Raises TranscriptError if there is a transcript already, or if a person changes it meanwhile,
    AudioError if the recording can't be decoded, and ModelError if the crew can't go on.
    """
    work = prepare(archive, episode, crew, archive.checkpoint_path(episode.key))
    done = resume(work.checkpoint, work.begin())
    if not done.texts:
        _require_room(archive, episode.key)

    def keep(done: Checkpoint) -> Checkpoint:
        kept = _write_part(work, done)
        progress(kept.reached / RATE)
        return kept

    _finish(work, work.listen(done, keep))


def listen_beside(work: Work, progress: Progress) -> Checkpoint:
    """Hear an episode and leave its text alone; each piece is kept, and the next run goes on.

    `progress` is told how many seconds are done. Raises AudioError if the recording can't be
    decoded, ModelError if the crew can't go on.
    """

    def keep(done: Checkpoint) -> Checkpoint:
        save(work.checkpoint, done)
        progress(done.reached / RATE)
        return done

    return work.listen(resume(work.checkpoint, work.begin()), keep)


def compose_transcript(work: Work, done: Checkpoint) -> Transcript:
    """Make the text of what is done, corrected as the show wants it."""
    made = work.crew.provenance
    note = {
        "status": "machine",
        "engine": f"{made.engine} {made.versions[made.engine]}",
        "model": made.model,
        "language": done.language if work.ask.task == "transcribe" else "en",
        "date": dt.date.today().isoformat(),
        "audio": done.audio,
    }
    show = work.archive.show(work.episode.show)
    corrections = show.corrections if work.ask.task == "transcribe" else {}
    return compose(done.segments, corrections, note)


def make_evidence(work: Work, done: Checkpoint, vtt: str) -> Evidence:
    """Tell all that the machine knows of a text; `vtt` is its sha256."""
    made = work.crew.provenance
    return Evidence(
        engine=made.engine,
        versions={**made.versions, **regions.versions()},
        model=made.model,
        weights=made.weights,
        parameters={
            **made.parameters,
            "prompt": done.prompt,
            "regions": regions.parameters(),
        },
        audio=done.audio,
        language=done.language,
        duration=done.reached / RATE,
        regions=done.regions,
        segments=done.segments,
        vtt=vtt,
        cues=hash_cues(compose_transcript(work, done).cues),
    )


def _require_room(archive: Archive, key: str) -> None:
    require_not_by_hand(archive, key)
    if os.path.lexists(archive.vtt_path(key)):
        raise TranscriptError(
            _("{key}: transcribed already; `--again` does it anew").format(key=key)
        )


def require_not_by_hand(archive: Archive, key: str) -> None:
    """Refuse what a person reread or changed.

    Raises TranscriptError saying how to have it transcribed anew all the same.
    """
    if is_by_hand(archive, key):
        raise TranscriptError(
            _(
                "{key}: a person reread or changed its transcript; `--again --force` keeps "
                "that aside and transcribes anew"
            ).format(key=key)
        )


def _is_ours(work: Work, done: Checkpoint) -> bool:
    """Whether what the `.vtt` holds was written on the way by us, or is not there."""
    path = work.archive.vtt_path(work.episode.key)
    return not os.path.lexists(path) or sha256(read_bytes(path)) in done.texts


def _write_part(work: Work, done: Checkpoint) -> Checkpoint:
    """Keep a piece, and write what is ready unless a person has a hand in it.

    The checkpoint names the text before it is written, so that it is ours if we die in between.
    """
    key = work.episode.key
    text = render_vtt(compose_transcript(work, done)).encode()
    with work.archive.lock():
        if not _is_ours(work, done):
            raise TranscriptError(
                _(
                    "{key}: a person changed its transcript meanwhile; left as it is (`--again "
                    "--force` keeps that aside and transcribes anew)"
                ).format(key=key)
            )
        done = dataclasses.replace(done, texts=(*done.texts, sha256(text)))
        save(work.checkpoint, done)
        write_whole(work.archive.vtt_path(key), text)
    return done


def _finish(work: Work, done: Checkpoint) -> None:
    """Write the evidence; with its checkpoint gone, the transcript is finished."""
    if _is_ours(work, done) and not _is_written(work, done):
        done = _write_part(work, done)
    evidence = make_evidence(work, done, done.texts[-1])
    with work.archive.lock():
        write_whole(work.archive.evidence_path(work.episode.key), render_evidence(evidence))
        work.checkpoint.unlink(missing_ok=True)


def _is_written(work: Work, done: Checkpoint) -> bool:
    """Whether the `.vtt` holds all that is done: not if we died before it was written."""
    path = work.archive.vtt_path(work.episode.key)
    return os.path.lexists(path) and sha256(read_bytes(path)) in done.texts[-1:]
