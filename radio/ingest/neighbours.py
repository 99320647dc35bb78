"""A text beside a recording, under the same name: `show.docx` beside `show.mp3`.

It is kept as it is, beside the transcripts, and given to nobody. Whether it is what is said can be
told only once the recording was heard; then it is laid on the sound (`transcribe.adoption`).
"""

import logging
import os
from pathlib import Path

from radio.archive import Archive, paths
from radio.archive.episode import TEXTS
from radio.system.disk import is_file, read_bytes, write_whole
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

LARGEST = 32 << 20  # bytes

log = logging.getLogger(__name__)


def neighbour(recording: Path) -> Path | None:
    """Find the text beside a recording; of several, that of the first of TEXTS."""
    ends = (end for suffix in TEXTS for end in (suffix, suffix.upper()))
    places = (recording.with_name(recording.stem + end) for end in ends)
    return next(filter(is_file, places), None)


def kept(archive: Archive, key: str, text: Path) -> Path:
    """Tell where the text is kept that came with the recording of a key."""
    return archive.root / paths.source_text(key, text.suffix.lower())


def unkept(archive: Archive, recording: Path, key: str) -> Path | None:
    """Find the text beside a recording that the archive has under a key, if it has no such text."""
    text = neighbour(recording)
    if text is None:
        return None
    ends = (paths.source_text(key, text.suffix.lower(), work) for work in ("source", "unsaid"))
    return None if any((archive.root / end).exists() for end in ends) else text


def keep_text(archive: Archive, recording: Path, key: str) -> None:
    """Keep the text beside a recording, if there is one.

    One that is empty, too large or can't be read costs a warning. Call it under the archive's lock.
    """
    text = neighbour(recording)
    try:
        if text:
            _copy(text, kept(archive, key, text))
    except RadioError as error:
        log.warning("%s", error)


def _copy(text: Path, there: Path) -> None:
    content = read_bytes(text, LARGEST)
    if not content.strip():
        raise ArchiveError(_("{path}: an empty text; left there").format(path=text))
    if os.path.lexists(there) and read_bytes(there, LARGEST) != content:
        raise ArchiveError(_("{there}: there is another one, which stays").format(there=there))
    write_whole(there, content)
