"""Names that are given to a command, and the ones that were meant."""

import difflib

from radio.archive import Archive
from radio.episode import Episode, slugify
from radio.errors import NotFoundError

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
                f"{key}: no such episode; is it {slugs[near[0]]}? `radio list` names them all"
            ) from error
        raise NotFoundError(
            f"{key or repr(key)}: no such episode; a key is SHOW/EPISODE, see `radio list`"
        ) from error


def require_show(archive: Archive, slug: str) -> str:
    """Give the name of a show back.

    Raises NotFoundError naming the shows, the nearest apart, if it is none.
    """
    known = [path.parent.name for path in sorted(archive.media.glob("*/show.json"))]
    if slug in known:
        return slug
    near = difflib.get_close_matches(slugify(slug), known, 1, CLOSE)
    listed = ", ".join(known) or "none yet, see `radio init --help`"
    if near:
        raise NotFoundError(f"{slug}: no such show; is it {near[0]}? (the shows: {listed})")
    raise NotFoundError(f"{slug or repr(slug)}: no such show (the shows: {listed})")
