"""Where an old address leads: to the episode or show that had it, or to why that is gone."""

import contextlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from radio.archive import holdings, losses
from radio.archive.archive import Archive
from radio.archive.gone import Gone, read_gone
from radio.archive.paths import checked, checked_key
from radio.french.dates import read_day
from radio.system.disk import Stamp, is_file, stamp
from radio.system.errors import ArchiveError, NotFoundError, WithdrawnError
from radio.system.messages import _

TRIES = 3  # to list what has a name while names change
STEPS = 8  # shows that were renamed one after the other, until an address leads nowhere


@dataclass(frozen=True)
class FormerNames:
    """The present names of things, by former ones."""

    episodes: Mapping[str, str]  # keys
    shows: Mapping[str, str]  # slugs


def former_names(archive: Archive) -> FormerNames:
    """Tell what listeners may find under another name today."""
    names = FormerNames({}, {})
    for _try in range(TRIES):
        before = _state(archive)
        found = _former_names(archive, holdings.state(archive, archive.folders()))
        if _state(archive) == before:
            return found
        # Something is being renamed, and may be in no list: join what each try finds.
        names = FormerNames({**names.episodes, **found.episodes}, {**names.shows, **found.shows})
    return names


def _state(archive: Archive) -> list[Stamp]:
    return [stamp(archive.media / show) for show in archive.folders()]


def episode_at(archive: Archive, key: str) -> str:
    """Give the present key of an episode that had this one. Raises WithdrawnError with the reason
    if it was deleted, NotFoundError if there is none."""
    names, wanted = former_names(archive), checked_key(key)
    for _step in range(STEPS):
        if is_file(archive.sidecar_path(wanted)):
            break
        if wanted in names.episodes:
            return names.episodes[wanted]
        _refuse(archive, "episodes", wanted)
        show, _slash, slug = wanted.partition("/")
        if show not in names.shows:
            break
        wanted = f"{names.shows[show]}/{slug}"
        if wanted in holdings.public_keys(archive):
            return wanted
    raise NotFoundError(_("{key} : pas d’épisode de ce nom ; `radio list` les liste", key=key))


def show_at(archive: Archive, slug: str) -> str:
    """Give the present name of a show that had this one; errors as above."""
    names = former_names(archive).shows
    if checked(slug) in names and slug not in archive.folders():
        return names[slug]
    _refuse(archive, "shows", slug)
    raise NotFoundError(_("{slug} : pas d’émission de ce nom ; `radio list` les liste", slug=slug))


def is_away(archive: Archive) -> bool:
    """Whether a disk seems to be missing; does not tell what is on it."""
    inventory = stamp(archive.root / losses.INVENTORY)
    return _is_away(archive, (inventory, holdings.state(archive, archive.folders())))


@lru_cache(maxsize=4)
def _is_away(archive: Archive, _state: Hashable) -> bool:
    try:
        return bool(losses.away(archive.root))
    except ArchiveError:
        return False


def _refuse(archive: Archive, kind: Literal["episodes", "shows"], name: str) -> None:
    gone = Gone()
    with contextlib.suppress(ArchiveError):
        gone = read_gone(archive.root)
    departure = (gone.episodes if kind == "episodes" else gone.shows).get(name)
    if departure and not departure.untold:
        raise WithdrawnError(departure.reason, read_day(departure.date))


@lru_cache(maxsize=4)
def _former_names(archive: Archive, _state: Hashable) -> FormerNames:
    public = holdings.episodes(archive)
    withdrawn = holdings.withdrawn(archive)  # their new address says why
    episodes = {old: each.key for each in (*withdrawn, *public) for old in each.formerly}
    shows = {old: show.slug for show in archive.shows() for old in show.formerly}
    return FormerNames(episodes, shows)
