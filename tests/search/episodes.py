"""Episodes without sound, for the search."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show
from radio.search import Index
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt

SHOW = "machine"


def begun(root: Path, title: str, **more: Any) -> Archive:
    """Begin an archive with one show."""
    archive = Archive(root)
    archive.create()
    archive.write_show(Show(SHOW, title, **more))
    return archive


def indexed(archive: Archive) -> Index:
    """Give the index of all that an archive has."""
    index = Index(archive)
    index.refresh()
    return index


def put(archive: Archive, slug: str, *texts: str, **more: object) -> str:
    """Write an episode, a cue of five seconds for each text."""
    audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 3600.0)
    day = dt.date.fromisoformat(slug[:10])
    episode = Episode(SHOW, slug, f"Titre {slug}", day, audio, slug)
    archive.write_episode(dataclasses.replace(episode, **more))  # type: ignore[arg-type]
    cues = tuple(Cue(5.0 * n, 5.0 * n + 4.5, text) for n, text in enumerate(texts))
    write_whole(archive.vtt_path(f"{SHOW}/{slug}"), render_vtt(Transcript(cues)).encode())
    return f"{SHOW}/{slug}"


def said(*texts: str, seconds: float = 4.0) -> tuple[Cue, ...]:
    return tuple(
        Cue(number * seconds, (number + 1) * seconds, text) for number, text in enumerate(texts)
    )


def write(archive: Archive, slug: str, title: str, cues: tuple[Cue, ...], **more: object) -> str:
    audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
    episode = Episode("quartier", slug, title, dt.date.fromisoformat(slug[:10]), audio, slug)
    archive.write_episode(dataclasses.replace(episode, **more))  # type: ignore[arg-type]
    if cues:
        write_transcript(archive, episode.key, cues)
    return episode.key


def write_transcript(archive: Archive, key: str, cues: tuple[Cue, ...]) -> None:
    write_whole(archive.vtt_path(key), render_vtt(Transcript(cues)).encode())
