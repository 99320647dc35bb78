"""English subtitles: Whisper's own translation, beside the text of record.

They are written once and never again, so that corrections in them are never lost.
"""

import os

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.system.disk import write_whole
from radio.system.errors import ModelError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import render_vtt
from radio.transcribe.engines.interface import Provenance
from radio.transcribe.hidden_names import may_hear
from radio.transcribe.models import catalogue
from radio.transcribe.pool import Pool
from radio.transcribe.transcription import (
    compose_transcript,
    decode_beside,
    prepare,
)


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
    """Refuse models that were not trained to translate.

    Raises ModelError.
    """
    if not catalogue.translates(provenance.model):
        raise ModelError(
            _("{model}: it can't translate; take base, small, medium or large").format(
                model=provenance.model
            )
        )


def translate(
    archive: Archive, episode: Episode, pool: Pool, progress: Progress = lambda _: None
) -> None:
    """Write `<slug>.en.vtt`.

    Raises TranscriptError if it is there or the episode speaks English, AudioError if the
    recording can't be decoded, and ModelError if the pool fails.
    """
    path = archive.translation_path(episode.key)
    if _is_english(archive, episode):
        raise TranscriptError(
            _("{key}: speaks English already; nothing to translate").format(key=episode.key)
        )
    if os.path.lexists(path):
        raise TranscriptError(
            _("{path}: there already; move it away to have it made anew").format(path=path)
        )
    checkpoint_path = archive.checkpoint_path(episode.key, "translation")
    work = prepare(archive, episode, pool, checkpoint_path, "translate")
    checkpoint = decode_beside(work, progress)
    with archive.lock():
        write_whole(path, render_vtt(compose_transcript(work, checkpoint)).encode())
        checkpoint_path.unlink(missing_ok=True)


def _is_english(archive: Archive, episode: Episode) -> bool:
    language = archive.show(episode.show).language_of(episode)
    return language.lower().partition("-")[0] == "en"
