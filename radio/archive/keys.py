"""What an episode is known by: the keys that it has or had, and the hashes of its recordings."""

import contextlib

from radio.archive.archive import Archive
from radio.archive.episode import Episode
from radio.archive.pseudonyms import Pseudonym, pseudonyms_for
from radio.system.disk import is_file
from radio.system.errors import NotFoundError


def names_of(archive: Archive, episode: Episode) -> tuple[str, ...]:
    """Name all present and former keys that are no other episode’s now, the present one last."""
    names = list[str]()
    for key in (*episode.formerly, episode.key):
        show, _slash, slug = key.partition("/")
        names += [*(f"{former}/{slug}" for former in _former(archive, show, episode.show)), key]
    others = {key for key in names if is_file(archive.media / f"{key}.json")} - {episode.key}
    return tuple(key for key in dict.fromkeys(names) if key not in others)


def _former(archive: Archive, show: str, present: str) -> tuple[str, ...]:
    for slug in (show, present):
        with contextlib.suppress(NotFoundError):
            former = archive.show(slug).formerly
            if show in (slug, *former):
                return former
    return ()


def pseudonyms_of(archive: Archive, episode: Episode) -> tuple[Pseudonym, ...]:
    """Give the names that were replaced in an episode, under any key that it has or had."""
    return pseudonyms_for(archive.root, names_of(archive, episode))


def keys_of(archive: Archive, episode: Episode) -> frozenset[str]:
    """Name the same, in no order."""
    return frozenset(names_of(archive, episode))


def sounds_of(episode: Episode) -> frozenset[str]:
    """Give the hashes of all recordings that an episode has or had."""
    return frozenset(filter(None, (episode.audio.sha256, *episode.audio.formerly)))
