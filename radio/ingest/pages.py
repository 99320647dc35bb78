"""Pages with recordings, read as visitors see them: one, a list of links, a folder, a whole site.
Without an API or a feed: the same host only, a bounded number of pages, one after the other, with a
pause. A child reads the articles and links of each. It may be plain XML of replays."""

import contextlib
import datetime as dt
import html
import json
import re
import time
from collections import ChainMap, Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree import ElementTree as ET

from radio.french.dates import read_posted
from radio.ingest import dating, sound
from radio.ingest.articles import Article, arrivals_of
from radio.ingest.description import Arrival
from radio.ingest.folders import Left
from radio.ingest.markup import Heading, Markup, scan
from radio.ingest.reading import LARGEST, as_dict, as_text, read_in_child, whole_number
from radio.ingest.richtext import markdown, words
from radio.system.connection.fetch import Answer, Web, unpacked
from radio.system.errors import RadioError, ReaderError, retold
from radio.system.messages import _

MOST = 500  # pages
DEEPEST, DEEPEST_FOLDER = 2, 8  # links from the first page
PAUSE = 0.2  # seconds between two questions
SITEMAPS = ("wp-sitemap.xml", "sitemap.xml", "sitemap_index.xml", "?sitemap=index")
SITEMAP = re.compile(r"(?i)\.xml(?:\.gz)?$|[?&]sitemap=")
NAMED = re.compile(r"(?im)^[ \t]*sitemap[ \t]*:[ \t]*(\S{1,2000})")  # in robots.txt
LARGEST_ROBOTS, MOST_NAMED = 1 << 19, 20  # bytes of robots.txt, sitemaps that it may name
NO_PAGE = re.compile(
    r"(?i)\.(?:jpe?g|png|gif|webp|svg|pdf|zip|docx?|odt|css|js|json|ics|mp4|webm|txt)$"
    r"|/(?:feed|wp-admin|wp-json|wp-login|xmlrpc|comments?|author|auteur|login)(?:[/.]|$)"
)
TURNED = re.compile(r"/page/\d+/?$|[?&](?:paged?|p)=\d+$")

MOST_LINKS = 2000  # of a page
CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w-]{1,40})""", re.IGNORECASE)
# In a sitemap.
LOCATION = re.compile(rb"<loc>\s*(?:<!\[CDATA\[\s*)?([^<\s\]]{1,2000})[\s\]>]*</loc>")
SPOKEN = {"AudioObject", "PodcastEpisode", "RadioEpisode", "Episode"}
WRITTEN = {"Article", "NewsArticle", "BlogPosting", "WebPage", *SPOKEN}
DATED = ("datePublished", "uploadDate", "dateCreated")  # in linked data, then in metas
PUBLISHED = ("article:published_time", "datepublished", "dc.date", "dcterms.created", "date")
AUDIO = ("og:audio", "og:audio:url", "og:audio:secure_url")
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


def arrivals(web: Web, first: Answer, page: WebPage) -> Iterator[Arrival | Left]:
    """Give the recordings of a page that was read, and of those that it leads to if it has none, or
    is a list of articles or a folder. A page that can't be read costs its line."""
    walk = _Walk(web, first.address)
    walk.take(page, first.address, 0)
    here = urlsplit(first.address)
    if not page.articles and here.path in ("", "/") and not here.query:
        walk.read_sitemaps()
    while walk.queue and len(walk.seen) <= MOST:
        address, depth = walk.queue.popleft()
        if found := walk.read(address):
            walk.take(found, address, depth)
    if walk.queue:
        message = _("plus de {number} pages ; les autres ne sont pas lues", number=MOST)
        walk.left.append(Left(first.address, message, hides=True))
    yield from arrivals_of(walk.articles)
    yield from walk.left


