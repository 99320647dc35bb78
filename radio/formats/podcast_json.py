"""Transcripts and chapters as podcast programs read them: the JSON of Podcasting 2.0. Pure.

Formats: docs/examples/transcripts/transcripts.md and docs/examples/chapters/jsonChapters.md of
https://github.com/Podcastindex-org/podcast-namespace.
"""

import json
from typing import Any

from radio.episode import Chapters, Episode, Show
from radio.transcript import Transcript

SEGMENTS_VERSION = "1.0.0"
CHAPTERS_VERSION = "1.2.0"
BY_MACHINE = "Chapitres proposés par la machine, d’après la musique et les silences."


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


def _render(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
