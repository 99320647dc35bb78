"""A feed, page after page, as arrivals: RSS, Atom, and their older pages (RFC 5005). Each page is
read in a child with limits (`feed_page`), for a feed is foreign
bytes. So is a list of feeds, as players of podcasts give it out (OPML 2.0)."""

import logging
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from radio.ingest import feed_page
from radio.ingest.description import Arrival
from radio.ingest.feed_page import FeedPage, read_text
from radio.ingest.folders import Left
from radio.ingest.reading import Reader, read_in_child
from radio.system.connection.fetch import Answer, Web
from radio.system.connection.place import is_address
from radio.system.errors import RadioError, ReaderError, retold
from radio.system.messages import _

LARGEST = 5 << 20  # bytes of a page
MEMORY, SECONDS = 400 << 20, 60  # of the child that reads one
MOST_PAGES = 500
GONE = {404, 410}

log = logging.getLogger(__name__)


def arrivals(
    web: Web, first: Answer, reader: Reader[FeedPage] = feed_page.read
) -> Iterator[Arrival | Left]:
    """Give the recordings of a feed whose first page was read, the newest first, then older pages.
    Each is given once; a page that brings nothing new is the last. A page that can't be read costs
    its line, and is the last too. Raises ReaderError where the first one is no feed."""
    page, address = read_in_child(reader, first, MEMORY, SECONDS), first.address
    seen, known = {address}, set[str]()
    if page.is_locked:
        message = _("%s : verrouillé par qui le publie ; n’en prenez que ce qui est à vous")
        log.warning(message, address)
    while True:
        listed = [(each, _names(each)) for each in found(page)]
        news = [each for each, names in listed if not names & known]
        known.update(*(names for _each, names in listed))
        yield from news
        address = page.next or (_turned(address) if page.is_wordpress else "")
        if not news or not address or address in seen:
            return
        if len(seen) >= MOST_PAGES:
            message = _("plus de {number} pages ; les plus anciennes ne sont pas lues")
            yield Left(address, message.format(number=MOST_PAGES), hides=True)
            return
        seen.add(address)
        try:
            answer = web.read(address, LARGEST)
            if answer.status in GONE:
                if page.next:
                    yield Left(address, _("une page du flux qui manque"), hides=True)
                return
            page = read_in_child(reader, answer, MEMORY, SECONDS)
        except RadioError as error:
            yield Left(address, str(error), hides=True)
            return


def is_feed(content: bytes) -> bool:
    """Distinguish a feed from a page by how it begins."""
    head = content[:4096].replace(b"\0", b"").lower()
    marks = (b"<rss", b"<feed", b"<rdf:rdf", b"<channel")
    return b"<html" not in head and any(mark in head for mark in marks)


def _turned(address: str) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    number = int(query["paged"]) if query.get("paged", "").isdecimal() else 1
    return parts._replace(query=urlencode(query | {"paged": str(number + 1)})).geturl()


def _names(one: Arrival | Left) -> set[str]:
    """Give by what something is known: its address, and the guid of a recording."""
    if isinstance(one, Left):
        return {f"at {one.path}"}
    return {f"at {one.place}", f"as {one.said.guid or one.place}"}


def found(page: FeedPage) -> Iterator[Arrival | Left]:
    """Give what a page lists: recordings, then what has none."""
    yield from page.arrivals
    for each in page.silent:
        other = _("pas d’enregistrement dedans, mais {kind}", kind=each.kind)
        yield Left(each.place, other if each.kind else _("pas d’enregistrement dedans"))


MOST_FEEDS = 500


@dataclass(frozen=True)
class FeedList:
    """The addresses of feeds."""

    feeds: tuple[str, ...] = ()


def read_list(content: bytes, address: str, charset: str = "") -> FeedList:
    """Read the bytes of a list, each feed once. Raises ReaderError if it names none."""
    message = _("{address} : pas une liste de flux ; donnez une adresse, ou un fichier OPML")
    with retold(message, ET.ParseError, by=ReaderError, address=address):
        root = ET.fromstring(read_text(content, address, charset))  # noqa: S314 (in a child)
    named = [each.get("xmlUrl", "").strip() for each in root.iter("outline")]
    feeds = tuple(dict.fromkeys(filter(is_address, named)))
    if not feeds or len(feeds) > MOST_FEEDS:
        raise ReaderError(message, address=address)
    return FeedList(feeds)