class _Walk:
    def __init__(self, web: Web, address: str):
        self._web, self._first = web, address
        self.seen = {urldefrag(address).url}
        self.queue: deque[tuple[str, int]] = deque()  # addresses, with their depth
        self.articles: list[Article] = []
        self.left: list[Left] = []

    def take(self, page: WebPage, address: str, depth: int) -> None:
        here = urldefrag(address).url
        parts = any(urldefrag(each.page).url != here for each in page.articles)
        for each in page.articles:
            place = urldefrag(each.page).url
            own: tuple[Article, ...] = ()  # on the page of an article that a list shows
            if depth < DEEPEST and "#" not in each.page and self._may_read(place):
                self.seen.add(place)
                own = found.articles if (found := self.read(place)) else ()
            self.articles += own or (each,)
        if page.is_index:
            self._add((link for link in page.links if link.endswith("/")), depth, DEEPEST_FOLDER)
        elif depth == 0 and not page.articles:
            self._add(page.links, depth)
        elif parts or TURNED.search(address) or not page.articles:
            next_pages = [place for rel, _kind, place in page.relations if rel == "next"]
            turned = [link for link in page.links if TURNED.search(link)]
            self._add([*next_pages, *turned], min(depth, DEEPEST - 1))

    def read_sitemaps(self) -> None:
        try:
            answer = self._web.read(urljoin(self._first, "/robots.txt"), LARGEST_ROBOTS)
            text = answer.content.decode("utf-8", "replace") if answer.status == 200 else ""
        except RadioError:
            text = ""
        named = (sound.whole(each, self._first) for each in NAMED.findall(text))
        lists = list(dict.fromkeys(filter(None, named)))[:MOST_NAMED]
        lists += [urljoin(self._first, name) for name in SITEMAPS]
        read: set[str] = set()
        while lists and len(read) < MOST:
            place = lists.pop(0)
            if place in read:
                continue
            read.add(place)
            page = self.read(place, warns=False)
            links = page.links if page and not page.body_class else ()
            lists += [link for link in links if SITEMAP.search(link) and link not in read]
            self._add((link for link in links if not SITEMAP.search(link)), 0)

    def read(self, address: str, *, warns: bool = True) -> WebPage | None:
        """Read a page; one that can't be read costs a line if `warns`."""
        try:
            time.sleep(PAUSE)
            answer = self._web.read(address, LARGEST)
            if answer.status == 200:
                content = unpacked(answer.content, LARGEST)
                return read_in_child(read, replace(answer, content=content))
            error = _("il n’y a rien là")
        except RadioError as failure:
            error = str(failure)
        if warns:
            self.left.append(Left(address, error, hides=True))
        return None

    def _add(self, links: Iterable[str], depth: int, deepest: int = DEEPEST) -> None:
        for link in (urldefrag(each).url for each in links):
            if depth < deepest and self._may_read(link):
                self.seen.add(link)
                self.queue.append((link, depth + 1))

    def _may_read(self, link: str) -> bool:
        """Whether a page lies on the same host, below the first, and is not known yet."""
        here, there = urlsplit(self._first), urlsplit(link)
        folder = here.path.rpartition("/")[0] + "/"
        is_ours = there.netloc == here.netloc and there.path.startswith(folder)
        is_page = not NO_PAGE.search(there.path) and not sound.is_sound(link)
        return is_ours and is_page and link not in self.seen and len(self.seen) <= MOST


def read(content: bytes, address: str, charset: str = "") -> WebPage:
    """Read a page, a sitemap or a list of replays, in a child. Raises ReaderError for bad XML."""
    if is_list(content):
        found = (each.decode("utf-8", "replace") for each in LOCATION.findall(content))
        links = tuple(filter(sound.whole, map(html.unescape, found)))[:MOST_LINKS]
        return WebPage(() if links else tuple(_replays(content, address)), links)
    markup = scan(_decode(content, charset), address)
    is_index = markup.title.startswith("Index of ")
    return WebPage(
        tuple(_files(markup, address) if is_index else _articles(markup, address)),
        tuple(dict.fromkeys(markup.links))[:MOST_LINKS],
        tuple(markup.relations),
        markup.body_class,
        is_index,
    )


def _decode(content: bytes, charset: str) -> str:
    """Decode a page, as it or its server says, else as is most likely."""
    declared = CHARSET.search(content[:4096])
    for name in (charset, declared[1].decode() if declared else "", "utf-8", "cp1252"):
        with contextlib.suppress(LookupError, UnicodeError):
            return content.decode(name).replace("\0", "")
    return content.decode("utf-8", "replace")


def _files(found: Markup, address: str) -> Iterator[Article]:
    """Make an article of each file of a folder; the file's own date means nothing."""
    files = [sound.LinkedSound(each.place) for each in sound.distinct(found.sounds)]
    today = dt.datetime.now(dt.UTC).date()
    order = dating.order_of((each.name for each in files), today)
    for file in files:
        day = dating.short_day(file.name, order, today)
        yield Article(f"{address}#{file.name}", guid=file.place, day=day, sounds=(file,))


def _articles(found: Markup, address: str) -> Iterator[Article]:
    """Make one article of a page, or one of each of its parts that have a recording."""
    sounds = [each for each in found.sounds if not each.is_beside]
    entry = [each for each in sounds if each.is_entry] or sounds
    numbers = sorted({each.article for each in entry if each.article})
    if len(numbers) > 1:
        for number in numbers:
            mine = sound.distinct(each for each in entry if each.article == number)
            headings = (each for each in found.headings if each.article == number)
            first = next(headings, Heading(number, "", ""))
            day = read_posted(next((at for each, at in found.times if each == number), ""))
            yield Article(first.link or address, first.words, day=day, sounds=tuple(mine))
        return
    about = _linked_data(found)
    frames = list(filter(None, map(sound.elsewhere, found.frames)))
    linked = map(sound.LinkedSound, _described_sounds(found, about, address))
    mine = sound.distinct((*entry, *linked, *sound.sounds_in_shortcodes(found.page, address)))
    if not mine and not frames:
        return
    metas, nowhere = found.metas, (0, 0)
    start, stop = found.spans.get("entry") or found.spans.get("article", nowhere)
    descriptions = (metas.get("og:description"), metas.get("description"))
    description = next(filter(None, (as_text(about.get("description")), *descriptions)), "")
    yield Article(
        _canonical(found, address),
        _title(found, about),
        day=_day(found, about),
        text=markdown(found.page[start:stop], address) if stop else words(description),
        sounds=tuple(mine),
        elsewhere=tuple(dict.fromkeys(frames)),
        links=tuple(dict.fromkeys(found.links))[:MOST_LINKS],
        picture=sound.whole(metas.get("og:image", ""), address),
        producers=tuple(_names(about.get("productionCompany"))),
        people=tuple(_names(about.get("actor"))),
        number=whole_number(about.get("episodeNumber"), 6) or None,
    )


