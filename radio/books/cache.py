"""The books of episodes in `derived.cache`: EPUB with sound, booklets. An EPUB is planned
beforehand or on demand; a booklet takes seconds, so it is made beforehand only."""

import io
import threading
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.books.book import book_of, read_part, sound_note, with_recording
from radio.books.booklet import is_installed, write_booklet
from radio.books.epub import plan_epub
from radio.derived.cache import BOOKLETS, BOOKS, Cache, find, state_of
from radio.derived.covers import given
from radio.system.disk import unfinished
from radio.system.edition import edition
from radio.text.chapters import Chapters

# if one changes, all are made again
MADE_BY = ("books", "formats", "french", "pictures", "text", "translations")

_making = threading.Lock()


def find_plan(archive: Archive, episode: Episode, base_url: str) -> io.FileIO | None:
    """Open the plan of the EPUB of an episode if it is there and up to date."""
    return find(_path(archive, BOOKS, episode, base_url))


def make_plan(archive: Archive, episode: Episode, chapters: Chapters, base_url: str) -> io.FileIO:
    """Plan the EPUB of an episode, unless another thread just did, and open the plan. Raises
    NotFoundError without a text, TranscriptError if it can't be read."""
    with _making:
        if found := find_plan(archive, episode, base_url):
            return found
        path = _path(archive, BOOKS, episode, base_url)  # of what is read from now on
        part = with_recording(archive, read_part(archive, episode, chapters, base_url))
        book = book_of(archive, part)
        with unfinished(path) as place:
            with place.open("wb") as file:
                plan_epub(archive, book, sound_note(part), file)
            is_same = _is_same(archive, BOOKS, episode, base_url, path)
            return BOOKS.keep_open(archive, place, path) if is_same else io.FileIO(place)


def missing_plans(archive: Archive, base_url: str) -> list[Episode]:
    """List the episodes whose EPUB is still to be planned, the newest first. None if half of the
    room is taken: the other half is for books on demand."""
    has_room = BOOKS.size(archive) <= (BOOKS.room or 0) // 2
    return _missing(archive, BOOKS, base_url) if has_room else []


def find_booklet(archive: Archive, episode: Episode, base_url: str) -> Path | None:
    """Find the booklet of an episode if it is there and up to date."""
    path = _path(archive, BOOKLETS, episode, base_url)
    return path if path.is_file() else None


def make_booklet(archive: Archive, episode: Episode, chapters: Chapters, base_url: str) -> None:
    """Make the booklet of an episode, which takes seconds; it is dropped if something changed
    meanwhile. Raises as `make_plan` and `write_booklet`."""
    path = _path(archive, BOOKLETS, episode, base_url)  # of what is read from now on
    book = book_of(archive, read_part(archive, episode, chapters, base_url))
    with unfinished(path) as place:
        write_booklet(book, place)
        if _is_same(archive, BOOKLETS, episode, base_url, path):
            BOOKLETS.keep(archive, place, path)


def missing_booklets(archive: Archive, base_url: str) -> list[Episode]:
    """List the episodes whose booklet is still to be made, the newest first."""
    return _missing(archive, BOOKLETS, base_url) if is_installed() else []


def _missing(archive: Archive, cache: Cache, base_url: str) -> list[Episode]:
    read = (each for each in holdings.episodes(archive) if holdings.is_finished(archive, each.key))
    return [each for each in read if not _path(archive, cache, each, base_url).is_file()]


def _is_same(archive: Archive, cache: Cache, episode: Episode, base_url: str, path: Path) -> bool:
    """Whether nothing that a book was made of changed, by its old and new names. Raises
    WithdrawnError or NotFoundError if listeners may no longer have the episode."""
    now = holdings.episode(archive, episode.key)
    return now == episode and _path(archive, cache, episode, base_url) == path


def _path(archive: Archive, cache: Cache, episode: Episode, base_url: str) -> Path:
    state = state_of(archive, episode, given(archive, episode))
    return cache.path(archive, episode.key, state, edition(*MADE_BY), base_url)
