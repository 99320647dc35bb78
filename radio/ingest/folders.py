"""What lies in a folder: recordings, texts beside them, and what is left with its reason. A text
beside a recording has the same name: `show.docx` beside `show.mp3`. It is saved as it is, beside
the transcripts, for nobody; `transcribe.adoption` judges later whether it is what is said."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive, paths
from radio.archive.episode import MIME, PICTURES, TEXTS, mime_of
from radio.system.disk import is_file, read_bytes, write_whole
from radio.system.errors import warned
from radio.system.messages import _, reason

LARGEST_TEXT = 32 << 20  # bytes

log = logging.getLogger(__name__)
SOUNDS = {".aac", ".ac3", ".aif", ".aiff", ".amr", ".ape", ".m4b", ".mka", ".mp2", ".wma", ".wv"}
VIDEOS = {".avi", ".flv", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".ts", ".webm", ".wmv"}
UNREAD = {".doc", ".md", ".pdf", ".rtf"}
IMAGES = PICTURES.keys() | {".bmp", ".gif", ".heic", ".jpeg", ".tif", ".tiff"}
KINDS = (
    (SOUNDS, _("un son dans un format non accepté ; convertissez-le d’abord en FLAC")),
    (VIDEOS, _("une vidéo ; sortez-en d’abord le son, en M4A")),
    (
        TEXTS,
        _(
            "un texte ; à côté d’un enregistrement du même nom il est ajouté, sinon `radio text "
            "align` le cale"
        ),
    ),
    (UNREAD, _("un texte dans un format qui n’est pas lu ; enregistrez-le en .docx, .odt ou .txt")),
    (IMAGES, _("une image ; `image` dans une fiche peut la nommer")),
)


def neighbour(recording: Path) -> Path | None:
    """Find the text beside a recording; of several, that of the first of TEXTS."""
    ends = (end for suffix in TEXTS for end in (suffix, suffix.upper()))
    places = (recording.with_name(recording.stem + end) for end in ends)
    return next(filter(is_file, places), None)


def place_of_text(archive: Archive, key: str, text: Path) -> Path:
    """Give where the text is saved that came with the recording of a key."""
    return archive.root / paths.source_text(key, text.suffix.lower())


def missing_text(archive: Archive, recording: Path, key: str) -> Path | None:
    """Find the text beside a recording that the archive has under a key, if it has no such text."""
    if text := neighbour(recording):
        ends = (paths.source_text(key, text.suffix.lower(), work) for work in ("source", "unsaid"))
        return None if any((archive.root / end).exists() for end in ends) else text
    return None


def keep_text(archive: Archive, recording: Path, key: str) -> None:
    """Save the text beside a recording, under the archive's lock; failures cost a warning."""
    text = neighbour(recording)
    if text is None:
        return
    there = place_of_text(archive, key, text)
    with warned():
        content = read_bytes(text, LARGEST_TEXT)
        if not content.strip():
            log.warning(_("{path} : un texte vide ; laissé de côté", path=text))
        elif os.path.lexists(there) and read_bytes(there, LARGEST_TEXT) != content:
            log.warning(_("{there} : il y en a un autre, qui reste", there=there))
        else:
            write_whole(there, content)


@dataclass(frozen=True)
class Left:
    """A file that is not taken."""

    path: Path | str  # or an address
    reason: str  # the same for all of its kind
    beside: str = ""  # name of the recording of the same name that lies there
    hides: bool = False  # whether others may lie behind it, that are not listed


def find(path: Path) -> Iterator[Path | Left]:
    """Give a file itself, or what lies in a folder and the folders in it, by name: recordings as
    paths, others as Left. What is hidden is left out, and so are texts that go with a recording."""
    if not os.path.isdir(path):  # noqa: PTH112 (which never raises)
        yield path
        return
    errors: list[OSError] = []
    for place, folders, names in os.walk(path, onerror=errors.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        visible = [name for name in sorted(names) if not name.startswith(".")]
        taken = {neighbour(Path(place, name)) for name in visible if mime_of(name)}
        paths = (Path(place, name) for name in visible)
        yield from (_judge(path, names) for path in paths if path not in taken)
    for error in errors:
        why = _("{strerror} ; vérifiez les droits du dossier", strerror=reason(error))
        yield Left(Path(error.filename), why)


def _judge(path: Path, names: list[str]) -> Path | Left:
    suffix = path.suffix.lower()
    if not os.path.isfile(path):  # noqa: PTH113
        return Left(path, _("ni fichier ni dossier"))
    if suffix in MIME:
        return path
    why = next((why for kinds, why in KINDS if suffix in kinds), _("pas un enregistrement"))
    twin = next((n for n in names if Path(n).stem == path.stem and Path(n).suffix in MIME), "")
    return Left(path, why, twin)
