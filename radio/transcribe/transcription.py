"""The transcription of an episode, chunk by chunk; the work is saved after each chunk.

A stopped run leaves a hidden checkpoint beside the transcripts; the next run goes on from there.
After each chunk the `.vtt` holds what is ready, so that it can be searched at once. A text that a
person reread or corrected is never overwritten; it is kept under a number when a new one is made.
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
from radio.archive.episode import Episode
from radio.archive.keys import names_of
from radio.archive.pseudonyms import Pseudonym, hide_in, pseudonyms_for, substitute
from radio.archive.standing import hash_cues, sha256
from radio.sound import RATE, decode
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import Evidence, Region, Transcript, render_evidence, render_vtt
from radio.transcribe import regions
from radio.transcribe.attribution import known_turns, speakers_of
from radio.transcribe.checkpoint import Checkpoint, resume, save
from radio.transcribe.chunks import cut_chunks
from radio.transcribe.conventions import conventions
from radio.transcribe.corrections import compose
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.hidden_names import require_may_hear
from radio.transcribe.pool import FutureSegments, Pool
from radio.transcribe.prompt import prompt
from radio.transcribe.regions import describe, join
from radio.transcribe.versions import is_by_hand
from radio.transcribe.windows import pack


@dataclass(frozen=True)
class Work:
    """What stays the same while an episode is decoded."""

    archive: Archive
    episode: Episode
    pool: Pool
    options: DecodeOptions
    checkpoint_path: Path

    def begin(self) -> Checkpoint:
        """Make an empty checkpoint."""
        provenance = self.pool.provenance
        audio = self.episode.audio.sha256
        return Checkpoint(
            audio, provenance.engine, provenance.weights, self.options.language, self.options.prompt
        )

    def decode_rest(
        self, checkpoint: Checkpoint, keep: Callable[[Checkpoint], Checkpoint]
    ) -> Checkpoint:
        """Decode the rest of an episode; after each chunk, `keep` saves the checkpoint.

        Raises AudioError if the recording can't be decoded, ModelError if no batch can.
        """
        since = time.monotonic()
        for pending in self._send(checkpoint.reached):
            checkpoint = dataclasses.replace(
                checkpoint,
                reached=pending.end,
                regions=join([*checkpoint.regions, *pending.regions]),
                segments=(*checkpoint.segments, *pending.segments.result()),
                spent=checkpoint.spent + time.monotonic() - since,
            )
            checkpoint, since = keep(checkpoint), time.monotonic()
        return checkpoint

    def _send(self, position: int) -> Iterator["_PendingChunk"]:
        """Send chunks to the pool ahead of time; give them in order, once they are decoded."""
        provenance, queue = self.pool.provenance, deque[_PendingChunk]()
        blocks = decode(self.archive.audio_path(self.episode))
        for chunk in cut_chunks(blocks, position, provenance.window_samples * provenance.batch):
            windows = pack(chunk.samples, chunk.speech, chunk.start, provenance.window_samples)
            regions = describe(chunk.samples, chunk.speech, chunk.start)
            queue.append(_PendingChunk(chunk.end, regions, self.pool.send(windows, self.options)))
            while queue and (queue[0].segments.done() or len(queue) > self.pool.ahead):
                yield queue.popleft()
        yield from queue


@dataclass(frozen=True)
class _PendingChunk:
    """A chunk that is being decoded."""

    end: int  # samples
    regions: tuple[Region, ...]
    segments: FutureSegments


def prepare(
    archive: Archive,
    episode: Episode,
    pool: Pool,
    checkpoint_path: Path,
    task: Literal["transcribe", "translate"] = "transcribe",
) -> Work:
    """Prepare the work on an episode, its language and prompt; raises as `require_may_hear`."""
    require_may_hear(archive, episode)
    show = archive.show(episode.show)
    names = prompt(show, episode) if task == "transcribe" else ""
    options = DecodeOptions(show.language_of(episode), names, task)
    return Work(archive, episode, pool, options, checkpoint_path)


def transcribe(
    archive: Archive,
    episode: Episode,
    pool: Pool,
    *,
    progress: Progress = lambda _: None,
) -> None:
    """Transcribe an episode and write its `.vtt` and evidence.

    `progress` is told how many seconds of the episode are done.

    Raises TranscriptError if there is a transcript already, or if a person changes it meanwhile,
    AudioError if the recording can't be decoded, and ModelError if the pool fails.
    """
    work = prepare(archive, episode, pool, archive.checkpoint_path(episode.key))
    checkpoint = resume(work.checkpoint_path, work.begin())
    if not checkpoint.texts:
        _require_room(archive, episode.key)

    def keep(checkpoint: Checkpoint) -> Checkpoint:
        saved = _write_part(work, checkpoint)
        progress(saved.reached / RATE)
        return saved

    _finish(work, work.decode_rest(checkpoint, keep))


def decode_beside(work: Work, progress: Progress) -> Checkpoint:
    """Decode an episode without changing its text; save after each chunk.

    `progress` is told how many seconds are done. Raises AudioError if the recording can't be
    decoded, ModelError if the pool fails.
    """

    def keep(checkpoint: Checkpoint) -> Checkpoint:
        with work.archive.lock():  # else another writer may sweep it away half written
            _require_same(work)
            save(work.checkpoint_path, checkpoint)
        progress(checkpoint.reached / RATE)
        return checkpoint

    return work.decode_rest(resume(work.checkpoint_path, work.begin()), keep)


def compose_transcript(work: Work, checkpoint: Checkpoint) -> Transcript:
    """Make the transcript of a checkpoint, with the corrections of the show.

    What people wrote in the sidecar meanwhile counts: call it under the archive's lock. Raises
    TranscriptError if another recording took the place of the one that was heard.
    """
    _require_same(work)
    provenance = work.pool.provenance
    note = {
        "status": "machine",
        "engine": f"{provenance.engine} {provenance.versions[provenance.engine]}",
        "model": provenance.model,
        "language": checkpoint.language if work.options.task == "transcribe" else "en",
        "date": dt.date.today().isoformat(),
        "audio": checkpoint.audio,
    }
    hidden = _pseudonyms(work)
    said = hide_in(checkpoint.segments, hidden)
    if work.options.task == "translate":
        return compose(said, {}, note)
    episode = work.archive.episode(work.episode.key)
    show = work.archive.show(episode.show)
    speakers, own = speakers_of(work.archive, episode), conventions(show, episode)
    return compose(said, show.corrections, note, own, speakers, hidden)


def _require_same(work: Work) -> None:
    """Refuse what was heard in a recording whose place another took: it may hold what was redacted.

    Raises TranscriptError.
    """
    key, audio = work.episode.key, work.episode.audio
    if work.archive.episode(key).audio.sha256 != audio.sha256:
        raise TranscriptError(
            _("{key}: its recording changed meanwhile; transcribe it again").format(key=key)
        )


def _pseudonyms(work: Work) -> tuple[Pseudonym, ...]:
    return pseudonyms_for(work.archive.root, names_of(work.archive, work.episode))


def make_evidence(work: Work, checkpoint: Checkpoint, transcript: Transcript) -> Evidence:
    """Make the evidence of a transcript that was composed of a checkpoint."""
    provenance = work.pool.provenance
    replaced = _pseudonyms(work)
    return Evidence(
        engine=provenance.engine,
        versions={**provenance.versions, **regions.versions()},
        model=provenance.model,
        weights=provenance.weights,
        parameters={
            **provenance.parameters,
            "prompt": substitute(checkpoint.prompt, replaced),
            "regions": regions.parameters(),
        },
        audio=checkpoint.audio,
        language=checkpoint.language,
        duration=checkpoint.reached / RATE,
        regions=checkpoint.regions,
        segments=hide_in(checkpoint.segments, replaced),
        turns=known_turns(work.archive, work.episode),
        vtt=sha256(render_vtt(transcript).encode()),
        cues=hash_cues(transcript.cues),
    )


def _require_room(archive: Archive, key: str) -> None:
    require_not_by_hand(archive, key)
    if os.path.lexists(archive.vtt_path(key)):
        raise TranscriptError(
            _("{key}: transcribed already; `--again` does it anew").format(key=key)
        )


def require_not_by_hand(archive: Archive, key: str) -> None:
    """Refuse a transcript that a person reread or changed.

    Raises TranscriptError saying how to have it transcribed anew all the same.
    """
    if is_by_hand(archive, key):
        raise TranscriptError(
            _(
                "{key}: a person reread or changed its transcript; `--again --force` keeps "
                "that aside and transcribes anew"
            ).format(key=key)
        )


def _is_ours(work: Work, checkpoint: Checkpoint) -> bool:
    """Whether the `.vtt` is missing, or was written by this work."""
    return _present(work) in ("", *checkpoint.texts)


def _present(work: Work) -> str:
    """Hash the present `.vtt`; nothing where it is missing."""
    path = work.archive.vtt_path(work.episode.key)
    return sha256(read_bytes(path)) if os.path.lexists(path) else ""


def _write_part(work: Work, checkpoint: Checkpoint) -> Checkpoint:
    """Save the checkpoint and write what is ready, unless a person changed the text."""
    key = work.episode.key
    with work.archive.lock():
        if not _is_ours(work, checkpoint):
            raise TranscriptError(
                _(
                    "{key}: a person changed its transcript meanwhile; left as it is (`--again "
                    "--force` keeps that aside and transcribes anew)"
                ).format(key=key)
            )
        return _write(work, checkpoint, compose_transcript(work, checkpoint))


def _write(work: Work, checkpoint: Checkpoint, transcript: Transcript) -> Checkpoint:
    """Save the checkpoint, then write the text.

    The checkpoint names the text before it is written, so that the text counts as ours even if we
    are killed in between.
    """
    text = render_vtt(transcript).encode()
    checkpoint = dataclasses.replace(checkpoint, texts=(*checkpoint.texts, sha256(text)))
    save(work.checkpoint_path, checkpoint)
    write_whole(work.archive.vtt_path(work.episode.key), text)
    return checkpoint


def _finish(work: Work, checkpoint: Checkpoint) -> None:
    """Write the evidence and remove the checkpoint: the transcript is finished.

    The text is written once more where the last part is not what would be written now.
    """
    with work.archive.lock():
        transcript = compose_transcript(work, checkpoint)
        evidence = make_evidence(work, checkpoint, transcript)
        if _is_ours(work, checkpoint) and _present(work) != evidence.vtt:
            _write(work, checkpoint, transcript)
        write_whole(work.archive.evidence_path(work.episode.key), render_evidence(evidence))
        work.checkpoint_path.unlink(missing_ok=True)
