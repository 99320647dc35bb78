"""The tags of a foreign file: title, date, people, picture. They are read once, at ingest, in child
processes, for a hostile tag can ask for a gigabyte. Lines with a path, a machine or a place are
left out (`private`). Broken tags or pictures give a warning; the episode is ingested anyway."""

import base64
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import mutagen
from mutagen import flac, id3, mp3, mp4, oggflac, oggopus, oggspeex, oggvorbis, wave

from radio.pictures import shrink
from radio.sound.tags.private import publishable
from radio.system import sandbox
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

log = logging.getLogger(__name__)

KEYS = {  # in ID3v2.4, MP4 and Vorbis comments
    "title": ("TIT2", "©nam", "title"),
    "date": ("TDRC", "TDRL", "©day", "date"),
    "description": ("COMM", "TDES", "desc", "©cmt", "description", "comment"),
    "artists": ("TPE1", "©ART", "artist"),
    "album": ("TALB", "©alb", "album"),
}
OF_PROGRAMS = "COMM:iTun"  # numbers that iTunes writes as a comment
PICTURE_KEYS = {"apic", "covr", "metadata_block_picture"}

KINDS = [  # mutagen would try thirty others, and import them in each child
    *(mp3.MP3, mp4.MP4, flac.FLAC, wave.WAVE),
    *(oggvorbis.OggVorbis, oggopus.OggOpus, oggflac.OggFLAC, oggspeex.OggSpeex),
]

LONGEST = 10_000  # characters
MOST_ARTISTS = 100
MEMORY = 512 << 20  # bytes
CPU = 4  # seconds, ten times what a tag needs: mutagen takes minutes for some 100,000 frames
PICTURE_CPU = 20  # seconds


@dataclass(frozen=True)
class Tags:
    """The tags of a file; empty if it has none."""

    title: str = ""
    date: str = ""  # as it is written there
    description: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    is_pictured: bool = False
    is_unread: bool = field(default=False, compare=False)  # then it may be no sound at all


def read_tags(path: Path, name: str = "") -> Tags:
    """Read the tags of a foreign file, in a child; broken ones are none. Warnings say `name`."""
    complaint = _("%s : ses étiquettes ne peuvent pas être lues et sont laissées de côté")
    answer = _ask("read", path, CPU, complaint, name)
    if not answer:
        return Tags(is_unread=True)
    return Tags(**answer | {"artists": tuple(answer["artists"])})


def read_picture(path: Path, name: str = "") -> bytes | None:
    """Read and shrink the picture in the tags of a foreign file, in a child process; None if there
    is none or, with a warning, if it can't be read."""
    complaint = _("%s : son image ne peut pas être lue et est laissée de côté")
    answer = _ask("picture", path, PICTURE_CPU, complaint, name)
    return base64.b64decode(answer) if answer else None


def _ask(how: str, path: Path, seconds: int, complaint: str, name: str) -> Any:
    """Give what a child answers, nothing if it fails."""
    reader = f"radio.sound.tags.reader:{how}"
    try:
        return sandbox.call(reader, str(path), memory=MEMORY, seconds=seconds)
    except ReaderError as error:
        log.warning(complaint, name or path.name)
        log.debug("%s", error)
        return None


def read(path: str, _progress: Progress) -> dict[str, Any]:
    """Do the work of `read_tags`, in the child."""
    file = mutagen.File(path, KINDS)
    tags = (file.tags if file else None) or {}
    names = (key for key in map(str, tags.keys()) if not key.startswith(OF_PROGRAMS))
    pairs = {name.split(":")[0].lower(): tags[name] for name in names}
    words = {name: _texts(pairs, keys) for name, keys in KEYS.items()}
    artists = tuple(words.pop("artists"))[:MOST_ARTISTS]
    is_pictured = bool(PICTURE_KEYS & pairs.keys() or getattr(file, "pictures", ()))
    firsts = {name: texts[0] if texts else "" for name, texts in words.items()}
    return asdict(Tags(**firsts, artists=artists, is_pictured=is_pictured, is_unread=file is None))


def picture(path: str, _progress: Progress) -> str | None:
    """Do the work of `read_picture`, in the child; the answer is base64."""
    file = mutagen.File(path, KINDS)
    content = None if file is None else _embedded(file)
    return base64.b64encode(shrink(content)).decode() if content else None


def _embedded(file: mutagen.FileType) -> bytes | None:
    """Find the first picture: APIC of ID3, covr of MP4, PICTURE blocks of FLAC and Vorbis."""
    tags: Any = file.tags or {}
    if isinstance(tags, id3.ID3):
        return next((bytes(frame.data) for frame in tags.getall("APIC")), None)
    if isinstance(tags, mp4.MP4Tags):
        return next((bytes(cover) for cover in tags.get("covr", ())), None)
    if isinstance(file, flac.FLAC):
        return next((bytes(block.data) for block in file.pictures), None)
    blocks = tags.get("metadata_block_picture", ())
    return next((bytes(flac.Picture(base64.b64decode(block)).data) for block in blocks), None)


def _texts(pairs: Mapping[str, Any], keys: Iterable[str]) -> list[str]:
    """Give the texts of the first key with any; a date unknown to ID3, « 12/09/2023 », stays."""
    for key in keys:
        value = pairs.get(key.lower()) or ""
        stamps = [each for each in getattr(value, "text", ()) if isinstance(each, id3.ID3TimeStamp)]
        dates = list(map(_date, stamps)) or str(value).split("\0")
        values = value if isinstance(value, list) else dates
        whole = [str(each).replace("\0", " ").strip()[:LONGEST] for each in values]
        if texts := list(filter(None, map(publishable, whole))):
            return texts
    return []


def _date(stamp: Any) -> str:
    """Undo what mutagen made of a date whose day is written first.

    >>> _date(id3.ID3TimeStamp("12/09/2023")), _date(id3.ID3TimeStamp("2023-09-12"))
    ('12/9/2023', '2023-09-12')
    """
    parts = (stamp.year, stamp.month, stamp.day)
    is_swapped = all(parts) and stamp.day > 31
    return "/".join(map(str, parts)) if is_swapped else str(stamp.text)
