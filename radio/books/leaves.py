"""The leaves of a booklet as HTML: cover, what it is, contents, what is said, colophon. Pure."""

from base64 import b64encode
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from radio.books.book import Book, BookPart
from radio.books.pages import described, facts, heading, notes, title_of
from radio.books.text import BookChapter, SpokenParagraph
from radio.books.words import Words
from radio.formats.xml_writer import tree
from radio.pictures.qr import qr
from radio.text.transcript import clock

OFTEN = 700  # characters after which the next paragraph has a code of its own
LONGEST = 1000  # bytes of an address that a code of this size can hold


def render_leaves(book: Book, style: str, colophon: str) -> Element:
    """Write a booklet."""
    language = book.words.language
    front = (_cover(book), _about(book), *_contents(book))
    parts = [_part(book, part, number) for number, part in enumerate(book.parts)]
    return tree(
        "html",
        {"lang": language},
        tree(
            "head",
            {},
            tree("meta", {"charset": "utf-8"}),
            tree("title", {}, book.title),
            tree("meta", {"name": "author", "content": ", ".join(book.makers)}),
            tree("style", {}, style),
        ),
        tree("body", {}, *front, *parts, _end(book, colophon)),
    )


def _cover(book: Book) -> Element:
    mime, picture = book.cover
    source = f"data:{mime};base64,{b64encode(picture).decode()}"
    first = book.parts[0]
    shown = [tree("p", {"class": "kicker"}, book.subtitle), tree("h1", {}, book.title)]
    lines = [] if book.is_cover_titled else shown
    if len(book.parts) == 1 and first.is_whole:
        lines += facts(first, book.words)
    image = tree("img", {"src": source, "alt": f"{book.title} – {book.subtitle}"})
    return tree("section", {"class": "cover"}, image, tree("div", {}, *lines))


def _about(book: Book) -> Element:
    words = book.words
    told = words.scan if any(part.address for part in book.parts) else ""
    return tree(
        "section",
        {"class": "about"},
        tree("h2", {}, words.about),
        *(tree("p", {}, each) for each in described(book)),
        *notes(book, ""),
        *([tree("p", {"class": "status"}, told)] if told else []),
    )


def _contents(book: Book) -> Iterator[Element]:
    """List the chapters, where there is more than one."""
    lines, several = list[Element](), len(book.parts) > 1
    for number, part in enumerate(book.parts):
        if several and not part.is_further:
            link = tree("a", {"href": f"#p{number}"}, title_of(part))
            lines.append(tree("li", {}, link))
        for place, chapter in enumerate(part.chapters):
            if chapter.title:
                title = f"{chapter.title} ({clock(chapter.start)})"
                link = tree("a", {"href": f"#p{number}-{place}"}, title)
                lines.append(tree("li", {"class": "below"} if several else {}, link))
    if len(lines) > 1:
        listed = tree("ol", {}, *lines)
        yield tree("nav", {"class": "contents"}, tree("h2", {}, book.words.contents), listed)


def _part(book: Book, part: BookPart, number: int) -> Element:
    shown = part.address.partition("://")[2]
    content = [tree("h1", {"id": f"p{number}"}, title_of(part))]
    if (len(book.parts) > 1 or not part.is_whole) and not part.is_further:
        content += [tree("p", {"class": "kicker"}, part.show.title), *facts(part, book.words)]
    for place, chapter in enumerate(part.chapters):
        if chapter.title:
            title = heading(book, part, chapter)
            content.append(tree("h2", {"id": f"p{number}-{place}"}, title))
        content += _said(book.words, part, chapter)
    language = part.show.language_of(part.episode)
    kind = "part" if part.is_whole else "part excerpt"
    told = {"class": kind, "data-address": shown, "lang": language}
    return tree("section", told, *content)


def _said(words: Words, part: BookPart, chapter: BookChapter) -> Iterator[Element]:
    """Write what is said in a chapter: a code at its beginning, and again every OFTEN letters."""
    voice, passed = "", OFTEN
    for paragraph in chapter.paragraphs:
        if passed >= OFTEN and paragraph.sentences:
            passed = 0
            yield from _code(part, paragraph.start)
        if paragraph.sentences and paragraph.voice != voice:
            voice = paragraph.voice
            if voice:
                yield tree("p", {"class": "voice"}, voice)
        text = _text(words, paragraph)
        passed += len(text)
        yield tree("p", {} if paragraph.sentences else {"class": "music"}, text)


def _text(words: Words, paragraph: SpokenParagraph) -> str:
    if paragraph.sentences:
        return " ".join(each.text for each in paragraph.sentences)
    return words.music.format(time=clock(paragraph.end - paragraph.start))


def _code(part: BookPart, second: float) -> Iterator[Element]:
    address = part.at(second)
    if not address or len(address.encode()) > LONGEST:
        return
    image = tree("img", {"src": _scanned(address), "alt": address})
    time = tree("b", {}, clock(second))
    yield tree("div", {"class": "code"}, image, time, tree("span", {}, f"?t={int(second)}"))


def _scanned(address: str) -> str:
    """Draw an address as a code, and give it as a picture."""
    drawing = qr(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return f"data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}"


def _end(book: Book, colophon: str) -> Element:
    """Write of which recordings it was made."""
    lines = [
        tree("p", {}, f"{part.episode.key} · sha256 {part.episode.audio.sha256}")
        for part in book.parts
        if not part.is_further
    ]
    return tree("section", {"class": "colophon"}, tree("p", {}, colophon), *lines)
