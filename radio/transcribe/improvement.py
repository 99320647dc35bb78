"""Better later: what a machine transcribed once is transcribed anew by a better model.

The least certain episodes come first. A new version takes the place of the old one only if the
machine is surer of it; the other is kept aside under a number, so that nothing is lost and nothing
is tried twice. What a person reread or changed is left alone.
"""

import logging
from collections.abc import Iterator

from radio.archive import Archive
from radio.disk import read_bytes
from radio.episode import Episode
from radio.errors import RadioError, TranscriptError
from radio.messages import _
from radio.progress import Progress
from radio.standing import sha256
from radio.transcribe.checkpoint import Checkpoint
from radio.transcribe.engines.interface import Provenance
from radio.transcribe.hallucinations import leave_out
from radio.transcribe.pool import Crew
from radio.transcribe.transcription import (
    Work,
    compose_transcript,
    listen_beside,
    make_evidence,
    prepare,
)
from radio.transcribe.versions import is_by_hand, replace
from radio.transcript import Evidence, render_evidence, render_vtt

log = logging.getLogger(__name__)

MARGIN = 0.01
"""Confidence by which a version must be better: two engines with the same weights differ by 0.007
at most on the sample shows, in no accord with their errors."""

WORK = "improvement"
"""The name of the checkpoint, beside that of a transcription."""


def confidence(evidence: Evidence) -> float:
    """Tell which share of the speech the machine trusts itself to have heard right, 0 to 1.

    Each word counts by its time and probability; what was left unsaid or is inaudible counts for
    nothing. 1 where nobody speaks.
    """
    speech = sum(each.end - each.start for each in evidence.regions if each.kind == "speech")
    words = (word for segment in evidence.segments for word in leave_out(segment))
    heard = sum((word.end - word.start) * word.probability for word in words)
    return heard / speech if speech else 1.0


def candidates(archive: Archive, made: Provenance) -> list[Episode]:
    """List what a machine transcribed and `made` has not tried yet, the least certain first.

    A sidecar or show that now names another language is a reason to try again.
    """
    return [episode for _rest, episode in sorted(_doubts(archive, made), key=lambda pair: pair[0])]


def _doubts(archive: Archive, made: Provenance) -> Iterator[tuple[float, Episode]]:
    for episode in archive.episodes():
        try:
            evidence = archive.evidence(episode.key)
            if evidence is None or not archive.is_transcribed(episode.key):
                continue
            if not is_by_hand(archive, episode.key) and not _is_tried(archive, episode, made):
                yield confidence(evidence), episode
        except RadioError as error:
            log.warning("%s", error)


def _is_tried(archive: Archive, episode: Episode, made: Provenance) -> bool:
    if archive.checkpoint_path(episode.key, WORK).exists():
        return False
    language = archive.show(episode.show).language_of(episode)
    versions = [archive.evidence(episode.key), *archive.set_aside_evidence(episode.key)]
    return any(each is not None and _is_by(each, made, language) for each in versions)


def _is_by(evidence: Evidence, made: Provenance, language: str) -> bool:
    present = evidence.engine, evidence.weights, evidence.language
    return present == (made.engine, made.weights, language)


def improve(
    archive: Archive, episode: Episode, crew: Crew, progress: Progress = lambda _: None
) -> bool:
    """Transcribe an episode anew beside its transcript; tell whether that is better, and in place.

    Raises TranscriptError if there is no transcript of a machine's own, AudioError if the
    recording can't be decoded, and ModelError if the crew can't go on.
    """
    _require(archive, episode.key)
    work = prepare(archive, episode, crew, archive.checkpoint_path(episode.key, WORK))
    done = listen_beside(work, progress)
    with archive.lock():
        _require(archive, episode.key)
        is_better = _keep_the_better(work, done)
        work.checkpoint.unlink(missing_ok=True)
    return is_better


def _require(archive: Archive, key: str) -> Evidence:
    evidence = archive.evidence(key)
    if evidence is None or not archive.is_transcribed(key):
        raise TranscriptError(
            _("{key}: no transcript to improve; `radio transcribe` makes one").format(key=key)
        )
    if is_by_hand(archive, key):
        raise TranscriptError(
            _("{key}: a person reread or changed its transcript; left as it is").format(key=key)
        )
    return evidence


def _keep_the_better(work: Work, done: Checkpoint) -> bool:
    archive, key = work.archive, work.episode.key
    text = render_vtt(compose_transcript(work, done)).encode()
    evidence = make_evidence(work, done, sha256(text))
    present = _require(archive, key)
    if _is_by(present, work.crew.provenance, done.language):  # we died before its text was written
        replace(archive, key, text, evidence)
        return True
    if confidence(evidence) < confidence(present) + MARGIN:
        archive.write_aside(key, text, render_evidence(evidence))
        return False
    archive.write_aside(key, read_bytes(archive.vtt_path(key)), render_evidence(present))
    replace(archive, key, text, evidence)
    return True
