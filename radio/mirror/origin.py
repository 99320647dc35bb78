"""Of which instance an archive is a copy, and what came from there: `mirror.json`. A file whose
bytes the original never offered was corrected here; only the original changes others. ArchiveError
if the file can't be read or written."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from radio.archive.acts import MIRROR
from radio.system.disk import Stamp, read_bytes, stamp
from radio.system.records import RecordFile


@dataclass(frozen=True)
class Origin:
    """The original of an archive."""

    url: str  # where it is fetched from, without a slash at its end
    address: str  # the public one, which its pages are known by; likewise
    pulled: str = ""  # ISO day of the last whole pull
    # sha256 of every version of each small file, by path
    offered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ORIGIN = RecordFile(MIRROR, Origin)
write_origin = ORIGIN.write


def read_origin(root: Path) -> Origin | None:
    """Read of which original an archive is a copy; None where it is none."""
    path = root / MIRROR
    return ORIGIN.parse(read_bytes(path), path) if path.exists() else None


def about(root: Path) -> Origin | None:
    """Read the same once for each state of the file, without what was offered."""
    return _about(root, stamp(root / MIRROR))


@lru_cache(maxsize=4)
def _about(root: Path, _state: Stamp) -> Origin | None:
    origin = read_origin(root)
    return origin and replace(origin, offered={})
