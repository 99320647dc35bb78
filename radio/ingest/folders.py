"""What lies in a folder: recordings to take, and what is left there, each with its reason."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radio.archive.episode import MIME, PICTURES, TEXTS, mime_of
from radio.ingest.neighbours import neighbour
from radio.system.messages import _, reason

SOUNDS = {".aac", ".ac3", ".aif", ".aiff", ".amr", ".ape", ".m4b", ".mka", ".mp2", ".wma", ".wv"}
VIDEOS = {".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm", ".wmv"}
UNREAD = {".doc", ".md", ".pdf", ".rtf"}
IMAGES = PICTURES.keys() | {".bmp", ".gif", ".heic", ".jpeg", ".tif", ".tiff"}
KINDS = (
    (SOUNDS, _("sound in a format that is not taken; make a FLAC of it first")),
    (VIDEOS, _("a video; take its sound out first, as an M4A")),
    (
        TEXTS,
        _("a text; beside a recording of its name it is taken, else `radio text align` lays it"),
    ),
    (UNREAD, _("a text in a format that is not read; save it as .docx, .odt or .txt")),
    (IMAGES, _("a picture; `image` in a sidecar can name it")),
)


@dataclass(frozen=True)
class Left:
    """A file that is not taken."""

    path: Path | str  # or an address
    reason: str  # the same for all of its kind
    beside: str = ""  # name of the recording of the same name that lies there
    hides: bool = False  # whether others may lie behind it, that are not listed


def find(path: Path) -> Iterator[Path | Left]:
    """Give a file itself, or what lies in a folder and the folders in it, by name.

    What is hidden is passed over, and so is a text that goes with a recording; recordings are given
    as paths, the others as Left.
    """
    if not os.path.isdir(path):  # noqa: PTH112 (which never raises)
        yield path
        return
    errors: list[OSError] = []
    for place, folders, names in os.walk(path, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        visible = [name for name in sorted(names) if not name.startswith(".")]
        taken = {neighbour(Path(place, name)) for name in visible if mime_of(name)}
        yield from (
            _judge(Path(place, name), names) for name in visible if Path(place, name) not in taken
        )
    for error in errors:
        yield Left(
            Path(error.filename),
            _("{strerror}; check the rights of the folder").format(strerror=reason(error)),
        )


def _judge(path: Path, names: list[str]) -> Path | Left:
    """Tell what becomes of a file that lies beside others."""
    suffix = path.suffix.lower()
    if not os.path.isfile(path):  # noqa: PTH113
        return Left(path, _("neither file nor folder"))
    if suffix in MIME:
        return path
    reason = next((reason for kinds, reason in KINDS if suffix in kinds), _("not a recording"))
    twin = next((n for n in names if Path(n).stem == path.stem and Path(n).suffix in MIME), "")
    return Left(path, reason, twin)
