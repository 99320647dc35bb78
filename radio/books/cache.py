"""The books of episodes, as far as they are kept (`radio.kept`): all but the recording."""

import io
import threading
from pathlib import Path

from radio import kept
from radio.archive import Archive
from radio.books.book import book_of, read_part
from radio.books.epub import plan_epub
from radio.books.sound import sound_note, with_recording
from radio.covers import given
from radio.disk import discard, explained, temporary
from radio.edition import edition
from radio.episode import Chapters, Episode
from radio.messages import _

_making = threading.Lock()


def find_plan(archive: Archive, episode: Episode, base_url: str) -> io.FileIO | None:
    """Open the plan of the book of an episode if it is there and up to date."""
    return kept.find(_path(archive, episode, base_url))


def make_plan(archive: Archive, episode: Episode, chapters: Chapters, base_url: str) -> io.FileIO:
    """Plan the book of an episode, unless another thread just did, and open the plan.

    Raises NotFoundError if there is no text yet, TranscriptError if it can't be read, ArchiveError
    if the disk refuses.
    """
    with _making:
        if found := find_plan(archive, episode, base_url):
            return found
        path = _path(archive, episode, base_url)
        told = with_recording(archive, read_part(archive, episode, chapters, base_url))
        book = book_of(archive, told)
        part = temporary(path)
        try:
            with explained(path, _("check the free space and the rights of the folder")):
                path.parent.mkdir(parents=True, exist_ok=True)
                with part.open("wb") as file:
                    plan_epub(archive, book, sound_note(told), file)
                plan = io.FileIO(part)
            kept.store(part, path)
        finally:
            discard(part)
        return plan


def _path(archive: Archive, episode: Episode, base_url: str) -> Path:
    picture = given(archive, episode)
    return kept.path_of(archive, archive.books, episode, picture, edition(), base_url)
