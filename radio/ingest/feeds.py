"""A feed, page after page, as arrivals: RSS, Atom, and what older pages they point to (RFC 5005).

Each page is read in a child with limits (`feed_page`), for a feed is foreign bytes.
"""

import json
import logging
import tempfile
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

from radio import records, sandbox
from radio.connection.fetch import Answer, Web
from radio.errors import RadioError
from radio.ingest.description import Arrival
from radio.ingest.feed_page import FeedPage
from radio.ingest.folders import Left
from radio.messages import _

LARGEST = 5 << 20  # bytes of a page
MEMORY, SECONDS = 400 << 20, 60  # of the child that reads one
MOST_PAGES = 500
GONE = {404, 410}

log = logging.getLogger(__name__)


def arrivals(web: Web, first: Answer) -> Iterator[Arrival | Left]:
    """Give the recordings of a feed whose first page was read, the newest first, then older pages.

    What comes again on a later page is given once, and a page that brings nothing new is the last.
    A page that can't be read costs its line, and ends what is found. Raises ReaderError where the
    first one is no feed.
    """
    page, address, seen, known = read_page(first), first.address, {first.address}, set[str]()
    if page.is_locked:
        log.warning(_("%s: locked by its owner: take only what is yours"), address)
    while True:
        found = [each for each in _found(page) if not _names(each) & known]
        known.update(*map(_names, page.arrivals), *map(_names, found))
        yield from found
        address = page.next or (_turned(address) if page.is_wordpress else "")
        if not found or not address or address in seen:
            return
        if len(seen) >= MOST_PAGES:
            told = _("more than {number} pages; the older ones are not read")
            yield Left(address, told.format(number=MOST_PAGES))
            return
        seen.add(address)
        try:
            answer = web.read(address, LARGEST)
            if answer.status in GONE:
                if page.next:
                    yield Left(address, _("a page of the feed that is not there"))
                return
            page = read_page(answer)
        except RadioError as error:
            yield Left(address, str(error))
            return


def read_page(answer: Answer) -> FeedPage:
    """Read a page of a feed, in a child.

    Raises ReaderError where it is none, or passes the limits of the child.
    """
    charset = answer.headers.get_content_charset("")
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer.content)
        file.flush()
        value = sandbox.call(
            "radio.ingest.feed_page:extract",
            file.name,
            answer.address,
            charset,
            memory=MEMORY,
            seconds=SECONDS,
        )
    return records.read(FeedPage, json.dumps(value).encode(), answer.address)


def is_feed(content: bytes) -> bool:
    """Tell a feed from a page by how it begins.

    >>> is_feed(b'<?xml version="1.0"?><!-- made here --><rss version="2.0">')
    True
    """
    head = content[:4096].replace(b"\0", b"").lower()
    if b"<html" in head:
        return False
    return any(mark in head for mark in (b"<rss", b"<feed", b"<rdf:rdf", b"<channel"))


def _turned(address: str) -> str:
    """Turn to the next page of a feed of WordPress.

    >>> _turned("https://a.example/feed/?x=1"), _turned("https://a.example/?feed=rss2&paged=2")
    ('https://a.example/feed/?x=1&paged=2', 'https://a.example/?feed=rss2&paged=3')
    """
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query))
    number = int(query["paged"]) if query.get("paged", "").isdecimal() else 1
    return parts._replace(query=urlencode(query | {"paged": str(number + 1)})).geturl()


def _names(found: Arrival | Left) -> set[str]:
    """Tell by what something is known: its address, and the guid of a recording."""
    if isinstance(found, Left):
        return {f"at {found.path}"}
    return {f"at {found.place}", f"as {found.said.guid or found.place}"}


def _found(page: FeedPage) -> Iterator[Arrival | Left]:
    yield from page.arrivals
    for each in page.silent:
        reason = _("no recording in it")
        if each.kind:
            reason = _("no recording in it, but {kind}").format(kind=each.kind)
        yield Left(each.place, reason)
