"""What a reading system reads first of an EPUB: its package, with metadata, and its contents. Pure.

EPUB 3.3 (https://www.w3.org/TR/epub-33/) and EPUB Accessibility 1.1.
"""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from radio.books.book import Book
from radio.books.pages import ACTIVE, PLAYING, render_page, title_of
from radio.formats.markdown import plain
from radio.formats.xml_writer import render, tree
from radio.text.transcript import timestamp

PACKAGE = {
    "xmlns": "http://www.idpf.org/2007/opf",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "version": "3.0",
    "unique-identifier": "id",
}
CONTAINER = b"""\
<?xml version="1.0" encoding="utf-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"""
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
    """A page of a book in its order, with the sound that belongs to it."""

    name: str
    title: str
    depth: int = 0  # in the contents: 0 for an episode, 1 for its chapters; -1 for none
    overlay: str = ""  # name of its overlay
    seconds: float = 0.0  # that this lasts


@dataclass(frozen=True)
class Resource:
    """Any other file of a book."""

    name: str
    mime: str
    properties: str = ""


def language_of(book: Book) -> str:
    """Give the language of a book as a tag.

    >>> LANGUAGE.fullmatch("fr-CA") is not None, LANGUAGE.fullmatch("le français") is None
    (True, True)
    """
    return book.language if LANGUAGE.fullmatch(book.language) else UNKNOWN


def render_package(book: Book, pages: Sequence[BookPage], others: Sequence[Resource]) -> bytes:
    """Write the package."""
    root = tree(
        "package",
        {**PACKAGE, "xml:lang": language_of(book)},
        tree("metadata", {}, *_metadata(book, pages)),
        tree("manifest", {}, *_manifest(pages, others)),
        tree("spine", {}, *(tree("itemref", {"idref": _id(page.name)}) for page in pages)),
    )
    return render(root)


def _metadata(book: Book, pages: Sequence[BookPage]) -> Iterator[Element]:
    named = uuid.uuid5(uuid.NAMESPACE_URL, f"epub:{book.identifier}")
    yield tree("dc:identifier", {"id": "id"}, f"urn:uuid:{named}")
    yield tree("dc:title", {}, book.title)
    yield tree("dc:language", {}, language_of(book))
    for name, content in _dublin_core(book):
        if content.strip():
            yield tree(f"dc:{name}", {}, content)
    modified = datetime.fromtimestamp(book.modified, UTC)
    yield _meta("dcterms:modified", modified.strftime("%Y-%m-%dT%H:%M:%SZ"))
    yield from _accessibility(book, pages)
    yield from _durations(book, pages)


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


def _accessibility(book: Book, pages: Sequence[BookPage]) -> Iterator[Element]:
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
        yield from (_meta(f"schema:{name}", value) for value in values)
    language = book.words.language
    told = SUMMARY[language].format(sound=SOUND[language, sounds])
    yield _meta("schema:accessibilitySummary", told)


def _durations(book: Book, pages: Sequence[BookPage]) -> Iterator[Element]:
    """Tell how long the sound of each page lasts, and all of it."""
    heard = [page for page in pages if page.overlay]
    if not heard:
        return
    for page in heard:
        told = {"property": "media:duration", "refines": f"#{_id(page.overlay)}"}
        yield tree("meta", told, timestamp(page.seconds))
    yield _meta("media:duration", timestamp(sum(page.seconds for page in heard)))
    yield from (_meta("media:narrator", name) for name in book.people)
    yield _meta("media:active-class", ACTIVE)
    yield _meta("media:playback-active-class", PLAYING)


def _meta(name: str, content: str) -> Element:
    return tree("meta", {"property": name}, content)


def _manifest(pages: Sequence[BookPage], others: Sequence[Resource]) -> Iterator[Element]:
    for page in pages:
        told = {"id": _id(page.name), "href": page.name, "media-type": "application/xhtml+xml"}
        if page.overlay:
            smil = {"id": _id(page.overlay), "href": page.overlay}
            yield tree("item", {**smil, "media-type": "application/smil+xml"})
            told["media-overlay"] = smil["id"]
        yield tree("item", told | ({"properties": "nav"} if page.name == "nav.xhtml" else {}))
    for each in others:
        told = {"id": _id(each.name), "href": each.name, "media-type": each.mime}
        yield tree("item", told | ({"properties": each.properties} if each.properties else {}))


def _id(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "-", f"f-{name}")


def render_contents(book: Book, pages: Sequence[BookPage]) -> bytes:
    """Write the table of contents, and where the text begins."""
    words = book.words
    listed = [page for page in pages if page.depth >= 0]
    contents = {"epub:type": "toc", "role": "doc-toc", "id": "toc"}
    marks = {"epub:type": "landmarks", "hidden": "hidden", "aria-label": words.contents}
    body = next(page for page in pages if page.name.startswith("text-"))
    return render_page(
        book,
        words.contents,
        tree("nav", contents, tree("h1", {}, words.contents), tree("ol", {}, *_items(listed))),
        tree(
            "nav",
            marks,
            tree(
                "ol",
                {},
                _mark("toc", "nav.xhtml#toc", words.contents),
                _mark("bodymatter", body.name, title_of(book.parts[0])),
            ),
        ),
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
