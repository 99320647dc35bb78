"""The transcription of an episode, chunk by chunk: after each, a hidden checkpoint is saved, and
the `.vtt` holds what is ready. A text that a person changed is never overwritten; English
subtitles, Whisper's own, are written once. A replaced name must not come back: it is known by a
hash in the archive that replaced it, so a mirror or a copy without the hash hears nothing."""

import dataclasses
import datetime as dt
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.acts import is_copy, require_own
from radio.archive.authorship import naming, sha256
from radio.archive.episode import Episode
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import FOLDER, hide_in, substitute
from radio.sound import RATE, decode
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import ArchiveError, ModelError, TranscriptError, WithheldError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import Evidence, Region, Segment, Word, render_evidence, render_vtt
from radio.transcribe import regions
from radio.transcribe.attribution import known_turns, speakers_of
from radio.transcribe.conventions import Conventions
from radio.transcribe.corrections import NONE, compose, conventions_of, write
from radio.transcribe.engines.interface import DecodeOptions, Provenance, Task
from radio.transcribe.models import catalogue
from radio.transcribe.names import prompt_of
from radio.transcribe.pool import FutureSegments, Pool
from radio.transcribe.versions import Checkpoint, is_by_hand, resume, save
from radio.transcribe.windows import cut_chunks, pack


def may_hear(archive: Archive, episode: Episode) -> bool:
    """Whether the recording of an episode is sound, and all replaced names stay so when it is heard
    here. If what is known of them can't be read, the work itself says so."""
    try:
        holdings.require_sound(archive, episode)
        return not is_copy(archive) and _knows_names(archive, episode)
    except WithheldError:
        return False
    except ArchiveError:
        return True


def require_may_hear(archive: Archive, episode: Episode) -> None:
    """Raise ArchiveError in a mirror or if the recording is damaged, TranscriptError if nobody
    knows the replaced names."""
    require_own(archive)
    holdings.require_sound(archive, episode)
    if not _knows_names(archive, episode):
        message = _(
            "{key} : un nom y a été remplacé, et on ne sait pas ici lequel ; copiez "
            "{folder}/ de l’archive d’où il vient"
        )
        raise TranscriptError(message, key=episode.key, folder=FOLDER)


def _knows_names(archive: Archive, episode: Episode) -> bool:
    return not episode.protection.pseudonyms or bool(pseudonyms_of(archive, episode))


@dataclass(frozen=True)
class Work:
    """What stays the same while an episode is decoded."""

    archive: Archive
    episode: Episode
    pool: Pool
    options: DecodeOptions
    checkpoint_path: Path

    def begin(self) -> Checkpoint:
        """Go on from the checkpoint of an earlier run of the same work, or from an empty one."""
        by, options = self.pool.provenance, self.options
        audio = self.episode.audio.sha256
        spoken = options.language, options.prompt, options.also
        fresh = Checkpoint(audio, by.engine, by.weights, *spoken)
        return resume(self.checkpoint_path, fresh)

    def decode(self, done: Checkpoint, keep: Callable[[Checkpoint], Checkpoint]) -> Checkpoint:
        """Decode what is left of an episode; after each chunk, `keep` saves the checkpoint. Raises
        AudioError if the recording can't be decoded, ModelError if no batch can."""
        since = time.monotonic()
        for end, found, segments in self._send(done.reached):
            done = dataclasses.replace(
                done,
                reached=end,
                regions=regions.join([*done.regions, *found]),
                segments=(*done.segments, *segments.result()),
                spent=done.spent + time.monotonic() - since,
            )
            done, since = keep(done), time.monotonic()
        return done

    def decode_beside(self, progress: Progress) -> Checkpoint:
        """Decode an episode without changing its text; raises as `decode`."""

        def keep(checkpoint: Checkpoint) -> Checkpoint:
            with self.archive.lock():  # else another writer may sweep it away half written
                self.require_same()
                save(self.checkpoint_path, checkpoint)
            progress(checkpoint.reached / RATE)
            return checkpoint

        return self.decode(self.begin(), keep)

    def _send(self, position: int) -> Iterator["Pending"]:
        """Send chunks to the pool ahead of time; give them decoded, in order."""
        size, queue = self.pool.provenance.window_samples, deque[Pending]()
        blocks = decode(self.archive.audio_path(self.episode))
        for chunk in cut_chunks(blocks, position, size * self.pool.provenance.batch):
            windows = pack(chunk.samples, chunk.speech, chunk.start, size)
            found = regions.describe(chunk.samples, chunk.speech, chunk.start)
            queue.append((chunk.end, found, self.pool.send(windows, self.options)))
            while queue and (queue[0][2].done() or len(queue) > self.pool.ahead):
                yield queue.popleft()
        yield from queue

    def require_same(self) -> None:
        """Raise TranscriptError if there is another recording by now: it may be redacted."""
        key, audio = self.episode.key, self.episode.audio
        if self.archive.episode(key).audio.sha256 != audio.sha256:
            message = _(
                "{key} : son enregistrement a changé entre-temps ; transcrivez-le de nouveau"
            )
            raise TranscriptError(message, key=key)

    def said(self, checkpoint: Checkpoint) -> tuple[Segment, ...]:
        """Give what was heard, without replaced names."""
        return hide_in(checkpoint.segments, pseudonyms_of(self.archive, self.episode))

    def present(self) -> str:
        """Hash the present `.vtt`; empty if it is missing."""
        path = self.archive.vtt_path(self.episode.key)
        return sha256(read_bytes(path)) if os.path.lexists(path) else ""

    def is_ours(self, checkpoint: Checkpoint) -> bool:
        """Whether the `.vtt` is missing, or was written by this work."""
        return self.present() in ("", *checkpoint.texts)

    def write(self, checkpoint: Checkpoint, text: bytes) -> Checkpoint:
        """Save the checkpoint, then write the text. The checkpoint names the text first, so that it
        counts as ours even if we are killed in between."""
        checkpoint = dataclasses.replace(checkpoint, texts=(*checkpoint.texts, sha256(text)))
        save(self.checkpoint_path, checkpoint)
        write_whole(self.archive.vtt_path(self.episode.key), text)
        return checkpoint


