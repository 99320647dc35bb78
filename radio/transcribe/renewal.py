"""Renewal: an episode is transcribed again because somebody asks for it.

The old text stays until the new one is complete. Then the new one replaces it, and the old one is
kept under a number. A stopped run leaves the old text in place; the next run goes on.
"""

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.system.disk import write_whole
from radio.system.progress import Progress
from radio.text.transcript import render_evidence, render_vtt
from radio.transcribe.checkpoint import Checkpoint
from radio.transcribe.pool import Pool
from radio.transcribe.sources import decline
from radio.transcribe.transcription import (
    Work,
    compose_transcript,
    decode_beside,
    make_evidence,
    prepare,
    require_not_by_hand,
    transcribe,
)
from radio.transcribe.versions import is_by_hand, keep_present, replace

WORK = "renewal"
"""The name of the checkpoint, beside that of a transcription."""


def renew(
    archive: Archive,
    episode: Episode,
    pool: Pool,
    *,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> None:
    """Transcribe an episode again, replace its text, and keep the old one under a number.

    Only with `force`, a text that a person reread or changed is replaced too; else it raises
    TranscriptError. Raises AudioError if the recording can't be decoded, and ModelError if the
    pool fails.
    """
    key = episode.key
    if not archive.vtt_path(key).exists() or not (force or archive.is_transcribed(key)):
        transcribe(archive, episode, pool, progress=progress)  # or the rest of it
        return
    if not force:
        require_not_by_hand(archive, key)
    work = prepare(archive, episode, pool, archive.checkpoint_path(key, WORK))
    checkpoint = decode_beside(work, progress)
    with archive.lock():
        if not force:
            require_not_by_hand(archive, key)
        _swap(work, checkpoint)
        archive.checkpoint_path(key).unlink(missing_ok=True)
        work.checkpoint_path.unlink(missing_ok=True)


def _swap(work: Work, checkpoint: Checkpoint) -> None:
    """Keep the old text under a number, then write the new one and its evidence.

    After a run that was killed in between, the old text is kept already, and not kept twice.
    """
    archive, key = work.archive, work.episode.key
    path, present = archive.vtt_path(key), archive.evidence_path(key)
    transcript = compose_transcript(work, checkpoint)
    text, evidence = render_vtt(transcript).encode(), make_evidence(work, checkpoint, transcript)
    keep_present(archive, key)
    if is_by_hand(archive, key):  # the evidence must never call it the machine's
        decline(archive, key)  # or it would be laid over the new text
        write_whole(present, render_evidence(evidence))
        write_whole(path, text)
    else:
        replace(archive, key, text, evidence)
