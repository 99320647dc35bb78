"""Transcripts and chapters in the JSON of Podcasting 2.0: transcripts.md and jsonChapters.md in
docs/examples of https://github.com/Podcastindex-org/podcast-namespace. Pure."""

import json
from collections.abc import Iterator
from typing import Any

from radio.archive.episode import Episode, Show
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.text.chapters import Chapter, Chapters
from radio.text.transcript import Cue, Transcript

SEGMENTS_VERSION = "1.0.0"
CHAPTERS_VERSION = "1.2.0"
MOST_CHAPTERS = 1000
LONGEST = 1_000_000.0  # seconds
BY_MACHINE = "Chapitres proposés automatiquement, d’après la musique et les silences."


def render_segments(transcript: Transcript) -> str:
    """Write a transcript, a segment for each cue; one without words would crash AntennaPod."""
    segments = []
    for cue in transcript.cues:
        voice = {"speaker": " ".join(cue.voice.split())} if cue.voice.strip() else {}
        times = {"startTime": round(cue.start, 3), "endTime": round(cue.end, 3)}
        if body := " ".join(cue.text.split()):
            segments.append(voice | times | {"body": body})
    return _render({"version": SEGMENTS_VERSION, "segments": segments})


def render_chapters(show: Show, episode: Episode, chapters: Chapters) -> str:
    """Write the chapters of an episode; that they are only proposed is said in `description`."""
    about = {"title": episode.title, "podcastName": show.title}
    if chapters.proposed:
        about["description"] = BY_MACHINE
    parts = [{"startTime": each.start, "title": each.title} for each in chapters.parts]
    return _render({"version": CHAPTERS_VERSION, **about, "chapters": parts})


def read_chapters(content: bytes, where: object) -> tuple[Chapter, ...]:
    """Read the chapters of others, those that are shown. Raises ReaderError naming `where`."""
    found = [
        Chapter(start, title)
        for each in _parse(content, "chapters", where)
        if (start := _seconds(each.get("startTime"))) is not None
        if (title := _words(each.get("title"))) and each.get("toc") is not False
    ]
    return tuple(sorted(found, key=lambda chapter: chapter.start)[:MOST_CHAPTERS])


def read_segments(content: bytes, where: object) -> Transcript:
    """Read the transcript of others. Raises ReaderError naming `where`."""
    cues = [
        Cue(start, max(start, _seconds(each.get("endTime")) or 0.0), body, _words(speaker))
        for each in _parse(content, "segments", where)
        if (start := _seconds(each.get("startTime"))) is not None
        if (body := _words(each.get("body")))
        for speaker in [each.get("speaker")]
    ]
    if not cues:
        raise ReaderError(_("{where} : aucun mot dedans ; laissé de côté", where=where))
    return Transcript(tuple(sorted(cues, key=lambda cue: cue.start)))


def _parse(content: bytes, name: str, where: object) -> Iterator[dict[str, Any]]:
    try:
        data = json.loads(content)
        found = data[name]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = _("{where} : pas un JSON de {name} ; laissé de côté", where=where, name=name)
        raise ReaderError(message) from error
    every = found if isinstance(found, list) else ()
    yield from (each for each in every if isinstance(each, dict))


def _seconds(value: object) -> float | None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value <= LONGEST else None


def _words(value: object) -> str:
    text = value.encode(errors="replace").decode() if isinstance(value, str) else ""
    return " ".join(text.split())


def _render(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
