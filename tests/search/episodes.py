"""Episodes without sound, for the search."""

import dataclasses
import datetime as dt
from pathlib import Path
from typing import Any

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show
from radio.search import EpisodeHits, Hit, Index, Results
from radio.text.transcript import Cue
from tests.heard import write_cues

SHOW = "machine"


def begun(root: Path, title: str, **more: Any) -> Archive:
    archive = Archive(root)
    archive.create()
    archive.write_show(Show(SHOW, title, **more))
    return archive


def indexed(archive: Archive) -> Index:
    index = Index(archive)
    index.refresh()
    return index


def put(
    archive: Archive, slug: str, *said: str | Cue, seconds: float = 3600.0, **more: object
) -> str:
    """Write an episode with what is said, a cue of five seconds for each text; give its key."""
    audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", seconds)
    day = dt.date.fromisoformat(slug[:10])
    episode = Episode(SHOW, slug, f"Titre {slug}", day, audio, slug)
    episode = dataclasses.replace(episode, **more)  # type: ignore[arg-type]
    archive.write_episode(episode)
    if said:
        say_again(archive, episode.key, *said)
    return episode.key


def say_again(archive: Archive, key: str, *said: str | Cue) -> None:
    cues = (
        Cue(5.0 * n, 5.0 * n + 4.5, each) if isinstance(each, str) else each
        for n, each in enumerate(said)
    )
    write_cues(archive, key, *cues)


def slugs(results: Results) -> list[str]:
    return [each.key.partition("/")[2] for each in results.episodes]


def quoted(hit: Hit) -> str:
    return "".join(text for text, _ in hit.snippet)


def marked(*found: EpisodeHits) -> list[str]:
    return [
        text for each in found for hit in each.hits for text, is_match in hit.snippet if is_match
    ]
