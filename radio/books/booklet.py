"""A book as a booklet to print: a PDF of A5 pages, written as HTML; its QR codes open the second.
The only importer of weasyprint, an extra, which needs Pango of the system."""

import importlib.util
import logging
import xml.etree.ElementTree as ET
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree.ElementTree import Element

import radio
from radio import pictures
from radio.books.book import Book, BookPart
from radio.books.pages import described, facts, heading, music, notes, title_of
from radio.books.text import BookChapter
from radio.derived import covers
from radio.formats.markup import tree
from radio.french.dates import write_date
from radio.system.errors import ModelError, ReaderError
from radio.system.messages import _
from radio.text.transcript import clock

MIME = "application/pdf"
FORM = "pdf/ua-1"  # tagged, so that screen readers read it in its order
OFTEN = 700  # characters after which the next paragraph has a code of its own
LONGEST = 1000  # bytes of an address that a code of this size can hold
FACES = (
    ("Regular", "normal", 400),
    ("It", "italic", 400),
    ("Semibold", "normal", 600),
    ("Bold", "normal", 700),
)
SHEET = Path(__file__).with_name("booklet.css").read_text(encoding="utf-8")

log = logging.getLogger(__name__)


def is_installed() -> bool:
    """Whether booklets can be made here; nothing is imported."""
    return importlib.util.find_spec("weasyprint") is not None


def write_booklet(book: Book, path: Path) -> None:
    """Write a booklet. Raises ModelError if weasyprint is not installed, or Pango missing."""
    if not is_installed():
        message = _(
            "les livrets demandent weasyprint ; installez-le : `pip install 'radio-archive[books]'`"
        )
        raise ModelError(message)
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:  # a library of the system
        message = _(
            "les livrets demandent Pango ({error}) ; sur Debian : `apt-get install "
            "libpangoft2-1.0-0`"
        )
        raise ModelError(message, error=error) from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # not of each letter
    page = ET.tostring(_leaves(_safe(book)), encoding="unicode", method="html")
    fetcher = URLFetcher(allowed_protocols=("data", "file"), allow_redirects=False)
    document = weasyprint.HTML(string=f"<!DOCTYPE html>{page}", url_fetcher=fetcher)
    fonts, name = FontConfiguration(), book.identifier.encode()
    document.write_pdf(path, font_config=fonts, pdf_variant=FORM, pdf_identifier=name)


def _safe(book: Book) -> Book:
    """Draw a foreign cover anew in a child, else one with the title. weasyprint would read it in
    this process, and follow drawings that name files of this machine."""
    if book.given is None:
        return book
    try:
        return replace(book, given=("image/jpeg", covers.redrawn(book.given[1])))
    except ReaderError as error:
        message = _("%s : son image est illisible ; le livret s’en passe")
        log.warning(message, book.title)
        log.debug("%s", error)
        return replace(book, given=None)


def _leaves(book: Book) -> Element:
    faces = (
        f'@font-face {{ font-family: "Booklet"; font-weight: {weight}; font-style: {slope};'
        f' src: url("{(pictures.FONTS / f"SourceSerifPro-{name}.ttf").as_uri()}"); }}'
        for name, slope, weight in FACES
    )
    head = tree(
        "head",
        {},
        tree("meta", {"charset": "utf-8"}),
        tree("title", {}, book.title),
        tree("meta", {"name": "author", "content": ", ".join(book.makers)}),
        tree("style", {}, "\n".join(faces) + SHEET),
    )
    parts = [_part(book, part, number) for number, part in enumerate(book.parts)]
    content = [_cover(book), _about(book), *_contents(book), *parts, _colophon(book)]
    return tree("html", {"lang": book.words.language}, head, tree("body", {}, *content))


def _cover(book: Book) -> Element:
    mime, picture = book.cover
    first, lines = book.parts[0], list[Element]()
    if book.given:
        lines = [tree("p", {"class": "kicker"}, book.subtitle), tree("h1", {}, book.title)]
    if len(book.parts) == 1 and first.is_whole:
        lines += facts(first, book.words)
    image = _image(mime, picture, f"{book.title} – {book.subtitle}")
    return tree("section", {"class": "cover"}, image, tree("div", {}, *lines))


