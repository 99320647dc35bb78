"""The machine's text of an episode that is merged, laid on the same sound in the one that stays."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from radio.archive import Archive, paths
from radio.archive.episode import Audio, Episode
from radio.archive.history import Rewriting
from radio.archive.standing import BEFORE, hash_cues, sha256, standing
from radio.system.disk import is_file, read_bytes
from radio.text.transcript import (
    LARGEST_TEXT,
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Turn,
    Word,
    read_vtt,
    render_evidence,
    render_vtt,
)

Timed = TypeVar("Timed", Cue, Region, Segment, Turn, Word)


def inherited(archive: Archive, kept: Episode, left: Episode, offset: float) -> Iterator[Rewriting]:
    """Give the machine's text, evidence and translation to an episode that has none of them.

    `offset`: seconds that the other begins later there. A text that a person changed is not given,
    but what the machine heard is.
    """
    paths_there = (archive.vtt_path(kept.key), archive.evidence_path(kept.key))
    text, evidence = archive.transcript(left.key), archive.evidence(left.key)
    if (
        any(each.exists() for each in paths_there)
        or not archive.is_transcribed(left.key)
        or not text
    ):
        return
    is_machines = standing(text, evidence) == "machine"
    written = render_vtt(moved(text, offset, kept.audio)) if is_machines else ""
    if is_machines:
        yield Rewriting(paths.transcript(kept.key), None, written)
    if evidence:
        heard = _heard(evidence, offset, kept.audio)
        heard = _naming(heard, written) if is_machines else heard
        yield Rewriting(paths.evidence(kept.key), None, render_evidence(heard).decode())
    english = archive.translation_path(left.key)
    if is_file(english) and not archive.translation_path(kept.key).exists():
        subtitles = read_vtt(read_bytes(english, LARGEST_TEXT), english)
        subtitles = moved(subtitles, offset, kept.audio)
        yield Rewriting(paths.translation(kept.key), None, render_vtt(subtitles))


def moved(text: Transcript, offset: float, audio: Audio) -> Transcript:
    """Give the cues of a text the times that they have in another recording."""
    note = {**text.note, "audio": audio.sha256} if "audio" in text.note else text.note
    return replace(text, cues=_moved(text.cues, offset, audio.duration), note=note)


def _moved(items: Sequence[Timed], offset: float, end: float) -> tuple[Timed, ...]:
    """Give some items their times in another recording, without those that lie outside."""
    return tuple(
        replace(each, start=max(0.0, each.start + offset), end=min(each.end + offset, end))
        for each in items
        if each.end + offset > 0 and each.start + offset < end
    )


def _heard(evidence: Evidence, offset: float, audio: Audio) -> Evidence:
    """Give what the machine heard the times that it has in another recording."""
    end = audio.duration
    segments = (
        replace(each, words=_moved(each.words, offset, end))
        for each in _moved(evidence.segments, offset, end)
    )
    return replace(
        evidence,
        audio=audio.sha256,
        duration=end,
        regions=_moved(evidence.regions, offset, end),
        segments=tuple(segments),
        turns=None if evidence.turns is None else _moved(evidence.turns, offset, end),
    )


def _naming(evidence: Evidence, text: str) -> Evidence:
    """Name in an evidence the text that the machine wrote."""
    content = text.encode()
    extra = {name: value for name, value in evidence.extra.items() if name != BEFORE}
    cues = hash_cues(read_vtt(content, "").cues)
    return replace(evidence, vtt=sha256(content), cues=cues, extra=extra)
