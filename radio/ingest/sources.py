"""An address and what lies there: a feed, a page that has one, or a recording.

What is answered decides, not the name: a feed may be called anything, and so may a page.
"""

import html
import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urljoin, urlsplit

from radio.connection.fetch import Answer, Web
from radio.errors import ReaderError
from radio.ingest import feeds, sites
from radio.ingest.description import Arrival, Description
from radio.ingest.folders import Left
from radio.messages import _

SOUNDS = re.compile(rb"ID3|\xff[\xe2-\xfb]|fLaC|OggS|RIFF....WAVE|....ftyp", re.DOTALL)
"""How files of sound begin."""
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
TAG = re.compile(rb"<(?:link|a)\s[^<>]{1,2000}>", re.IGNORECASE)
PAIR = re.compile(r"([\w-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
COMMENTS = re.compile(r"/comments?\b|/commentaires?\b|comments-rss", re.IGNORECASE)


def arrivals(web: Web, address: str) -> Iterator[Arrival | Left]:
    """Give the recordings that lie at an address.

    Raises NoAnswerError if it doesn't answer, ReaderError where nothing is found at it.
    """
    if sites.is_known(address):
        yield from sites.arrivals(web, address)
        return
    answer = web.read(address, feeds.LARGEST, is_enough=is_sound)
    if answer.status in feeds.GONE:
        raise ReaderError(_("{address}: there is nothing there").format(address=address))
    if is_sound(answer.content):
        yield recording(answer.address)
    elif feeds.is_feed(answer.content):
        yield from feeds.arrivals(web, answer)
    elif feed := feed_of(answer):
        yield from feeds.arrivals(web, web.read(feed, feeds.LARGEST))
    else:
        raise ReaderError(_("{address}: no recording found there").format(address=address))


def is_sound(content: bytes) -> bool:
    """Tell a recording by how it begins."""
    return SOUNDS.match(content) is not None


def recording(address: str) -> Arrival:
    """Make an arrival of the address of a file."""
    name = unquote(posixpath.basename(urlsplit(address).path))
    return Arrival(address, name, Description(url=address, page=address, guid=address))


def feed_of(answer: Answer) -> str:
    """Find the feed that a page names: not that of its comments; nothing where it names none."""
    for tag in TAG.findall(answer.content):
        pairs = PAIR.findall(html.unescape(tag.decode("utf-8", "replace")))
        about = {name.lower(): "".join(values).strip() for name, *values in pairs}
        link = about.get("href", "")
        is_named = "alternate" in about.get("rel", "").lower().split()
        if is_named and about.get("type", "").lower() in FEED_TYPES and link:
            place = urljoin(answer.address, link)
            if not COMMENTS.search(place):
                return place
    return ""