# a chunk that is being decoded: the sample after its last
Pending = tuple[int, tuple[Region, ...], FutureSegments]


def prepare(
    archive: Archive, episode: Episode, pool: Pool, checkpoint: str, task: Task = "transcribe"
) -> Work:
    """Prepare the work on an episode, its language and prompt; raises as `require_may_hear`."""
    require_may_hear(archive, episode)
    show = archive.show(episode.show)
    language, *also = show.languages_of(episode)
    _require_heard(pool.provenance, episode.key, (language, *also))
    names = prompt_of(archive, episode) if task == "transcribe" else ""
    options = DecodeOptions(language, names, task, tuple(also))
    return Work(archive, episode, pool, options, archive.checkpoint_path(episode.key, checkpoint))


def _require_heard(provenance: Provenance, key: str, spoken: Iterable[str]) -> None:
    """Raise TranscriptError where a model hears another language only."""
    only = catalogue.conformer(provenance.model)
    if only and {each.lower().partition("-")[0] for each in spoken} != {only.language}:
        message = _("{key} : {model} n’entend que la langue {only} ; prenez un modèle de Whisper")
        raise TranscriptError(message, key=key, model=provenance.model, only=only.language)


def transcribe(
    archive: Archive, episode: Episode, pool: Pool, *, progress: Progress = lambda _: None
) -> None:
    """Write the `.vtt` and the evidence of an episode; `progress` gets the seconds done. Raises
    TranscriptError if there is a text, or a person changes it meanwhile, AudioError, ModelError."""
    work, key = prepare(archive, episode, pool, "checkpoint"), episode.key
    checkpoint = work.begin()
    if not checkpoint.texts:
        require_not_by_hand(archive, key)
        if os.path.lexists(archive.vtt_path(key)):
            raise TranscriptError(_("{key} : déjà transcrit ; `--again` le refait", key=key))

    def keep(checkpoint: Checkpoint) -> Checkpoint:
        """Save the checkpoint and write what is ready, unless a person changed the text."""
        with archive.lock():
            if not work.is_ours(checkpoint):
                message = _(
                    "{key} : quelqu’un a modifié la transcription entre-temps ; laissée "
                    "telle quelle (`--again --force` la garde à côté et transcrit de "
                    "nouveau)"
                )
                raise TranscriptError(message, key=key)
            text, _own = compose_text(work, checkpoint)
            saved = work.write(checkpoint, text.encode())
        progress(saved.reached / RATE)
        return saved

    checkpoint = work.decode(checkpoint, keep)
    with archive.lock():  # with the checkpoint gone, the transcript is finished
        text, evidence = finish(work, checkpoint)
        if work.is_ours(checkpoint) and work.present() != evidence.vtt:
            work.write(checkpoint, text)  # what changed since its last part was written
        write_whole(archive.evidence_path(key), render_evidence(evidence))
        work.checkpoint_path.unlink(missing_ok=True)


