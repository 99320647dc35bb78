"""A book as EPUB 3 whose text follows the voice; the only importer of ebooklib, which writes the
package (https://www.w3.org/TR/epub-33/, EPUB Accessibility 1.1) in memory and only lists
recordings: the ZIP is planned of stored files (`formats.zips`). Overlays connect sentences and
sound (#sec-media-overlays there); a clip lasts until the next begins, unless that is much later."""

import contextlib
import io
import re
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element

from ebooklib import epub

from radio.archive import Archive
from radio.books.book import Book, BookPart, BookSound
from radio.books.pages import (
    ACTIVE,
    CSS,
    PLAYING,
    about_page,
    chapter_page,
    cover_page,
    heading,
    render_page,
    title_of,
)
from radio.formats.markdown import plain
from radio.formats.markup import clean, render, tree
from radio.formats.zips import Planner
from radio.system.checksums import Checksums, Sums
from radio.system.disk import stamp
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.text.transcript import MUSIC, timestamp

MIME = "application/epub+zip"
FOLDER = "EPUB"
PACKAGE = f"{FOLDER}/content.opf"
NAV = "nav.xhtml"
XHTML = "application/xhtml+xml"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
ZIP_BEGINS = 1980  # the first year that a ZIP can write
LEAST = 0.01  # seconds of a clip
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
UNKNOWN = "und"  # what no language is called
ALWAYS = ("tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability")
SMIL = {
    "xmlns": "http://www.w3.org/ns/SMIL",
    "xmlns:epub": "http://www.idpf.org/2007/ops",
    "version": "3.0",
}

Attributes = dict[str, str]


@dataclass(frozen=True)
class SyncedClip:
    """A part of a sound, heard while an element of the text is shown."""

    anchor: str
    start: float  # seconds in the sound; before its beginning where it is not heard
    end: float


@dataclass(frozen=True)
class BookPage:
    """A page of a book in its order, with the overlay that ties it to a sound."""

    name: str
    title: str
    content: bytes
    depth: int = 0  # in the contents: 0 for an episode, 1 for its chapters; -1 for none
    overlay: bytes = b""
    seconds: float = 0.0  # that the sound of this page lasts

    @property
    def overlay_name(self) -> str:
        """The name of its overlay."""
        return self.name.replace(".xhtml", ".smil")


def plan_epub(archive: Archive, book: Book, sound_note: str, plan: IO[bytes]) -> None:
    """Write the plan of a book; `sound_note` says which sound there is. Raises ArchiveError if a
    recording changes meanwhile, or can't be read."""
    with contextlib.closing(Planner(plan)) as planner:
        for name, content in _files(book, sound_note):
            planner.add_kept(name, book.day, io.BytesIO(content))
        for sound in _sounds(book):
            name = f"{FOLDER}/{sound.name}"
            if sound.copy:
                with sound.copy.open("rb") as file:
                    planner.add_kept(name, book.day, file)
            else:
                planner.add_file(name, sound.source, book.day, _measure(archive, sound.source))
        planner.finish()


def write_epub(book: Book, path: Path | IO[bytes]) -> None:
    """Write a book without sound, packed."""
    day = (max(book.day.year, ZIP_BEGINS), book.day.month, book.day.day, 0, 0, 0)
    note = book.words.say(
        "Ce livre est sans le son\u00a0: chaque heure est un lien vers l’épisode, à cet endroit."
    )
    with zipfile.ZipFile(path, "w") as packed:
        for number, (name, content) in enumerate(_files(book, note)):
            info = zipfile.ZipInfo(name, day)
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            packed.writestr(info, content)


def _measure(archive: Archive, source: str) -> Sums:
    folder, _slash, name = source.rpartition("/")
    known = Checksums(archive.root)
    state = stamp(archive.root / source)
    sums = known.find(folder, name, state) or known.measure(folder, name)
    known.keep()
    if sums is None or not sums.is_readable or sums.stamp != state:
        message = _("{source} : a changé entre-temps ; réessayez dans un moment")
        raise ArchiveError(message, source=source)
    return sums


def _sounds(book: Book) -> list[BookSound]:
    return list(dict.fromkeys(each.sound for each in book.parts if each.sound))


