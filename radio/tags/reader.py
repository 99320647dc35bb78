"""What a file says of itself: title, date, people, description.

Tags are read once, at ingest, in a child process: a hostile tag can ask for a gigabyte. Broken tags
cost a warning, not the episode.
"""

import datetime as dt
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import mutagen

from radio import sandbox
from radio.errors import ReaderError

log = logging.getLogger(__name__)

KEYS = {
    "title": ("TIT2", "©nam", "title"),
    "date": ("TDRC", "TDRL", "©day", "date"),
    "description": ("COMM", "TDES", "desc", "©cmt", "description", "comment"),
    "artist": ("TPE1", "©ART", "artist"),
    "album": ("TALB", "©alb", "album"),
}
"""The names of each word in ID3v2.4, MP4 and Vorbis comments."""

LONGEST = 10_000  # characters
MEMORY = 512 << 20  # bytes
CPU = 20  # seconds


@dataclass(frozen=True)
class Tags:
    """What a file says of itself; empty where it says nothing."""

    title: str = ""
    date: str = ""
    description: str = ""
    artist: str = ""
    album: str = ""

    @property
    def day(self) -> dt.date | None:
        """The date, where it names a day.

        >>> Tags(date="2024-01-16T20:00").day
        datetime.date(2024, 1, 16)
        >>> Tags(date="2024").day is None
        True
        """
        found = re.match(r"\d{4}-\d{2}-\d{2}", self.date)
        try:
            return dt.date.fromisoformat(found.group()) if found else None
        except ValueError:
            return None


def read_tags(path: Path) -> Tags:
    """Read the tags of a foreign file, in a child process; none where they are broken."""
    try:
        return Tags(**sandbox.call("radio.tags.reader:read", str(path), memory=MEMORY, seconds=CPU))
    except ReaderError as error:
        log.warning("%s: its tags can't be read and are left out", path.name)
        log.debug("%s", error)
        return Tags()


def read(path: str, _progress: sandbox.Progress) -> dict[str, Any]:
    """Do the work of `read_tags`, in the child."""
    found = mutagen.File(path)
    tags = (found.tags if found else None) or {}
    pairs = {str(key).split(":")[0].lower(): value for key, value in tags.items()}
    return asdict(Tags(**{name: _first(pairs, keys) for name, keys in KEYS.items()}))


def _first(pairs: Mapping[str, Any], keys: Iterable[str]) -> str:
    for key in keys:
        value = pairs.get(key.lower())
        text = str(value[0] if isinstance(value, list) and value else value or "").strip()
        if text:
            return text[:LONGEST].replace("\0", " ")
    return ""
