"""Tagged downloads, as far as they are kept: `cache/downloads/`, derived, deleted at any moment.

What is kept (`derived.cache`) is the head (`sound.tags`): the tag of an MP3, the whole of an Ogg.
"""

import io
import threading
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived.cache import DOWNLOADS, find, state_of
from radio.derived.covers import cover, given
from radio.derived.downloads.label import make_label
from radio.derived.soundness import known_quality, quality_path
from radio.sound import tags
from radio.system.disk import explained, stamp, unfinished
from radio.system.edition import edition
from radio.system.messages import _
from radio.text.chapters import Chapters
from radio.text.transcript import Transcript

_making = threading.Lock()


def find_head(archive: Archive, episode: Episode, base_url: str) -> io.FileIO | None:
    """Open the head of an episode if it is there and up to date."""
    return find(_path(archive, episode, base_url))


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
        quality = known_quality(archive, episode)
        picture = cover(archive, episode)
        label = make_label(show, episode, said, chapters, base_url, picture, quality)
        return _write(archive, episode, label, path, base_url)


def _write(
    archive: Archive, episode: Episode, label: tags.Label, path: Path, base_url: str
) -> io.FileIO:
    """Write a head; it is kept unless something that it was made of changed meanwhile."""
    with unfinished(path) as part:
        with explained(path, _("check the free space and the rights of the folder")):
            tags.write_head(archive.audio_path(episode), part, label)
        now = archive.episode(episode.key), _path(archive, episode, base_url)
        if now != (episode, path):
            return io.FileIO(part)
        return DOWNLOADS.keep_open(archive, part, path)


def _path(archive: Archive, episode: Episode, base_url: str) -> Path:
    made = edition(), base_url, stamp(quality_path(archive, episode))
    state = state_of(archive, episode, given(archive, episode))
    return DOWNLOADS.path(archive, episode.key, state, *made)