def _image(mime: str, picture: bytes, label: str) -> Element:
    source = f"data:{mime};base64,{b64encode(picture).decode()}"
    return tree("img", {"src": source, "alt": label})


def _about(book: Book) -> Element:
    lines = [tree("h2", {}, book.words.say("À propos de ce livre"))]
    lines += (tree("p", {}, each) for each in described(book))
    lines += notes(book, "")
    if any(part.address for part in book.parts):
        sentence = book.words.say("Scannez un code avec un téléphone pour écouter ce passage.")
        lines.append(tree("p", {"class": "status"}, sentence))
    return tree("section", {"class": "about"}, *lines)


def _contents(book: Book) -> Iterator[Element]:
    lines, several = list[Element](), len(book.parts) > 1
    for number, part in enumerate(book.parts):
        if several and not part.is_further:
            lines.append(tree("li", {}, tree("a", {"href": f"#p{number}"}, title_of(part))))
        for place, chapter in enumerate(part.chapters):
            if chapter.title:
                title = f"{chapter.title} ({clock(chapter.start)})"
                link = tree("a", {"href": f"#p{number}-{place}"}, title)
                lines.append(tree("li", {"class": "below"} if several else {}, link))
    if len(lines) > 1:
        title_line = tree("h2", {}, book.words.say("Table des matières"))
        yield tree("nav", {"class": "contents"}, title_line, tree("ol", {}, *lines))


def _part(book: Book, part: BookPart, number: int) -> Element:
    content = [tree("h1", {"id": f"p{number}"}, title_of(part))]
    if (len(book.parts) > 1 or not part.is_whole) and not part.is_further:
        content += [tree("p", {"class": "kicker"}, part.show.title), *facts(part, book.words)]
    for place, chapter in enumerate(part.chapters):
        if chapter.title:
            title = heading(book, part, chapter)
            content.append(tree("h2", {"id": f"p{number}-{place}"}, title))
        content += _said(book, part, chapter)
    kind = "part" if part.is_whole else "part excerpt"
    shown = part.address.partition("://")[2]
    attributes = {"class": kind, "data-address": shown, "lang": part.language}
    return tree("section", attributes, *content)


def _said(book: Book, part: BookPart, chapter: BookChapter) -> Iterator[Element]:
    """Write what is said in a chapter, with a code at the beginning and every OFTEN letters."""
    passed = OFTEN
    for paragraph, voice in chapter.turns():
        is_music = not paragraph.sentences
        if passed >= OFTEN and not is_music:
            passed = 0
            yield from _code(part, paragraph.start)
        if voice:
            yield tree("p", {"class": "voice"}, voice)
        text = " ".join(each.text for each in paragraph.sentences)
        text = music(book.words, paragraph) if is_music else text
        passed += len(text)
        yield tree("p", {"class": "music"} if is_music else {}, text)


def _code(part: BookPart, second: float) -> Iterator[Element]:
    address = part.at(second)
    if not address or len(address.encode()) > LONGEST:
        return
    drawn = pictures.qr(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    image = _image("image/svg+xml", drawn.encode(), address)
    time = tree("b", {}, clock(second))
    yield tree("div", {"class": "code"}, image, time, tree("span", {}, f"?t={int(second)}"))


def _colophon(book: Book) -> Element:
    first, words = book.parts[0], book.words
    day = datetime.fromtimestamp(book.modified, UTC).date().isoformat()
    printed = words.say(
        "Livret fait par {program} à partir de {site}, texte du {day}.",
        program=f"radio-archive {radio.__version__}",
        site=first.address.partition("://")[2].partition("/")[0] or first.show.title,
        day=write_date(day, words.language),
    )
    episodes = (part.episode for part in book.parts if not part.is_further)
    recordings = (f"{each.key} · sha256 {each.audio.sha256}" for each in episodes)
    lines = (tree("p", {}, each) for each in (printed, *recordings))
    return tree("section", {"class": "colophon"}, *lines)
