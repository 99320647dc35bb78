"""Covers: the picture that somebody gave of an episode or a show, else what is drawn instead."""

from pathlib import Path

from radio import pictures
from radio.archive import Archive
from radio.disk import read_bytes
from radio.episode import PICTURES, Episode, Show

SIDE = 600  # pixels of a cover that is drawn into a recording


def given(archive: Archive, item: Show | Episode) -> Path | None:
    """Find the picture that somebody gave: of an episode, else of its show."""
    candidates = [archive.picture_path(item)]
    if isinstance(item, Episode):
        candidates.append(archive.picture_path(archive.show(item.show)))
    return next((path for path in candidates if path and archive.holds(path)), None)


def lettering(archive: Archive, item: Show | Episode) -> tuple[str, str, str]:
    """Give what `pictures.cover` draws from: the title, what stands below it, and its seed."""
    if isinstance(item, Show):
        return item.title, item.station, item.slug
    return item.title, archive.show(item.show).title, item.key


def cover(archive: Archive, item: Show | Episode) -> tuple[str, bytes]:
    """Give the cover itself: its media type and its bytes."""
    path = given(archive, item)
    if path:
        return PICTURES[path.suffix], read_bytes(path)
    return "image/png", pictures.cover(*lettering(archive, item), SIDE)