def _files(book: Book, sound_note: str) -> Iterator[tuple[str, bytes]]:
    """Give all files but the sounds by name, in the order of the ZIP."""
    image, words = f"cover.{ENDINGS[book.cover[0]]}", book.words
    texts = list(_texts(book))
    cover = BookPage("cover.xhtml", words.say("Couverture"), cover_page(book, image), depth=-1)
    about_title = words.say("À propos de ce livre")
    about = BookPage("about.xhtml", about_title, about_page(book, sound_note))
    contents = _contents(book, [about, *texts], texts[0])
    return _bind(book, [cover, about, contents, *texts], image)


def _texts(book: Book) -> Iterator[BookPage]:
    """Give the pages of what is said, with overlays if they have sound."""
    number, several = 0, len(book.parts) > 1
    for part in book.parts:
        for place, (chapter, clips) in enumerate(zip(part.chapters, clips_of(part), strict=True)):
            first, number = place == 0, number + 1
            names = [each.anchor for each in clips]
            title = title_of(part) if first and several else heading(book, part, chapter)
            depth = 1 if several and (part.is_further or not first) else 0
            content = chapter_page(book, part, chapter, names, first=first)
            page = BookPage(f"text-{number:04d}.xhtml", title, content, depth)
            heard = [each for each in clips if each.start >= 0 and each.end - each.start >= LEAST]
            if part.sound and heard:
                overlay = render(_overlay(page.name, part.sound.name, heard))
                seconds = sum(round(each.end - each.start, 3) for each in heard)
                page = replace(page, overlay=overlay, seconds=seconds)
            yield page


def clips_of(part: BookPart) -> list[list[SyncedClip]]:
    """Give the sentences and music of each chapter, each until the next if that is soon."""
    zero = part.sound.start if part.sound else 0.0
    said = [
        [each for paragraph in chapter.paragraphs for each in paragraph.sentences or (paragraph,)]
        for chapter in part.chapters
    ]
    starts = [each.start for chapter in said for each in chapter]
    following, number = iter([*starts[1:], part.end]), 0
    found = list[list[SyncedClip]]()
    for chapter in said:
        found.append([])
        for each in chapter:
            number, then = number + 1, next(following)
            goes_on = each.start < then and then - each.end < MUSIC
            stop = min(then if goes_on else each.end, part.end)
            clip = SyncedClip(f"s{number}", round(each.start - zero, 3), round(stop - zero, 3))
            found[-1].append(clip)
    return found


def _overlay(page: str, sound: str, clips: Sequence[SyncedClip]) -> Element:
    """Write the clips of a page; both names are relative to the overlay."""
    pars = list[Element]()
    for clip in clips:
        text = tree("text", {"src": f"{page}#{clip.anchor}"})
        times = {"clipBegin": timestamp(clip.start), "clipEnd": timestamp(clip.end)}
        audio = tree("audio", {"src": sound, **times})
        pars.append(tree("par", {"id": f"p{clip.anchor}"}, text, audio))
    attributes = {"id": "all", "epub:textref": page, "epub:type": "bodymatter chapter"}
    return tree("smil", SMIL, tree("body", {}, tree("seq", attributes, *pars)))


def _contents(book: Book, listed: Sequence[BookPage], first: BookPage) -> BookPage:
    """Write the table of contents, chapters below their episode, and where the text begins."""
    title = book.words.say("Table des matières")
    items = list[Element]()
    for page in listed:
        item = tree("li", {}, tree("a", {"href": page.name, "dir": "auto"}, page.title))
        if page.depth == 0:
            items.append(item)
        elif items[-1][-1].tag == "ol":
            items[-1][-1].append(item)
        else:
            items[-1].append(tree("ol", {}, item))
    contents = {"epub:type": "toc", "role": "doc-toc", "id": "toc"}
    marks = {"epub:type": "landmarks", "hidden": "hidden", "aria-label": title}
    marked = (("toc", f"{NAV}#toc", title), ("bodymatter", first.name, title_of(book.parts[0])))
    links = (tree("a", {"epub:type": kind, "href": href}, text) for kind, href, text in marked)
    landmarks = tree("nav", marks, tree("ol", {}, *(tree("li", {}, each) for each in links)))
    listing = tree("nav", contents, tree("h1", {}, title), tree("ol", {}, *items))
    content = render_page(book, title, listing, landmarks)
    return BookPage(NAV, title, content, depth=-1)


