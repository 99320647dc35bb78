"""A book as EPUB 3 whose text follows the voice, planned as a ZIP of stored files (`formats.zips`).

A recording of hours passes from the disk to the listener as it is, and a download that was cut goes
on: so the ZIP is planned here, with the files that `books.package` gives.

Overlays tell which part of the sound belongs to which sentence
(https://www.w3.org/TR/epub-33/#sec-media-overlays). What is played goes on from sentence to
sentence, so a clip lasts until the next one begins, unless that is long after.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element

from radio.archive import Archive
from radio.books.book import Book, BookPart, BookSound
from radio.books.package import FOLDER, NAV, BookPage, bind, render_contents
from radio.books.pages import about_page, chapter_page, cover_page, heading, title_of
from radio.books.text import MUSIC
from radio.formats.xml_writer import render, tree
from radio.formats.zips import Planner
from radio.system.checksums import Checksums, Sums
from radio.system.disk import stamp
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.text.transcript import timestamp

SMIL = {
    "xmlns": "http://www.w3.org/ns/SMIL",
    "xmlns:epub": "http://www.idpf.org/2007/ops",
    "version": "3.0",
}
LEAST = 0.01  # seconds of a clip


@dataclass(frozen=True)
class SyncedClip:
    """A stretch of a sound, heard while an element of the text is shown."""

    anchor: str
    start: float  # seconds in the sound
    end: float

    @property
    def length(self) -> float:
        """How long it lasts, in seconds, as it is written."""
        return round(self.end, 3) - round(self.start, 3)


def anchors(part: BookPart) -> list[list[tuple[str, float, float]]]:
    """Name the sentences and the music of each chapter, with their times in the recording."""
    number, found = 0, list[list[tuple[str, float, float]]]()
    for chapter in part.chapters:
        found.append([])
        for paragraph in chapter.paragraphs:
            for each in paragraph.sentences or (paragraph,):
                number += 1
                found[-1].append((f"s{number}", each.start, each.end))
    return found


def clips_of(part: BookPart) -> list[list[SyncedClip]]:
    """Give the clips of each chapter; those that lie outside of the sound are left out."""
    named = anchors(part)
    flat = [each for chapter in named for each in chapter]
    found = {clip.anchor: clip for clip in _clips(flat, part)}
    return [[found[name] for name, *_ in chapter if name in found] for chapter in named]


def _clips(named: Sequence[tuple[str, float, float]], part: BookPart) -> Iterator[SyncedClip]:
    """Let each clip last until the next begins, where that is soon."""
    zero = part.sound.start if part.sound else 0.0
    starts = [start for _name, start, _end in named[1:]] + [part.end]
    for (name, start, end), following in zip(named, starts, strict=True):
        goes_on = start < following and following - end < MUSIC
        stop = min(following if goes_on else end, part.end)
        if stop - start >= LEAST and start >= zero:
            yield SyncedClip(name, round(start - zero, 3), round(stop - zero, 3))


def render_overlay(page: str, sound: str, clips: Sequence[SyncedClip]) -> Element:
    """Write the clips of a page; both names are as seen from the overlay."""
    pars = (
        tree(
            "par",
            {"id": f"p{clip.anchor}"},
            tree("text", {"src": f"{page}#{clip.anchor}"}),
            tree(
                "audio",
                {
                    "src": sound,
                    "clipBegin": timestamp(clip.start),
                    "clipEnd": timestamp(clip.end),
                },
            ),
        )
        for clip in clips
    )
    told = {"id": "all", "epub:textref": page, "epub:type": "bodymatter chapter"}
    return tree("smil", SMIL, tree("body", {}, tree("seq", told, *pars)))


MIME = "application/epub+zip"
ZIP_BEGINS = 1980  # the first year that a ZIP can write
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


def plan_epub(archive: Archive, book: Book, sound_note: str, plan: IO[bytes]) -> None:
    """Write the plan of a book; `sound_note` tells what of sound there is.

    Raises ArchiveError if a recording changes meanwhile, or can't be read.
    """
    with contextlib.closing(Planner(plan)) as planner:
        for name, content in _files(book, sound_note):
            planner.add_kept(name, book.day, io.BytesIO(content))
        for sound in _sounds(book):
            name = f"{FOLDER}/{sound.name}"
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
        for number, (name, content) in enumerate(_files(book, sound_note)):
            info = zipfile.ZipInfo(name, day)
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            packed.writestr(info, content)


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


def _sounds(book: Book) -> list[BookSound]:
    return list(dict.fromkeys(each.sound for each in book.parts if each.sound))


def _files(book: Book, sound_note: str) -> Iterator[tuple[str, bytes]]:
    """Give all files but the sounds by their names, in the order of the ZIP."""
    words = book.words
    image = f"cover.{ENDINGS[book.cover[0]]}"
    pages = [
        BookPage("cover.xhtml", words.cover, cover_page(book, image), depth=-1),
        BookPage("about.xhtml", words.about, about_page(book, sound_note)),
        nav := BookPage(NAV, words.contents, b"", depth=-1),
        *_texts(book),
    ]
    pages[pages.index(nav)] = replace(nav, content=render_contents(book, pages))
    return bind(book, pages, image, _sounds(book))


def _texts(book: Book) -> Iterator[BookPage]:
    """Give the pages of what is said."""
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
) -> BookPage:
    chapter, first = part.chapters[place], place == 0
    title = title_of(part) if first and len(book.parts) > 1 else heading(book, part, chapter)
    depth = 1 if len(book.parts) > 1 and (part.is_further or not first) else 0
    content = chapter_page(book, part, chapter, names, first=first)
    page = BookPage(f"text-{number:04d}.xhtml", title, content, depth)
    if not part.sound or not clips:
        return page
    overlay = render(render_overlay(page.name, part.sound.name, clips))
    return replace(page, overlay=overlay, seconds=sum(clip.length for clip in clips))
