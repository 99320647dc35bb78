"""A book as EPUB 3 whose text follows the voice, planned as a ZIP of stored files (`zips.plan`).

It is written here, for it is some XML in a ZIP, and libraries for it compress what they hold in
memory: a recording of hours must pass from the disk to the listener as it is.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from radio.archive import Archive
from radio.books.book import Book, BookPart, BookSound
from radio.books.overlay import SyncedClip, anchors, clips_of, render_overlay
from radio.books.package import (
    CONTAINER,
    BookPage,
    Resource,
    render_contents,
    render_package,
)
from radio.books.pages import CSS, about_page, chapter_page, cover_page, heading, title_of
from radio.formats.xml_writer import render
from radio.formats.zips.plan import Planner
from radio.system.checksums import Checksums, Sums
from radio.system.disk import stamp
from radio.system.errors import ArchiveError
from radio.system.messages import _

MIME = "application/epub+zip"
ZIP_BEGINS = 1980  # the first year that a ZIP can write
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@dataclass(frozen=True)
class _File:
    name: str
    content: bytes


def plan_epub(archive: Archive, book: Book, sound_note: str, plan: IO[bytes]) -> None:
    """Write the plan of a book; `sound_note` tells what of sound there is.

    Raises ArchiveError if a recording changes meanwhile, or can't be read.
    """
    with contextlib.closing(Planner(plan)) as planner:
        for each in _files(book, sound_note):
            planner.add_kept(each.name, book.day, io.BytesIO(each.content))
        for sound in _sounds(book):
            name = f"EPUB/{sound.name}"
            if sound.copy:
                with sound.copy.open("rb") as file:
                    planner.add_kept(name, book.day, file)
            else:
                sums = _measure(archive, sound.source)
                planner.add_file(name, sound.source, book.day, sums)
        planner.finish()


def write_epub(book: Book, sound_note: str, path: Path | IO[bytes]) -> None:
    """Write a book without sound, packed."""
    day = (max(book.day.year, ZIP_BEGINS), book.day.month, book.day.day, 0, 0, 0)
    with zipfile.ZipFile(path, "w") as packed:
        for number, each in enumerate(_files(book, sound_note)):
            info = zipfile.ZipInfo(each.name, day)
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            packed.writestr(info, each.content)


def _measure(archive: Archive, source: str) -> Sums:
    """Give the checksums of a recording, which are known unless it just came."""
    folder, _slash, name = source.rpartition("/")
    known = Checksums(archive.root, archive.checksums)
    state = stamp(archive.root / source)
    sums = known.find(folder, name, state) or known.measure(folder, name)
    known.keep()
    if sums is None or not sums.is_readable or sums.stamp != state:
        told = _("{source}: changed meanwhile; try again in a moment")
        raise ArchiveError(told.format(source=source))
    return sums


def _sounds(book: Book) -> Iterable[BookSound]:
    return dict.fromkeys(each.sound for each in book.parts if each.sound)


def _files(book: Book, sound_note: str) -> Iterator[_File]:
    """Give all files but the sounds, in the order of the ZIP."""
    yield _File("mimetype", MIME.encode())
    yield _File("META-INF/container.xml", CONTAINER)
    mime, picture = book.cover
    image = f"cover.{ENDINGS[mime]}"
    front = [
        BookPage("cover.xhtml", book.words.cover, depth=-1),
        BookPage("about.xhtml", book.words.about),
        BookPage("nav.xhtml", book.words.contents, depth=-1),
    ]
    texts = list(_texts(book))
    pages = [*front, *(page for page, _files in texts)]
    others = [
        Resource("book.css", "text/css"),
        Resource(image, mime, "cover-image"),
        *(Resource(each.name, each.mime) for each in _sounds(book)),
    ]
    found = [
        _File("package.opf", render_package(book, pages, others)),
        _File("nav.xhtml", render_contents(book, pages)),
        _File("book.css", CSS.encode()),
        _File("cover.xhtml", cover_page(book, image)),
        _File("about.xhtml", about_page(book, sound_note)),
        _File(image, picture),
        *(file for _page, files in texts for file in files),
    ]
    yield from (_File(f"EPUB/{each.name}", each.content) for each in found)


def _texts(book: Book) -> Iterator[tuple[BookPage, list[_File]]]:
    """Give the pages of what is said, each with its files."""
    number = 0
    for part in book.parts:
        clips = clips_of(part)
        for place, names in enumerate(anchors(part)):
            number += 1
            yield _text(book, part, place, number, [name for name, *_ in names], clips[place])


def _text(
    book: Book,
    part: BookPart,
    place: int,
    number: int,
    names: list[str],
    clips: list[SyncedClip],
) -> tuple[BookPage, list[_File]]:
    chapter, first = part.chapters[place], place == 0
    name = f"text-{number:04d}"
    content = chapter_page(book, part, chapter, names, first=first)
    files = [_File(f"{name}.xhtml", content)]
    title, overlay = heading(book, part, chapter), ""
    if first and len(book.parts) > 1:
        title = title_of(part)
    if part.sound and clips:
        overlay = f"{name}.smil"
        written = render_overlay(f"{name}.xhtml", part.sound.name, clips)
        files.append(_File(overlay, render(written)))
    depth = 1 if len(book.parts) > 1 and (part.is_further or not first) else 0
    seconds = sum(clip.length for clip in clips) if overlay else 0.0
    return BookPage(f"{name}.xhtml", title, depth, overlay, seconds), files
