"""Keys and shows given to a command: found, or the nearest ones named."""

import difflib

from radio.archive import Archive
from radio.episode import Episode
from radio.errors import NotFoundError
from radio.messages import _
from radio.slugs import slugify

CLOSE = 0.5  # likeness, 0 to 1, from which on a name may be the one that was meant


def find_episode(archive: Archive, key: str) -> Episode:
    """Read an episode.

    Raises NotFoundError naming the nearest key if there is none, ArchiveError if it can't be read.
    """
    try:
        return archive.episode(key)
    except NotFoundError as error:
        slugs = {each.slug: each.key for each in archive.episodes()}
        near = difflib.get_close_matches(slugify(key.rpartition("/")[2]), slugs, 1, CLOSE)
        if near:
            raise NotFoundError(
                _("{key}: no such episode; is it {near}? `radio list` names them all").format(
                    key=key, near=slugs[near[0]]
                )
            ) from error
        raise NotFoundError(
            _("{key}: no such episode; a key is SHOW/EPISODE, see `radio list`").format(
                key=key or repr(key)
            )
        ) from error


def require_show(archive: Archive, slug: str) -> str:
    """Give the name of a show back.

    Raises NotFoundError if there is no such show; it names the nearest one, and all others.
    """
    slugs = sorted(show.slug for show in archive.shows())
    if slug in slugs:
        return slug
    near = difflib.get_close_matches(slugify(slug), slugs, 1, CLOSE)
    names = ", ".join(slugs) or _("none yet, see `radio init --help`")
    if near:
        raise NotFoundError(
            _("{slug}: no such show; is it {near}? (the shows: {listed})").format(
                slug=slug, near=near[0], listed=names
            )
        )
    raise NotFoundError(
        _("{slug}: no such show (the shows: {listed})").format(
            slug=slug or repr(slug), listed=names
        )
    )