def _title(found: Markup, about: dict[str, Any]) -> str:
    """Give the title of a page: its only h1, else what it says of itself."""
    first = [each.words for each in found.headings if each.level == "h1" and each.words]
    named = as_text(about.get("name") or about.get("headline")) or found.metas.get("og:title")
    return words(first[0] if len(first) == 1 else named or ENDED.sub("", found.title))


def _day(found: Markup, about: dict[str, Any]) -> dt.date | None:
    dates = [str(about.get(name, "")) for name in DATED]
    dates += [found.metas.get(name, "") for name in PUBLISHED]
    dates += [when for article, when in found.times if article <= 1]
    return next(filter(None, map(read_posted, dates)), None)


def _linked_data(found: Markup) -> dict[str, Any]:
    """Join what a page says as JSON-LD: that of a broadcast counts more."""
    said = list[dict[str, Any]]()
    for text in found.linked_data:
        with contextlib.suppress(ValueError, RecursionError):
            said += _nodes(json.loads(text), 8)
    return dict(ChainMap(*sorted(said, key=lambda each: not _kinds(each) & SPOKEN)))


def _nodes(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict) and _kinds(value) & WRITTEN and depth:
        yield value
    within = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in list(within)[:100] if depth else ():
        yield from _nodes(each, depth - 1)


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    several = kinds if isinstance(kinds, list) else [kinds]
    return {each for each in several if isinstance(each, str)}


def _described_sounds(found: Markup, about: dict[str, Any], address: str) -> Iterator[str]:
    """Find the recordings that a page names in what it says of itself."""
    holders = (about, as_dict(about.get("associatedMedia")))
    places = [str(each.get("contentUrl", "")) for each in holders]
    places += [found.metas.get(name, "") for name in AUDIO]
    for rel, kind, place in found.relations:
        places += [place] if "enclosure" in rel or kind.startswith("audio/") else []
    return filter(None, (sound.whole(each, address) for each in places))


def _names(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        name = as_text(each.get("name") if isinstance(each, dict) else each)
        if name.strip():
            yield words(name)[:200]


def _canonical(found: Markup, address: str) -> str:
    """Give the address that a page bears itself, if it is one of its own site, and not its home."""
    here = urlsplit(address)
    for rel, _kind, place in found.relations:
        there = urlsplit(place)
        is_page = there.path.strip("/") or there.query or not here.query
        if rel == "canonical" and there.netloc == here.netloc and is_page:
            return place
    return address


def is_list(content: bytes) -> bool:
    """Distinguish a list from a page by how it begins, whatever the site calls it.

    >>> is_list(b"<!-- made here --><urlset>"), is_list(b"<?xml version='1.0'?><html>")
    (True, False)
    """
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_named = b"<urlset" in head or b"<sitemapindex" in head
    is_page = b"<html" in head or b"<!doctype html" in head
    return not is_page and (is_named or head.startswith(b"<?xml"))


def _replays(content: bytes, address: str) -> Iterator[Article]:
    """Make an article of each element that names one recording, with what stands beside it."""
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        message = _("{address} : un XML qui déclare des entités n’est pas lu")
        raise ReaderError(message, address=address)
    message = _("{address} : ce n’est pas du XML ({error})")
    with retold(message, ET.ParseError, by=ReaderError, address=address):
        root = ET.fromstring(content)  # noqa: S314 (no entity is declared, and this is a child)
    for element in list(root.iter())[:MOST_ELEMENTS]:
        fields = dict(_fields(element))
        place = sound.whole(next(filter(sound.is_sound, fields.values()), ""), address)
        if not place:
            continue
        others = {name: value for name, value in fields.items() if not sound.is_sound(value)}
        known = {
            kind: next((others[name] for name in filter(form.search, others)), "")
            for kind, form in NAMES.items()
        }
        yield Article(
            f"{address}#{sound.name_of(place)}",
            words(known["title"]),
            guid=place,
            day=read_posted(known["day"]),
            text=markdown(known["text"], address),
            sounds=(sound.LinkedSound(place),),
        )


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
