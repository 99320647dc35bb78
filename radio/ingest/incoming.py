"""A file on its way in: copied aside and hashed in one pass, decoded, its tags read.

Nothing here needs the archive's lock, so that several files come in at once.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from radio.archive.episode import MIME, Audio
from radio.ingest.recordings import Recordings
from radio.sound import Probe, probe
from radio.sound.tags import Tags, read_picture, read_tags
from radio.system.checksums import copy_blocks
from radio.system.disk import blocks
from radio.system.errors import ArchiveError, AudioError
from radio.system.messages import _, reason
from radio.system.progress import Progress

READERS = ("radio.sound.probing", "av", "radio.sound.tags.reader")  # in children


@dataclass(frozen=True)
class Incoming:
    """What a file is and says of itself."""

    audio: Audio  # its `file` is the suffix only
    recording: Probe
    tags: Tags
    picture: bytes | None = None


def receive(path: Path, part: Path, recordings: Recordings, progress: Progress) -> Incoming:
    """Copy a file to `part` and look at it.

    Raises AudioError if it is not audio, empty or cut short, TwinError if the archive holds it, and
    ArchiveError if it can't be read or the disk refuses.
    """
    refuse_what_is_no_file(path)
    sha256, size = _copy(path, part, lambda share: progress(share / 2))
    recordings.refuse(path, sha256)
    try:
        recording = probe(part, lambda share: progress((1 + share) / 2))
    except AudioError as error:
        raise AudioError(str(error).replace(str(part), str(path))) from error
    recordings.refuse_retagged(path, recording.packets, sha256)
    ending = path.suffix.lower()
    suffix = ending if ending in recording.suffixes else recording.suffixes[0]
    audio = Audio(suffix, sha256, size, MIME[suffix], recording.duration, recording.packets)
    tags = read_tags(part, path.name)
    picture = read_picture(part, path.name) if tags.is_pictured else None
    return Incoming(audio, recording, tags, picture)


def refuse_what_is_no_file(path: Path) -> None:
    """Refuse what is missing, empty, or no regular file.

    Raises ArchiveError or AudioError, which say what to do.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise ArchiveError(
            _("{path}: {strerror}; check the name").format(path=path, strerror=reason(error))
        ) from error
    if not stat.S_ISREG(status.st_mode):
        raise ArchiveError(_("{path}: not a regular file; give an audio file").format(path=path))
    if not status.st_size:
        raise AudioError(_("{path}: empty; copy it again").format(path=path))


def _copy(path: Path, part: Path, progress: Progress) -> tuple[str, int]:
    """Copy a file and tell its sha256 and size."""
    try:
        with path.open("rb") as source, part.open("wb") as copy:
            before = os.fstat(source.fileno())
            sha256 = copy_blocks(blocks(source), copy, before.st_size, progress)
            after = os.fstat(source.fileno())
            size = copy.tell()
    except OSError as error:
        raise ArchiveError(
            _("{path}: {strerror}; check the disk and its space").format(
                path=path, strerror=reason(error)
            )
        ) from error
    if (size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise ArchiveError(
            _("{path}: it changed while it was read; wait until it is whole").format(path=path)
        )
    return sha256, size
