"""Transcripts and chapters as podcast programs read them: the JSON of Podcasting 2.0. Pure.

Formats: docs/examples/transcripts/transcripts.md and docs/examples/chapters/jsonChapters.md of
https://github.com/Podcastindex-org/podcast-namespace.
"""

import json
from typing import Any

from radio.episode import Chapter, Episode, Show
from radio.transcript import Transcript

SEGMENTS_VERSION = "1.0.0"
CHAPTERS_VERSION = "1.2.0"


def render_segments(transcript: Transcript) -> str:
    """Write a transcript, a segment for each cue; one without words would crash AntennaPod."""
    segments = []
    for cue in transcript.cues:
        voice = {"speaker": " ".join(cue.voice.split())} if cue.voice.strip() else {}
        times = {"startTime": round(cue.start, 3), "endTime": round(cue.end, 3)}
        if body := " ".join(cue.text.split()):
            segments.append(voice | times | {"body": body})
    return _render({"version": SEGMENTS_VERSION, "segments": segments})


def chapters_of(episode: Episode) -> list[Chapter]:
    """List the chapters in their order, without those that have no title or lie outside."""
    within = (each for each in episode.chapters if 0 <= each.start < episode.audio.duration)
    return sorted((each for each in within if each.title.strip()), key=lambda each: each.start)


def render_chapters(show: Show, episode: Episode) -> str:
    """Write the chapters of an episode."""
    chapters = [{"startTime": each.start, "title": each.title} for each in chapters_of(episode)]
    about = {"title": episode.title, "podcastName": show.title}
    return _render({"version": CHAPTERS_VERSION, **about, "chapters": chapters})


def _render(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
