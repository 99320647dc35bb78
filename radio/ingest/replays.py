"""A list of recordings as plain XML, as some stations publish their replays. In a limited child."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from radio.french.dates import read_posted
from radio.ingest.articles import Article
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import LinkedSound, is_sound, whole
from radio.system.errors import ReaderError
from radio.system.messages import _

MOST = 20_000  # elements
NAMES = {
    "title": re.compile("(?i)titre|title|nom|name|emission|libelle"),
    "day": re.compile("(?i)date|jour|day|pubdate"),
    "text": re.compile("(?i)desc|resume|summary|texte|content"),
}


def is_list(content: bytes) -> bool:
    """Tell a list from a page by how it begins, whatever the site says that it is.

    >>> is_list(b"<!-- made here --><urlset>"), is_list(b"<?xml version='1.0'?><html>")
    (True, False)
    """
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_named = b"<urlset" in head or b"<sitemapindex" in head
    is_page = b"<html" in head or b"<!doctype html" in head
    return not is_page and (is_named or head.startswith(b"<?xml"))


def read(content: bytes, address: str) -> Iterator[Article]:
    """Make an article of each element that names one recording, with what stands beside that.

    Raises ReaderError if it is no XML, or declares entities.
    """
    if b"<!ENTITY" in content or b"<!DOCTYPE" in content:
        raise ReaderError(
            _("{address}: XML that declares entities is not read").format(address=address)
        )
    try:
        root = ET.fromstring(content)  # noqa: S314 (no entity is declared, and this is a child)
    except ET.ParseError as error:
        raise ReaderError(
            _("{address}: no XML ({error})").format(address=address, error=error)
        ) from error
    for element in list(root.iter())[:MOST]:
        fields = dict(_fields(element))
        named = next((each for each in fields.values() if is_sound(each)), "")
        if place := whole(named, address):
            yield _article(fields, place, address)


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


def _article(fields: dict[str, str], place: str, address: str) -> Article:
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
