"""Covers: the picture given to an episode or a show, else a drawn one."""

import tempfile
from functools import lru_cache
from pathlib import Path

from radio import pictures
from radio.archive import Archive, holdings
from radio.archive.episode import PICTURES, Episode, Show
from radio.system import sandbox
from radio.system.disk import Stamp, read_bytes, stamp

SIDE = 600  # pixels of a cover that is drawn into a recording
MEMORY, CPU = 512 << 20, 20  # of the child that reads a foreign picture: bytes, seconds
READER = "radio.pictures.foreign:convert"
LARGEST = 32 << 20  # bytes of what it draws


def given(archive: Archive, item: Show | Episode) -> Path | None:
    """Find the picture given to an item, else to its show."""
    own = holdings.find(archive, item, "picture")
    if own or isinstance(item, Show):
        return own
    return holdings.find(archive, archive.show(item.show), "picture")


def lettering(archive: Archive, item: Show | Episode) -> dict[str, str]:
    """Give what `pictures.cover` draws from."""
    if isinstance(item, Show):
        show, below, seed = item.slug, item.station, item.slug
    else:
        show, below, seed = item.show, archive.show(item.show).title, item.key
    return {"title": item.title, "station": below, "seed": seed, "cloth": cloth(archive, show)}


def cloth(archive: Archive, show: str) -> str:
    """Give the cloth of a show: no other of its archive has it, as long as there are enough."""
    return _cloths(archive, stamp(archive.media)).get(show, "")


@lru_cache(maxsize=4)
def _cloths(archive: Archive, state: Stamp) -> dict[str, str]:  # noqa: ARG001 (when they changed)
    return pictures.cloths(archive.folders())


def cover(archive: Archive, item: Show | Episode) -> tuple[str, bytes]:
    """Give the media type and the bytes of a cover."""
    if path := given(archive, item):
        return PICTURES[path.suffix], read_bytes(path)
    return "image/png", pictures.cover(**lettering(archive, item), size=SIDE)


def redrawn(content: bytes) -> bytes:
    """Draw a foreign picture anew as JPEG, in a child with limits. Raises ReaderError."""
    with tempfile.TemporaryDirectory() as folder:
        path, result = Path(folder, "picture"), Path(folder, "small")
        path.write_bytes(content)
        sandbox.call(READER, str(path), str(result), memory=MEMORY, seconds=CPU, writes=LARGEST)
        return result.read_bytes()