def compose_text(work: Work, checkpoint: Checkpoint) -> tuple[str, Conventions]:
    """Make the text of a checkpoint, with the show's corrections and the sidecar of now, and give
    what it is written by: call it under the archive's lock. Raises TranscriptError if the recording
    is another by now."""
    work.require_same()
    provenance, is_translated = work.pool.provenance, work.options.task == "translate"
    note = {
        "status": "machine",
        "engine": f"{provenance.engine} {provenance.versions[provenance.engine]}",
        "model": catalogue.credited(provenance.model),
        "language": "en" if is_translated else ", ".join((checkpoint.language, *checkpoint.also)),
        "date": dt.date.today().isoformat(),
        "audio": checkpoint.audio,
    }
    said = work.said(checkpoint)
    if is_translated:
        return render_vtt(compose(said, note)), NONE
    own = conventions_of(work.archive, work.episode.key, said)
    speakers = speakers_of(work.archive, work.archive.episode(work.episode.key))
    return render_vtt(compose(said, note, own, speakers)), own


def words_of(work: Work, checkpoint: Checkpoint) -> list[Word]:
    """Give the words of a checkpoint as its text has them, one by one."""
    said = work.said(checkpoint)
    return write(said, conventions_of(work.archive, work.episode.key, said))


def finish(work: Work, checkpoint: Checkpoint) -> tuple[bytes, Evidence]:
    """Make the text of a whole episode, as `compose_text` does, and its evidence."""
    (text, own), provenance = compose_text(work, checkpoint), work.pool.provenance
    prompt_said = substitute(checkpoint.prompt, own.pseudonyms)
    made = {**provenance.parameters, "prompt": prompt_said, "regions": regions.parameters()}
    evidence = Evidence(
        engine=provenance.engine,
        versions={**provenance.versions, **regions.versions()},
        model=provenance.model,
        weights=provenance.weights,
        parameters=made,
        audio=checkpoint.audio,
        language=checkpoint.language,
        duration=checkpoint.reached / RATE,
        regions=checkpoint.regions,
        segments=work.said(checkpoint),
        turns=known_turns(work.archive, work.episode),
        names=own.names,
        also=checkpoint.also,
    )
    return text.encode(), naming(evidence, text)


def require_not_by_hand(archive: Archive, key: str) -> None:
    """Raise TranscriptError if a person reread or changed the transcript."""
    if is_by_hand(archive, key):
        message = _(
            "{key} : quelqu’un a relu ou modifié la transcription ; `--again --force` la "
            "garde à côté et transcrit de nouveau"
        )
        raise TranscriptError(message, key=key)


def untranslated(archive: Archive) -> list[Episode]:
    """List the episodes in other languages than English that lack English subtitles."""
    return [
        each
        for each in archive.episodes()
        if may_hear(archive, each)
        and not _is_english(archive, each)
        and not os.path.lexists(archive.translation_path(each.key))
    ]


def require_translator(provenance: Provenance) -> None:
    """Raise ModelError for models that were not trained to translate."""
    if not catalogue.translates(provenance.model):
        message = _("{model} : ne sait pas traduire ; prenez base, small, medium ou large")
        raise ModelError(message, model=provenance.model)


def translate(
    archive: Archive, episode: Episode, pool: Pool, progress: Progress = lambda _: None
) -> None:
    """Write `<slug>.en.vtt`. Raises TranscriptError if it is there or the episode speaks English,
    AudioError if the recording can't be decoded, ModelError if the pool fails."""
    path = archive.translation_path(episode.key)
    if _is_english(archive, episode):
        raise TranscriptError(_("{key} : déjà en anglais ; rien à traduire", key=episode.key))
    if os.path.lexists(path):
        raise TranscriptError(_("{path} : déjà là ; déplacez-le pour qu’il soit refait", path=path))
    work = prepare(archive, episode, pool, "translation", "translate")
    checkpoint = work.decode_beside(progress)
    with archive.lock():
        write_whole(path, compose_text(work, checkpoint)[0].encode())
        work.checkpoint_path.unlink(missing_ok=True)


def _is_english(archive: Archive, episode: Episode) -> bool:
    language = archive.show(episode.show).language_of(episode)
    return language.lower().partition("-")[0] == "en"
