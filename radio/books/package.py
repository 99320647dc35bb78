"""The package of an EPUB as ebooklib writes it: metadata, list of files, order; and the contents.

EPUB 3.3 (https://www.w3.org/TR/epub-33/) and EPUB Accessibility 1.1. Imports ebooklib, which writes
all in memory: so a sound is listed here, and its bytes are laid into the ZIP by `books.epub`.
"""

import io
import re
import uuid
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.etree.ElementTree import Element

from ebooklib import epub

from radio.books.book import Book, BookSound
from radio.books.pages import ACTIVE, CSS, PLAYING, render_page, title_of
from radio.formats.markdown import plain
from radio.formats.xml_writer import clean, tree
from radio.text.transcript import timestamp

FOLDER = "EPUB"
PACKAGE = f"{FOLDER}/content.opf"
NAV = "nav.xhtml"
XHTML = "application/xhtml+xml"
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
UNKNOWN = "und"  # what no language is called
ALWAYS = ("tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability")
SUMMARY = {
    "fr": "Texte structuré par chapitres ; {sound}. La couverture a une description.",
    "en": "Text structured by chapters; {sound}. The cover is described.",
}
SOUND = {
    ("fr", True): "chaque phrase est liée au son où elle est dite",
    ("fr", False): "sans le son",
    ("en", True): "each sentence is tied to the sound in which it is said",
    ("en", False): "without the sound",
}


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


def language_of(book: Book) -> str:
    """Give the language of a book as a tag.

    >>> LANGUAGE.fullmatch("fr-CA") is not None, LANGUAGE.fullmatch("le français") is None
    (True, True)
    """
    return book.language if LANGUAGE.fullmatch(book.language) else UNKNOWN


def bind(
    book: Book, pages: Sequence[BookPage], image: str, sounds: Collection[BookSound]
) -> Iterator[tuple[str, bytes]]:
    """Give the files of a book by their names, in the order of its ZIP; no sound is among them."""
    bound = epub.EpubBook()
    bound.set_identifier(f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'epub:{book.identifier}')}")
    bound.set_title(clean(book.title))
    bound.set_language(language_of(book))
    _describe(bound, book, pages)
    for page in pages:
        _add_page(bound, page)
    cover = epub.EpubCover(uid="cover-image", file_name=image)
    cover.content, cover.media_type = book.cover[1], book.cover[0]
    bound.add_item(cover)
    bound.add_item(_item("book.css", "text/css", CSS.encode()))
    outside = {
        f"{FOLDER}/{bound.add_item(_item(each.name, each.mime)).file_name}" for each in sounds
    }
    bound.toc = [epub.Link(each.name, clean(each.title), _id(each.name)) for each in _listed(pages)]
    bound.add_item(epub.EpubNcx())
    packed = io.BytesIO()
    modified = datetime.fromtimestamp(book.modified, UTC)
    epub.write_epub(packed, bound, {"mtime": modified, "compresslevel": 0})
    outside = {f"{FOLDER}/{each.name}" for each in sounds}
    with zipfile.ZipFile(packed) as files:
        for name in files.namelist():
            if name not in outside:
                content = files.read(name)
                yield name, _in_language(content, book) if name == PACKAGE else content


def _in_language(package: bytes, book: Book) -> bytes:
    """Tell in which language the package itself is, which ebooklib does not."""
    return package.replace(b"<package ", f'<package xml:lang="{language_of(book)}" '.encode(), 1)


def _item(name: str, mime: str, content: bytes = b"") -> Any:
    return epub.EpubItem(uid=_id(name), file_name=name, media_type=mime, content=content)


def _id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "-", f"f-{name}")


def _add_page(bound: Any, page: BookPage) -> None:
    item = _item(page.name, XHTML, page.content)
    if page.name == NAV:
        item.properties = ["nav"]
    if page.overlay:
        name = page.overlay_name
        item.media_overlay = _id(name)
        bound.add_item(epub.EpubSMIL(uid=_id(name), file_name=name, content=page.overlay))
    bound.add_item(item)
    bound.spine.append(item)


