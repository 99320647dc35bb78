"""A list of feeds, as players of podcasts give it out (OPML 2.0); read in a child, as a feed."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from radio.ingest.feed_page import read_text
from radio.system.connection.place import is_address
from radio.system.errors import ReaderError, retold
from radio.system.messages import _

MOST_FEEDS = 500


@dataclass(frozen=True)
class FeedList:
    """The addresses of feeds."""

    feeds: tuple[str, ...] = ()


def read(content: bytes, address: str, charset: str = "") -> FeedList:
    """Read the bytes of a list, each feed once. Raises ReaderError if it names none."""
    message = _("{address} : pas une liste de flux ; donnez une adresse, ou un fichier OPML")
    with retold(message, ET.ParseError, by=ReaderError, address=address):
        root = ET.fromstring(read_text(content, address, charset))  # noqa: S314 (in a child)
    named = [each.get("xmlUrl", "").strip() for each in root.iter("outline")]
    feeds = tuple(dict.fromkeys(filter(is_address, named)))
    if not feeds or len(feeds) > MOST_FEEDS:
        raise ReaderError(message, address=address)
    return FeedList(feeds)
