"""Listening copies: Ogg recordings as MP3 in `cache/copies/`, for browsers that seek badly in Ogg.
WebKit misjudges the length of an Ogg; older versions play none. The recording itself is offered
first. Copies are made when nothing else is to do, never while a listener waits."""

import shutil
from datetime import datetime
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode, mime_of
from radio.sound.recoding import as_mp3, recode
from radio.system.disk import is_file, keep, unfinished
from radio.system.progress import Progress, silent

FREE = 0.1  # of a disk, that stays free of copies


def needs_copy(episode: Episode) -> bool:
    """Whether some browsers seek badly in a recording."""
    return mime_of(episode.audio.file) == "audio/ogg"


def find_copy(archive: Archive, episode: Episode) -> Path | None:
    """Give the path of the copy of a public episode; None where there is none, or none is given."""
    path = copy_path(archive, episode)
    is_given = needs_copy(episode) and holdings.find(archive, episode, "audio", "listen")
    return path if is_given and is_file(path) else None


def copy_path(archive: Archive, episode: Episode) -> Path:
    """Give the path that a copy of a recording would have."""
    return archive.cache / "copies" / f"{episode.audio.sha256}.mp3"


def uncopied(archive: Archive) -> list[Episode]:
    """List the public episodes that lack a copy, the newest first; none once the disk is full."""
    needing = (each for each in holdings.episodes(archive) if needs_copy(each))
    given = (each for each in needing if holdings.find(archive, each, "audio", "listen"))
    lacking = [each for each in given if not copy_path(archive, each).exists()]
    return lacking if lacking and has_room(archive) else []


def make_copy(archive: Archive, episode: Episode, progress: Progress = silent) -> None:
    """Make the copy of a recording, if needed and not replaced meanwhile. Raises ReaderError."""
    path = copy_path(archive, episode)
    if not needs_copy(episode) or path.exists() or not episode.is_public(datetime.now()):
        return
    with unfinished(path) as part:
        recode(as_mp3, archive.audio_path(episode), part, progress=progress)
        with archive.lock():  # a redaction takes copies away under it
            if archive.episode(episode.key).audio.sha256 == episode.audio.sha256:
                keep(part, path)


def has_room(archive: Archive) -> bool:
    """Whether the disk has room for copies that nobody waits for."""
    disk = shutil.disk_usage(archive.root)
    return disk.free > FREE * disk.total
