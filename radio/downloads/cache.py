"""Tagged downloads, as far as they are kept: `cache/downloads/`, derived, deleted at any moment.

What is kept is the head (`radio.tags`): the tag of an MP3, the whole of an Ogg. It is named by the
state of all that goes into it, so a transcript that changes makes another, and the old one goes.
"""

import hashlib
import io
import threading
from pathlib import Path

from radio import holdings, tags
from radio.archive import Archive
from radio.covers import cover, given
from radio.disk import Stamp, discard, explained, keep, stamp, temporary
from radio.downloads.label import make_label
from radio.edition import edition
from radio.episode import Chapters, Episode
from radio.messages import _
from radio.transcript import Transcript

ROOM = 4 << 30  # bytes of heads that are kept, besides the one that was made last

_making = threading.Lock()


def find_head(archive: Archive, episode: Episode, base_url: str) -> io.FileIO | None:
    """Open the head of an episode if it is there and up to date."""
    try:
        return io.FileIO(_path(archive, episode, base_url))
    except FileNotFoundError:
        return None


def make_head(
    archive: Archive,
    episode: Episode,
    said: Transcript | None,
    chapters: Chapters,
    base_url: str,
) -> io.FileIO:
    """Make the head of an episode, unless another thread just did, and open it.

    Raises ReaderError if it can't be made, ArchiveError if the disk refuses.
    """
    with _making:
        if found := find_head(archive, episode, base_url):
            return found
        path, show = _path(archive, episode, base_url), archive.show(episode.show)
        label = make_label(show, episode, said, chapters, base_url, cover(archive, episode))
        return _write(archive, episode, label, path)


def _write(archive: Archive, episode: Episode, label: tags.Label, path: Path) -> io.FileIO:
    part = temporary(path)
    try:
        with explained(path, _("check the free space and the rights of the folder")):
            path.parent.mkdir(parents=True, exist_ok=True)
            tags.write_head(archive.audio_path(episode), part, label)
            head = io.FileIO(part)
        keep(part, path)
    finally:
        discard(part)
    _tidy(archive.downloads, path)
    return head


def _path(archive: Archive, episode: Episode, base_url: str) -> Path:
    """Name a head by the state of all that goes into it."""
    picture = given(archive, episode)
    state = (
        edition(),
        base_url,
        stamp(archive.audio_path(episode)),
        stamp(archive.show_path(episode.show)),
        picture and (picture.name, stamp(picture)),
        *archive.stamps(episode.key),
        stamp(archive.evidence_path(episode.key)),
        holdings.is_finished(archive, episode.key),
    )
    name = hashlib.sha256(repr(state).encode()).hexdigest()[:32]
    return archive.downloads / episode.show / f"{episode.slug}.{name}"


def _tidy(folder: Path, made: Path) -> None:
    """Remove older heads of the same episode, and of others the oldest that pass the room."""
    states: dict[Path, Stamp] = {path: stamp(path) for path in folder.glob("*/*") if path != made}
    left = ROOM
    for path in sorted(states, key=lambda path: states[path], reverse=True):
        left -= states[path][1]
        if left < 0 or (path.parent == made.parent and path.stem == made.stem):
            path.unlink(missing_ok=True)
