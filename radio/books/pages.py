"""The pages of an EPUB as XHTML: cover, what the book is, contents, chapters. Pure."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from radio.books.book import Book, BookPart
from radio.books.text import BookChapter, SpokenParagraph
from radio.formats.markdown import plain
from radio.formats.markup import tree
from radio.french.dates import write_date
from radio.system.words import Words
from radio.text.transcript import clock

HTML = {"xmlns": "http://www.w3.org/1999/xhtml", "xmlns:epub": "http://www.idpf.org/2007/ops"}
DOCTYPE = b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
AUTO = {"dir": "auto"}
ACTIVE, PLAYING = "said-now", "is-playing"  # classes of book.css, set while a system plays
CSS = Path(__file__).with_name("book.css").read_text(encoding="utf-8")


def render_page(book: Book, title: str, *content: Element, language: str = "") -> bytes:
    """Write a page."""
    lang = language or book.words.language
    style = tree("link", {"rel": "stylesheet", "type": "text/css", "href": "book.css"})
    head = tree("head", {}, tree("title", {}, title), style)
    root = tree("html", {**HTML, "lang": lang, "xml:lang": lang}, head, tree("body", {}, *content))
    return DOCTYPE + bytes(ET.tostring(root, encoding="utf-8", xml_declaration=False))


def cover_page(book: Book, image: str) -> bytes:
    """Write the page of the cover."""
    picture = tree("img", {"src": image, "alt": f"{book.title} – {book.subtitle}"})
    section = tree("section", {"epub:type": "cover", "class": "cover"}, picture)
    return render_page(book, book.words.say("Couverture"), section)


def about_page(book: Book, sound_note: str) -> bytes:
    """Write the book's show, dates, licence, and who answers for its text."""
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
    """Write when an episode was broadcast, its length, who is heard, and who made it."""
    episode, known = part.episode, part.episode.known_date
    items = [
        known and words.say("Diffusé le {day}", day=write_date(known, words.language)),
        words.say("Durée\u00a0: {time}", time=words.lasting(episode.audio.duration)),
    ]
    yield tree("p", {"class": "facts"}, " · ".join(filter(None, items)))
    people = ", ".join(each.with_role for each in episode.people)
    makers = ", ".join(part.show.producers_of(episode))
    for names, line in (
        (people, words.say("Avec {names}", names=people)),
        (makers, words.say("Fait par {names}", names=makers)),
    ):
        if names:
            yield tree("p", {"class": "facts", **AUTO}, line)


def described(book: Book) -> list[str]:
    """Give the paragraphs of the description."""
    parts = plain(book.description).split("\n\n")
    return [" ".join(each.split()) for each in parts if each.strip()]


def notes(book: Book, sound_note: str) -> Iterator[Element]:
    """Write who answers for the text, which sound there is, licence and address."""
    words, lines = book.words, list[str]()
    if not all(each.is_whole for each in book.parts):
        excerpts = words.say(
            "Ce livre est fait d’extraits, chacun avec l’adresse de l’épisode entier."
        )
        lines.append(excerpts)
    lines += [book.note, *book.notes]
    if any(each.proposed for each in book.parts):
        proposed = words.say(
            "Les chapitres sont proposés par une machine, d’après la musique et les silences."
        )
        lines.append(proposed)
    for each in filter(None, (*lines, sound_note)):
        yield tree("p", {"class": "status"}, each)
    for terms in book.licenses:
        yield tree("p", AUTO, license_in_words(terms, words))
    if book.address:
        link = tree("a", {"href": book.address}, book.address)
        yield tree("p", {}, words.say("À écouter et à citer\u00a0: "), link)


def license_in_words(terms: str, words: Words) -> str:
    """Say the licence, or that there is none."""
    if terms:
        return words.say("Licence\u00a0: {license}", license=terms)
    return words.say("Licence\u00a0: non précisée\u00a0; demandez avant de rediffuser.")


def chapter_page(
    book: Book, part: BookPart, chapter: BookChapter, names: Sequence[str], *, first: bool
) -> bytes:
    """Write what is said in a chapter; `names` are those of its sentences and music, in order."""
    title, content = heading(book, part, chapter), list[Element]()
    if first:
        content.append(tree("h1", AUTO, title_of(part)))
        if len(book.parts) > 1 or not part.is_whole:
            content += _origin(book, part)
    if chapter.title:
        content.append(tree("h2", AUTO, title, " ", _time(part, chapter.start)))
    content += _said(book.words, part, chapter, iter(names))
    kind = {"epub:type": "chapter", "role": "doc-chapter", "aria-label": title}
    return render_page(book, title, tree("section", kind, *content), language=part.language)


def _origin(book: Book, part: BookPart) -> Iterator[Element]:
    if not part.is_further:
        yield tree("p", {"class": "kicker", **AUTO}, part.show.title)
        yield from facts(part, book.words)
    if part.address:
        address = part.address if part.is_whole else part.at(part.start)
        yield tree("p", {"class": "facts"}, tree("a", {"href": address}, part.address))


def _said(
    words: Words, part: BookPart, chapter: BookChapter, names: Iterator[str]
) -> Iterator[Element]:
    """Write paragraphs; in an excerpt without sound, they begin with their time."""
    is_timed = not part.is_whole and part.sound is None
    for paragraph, voice in chapter.turns():
        if voice:
            yield tree("p", {"class": "voice", **AUTO}, voice)
        if not paragraph.sentences:
            yield tree("p", {"class": "music", "id": next(names)}, music(words, paragraph))
            continue
        spans: list[str | Element] = [_time(part, paragraph.start), " "] if is_timed else []
        for sentence in paragraph.sentences:
            spans += [tree("span", {"id": next(names)}, sentence.text), " "]
        yield tree("p", AUTO, *spans[:-1])


def _time(part: BookPart, second: float) -> Element:
    address = part.at(second)
    link = {"href": address} if address else {}
    return tree("a" if address else "span", {"class": "time", **link}, clock(second))


def heading(book: Book, part: BookPart, chapter: BookChapter) -> str:
    """Name a chapter: by itself, by its episode, or as the beginning of one."""
    if chapter.title:
        return chapter.title
    return book.words.say("Début") if len(part.chapters) > 1 else title_of(part)


def title_of(part: BookPart) -> str:
    """Name an episode, and the second at which an excerpt begins."""
    title = " ".join(part.episode.title.split()) or part.episode.key
    return title if part.is_whole else f"{title} ({clock(part.start)})"


def music(words: Words, paragraph: SpokenParagraph) -> str:
    """Say how long music lasts."""
    return words.say("Musique, {time}", time=clock(paragraph.end - paragraph.start))