def _bind(book: Book, pages: Sequence[BookPage], image: str) -> Iterator[tuple[str, bytes]]:
    """Give the files of a book but the sounds by name, in the order of its ZIP."""
    bound, language = epub.EpubBook(), book.language
    language = language if LANGUAGE.fullmatch(language) else UNKNOWN
    bound.set_identifier(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'epub:{book.identifier}')}")
    bound.set_title(clean(book.title))
    bound.set_language(language)
    for name, content, more in _metadata(book, pages):
        if ":" in name:
            bound.add_metadata("OPF", name, clean(content), {"property": name, **more})
        elif content.strip():
            bound.add_metadata("DC", name, clean(content))
    for page in pages:
        item = _item(page.name, XHTML, page.content)
        item.properties = ["nav"] if page.name == NAV else []
        if page.overlay:
            name = page.overlay_name
            item.media_overlay = _id(name)
            bound.add_item(epub.EpubSMIL(uid=_id(name), file_name=name, content=page.overlay))
        bound.add_item(item)
        bound.spine.append(item)
    cover = epub.EpubCover(uid="cover-image", file_name=image)
    cover.media_type, cover.content = book.cover
    sounds = _sounds(book)
    style = _item("book.css", "text/css", CSS.encode())
    for each in (cover, style, *(_item(sound.name, sound.mime) for sound in sounds)):
        bound.add_item(each)
    listed = [page for page in pages if page.depth >= 0]
    bound.toc = [epub.Link(each.name, clean(each.title), _id(each.name)) for each in listed]
    bound.add_item(epub.EpubNcx())
    packed = io.BytesIO()
    modified = datetime.fromtimestamp(book.modified, UTC)
    epub.write_epub(packed, bound, {"mtime": modified, "compresslevel": 0})
    outside = {f"{FOLDER}/{each.name}" for each in sounds}
    with zipfile.ZipFile(packed) as files:
        for name in files.namelist():
            if name == PACKAGE:  # ebooklib does not tell in which language the package itself is
                opening = f'<package xml:lang="{language}" '.encode()
                yield name, files.read(name).replace(b"<package ", opening, 1)
            elif name not in outside:
                yield name, files.read(name)


def _item(name: str, mime: str, content: bytes = b"") -> Any:
    return epub.EpubItem(uid=_id(name), file_name=name, media_type=mime, content=content)


def _id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "-", f"f-{name}")


def _metadata(book: Book, pages: Sequence[BookPage]) -> Iterator[tuple[str, str, Attributes]]:
    """Describe the book, its accessibility and its lengths. Dublin Core has no prefix."""
    yield from (("creator", name, {}) for name in book.makers)
    yield from (("contributor", name, {}) for name in book.people)
    stations = dict.fromkeys(each.show.station for each in book.parts)
    yield from (("publisher", name, {}) for name in stations)
    yield "date", book.parts[0].episode.known_date if len(book.parts) == 1 else "", {}
    yield "description", plain(book.description), {}
    tags = dict.fromkeys(tag for each in book.parts for tag in each.episode.tags)
    yield from (("subject", tag, {}) for tag in tags)
    yield "rights", " · ".join(filter(None, book.licenses)), {}
    yield "source", book.address, {}
    heard = [page for page in pages if page.overlay]
    modes = ("textual", "auditory") if heard else ("textual",)
    for name, values in (
        ("accessMode", modes),
        ("accessModeSufficient", (*modes, "textual,auditory") if heard else modes),
        ("accessibilityFeature", (*ALWAYS, "synchronizedAudioText") if heard else ALWAYS),
        ("accessibilityHazard", ("none",)),
    ):
        yield from ((f"schema:{name}", value, {}) for value in values)
    words, sound = book.words, book.words.say("sans le son")
    if heard:
        sound = words.say("chaque phrase est liée au son où elle est dite")
    summary = words.say(
        "Texte structuré par chapitres\u00a0; {sound}. La couverture a une description.",
        sound=sound,
    )
    yield "schema:accessibilitySummary", summary, {}
    for page in heard:
        yield "media:duration", timestamp(page.seconds), {"refines": f"#{_id(page.overlay_name)}"}
    if heard:
        yield "media:duration", timestamp(sum(page.seconds for page in heard)), {}
        yield from (("media:narrator", name, {}) for name in book.people)
        yield "media:active-class", ACTIVE, {}
        yield "media:playback-active-class", PLAYING, {}
