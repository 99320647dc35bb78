"""The pages of an EPUB as XHTML: cover, what the book is, contents, chapters. Pure."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from radio.books.book import Book, BookPart
from radio.books.text import BookChapter, SpokenParagraph
from radio.books.words import Words
from radio.formats.markdown import plain
from radio.formats.xml_writer import tree
from radio.french.calendar import write_date
from radio.text.transcript import clock

HTML = {"xmlns": "http://www.w3.org/1999/xhtml", "xmlns:epub": "http://www.idpf.org/2007/ops"}
DOCTYPE = b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
AUTO = {"dir": "auto"}
ACTIVE, PLAYING = "said-now", "is-playing"  # classes that a reading system sets while it plays
CSS = f"""\
body {{ line-height: 1.5; margin: 0 4%; }}
h1 {{ line-height: 1.2; margin: 1.5em 0 0.5em; }}
h2 {{ font-size: 1.2em; margin: 1.5em 0 0.5em; }}
p {{ margin: 0 0 0.8em; }}
.cover {{ margin: 0; text-align: center; }}
.cover img {{ max-width: 100%; max-height: 100vh; }}
.kicker, .facts, .status, .time {{ font-size: 0.9em; }}
.status {{ border-left: 0.25em solid; padding-left: 0.75em; }}
.voice {{ font-weight: bold; margin: 1em 0 0; }}
.music {{ font-style: italic; text-align: center; }}
ol {{ list-style: none; padding-left: 1em; }}
.{ACTIVE} {{ background-color: #ffe08a; color: #1d1a16; }}
.{PLAYING} {{ color: inherit; }}
"""


def render_page(book: Book, title: str, *content: Element, language: str = "") -> bytes:
    """Write a page."""
    lang = language or book.words.language
    root = tree(
        "html",
        {**HTML, "lang": lang, "xml:lang": lang},
        tree(
            "head",
            {},
            tree("title", {}, title),
            tree("link", {"rel": "stylesheet", "type": "text/css", "href": "book.css"}),
        ),
        tree("body", {}, *content),
    )
    return DOCTYPE + bytes(ET.tostring(root, encoding="utf-8", xml_declaration=False))


def cover_page(book: Book, image: str) -> bytes:
    """Write the page of the cover."""
    picture = tree("img", {"src": image, "alt": f"{book.title} – {book.subtitle}"})
    section = tree("section", {"epub:type": "cover", "class": "cover"}, picture)
    return render_page(book, book.words.cover, section)


def about_page(book: Book, sound_note: str) -> bytes:
    """Write what the book is: of which show, from when, who answers for its text, its licence."""
    first = book.parts[0]
    lines = [
        tree("p", {"class": "kicker", **AUTO}, book.subtitle),
        tree("h1", AUTO, book.title),
        *(facts(first, book.words) if len(book.parts) == 1 and first.is_whole else ()),
        *(tree("p", AUTO, each) for each in described(book)),
        *notes(book, sound_note),
    ]
    return render_page(book, book.title, tree("section", {"epub:type": "titlepage"}, *lines))


def facts(part: BookPart, words: Words) -> Iterator[Element]:
    """Write when an episode was broadcast, how long it is, and who is heard."""
    episode = part.episode
    known = episode.known_date
    told = [
        words.broadcast.format(day=write_date(known, words.language)) if known else "",
        words.lasts.format(time=words.lasting(episode.audio.duration)),
    ]
    yield tree("p", {"class": "facts"}, " · ".join(filter(None, told)))
    people = ", ".join(
        f"{each.name} ({each.role})" if each.role else each.name for each in episode.people
    )
    makers = ", ".join(part.show.producers_of(episode))
    for text, names in ((words.with_people, people), (words.made_by, makers)):
        if names:
            yield tree("p", {"class": "facts", **AUTO}, text.format(names=names))


def described(book: Book) -> list[str]:
    """Give the paragraphs of the description."""
    parts = plain(book.description).split("\n\n")
    return [" ".join(each.split()) for each in parts if each.strip()]


def notes(book: Book, sound_note: str) -> Iterator[Element]:
    """Write who answers for the text, what of sound there is, licence and address."""
    words = book.words
    if not all(each.is_whole for each in book.parts):
        yield tree("p", {"class": "status"}, words.excerpts)
    if book.note:
        yield tree("p", {"class": "status"}, book.note)
    for note in dict.fromkeys(each.note for each in book.parts):
        yield tree("p", {"class": "status"}, note)
    if any(each.proposed for each in book.parts):
        yield tree("p", {"class": "status"}, words.proposed)
    if sound_note:
        yield tree("p", {"class": "status"}, sound_note)
    for terms in book.licenses:
        told = words.license.format(license=terms) if terms else words.no_license
        yield tree("p", AUTO, told)
    if book.address:
        before, after = words.listen.split("{address}")
        link = tree("a", {"href": book.address}, book.address)
        yield tree("p", {}, before, link, after)


def chapter_page(
    book: Book, part: BookPart, chapter: BookChapter, names: Sequence[str], *, first: bool
) -> bytes:
    """Write what is said in a chapter; `names` are those of its sentences and music, in order."""
    title = heading(book, part, chapter)
    content = [*(opening(book, part) if first else ())]
    if chapter.title:
        content.append(tree("h2", AUTO, title, " ", _time(part, chapter.start)))
    content += _said(book.words, part, chapter, iter(names))
    kind = {"epub:type": "chapter", "role": "doc-chapter", "aria-label": title}
    section = tree("section", kind, *content)
    return render_page(book, title, section, language=part.show.language_of(part.episode))


def heading(book: Book, part: BookPart, chapter: BookChapter) -> str:
    """Name a chapter: by itself, by its episode, or as the beginning of one."""
    if chapter.title:
        return chapter.title
    return book.words.start if len(part.chapters) > 1 else title_of(part)


def title_of(part: BookPart) -> str:
    """Name an episode, and the second at which an excerpt begins."""
    title = " ".join(part.episode.title.split()) or part.episode.key
    return title if part.is_whole else f"{title} ({clock(part.start)})"


def opening(book: Book, part: BookPart) -> Iterator[Element]:
    """Write the title of an episode where what it says begins."""
    yield tree("h1", AUTO, title_of(part))
    if len(book.parts) > 1 or not part.is_whole:
        if not part.is_further:
            yield tree("p", {"class": "kicker", **AUTO}, part.show.title)
            yield from facts(part, book.words)
        if part.address:
            address = part.address if part.is_whole else part.at(part.start)
            link = tree("a", {"href": address}, part.address)
            yield tree("p", {"class": "facts"}, link)


def _time(part: BookPart, second: float) -> Element:
    """Write a time, as a link where the address is known."""
    time, address = clock(second), part.at(second)
    if address:
        return tree("a", {"class": "time", "href": address}, time)
    return tree("span", {"class": "time"}, time)


def _said(
    words: Words, part: BookPart, chapter: BookChapter, names: Iterator[str]
) -> Iterator[Element]:
    """Write paragraphs; those of an excerpt without sound begin with their time."""
    voice, is_timed = "", not part.is_whole and part.sound is None
    for paragraph in chapter.paragraphs:
        if paragraph.sentences and paragraph.voice != voice:
            voice = paragraph.voice
            if voice:
                yield tree("p", {"class": "voice", **AUTO}, voice)
        written = _paragraph(words, paragraph, names)
        if is_timed and paragraph.sentences:
            time = _time(part, paragraph.start)
            time.tail = " "
            written.insert(0, time)
        yield written


def _paragraph(words: Words, paragraph: SpokenParagraph, names: Iterator[str]) -> Element:
    if not paragraph.sentences:
        told = words.music.format(time=clock(paragraph.end - paragraph.start))
        return tree("p", {"class": "music", "id": next(names)}, told)
    spans = list[str | Element]()
    for sentence in paragraph.sentences:
        spans += [tree("span", {"id": next(names)}, sentence.text), " "]
    return tree("p", AUTO, *spans[:-1])
