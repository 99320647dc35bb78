"""The chapters of an episode: those of its sidecar, else those that a machine proposes.

Proposals come from the transcript and the evidence, which take long to read; so they are kept in
`cache/chapters/`, derived, with the state of both, and may be deleted at any moment.
"""

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from radio import holdings, records
from radio.archive import Archive
from radio.chapters.proposals import SHORTEST_EPISODE, propose
from radio.disk import Stamp, read_bytes, stamp, write_whole
from radio.edition import edition
from radio.episode import Chapters, Episode
from radio.errors import ArchiveError, RadioError

log = logging.getLogger(__name__)

States = tuple[Stamp, Stamp]
"""Of a transcript and of its evidence."""

MISSING: Stamp = (0, 0)
PROPOSAL = ("captions", "chapters", "transcript")  # the rooms whose change makes all of them anew


@dataclass(frozen=True)
class Kept:
    """Proposals as they are kept."""

    state: str  # of what they come from
    chapters: Chapters


def told(episode: Episode) -> Chapters:
    """List the chapters of the sidecar, without those that have no title or lie outside."""
    within = (each for each in episode.chapters if 0 <= each.start < episode.audio.duration)
    titled = (each for each in within if each.title.strip())
    return Chapters(tuple(sorted(titled, key=lambda each: each.start)))


def chapters_of(archive: Archive, episode: Episode) -> Chapters:
    """Tell the chapters of an episode; what nobody asked for yet takes a moment to propose."""
    known = known_chapters(archive, episode)
    return _propose(archive, episode) if known is None else known


def known_chapters(archive: Archive, episode: Episode) -> Chapters | None:
    """Tell the chapters of an episode at once, or None where they have yet to be proposed."""
    written, states = told(episode), _states(archive, episode)
    is_short = episode.audio.duration < SHORTEST_EPISODE
    if written.parts or is_short or MISSING in states:
        return written
    kept = _read(_path(archive, episode))
    return kept.chapters if kept and kept.state == _name(states) else None


def unproposed(archive: Archive) -> list[Episode]:
    """List the public episodes whose chapters have yet to be proposed, the newest first."""
    return [each for each in holdings.episodes(archive) if known_chapters(archive, each) is None]


def keep_proposals(archive: Archive, episode: Episode) -> None:
    """Propose the chapters of an episode, and keep what was found, were it nothing.

    Raises ArchiveError if the disk refuses.
    """
    kept = Kept(_name(_states(archive, episode)), _propose(archive, episode))
    write_whole(_path(archive, episode), records.render(kept))


def _propose(archive: Archive, episode: Episode) -> Chapters:
    return _proposed(archive, episode.key, episode.audio.duration, _states(archive, episode))


@lru_cache(maxsize=16)
def _proposed(archive: Archive, key: str, duration: float, _states: States) -> Chapters:
    """Propose once for each state; what a person's editing broke has no chapters."""
    try:
        said, evidence = archive.transcript(key), archive.evidence(key)
    except RadioError as error:
        log.warning("%s", error)
        return Chapters()
    if said is None or evidence is None:
        return Chapters()
    parts = propose(said.cues, evidence.regions, duration)
    return Chapters(parts, proposed=bool(parts))


def _states(archive: Archive, episode: Episode) -> States:
    return stamp(archive.vtt_path(episode.key)), stamp(archive.evidence_path(episode.key))


def _name(states: States) -> str:
    return f"{edition(*PROPOSAL)} {states}"


def _path(archive: Archive, episode: Episode) -> Path:
    return archive.chapters / episode.show / f"{episode.slug}.json"


def _read(path: Path) -> Kept | None:
    """Read what is kept; what can't be read is proposed again."""
    try:
        return records.read(Kept, read_bytes(path), path) if path.exists() else None
    except ArchiveError as error:
        log.warning("%s", error)
        return None
