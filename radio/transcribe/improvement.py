"""Improvement: transcripts of a machine are made again with a better model.

The least certain episodes come first. The new version replaces the old one only if it is the better
one (`comparison`). The other version is kept under a number, so that nothing is lost and nothing is
tried twice. Texts that a person reread or changed are never replaced.
"""

import logging
from collections.abc import Callable, Iterable, Iterator

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.system.disk import read_bytes
from radio.system.errors import RadioError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import Evidence, render_evidence, render_vtt
from radio.transcribe.checkpoint import Checkpoint
from radio.transcribe.comparison import confidence, is_better, lead
from radio.transcribe.engines.interface import Provenance
from radio.transcribe.hidden_names import may_hear
from radio.transcribe.pool import Pool
from radio.transcribe.transcription import (
    Work,
    compose_transcript,
    decode_beside,
    make_evidence,
    prepare,
)
from radio.transcribe.versions import evidence_aside, is_by_hand, replace, set_aside

log = logging.getLogger(__name__)

WORK = "improvement"
"""The name of the checkpoint, beside that of a transcription."""


def candidates(archive: Archive, provenance: Provenance) -> list[Episode]:
    """List transcripts of a machine that this engine and model have not tried, least certain first.

    Those by a better model are left out. If the sidecar or the show now names another language, the
    episode is tried again.
    """

    def is_tried(evidence: Evidence, language: str) -> bool:
        return _is_by(evidence, provenance, language)

    doubts = _doubts(archive, archive.episodes(), provenance.model, is_tried)
    return [episode for _doubt, episode in sorted(doubts, key=lambda pair: pair[0])]


def doubt(archive: Archive, episode: Episode, model: str) -> float | None:
    """Tell how sure the machine is of a text that this better model has not tried, 0 to 1.

    None where it has, or where the text is by a model as good, or a person's.
    """

    def is_tried(evidence: Evidence, language: str) -> bool:
        return (evidence.model, evidence.language) == (model, language)

    return next((found for found, _ in _doubts(archive, [episode], model, is_tried)), None)


IsTried = Callable[[Evidence, str], bool]
"""Whether a version was made as one would be made now, in a language."""


def _doubts(
    archive: Archive, episodes: Iterable[Episode], model: str, is_tried: IsTried
) -> Iterator[tuple[float, Episode]]:
    for episode in episodes:
        try:
            evidence = archive.evidence(episode.key)
            if evidence is None or not archive.is_transcribed(episode.key):
                continue
            if not may_hear(archive, episode):
                continue
            language = archive.show(episode.show).language_of(episode)
            if lead(model, evidence.model) < 0 and evidence.language == language:
                continue
            if not is_by_hand(archive, episode.key) and not _is_tried(
                archive, episode.key, is_tried, language
            ):
                yield confidence(evidence), episode
        except RadioError as error:
            log.warning("%s", error)


def _is_tried(archive: Archive, key: str, is_tried: IsTried, language: str) -> bool:
    if archive.checkpoint_path(key, WORK).exists():
        return False
    versions = [archive.evidence(key), *evidence_aside(archive, key).values()]
    return any(each is not None and is_tried(each, language) for each in versions)


def _is_by(evidence: Evidence, provenance: Provenance, language: str) -> bool:
    present = evidence.engine, evidence.weights, evidence.language
    return present == (provenance.engine, provenance.weights, language)


def improve(
    archive: Archive, episode: Episode, pool: Pool, progress: Progress = lambda _: None
) -> bool:
    """Transcribe an episode again; return whether the new version was better and replaced the old.

    Raises TranscriptError if there is no transcript of a machine's own, AudioError if the
    recording can't be decoded, and ModelError if the pool fails.
    """
    _require(archive, episode.key)
    work = prepare(archive, episode, pool, archive.checkpoint_path(episode.key, WORK))
    checkpoint = decode_beside(work, progress)
    with archive.lock():
        _require(archive, episode.key)
        is_better = _keep_the_better(work, checkpoint)
        work.checkpoint_path.unlink(missing_ok=True)
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


def _keep_the_better(work: Work, checkpoint: Checkpoint) -> bool:
    archive, key = work.archive, work.episode.key
    transcript = compose_transcript(work, checkpoint)
    text, evidence = render_vtt(transcript).encode(), make_evidence(work, checkpoint, transcript)
    present = _require(archive, key)
    if _is_by(
        present, work.pool.provenance, checkpoint.language
    ):  # an earlier run was killed before it wrote the text
        replace(archive, key, text, evidence)
        return True
    if not is_better(evidence, present):
        set_aside(archive, key, text, render_evidence(evidence))
        return False
    set_aside(archive, key, read_bytes(archive.vtt_path(key)), render_evidence(present))
    replace(archive, key, text, evidence)
    return True
