"""A page of a feed, read in a child: what it says of itself, and its recordings as arrivals."""

import dataclasses
import html
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from radio.ingest import feed_items, feed_tags
from radio.ingest.description import Arrival
from radio.ingest.feed_sounds import offered_type
from radio.system import records
from radio.system.progress import Progress

MOST = 20_000  # items of a page


@dataclass(frozen=True)
class Silent:
    """An item without a recording."""

    place: str  # address of its article, else its title
    kind: str = ""  # media type of what it has in place of sound


@dataclass(frozen=True)
class FeedPage:
    """What lies at one address of a feed."""

    title: str = ""
    is_locked: bool = False
    is_wordpress: bool = False  # whose feeds have pages without saying so
    next: str = ""  # address of what came before, where the feed says so
    arrivals: tuple[Arrival, ...] = ()
    silent: tuple[Silent, ...] = ()


def extract(path: str, _progress: Progress, address: str, charset: str) -> Any:
    """Read a file that holds a page, in a child: a value for JSON.

    Raises ReaderError for what is no feed.
    """
    return json.loads(records.render(read(Path(path).read_bytes(), address, charset)))


def read(content: bytes, address: str, charset: str = "") -> FeedPage:
    """Read the bytes of a page that lay at an address.

    Raises ReaderError for what is no feed.
    """
    found = feed_tags.read(content, address, charset)
    own = found.feed
    cover = feed_items.picture(own)
    arrivals, silent = [], []
    for entry in found.entries[:MOST]:
        some = list(feed_items.arrivals(entry, address, cover))
        arrivals += some
        if not some:
            silent.append(Silent(feed_items.name_of(entry), offered_type(entry)))
    return FeedPage(
        title=html.unescape(str(own.get("title", ""))),
        is_locked=any(
            each["tag"] == "locked" and _says_yes(each) for each in own.get(feed_tags.KEPT, ())
        ),
        is_wordpress="wordpress.org/?v=" in str(own.get("generator", "")),
        next=_next(own),
        arrivals=tuple(_named_once(arrivals)),
        silent=tuple(silent),
    )


def _says_yes(tag: dict[str, str]) -> bool:
    return tag.get("text", "").strip().lower() in {"yes", "true"}


def _next(own: Any) -> str:
    """Find where older items are: on the next page, or in the archive before (RFC 5005)."""
    for wanted in ("next", "prev-archive"):
        for link in own.get("links", ()):
            if link.get("rel") == wanted and link.get("href"):
                return str(link["href"])
    return ""


def _named_once(arrivals: Iterable[Arrival]) -> Iterator[Arrival]:
    """Give each recording once; a guid that several have names none of them."""
    unique: dict[str, Arrival] = {}
    for arrival in arrivals:
        unique.setdefault(arrival.place, arrival)
    times = Counter(arrival.said.guid for arrival in unique.values())
    for arrival in unique.values():
        shared = times[arrival.said.guid] > 1
        said = dataclasses.replace(arrival.said, guid="") if shared else arrival.said
        yield dataclasses.replace(arrival, said=said)