def _describe(bound: Any, book: Book, pages: Sequence[BookPage]) -> None:
    for name, content in _dublin_core(book):
        if content.strip():
            bound.add_metadata("DC", name, clean(content))
    for name, content, more in (*_accessibility(book, pages), *_durations(book, pages)):
        bound.add_metadata("OPF", name, clean(content), {"property": name, **more})


def _dublin_core(book: Book) -> Iterator[tuple[str, str]]:
    yield from (("creator", name) for name in book.makers)
    yield from (("contributor", name) for name in book.people)
    yield from (("publisher", name) for name in _stations(book))
    yield "date", book.parts[0].episode.known_date if len(book.parts) == 1 else ""
    yield "description", plain(book.description)
    tags = (tag for each in book.parts for tag in each.episode.tags)
    yield from (("subject", tag) for tag in dict.fromkeys(tags))
    yield "rights", " · ".join(filter(None, book.licenses))
    yield "source", book.address


def _stations(book: Book) -> list[str]:
    return list(dict.fromkeys(each.show.station for each in book.parts))


Meta = tuple[str, str, Mapping[str, str]]
"""A property, what it says, and further attributes."""


def _accessibility(book: Book, pages: Sequence[BookPage]) -> Iterator[Meta]:
    sounds = any(page.overlay for page in pages)
    modes = ("textual", "auditory") if sounds else ("textual",)
    features = (*ALWAYS, "synchronizedAudioText") if sounds else ALWAYS
    enough = ("textual", "auditory", "textual,auditory") if sounds else ("textual",)
    for name, values in (
        ("accessMode", modes),
        ("accessModeSufficient", enough),
        ("accessibilityFeature", features),
        ("accessibilityHazard", ("none",)),
    ):
        yield from ((f"schema:{name}", value, {}) for value in values)
    language = book.words.language
    told = SUMMARY[language].format(sound=SOUND[language, sounds])
    yield "schema:accessibilitySummary", told, {}


def _durations(book: Book, pages: Sequence[BookPage]) -> Iterator[Meta]:
    """Tell how long the sound of each page lasts, and all of it."""
    heard = [page for page in pages if page.overlay]
    if not heard:
        return
    for page in heard:
        refined = {"refines": f"#{_id(page.overlay_name)}"}
        yield "media:duration", timestamp(page.seconds), refined
    yield "media:duration", timestamp(sum(page.seconds for page in heard)), {}
    yield from (("media:narrator", name, {}) for name in book.people)
    yield "media:active-class", ACTIVE, {}
    yield "media:playback-active-class", PLAYING, {}


def _listed(pages: Sequence[BookPage]) -> list[BookPage]:
    return [page for page in pages if page.depth >= 0]


def render_contents(book: Book, pages: Sequence[BookPage]) -> bytes:
    """Write the table of contents, and where the text begins."""
    words = book.words
    contents = {"epub:type": "toc", "role": "doc-toc", "id": "toc"}
    marks = {"epub:type": "landmarks", "hidden": "hidden", "aria-label": words.contents}
    body = next(page for page in pages if page.name.startswith("text-"))
    listed = tree("ol", {}, *_items(_listed(pages)))
    marked = tree(
        "ol",
        {},
        _mark("toc", f"{NAV}#toc", words.contents),
        _mark("bodymatter", body.name, title_of(book.parts[0])),
    )
    return render_page(
        book,
        words.contents,
        tree("nav", contents, tree("h1", {}, words.contents), listed),
        tree("nav", marks, marked),
    )


def _mark(kind: str, href: str, title: str) -> Element:
    return tree("li", {}, tree("a", {"epub:type": kind, "href": href}, title))


def _items(pages: Sequence[BookPage]) -> Iterator[Element]:
    """Write the contents: each episode, and its chapters below it."""
    place = 0
    while place < len(pages):
        page, below = pages[place], place + 1
        while below < len(pages) and pages[below].depth > page.depth:
            below += 1
        link = tree("a", {"href": page.name, "dir": "auto"}, page.title)
        within = pages[place + 1 : below]
        yield tree("li", {}, link, *([tree("ol", {}, *_items(within))] if within else []))
        place = below
