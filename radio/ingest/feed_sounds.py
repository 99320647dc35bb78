"""The recordings that an item of a feed offers: enclosures, or what stands in their place."""

import base64
import binascii
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from radio.archive.episode import MIME
from radio.ingest.feed_tags import KEPT
from radio.system.connection.place import is_address

MOST = 100  # of one item
OTHER_TYPES = ("video/", "image/", "text/", "application/pdf", "application/xhtml")
BETTER = (".flac", ".wav")  # nothing of the sound is lost in them
IN_TEXT = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"'<>\s]{1,2000})[\"']", re.IGNORECASE)

Entry = Any  # what feedparser makes of an item


@dataclass(frozen=True)
class Sound:
    """A file that an item offers."""

    address: str
    kind: str = ""  # media type
    size: int = 0  # bytes; 0 where unknown
    sha256: str = ""

    @property
    def name(self) -> str:
        """Tell how the file is called at its place."""
        return unquote(posixpath.basename(urlsplit(self.address).path))

    @property
    def suffix(self) -> str:
        """Tell what its name ends with."""
        return posixpath.splitext(self.name)[1].lower()

    @property
    def is_readable(self) -> bool:
        """Whether it may be sound; its name counts more than a type, which is often wrong."""
        if not is_address(self.address):
            return False
        return self.suffix in MIME or not self.kind.lower().startswith(OTHER_TYPES)


def sounds(entry: Entry, address: str) -> list[Sound]:
    """Find the recordings of an item of the feed at an address.

    Its enclosures count, else its media:content, its alternate enclosures, and last the audio that
    its text plays or links to. One that is there in several formats is given once.
    """
    for find in (_enclosures, _media, _alternates, _in_text):
        found = {each.address: each for each in find(entry, address) if each.is_readable}
        if found:
            return _one_format([*found.values()][:MOST])
    return []


def offered_type(entry: Entry) -> str:
    """Tell the media type of what an item offers in place of sound."""
    kinds = (each.get("type", "") for each in _linked(entry))
    return next((str(kind)[:50] for kind in kinds if kind), "")


def _linked(entry: Entry) -> list[Any]:
    links = [each for each in entry.get("links", ()) if each.get("rel") == "enclosure"]
    return [*links, *entry.get("media_content", ())]


def _enclosures(entry: Entry, _address: str) -> Iterator[Sound]:
    hashes = {each.address: each.sha256 for each in _alternates(entry, _address)}
    for each in entry.get("links", ()):
        if each.get("rel") == "enclosure":
            place = _whole(each.get("href"))
            size = _size(each.get("length"))
            yield Sound(place, str(each.get("type", "")), size, hashes.get(place, ""))


def _media(entry: Entry, _address: str) -> Iterator[Sound]:
    for each in entry.get("media_content", ()):
        kind = str(each.get("type") or f"{each.get('medium', '')}/")
        yield Sound(_whole(each.get("url")), kind, _size(each.get("filesize")))


def _alternates(entry: Entry, _address: str) -> Iterator[Sound]:
    """Give the first source of each alternate enclosure, with the hash that stands beside it."""
    about: dict[str, str] = {}
    found: dict[str, Sound] = {}
    for tag in entry.get(KEPT, ()):
        match tag["tag"]:
            case "alternateenclosure":
                about, found = tag, {}
            case "source" if about and not found and is_address(_whole(tag.get("uri"))):
                place = _whole(tag["uri"])
                kind, size = about.get("type", ""), _size(about.get("length"))
                found = {place: Sound(place, kind, size)}
                yield found[place]
            case "integrity" if found:
                place = next(iter(found))
                yield Sound(place, about.get("type", ""), found[place].size, _sha256(tag))


def _in_text(entry: Entry, address: str) -> Iterator[Sound]:
    texts = [str(each.get("value", "")) for each in entry.get("content", ())]
    for text in (*texts, str(entry.get("summary", ""))):
        for link in IN_TEXT.findall(text):
            sound = Sound(_whole(link, address))
            if sound.suffix in MIME:
                yield sound


def _one_format(found: list[Sound]) -> list[Sound]:
    """Keep the best of those that lie in one place under one name, and differ in format alone."""
    alike: dict[str, list[Sound]] = {}
    for each in found:
        alike.setdefault(each.address.partition("?")[0].removesuffix(each.suffix), []).append(each)
    return [
        max(some, key=lambda each: (each.suffix in BETTER, each.size)) for some in alike.values()
    ]


def _whole(link: object, address: str = "") -> str:
    """Make an address of a link; nothing where it is none."""
    try:
        return urljoin(address, str(link or "").strip().replace("&amp;", "&").replace(" ", "%20"))
    except ValueError:
        return ""


def _size(text: object) -> int:
    digits = str(text or "").strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 15 else 0


def _sha256(tag: dict[str, str]) -> str:
    """Read a hash as sites write it for browsers: `sha256-` and Base64."""
    method, _dash, digest = tag.get("value", "").partition("-")
    try:
        raw = base64.b64decode(digest, validate=True) if method == "sha256" else b""
    except (binascii.Error, ValueError):
        return ""
    return raw.hex() if len(raw) == 32 else ""
