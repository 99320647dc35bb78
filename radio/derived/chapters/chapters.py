"""The chapters of an episode: those of its sidecar, else proposals of the machine.

Proposals are made from the transcript and the evidence, which takes long. So they are
kept (`derived.cache`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.derived import cache
from radio.derived.chapters.proposals import SHORTEST_EPISODE, propose
from radio.derived.recipe import Making, Recipe, keys_of
from radio.system import records
from radio.system.disk import Stamp, read_bytes, stamp
from radio.system.edition import edition
from radio.system.errors import ArchiveError, RadioError
from radio.text.chapters import Chapters

log = logging.getLogger(__name__)

States = tuple[Stamp, Stamp]
"""Of a transcript and of its evidence."""

MISSING: Stamp = (0, 0)
PROPOSAL = ("derived/chapters", "text")  # if one changes, all are made again


@dataclass(frozen=True)
class Proposals:
    """Proposals as they are kept."""

    chapters: Chapters


def sidecar_chapters(episode: Episode) -> Chapters:
    """Give the chapters of the sidecar, without those that have no title or lie outside."""
    within = (each for each in episode.chapters if 0 <= each.start < episode.audio.duration)
    chapters = (each for each in within if each.title.strip())
    return Chapters(tuple(sorted(chapters, key=lambda each: each.start)))


def chapters_of(archive: Archive, episode: Episode) -> Chapters:
    """Give the chapters of an episode; making proposals for the first time takes a moment."""
    cached = cached_chapters(archive, episode)
    return _propose(archive, episode) if cached is None else cached


def cached_chapters(archive: Archive, episode: Episode) -> Chapters | None:
    """Give the chapters of an episode at once; None where proposals are still to be made."""
    own, states = sidecar_chapters(episode), _states(archive, episode)
    is_short = episode.audio.duration < SHORTEST_EPISODE
    if own.parts or is_short or MISSING in states:
        return own
    kept = _read(cache.CHAPTERS.path(archive, episode.key, edition(*PROPOSAL), states))
    return kept.chapters if kept else None


def missing_proposals(archive: Archive) -> list[Episode]:
    """List the public episodes whose proposals are still to be made, the newest first."""
    return [each for each in holdings.episodes(archive) if cached_chapters(archive, each) is None]


def keep_proposals(archive: Archive, episode: Episode) -> None:
    """Propose the chapters of an episode and cache them, even if there are none.

    Raises ArchiveError if the disk refuses.
    """
    states = edition(*PROPOSAL), _states(archive, episode)
    path = cache.CHAPTERS.path(archive, episode.key, *states)
    content = records.render(Proposals(_propose(archive, episode)))
    cache.CHAPTERS.write(archive, path, content)


def _propose(archive: Archive, episode: Episode) -> Chapters:
    return _propose_once(archive, episode.key, episode.audio.duration, _states(archive, episode))


@lru_cache(maxsize=16)
def _propose_once(archive: Archive, key: str, duration: float, _states: States) -> Chapters:
    """Propose once for each state of the files; a broken transcript has no chapters."""
    try:
        transcript, evidence = archive.transcript(key), archive.evidence(key)
    except RadioError as error:
        log.warning("%s", error)
        return Chapters()
    if transcript is None or evidence is None:
        return Chapters()
    parts = propose(transcript.cues, evidence.regions, duration)
    return Chapters(parts, proposed=bool(parts))


def _states(archive: Archive, episode: Episode) -> States:
    return stamp(archive.vtt_path(episode.key)), stamp(archive.evidence_path(episode.key))


def _read(path: Path) -> Proposals | None:
    """Read proposals from the cache; None where they can't be read."""
    try:
        return records.read(Proposals, read_bytes(path), path) if path.exists() else None
    except ArchiveError as error:
        log.warning("%s", error)
        return None


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda key: keep_proposals(archive, archive.episode(key)))


CHAPTERS = Recipe("chapters", keys_of(missing_proposals), _make)
