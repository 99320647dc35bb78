"""A page of the web read in a child: its articles, with what it says of itself, and its links.

It may be a list of recordings as plain XML, as some stations publish their replays.
"""

import datetime as dt
import html
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from radio.french.dates import read_posted
from radio.ingest import dating
from radio.ingest.articles import Article
from radio.ingest.markup import Markup, scan, without_comments
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import (
    LinkedSound,
    distinct,
    elsewhere,
    is_sound,
    sounds_in_shortcodes,
    whole,
)
from radio.system import records
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

MOST = 2000  # links of a page that are kept
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{1,40})""", re.IGNORECASE)
LOCATION = re.compile(
    rb"<loc>\s*(?:<!\[CDATA\[\s*)?([^<\s\]]{1,2000})[\s\]>]*</loc>"
)  # in a sitemap
SPOKEN = {"AudioObject", "PodcastEpisode", "RadioEpisode", "Episode"}
WRITTEN = {"Article", "NewsArticle", "BlogPosting", "WebPage", *SPOKEN}
PUBLISHED = ("article:published_time", "datepublished", "dc.date", "dcterms.created", "date")
ENDED = re.compile(r"\s+[-–—|·«»]\s+[^-–—|·«»]{1,80}$")  # the name of the site, after a title

MOST_ELEMENTS = 20_000  # of a list of replays
NAMES = {
    "title": re.compile("(?i)titre|title|nom|name|emission|libelle"),
    "day": re.compile("(?i)date|jour|day|pubdate"),
    "text": re.compile("(?i)desc|resume|summary|texte|content"),
}


@dataclass(frozen=True)
class WebPage:
    """What a page holds; addresses are whole."""

    articles: tuple[Article, ...] = ()  # those with recordings; none where it has none
    links: tuple[str, ...] = ()
    relations: tuple[tuple[str, str, str], ...] = ()  # rel, type, address
    body_class: str = ""
    is_index: bool = False  # a folder, as web servers list it


def extract(path: str, _progress: Progress, address: str, charset: str) -> dict[str, Any]:
    """Read a page that lies in a file and was found at an address."""
    content = Path(path).read_bytes()
    if is_list(content):
        found = (
            html.unescape(each.decode("utf-8", "replace")) for each in LOCATION.findall(content)
        )
        links = tuple(place for place in found if whole(place))[:MOST]
        page = WebPage(() if links else tuple(_replays(content, address)), links)
    else:
        page = read_page(decode(content, charset), address)
    return dict(json.loads(records.render(page)))


def decode(content: bytes, charset: str = "") -> str:
    """Read the letters of a page, as it or its server says, else as they are most likely meant."""
    told = CHARSET.search(content[:4096])
    named = told[1].decode() if told else ""
    for name in (charset, named, "utf-8", "cp1252"):
        try:
            return content.decode(name).replace("\0", "")
        except (LookupError, UnicodeError):
            continue
    return content.decode("utf-8", "replace")


def read_page(text: str, address: str) -> WebPage:
    """Find the articles of a page that have recordings."""
    text = without_comments(text)
    found = scan(text, address)
    is_index = found.title.startswith("Index of ")
    articles = _files(found, address) if is_index else _articles(found, text, address)
    return WebPage(
        tuple(articles),
        tuple(dict.fromkeys(link for link, _ in found.links))[:MOST],
        tuple(found.relations),
        found.body_class,
        is_index,
    )


def _files(found: Markup, address: str) -> Iterator[Article]:
    """Make an article of each file of a folder: its name tells the rest, its own date nothing."""
    files = [LinkedSound(each.place) for each in distinct(found.sounds)]
    today = dt.datetime.now(dt.UTC).date()
    order = dating.order_of((each.name for each in files), today)
    for file in files:
        day = dating.short_day(file.name, order, today)
        yield Article(f"{address}#{file.name}", guid=file.place, day=day, sounds=(file,))


def _articles(found: Markup, text: str, address: str) -> Iterator[Article]:
    """Make one article of a page, or one of each of its parts that have a recording."""
    about = _linked_data(found)
    sounds = [each for each in found.sounds if not each.is_beside]
    entry = [each for each in sounds if each.is_entry] or sounds
    told = [*_told_sounds(found, about, address), *sounds_in_shortcodes(text, address)]
    numbers = sorted({each.article for each in entry if each.article})
    if len(numbers) > 1:
        for number in numbers:
            mine = distinct(each for each in entry if each.article == number)
            yield _part(found, number, mine, address)
        return
    frames = [place for each in found.frames if (place := elsewhere(each))]
    mine = distinct([*entry, *told])
    if mine or frames:
        yield _article(found, text, address, about, mine, frames)


def _article(
    found: Markup,
    text: str,
    address: str,
    about: dict[str, Any],
    sounds: list[LinkedSound],
    frames: list[str],
) -> Article:
    start, stop = found.spans.get("entry") or found.spans.get("article") or (0, 0)
    description = _first(about.get("description"), found.metas, "og:description", "description")
    return Article(
        _canonical(found, address),
        _title(found, about),
        day=_day(found, about),
        text=markdown(text[start:stop], address) if stop else words(description),
        sounds=tuple(sounds),
        elsewhere=tuple(dict.fromkeys(frames)),
        links=tuple(dict.fromkeys(link for link, _ in found.links))[:MOST],
        picture=whole(found.metas.get("og:image", ""), address),
        producers=tuple(_names(about.get("productionCompany"))),
        people=tuple(_names(about.get("actor"))),
        number=_number(about.get("episodeNumber")),
    )


def _part(found: Markup, number: int, sounds: list[LinkedSound], address: str) -> Article:
    heading = next((each for each in found.headings if each.article == number), None)
    time = next((when for article, when in found.times if article == number), "")
    page = heading.link if heading and heading.link else address
    title = heading.words if heading else ""
    return Article(page, title, day=read_posted(time), sounds=tuple(sounds))


def _title(found: Markup, about: dict[str, Any]) -> str:
    """Tell the title of a page: its one heading of the first level, else what it says of itself."""
    first = [each.words for each in found.headings if each.level == "h1" and each.words]
    told = _first(about.get("name") or about.get("headline"), found.metas, "og:title")
    return words(first[0] if len(first) == 1 else told or ENDED.sub("", found.title))


def _day(found: Markup, about: dict[str, Any]) -> dt.date | None:
    told = [str(about.get(name, "")) for name in ("datePublished", "uploadDate", "dateCreated")]
    told += [found.metas.get(name, "") for name in PUBLISHED]
    told += [when for article, when in found.times if article <= 1]
    return next(filter(None, map(read_posted, told)), None)


def _linked_data(found: Markup) -> dict[str, Any]:
    said: list[dict[str, Any]] = []
    for text in found.linked_data:
        try:
            said += _nodes(json.loads(text), 8)
        except (ValueError, RecursionError):
            continue
    ranked = sorted(said, key=lambda each: not _kinds(each) & SPOKEN)
    joined: dict[str, Any] = {}
    for each in ranked:
        joined = {**each, **joined}
    return joined


def _nodes(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list) and depth:
        for each in value[:100]:
            yield from _nodes(each, depth - 1)
    elif isinstance(value, dict) and depth:
        if _kinds(value) & WRITTEN:
            yield value
        for each in list(value.values())[:100]:
            yield from _nodes(each, depth - 1)


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {
        each for each in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(each, str)
    }


def _told_sounds(found: Markup, about: dict[str, Any], address: str) -> Iterator[LinkedSound]:
    """Find the recordings that a page names in what it says of itself."""
    media = about.get("associatedMedia")
    holders = (about, media if isinstance(media, dict) else {})
    told = [str(each.get("contentUrl", "")) for each in holders]
    told += [
        found.metas.get(name, "") for name in ("og:audio", "og:audio:url", "og:audio:secure_url")
    ]
    told += [
        place
        for rel, kind, place in found.relations
        if "enclosure" in rel or kind.startswith("audio/")
    ]
    for each in told:
        if place := whole(each, address):
            yield LinkedSound(place)


def _first(told: object, metas: dict[str, str], *names: str) -> str:
    texts = (told if isinstance(told, str) else "", *(metas.get(name, "") for name in names))
    return next((text for text in texts if text), "")


def _names(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = each.get("name") if isinstance(each, dict) else each
        if isinstance(name, str) and name.strip():
            yield words(name)[:200]


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if re.fullmatch("[1-9][0-9]{0,4}", text) else None


def _canonical(found: Markup, address: str) -> str:
    """Give the address that a page bears itself, if it is one of its own site, and not its home."""
    here = urlsplit(address)
    named = [urlsplit(place) for rel, _, place in found.relations if rel == "canonical"]
    own = (
        each.geturl()
        for each in named
        if each.netloc == here.netloc and (each.path.strip("/") or each.query or not here.query)
    )
    return next(own, address)


def is_list(content: bytes) -> bool:
    """Tell a list from a page by how it begins, whatever the site says that it is.

    >>> is_list(b"<!-- made here --><urlset>"), is_list(b"<?xml version='1.0'?><html>")
    (True, False)
    """
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_named = b"<urlset" in head or b"<sitemapindex" in head
    is_page = b"<html" in head or b"<!doctype html" in head
    return not is_page and (is_named or head.startswith(b"<?xml"))


def _replays(content: bytes, address: str) -> Iterator[Article]:
    """Make an article of each element that names one recording, with what stands beside that.

    Raises ReaderError if it is no XML, or declares entities.
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise ReaderError(
            _("{address} : un XML qui déclare des entités n’est pas lu", address=address)
        )
    try:
        root = ET.fromstring(content)  # noqa: S314 (no entity is declared, and this is a child)
    except ET.ParseError as error:
        raise ReaderError(
            _("{address} : ce n’est pas du XML ({error})", address=address, error=error)
        ) from error
    for element in list(root.iter())[:MOST_ELEMENTS]:
        fields = dict(_fields(element))
        named = next((each for each in fields.values() if is_sound(each)), "")
        if place := whole(named, address):
            yield _replay(fields, place, address)


def _fields(element: ET.Element) -> Iterator[tuple[str, str]]:
    """Give what an element says of itself: its attributes, and the words of its children."""
    yield from element.attrib.items()
    tags = Counter(child.tag for child in element)
    for child in element:
        name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if child.text and child.text.strip():
            yield name, child.text.strip()
        elif not len(child) and tags[child.tag] == 1:
            yield from ((f"{name} {key}", value) for key, value in child.attrib.items())


def _replay(fields: dict[str, str], place: str, address: str) -> Article:
    told = {
        kind: next((v for name, v in fields.items() if form.search(name) and not is_sound(v)), "")
        for kind, form in NAMES.items()
    }
    name = posixpath.basename(urlsplit(place).path)
    return Article(
        f"{address}#{name}",
        words(told["title"]),
        guid=place,
        day=read_posted(told["day"]),
        text=markdown(told["text"], address),
        sounds=(LinkedSound(place),),
    )
