"""An episode is transcribed again, on demand or by a better model, the least certain first. The old
text stays until the new one is complete, and is then saved under a number. Confidence is compared
between texts of the same weights only; else the rank of models decides (`catalogue`), unless the
better one broke down, as its confidence shows (docs/en/transcription.md). A person's text stays."""

import logging
from collections.abc import Iterable, Iterator, Mapping

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.system.disk import write_whole
from radio.system.errors import RadioError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import Evidence, render_evidence
from radio.transcribe import transcription
from radio.transcribe.adoption import decline
from radio.transcribe.corrections import audible_words
from radio.transcribe.engines.interface import Provenance
from radio.transcribe.models import catalogue
from radio.transcribe.pool import Pool
from radio.transcribe.versions import evidence_aside, is_by_hand, keep_present, replace, set_aside

# confidence gained with the same model; two engines with its weights differ by up to 0.015
MARGIN = 0.01

# Confidence lost by a better model that failed. On the samples, usable texts (word error rate to
# 0.22) are at most 0.09 below `base`, texts that broke down (from 0.39) at least 0.17.
COLLAPSE = 0.15
log = logging.getLogger(__name__)

IMPROVEMENT, RENEWAL = "improvement", "renewal"  # checkpoints, beside that of a transcription


def confidence(evidence: Evidence) -> float:
    """Measure how sure the machine is, 0 to 1: the share of the speech that its words cover, by
    duration and probability. 1 where nobody speaks."""
    speech = sum(each.end - each.start for each in evidence.regions if each.kind == "speech")
    words = (word for segment in evidence.segments for word in audible_words(segment))
    certainty = sum((word.end - word.start) * word.probability for word in words)
    return certainty / speech if speech else 1.0


def is_better(new: Evidence, present: Evidence) -> bool:
    """Whether a new text should take the place of the present one."""
    gain = confidence(new) - confidence(present)
    match lead(new.model, present.model):
        case 0:
            return gain >= MARGIN
        case 1:
            return gain > -COLLAPSE
        case _:
            return gain >= COLLAPSE


def lead(model: str, other: str) -> int:
    """Compare two models as published: 1, 0 or -1; 0 if they are the same or one is not ranked.

    >>> lead("small", "base"), lead("base", "large-v3"), lead("base", "base"), lead("other", "base")
    (1, -1, 0, 0)
    """
    one, two = catalogue.rank(model), catalogue.rank(other)
    return 0 if one is None or two is None else (one > two) - (one < two)


def candidates(archive: Archive, provenance: Provenance) -> list[Episode]:
    """List machine transcripts that this engine and model have not tried, least certain first, none
    by a better model. Another language in sidecar or show is a reason to try again."""
    made = {"engine": provenance.engine, "weights": provenance.weights}
    doubts = _doubts(archive, archive.episodes(), provenance.model, made)
    return [episode for _doubt, episode in sorted(doubts, key=lambda pair: pair[0])]


def doubt(archive: Archive, episode: Episode, model: str) -> float | None:
    """Give how sure the machine is of a text that this better model has not tried, 0 to 1, else
    None. None too for a text by a model as good, or a person's."""
    return next((found for found, _ in _doubts(archive, [episode], model, {"model": model})), None)


def _doubts(
    archive: Archive, episodes: Iterable[Episode], model: str, made: Mapping[str, str]
) -> Iterator[tuple[float, Episode]]:
    for episode in episodes:
        key = episode.key
        try:
            evidence = archive.evidence(key)
            is_heard = evidence and archive.is_transcribed(key)
            if evidence is None or not is_heard or not transcription.may_hear(archive, episode):
                continue
            language, *also = archive.show(episode.show).languages_of(episode)
            spoken = {"language": language, "also": tuple(also)}
            is_by_better = lead(model, evidence.model) < 0 and _is_made(evidence, spoken)
            if is_by_better or is_by_hand(archive, key):
                continue
            versions = (evidence, *evidence_aside(archive, key).values())
            is_begun = archive.checkpoint_path(key, IMPROVEMENT).exists()
            wanted = {**made, **spoken}
            if is_begun or not any(_is_made(each, wanted) for each in versions):
                yield confidence(evidence), episode
        except RadioError as error:
            log.warning("%s", error)


def _is_made(evidence: Evidence, wanted: Mapping[str, object]) -> bool:
    return all(getattr(evidence, name) == value for name, value in wanted.items())


def improve(
    archive: Archive, episode: Episode, pool: Pool, progress: Progress = lambda _: None
) -> bool:
    """Transcribe an episode again; return whether the new version was better and replaced the old.
    Raises TranscriptError without a machine's transcript, AudioError, ModelError."""
    key = episode.key
    _machines(archive, key)
    work = transcription.prepare(archive, episode, pool, IMPROVEMENT)
    checkpoint = work.decode_beside(progress)
    with archive.lock():
        present = _machines(archive, key)
        text, evidence = transcription.finish(work, checkpoint)
        by = pool.provenance
        spoken = {"language": checkpoint.language, "also": checkpoint.also}
        made = {"engine": by.engine, "weights": by.weights, **spoken}
        is_written = _is_made(present, made)  # by a run that was killed before it wrote the text
        is_replaced = is_written or is_better(evidence, present)
        if is_replaced:
            if not is_written:
                keep_present(archive, key)  # once, though a run was killed after it
            replace(archive, key, text, evidence)
        else:
            set_aside(archive, key, text, render_evidence(evidence))
        work.checkpoint_path.unlink(missing_ok=True)
    return is_replaced


def _machines(archive: Archive, key: str) -> Evidence:
    """Give the evidence of a machine's own text. Raises TranscriptError without one."""
    evidence = archive.evidence(key)
    if evidence is None or not archive.is_transcribed(key):
        message = _("{key} : pas de transcription à améliorer ; `radio transcribe` en fait une")
        raise TranscriptError(message, key=key)
    if is_by_hand(archive, key):
        message = _("{key} : quelqu’un a relu ou modifié la transcription ; laissée telle quelle")
        raise TranscriptError(message, key=key)
    return evidence


def renew(
    archive: Archive,
    episode: Episode,
    pool: Pool,
    *,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> None:
    """Transcribe an episode again, replace its text, and save the old one under a number. Raises
    TranscriptError without `force` if a person reread or changed it, AudioError, ModelError."""
    key = episode.key
    if not archive.vtt_path(key).exists() or not (force or archive.is_transcribed(key)):
        transcription.transcribe(archive, episode, pool, progress=progress)  # or the rest of it
        return
    if not force:
        transcription.require_not_by_hand(archive, key)
    work = transcription.prepare(archive, episode, pool, RENEWAL)
    checkpoint = work.decode_beside(progress)
    with archive.lock():
        if not force:
            transcription.require_not_by_hand(archive, key)
        text, evidence = transcription.finish(work, checkpoint)
        keep_present(archive, key)  # once, though a run was killed after it
        if is_by_hand(archive, key):  # the evidence must never call it the machine's
            decline(archive, key)  # or it would be laid over the new text
            write_whole(archive.evidence_path(key), render_evidence(evidence))
            write_whole(archive.vtt_path(key), text)
        else:
            replace(archive, key, text, evidence)
        archive.checkpoint_path(key).unlink(missing_ok=True)
        work.checkpoint_path.unlink(missing_ok=True)
