"""A transcription anew, because somebody asks: the old text stays until the new one is whole.

Only then do they change places, and the old one is kept aside under a number. A run that was
stopped leaves the old text where it is; the next one goes on.
"""

from radio.archive import Archive
from radio.disk import read_bytes, write_whole
from radio.episode import Episode
from radio.progress import Progress
from radio.standing import sha256
from radio.transcribe.checkpoint import Checkpoint
from radio.transcribe.pool import Crew
from radio.transcribe.transcription import (
    Work,
    compose_transcript,
    listen_beside,
    make_evidence,
    prepare,
    require_not_by_hand,
    transcribe,
)
from radio.transcribe.versions import is_by_hand, replace
from radio.transcript import render_evidence, render_vtt

WORK = "renewal"
"""The name of the checkpoint, beside that of a transcription."""


def renew(
    archive: Archive,
    episode: Episode,
    crew: Crew,
    *,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> None:
    """Transcribe an episode anew, then put its text in the place of the old one, kept aside.

    `force` lets the old text be one that a person reread or changed. Raises TranscriptError if it
    is one without `force`, AudioError if the recording can't be decoded, and ModelError if the
    crew can't go on.
    """
    key = episode.key
    if not archive.vtt_path(key).exists() or not (force or archive.is_transcribed(key)):
        transcribe(archive, episode, crew, progress=progress)  # or the rest of it
        return
    if not force:
        require_not_by_hand(archive, key)
    work = prepare(archive, episode, crew, archive.checkpoint_path(key, WORK))
    done = listen_beside(work, progress)
    with archive.lock():
        if not force:
            require_not_by_hand(archive, key)
        _swap(work, done)
        archive.checkpoint_path(key).unlink(missing_ok=True)
        work.checkpoint.unlink(missing_ok=True)


def _swap(work: Work, done: Checkpoint) -> None:
    """Keep the old text aside, then write the new one and its evidence.

    What died in between finds the old text kept aside already, and keeps it once.
    """
    archive, key = work.archive, work.episode.key
    path, present = archive.vtt_path(key), archive.evidence_path(key)
    text = render_vtt(compose_transcript(work, done)).encode()
    evidence = make_evidence(work, done, sha256(text))
    old = read_bytes(path)
    if old not in map(read_bytes, archive.texts_aside(key)):
        archive.write_aside(key, old, read_bytes(present) if present.exists() else None)
    if is_by_hand(archive, key):  # the evidence must never call it the machine's
        write_whole(present, render_evidence(evidence))
        write_whole(path, text)
    else:
        replace(archive, key, text, evidence)
