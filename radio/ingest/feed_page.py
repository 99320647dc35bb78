"""A page of a feed, read in a child: what it says of itself, and its recordings as arrivals.

The recordings of an item are its enclosures, or what stands in their place.
"""

import base64
import binascii
import dataclasses
import html
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from radio.archive.episode import MIME, Link, Person, Soundbite
from radio.formats.podcast_taxonomy import word_of
from radio.french.dates import find_posted, read_posted
from radio.ingest import feed_tags
from radio.ingest.articles import Article, day_of
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.feed_tags import KEPT
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import LinkedSound
from radio.system import records
from radio.system.connection.place import is_address
from radio.system.progress import Progress
from radio.text.chapters import Chapter

MOST_ITEMS = 20_000  # of a page
LONGEST_TEXT, LONGEST_NAME = 200_000, 500  # characters
MOST_OF_ITEM = 200  # people, tags, chapters
BEST_FIRST = ("text/vtt", "application/x-subrip", "application/srt", "application/json")
TIME = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d{1,3})?)|(\d{1,7}(?:\.\d{1,6})?)")
MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
LINKED = re.compile(
    r"<li[^>]*>\s*<a\s[^>]*href=[\"']([^\"']+)[\"'][^>]*>([^<]*)</a>\s*</li>", re.IGNORECASE
)

Entry = Any  # what feedparser makes of an item

MOST = 100  # of one item
OTHER_TYPES = ("video/", "image/", "text/", "application/pdf", "application/xhtml")
BETTER = (".flac", ".wav")  # nothing of the sound is lost in them
IN_TEXT = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"'<>\s]{1,2000})[\"']", re.IGNORECASE)


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
    cover = _picture(own)
    arrivals, silent = [], []
    for entry in found.entries[:MOST_ITEMS]:
        some = list(arrivals_of(entry, address, cover))
        arrivals += some
        if not some:
            silent.append(Silent(_place_of(entry), offered_type(entry)))
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


def arrivals_of(entry: Entry, address: str, cover: str = "") -> Iterator[Arrival]:
    """Give the recordings of an item of the feed at an address.

    A picture that is the `cover` of the feed is not that of an item.
    """
    found = sounds(entry, address)
    about, own = _describe(entry, address) if found else Description(), _picture(entry)
    for number, sound in enumerate(found, 1):
        yield Arrival(
            place=sound.address,
            name=sound.name,
            said=_say_which(about, sound, number, len(found)),
            size=sound.size,
            picture="" if own == cover else own,
            texts=_transcripts(entry),
            chapters=next((each.get("url", "") for each in _tags(entry, "chapters")), ""),
            sha256=sound.sha256,
        )


def _picture(about: Any) -> str:
    """Find the address of the picture of an item, or of a feed."""
    image = about.get("image") or {}
    thumbnails = [each.get("url") for each in about.get("media_thumbnail", ())]
    return next(
        (str(each) for each in (image.get("href"), *thumbnails) if is_address(str(each))), ""
    )


def _place_of(entry: Entry) -> str:
    """Name an item that has no recording: by its article, else by its title."""
    return str(entry.get("link") or "") or _name(str(entry.get("title", "")))


def _say_which(about: Description, sound: Sound, number: int, total: int) -> Description:
    """Say which of several recordings of one item it is."""
    guid, title = about.guid or sound.address, about.title
    page = about.page if about.page != sound.address else ""
    if total > 1:
        guid = guid if number == 1 else f"{guid}#{number}"
        title = f"{title} ({number}/{total})"
    return dataclasses.replace(about, url=sound.address, guid=guid, title=title, page=page)


def _describe(entry: Entry, address: str) -> Description:
    page = str(entry.get("link") or "")
    text, links = _text(entry, page or address)
    return Description(
        title=_name(str(entry.get("title", ""))),
        day=_day(entry),
        text=text,
        people=tuple(_people(entry)),
        tags=tuple(_categories(entry)),
        links=links,
        chapters=tuple(_chapters(entry)),
        soundbites=tuple(_soundbites(entry)),
        season=_number(entry, "season"),
        number=_number(entry, "episode"),
        page=page if is_address(page) else address,
        guid=str(entry.get("id", ""))[:LONGEST_NAME],
    )


def _day(entry: Entry) -> Day | None:
    """Read the date: as title or text say of the broadcast, else of publication, of a change."""
    dates = (str(entry.get(name, "")) for name in ("published", "created", "updated", "dc_date"))
    posted = next(filter(None, map(read_posted, dates)), None)
    title, summary = _name(str(entry.get("title", ""))), words(str(entry.get("summary", ""))[:2000])
    article = Article("", title, day=posted, text=summary if posted else "")
    if day := day_of(article, LinkedSound(""), is_alone=True):
        return day
    told = find_posted(summary)
    return Day(told) if told else None


def _text(entry: Entry, address: str) -> tuple[str, tuple[Link, ...]]:
    """Give the fullest text of an item, and the links of a last list that holds nothing else."""
    texts = [str(each.get("value", "")) for each in entry.get("content", ())]
    options = (each[:LONGEST_TEXT] for each in (*texts, str(entry.get("summary", ""))))
    fullest = max(options, key=lambda each: len(words(each)))
    body, tag, last = fullest.rpartition("<ul>")
    found = LINKED.findall(last)
    if not tag or MARKUP.sub("", LINKED.sub("", last)).strip() or not found:
        return _markdown(fullest, address), ()
    links = (Link(html.unescape(url), _name(title)) for url, title in found[:MOST_OF_ITEM])
    return _markdown(body, address), tuple(each for each in links if is_address(each.url))


def _markdown(text: str, address: str) -> str:
    """Write HTML as Markdown; what is plain keeps its lines."""
    if MARKUP.search(text):
        return markdown(text, address)
    return "\n".join(line.strip() for line in html.unescape(text).strip().splitlines())


def _name(text: str) -> str:
    """Write a title or a name on one line."""
    return words(text)[:LONGEST_NAME]


def _tags(entry: Entry, name: str) -> list[dict[str, str]]:
    """List the tags of Podcasting 2.0 of a name."""
    return [each for each in entry.get(KEPT, ()) if each["tag"] == name][:MOST_OF_ITEM]


def _people(entry: Entry) -> Iterator[Person]:
    """Give those who are heard or worked on it; an author may be neither."""
    for tag in _tags(entry, "person"):
        if name := _name(tag.get("text", "")):
            yield Person(name, word_of(_name(tag.get("role", ""))))


def _categories(entry: Entry) -> dict[str, None]:
    found = (_name(str(each.get("term") or "")) for each in entry.get("tags", ())[:MOST_OF_ITEM])
    return dict.fromkeys(each for each in found if each)


def _chapters(entry: Entry) -> Iterator[Chapter]:
    for each in (entry.get("psc_chapters") or {}).get("chapters", ())[:MOST_OF_ITEM]:
        start, title = seconds(str(each.get("start", ""))), _name(str(each.get("title", "")))
        if start is not None and title:
            yield Chapter(start, title)


def _soundbites(entry: Entry) -> Iterator[Soundbite]:
    for tag in _tags(entry, "soundbite"):
        start, length = seconds(tag.get("starttime", "")), seconds(tag.get("duration", ""))
        if start is not None and length:
            yield Soundbite(start, length, _name(tag.get("text", "")))


def _transcripts(entry: Entry) -> tuple[str, ...]:
    """List the addresses of its transcripts, the best first."""

    def rank(tag: dict[str, str]) -> int:
        kind = tag.get("type", "").partition(";")[0].lower()
        return BEST_FIRST.index(kind) if kind in BEST_FIRST else len(BEST_FIRST)

    tags = sorted(_tags(entry, "transcript"), key=rank)
    return tuple(dict.fromkeys(each["url"] for each in tags if is_address(each.get("url", ""))))


def _number(entry: Entry, name: str) -> int | None:
    texts = [each.get("text", "") for each in _tags(entry, name)]
    for text in (*texts, str(entry.get(f"itunes_{name}", ""))):
        digits = text.strip()[:9]
        if digits.isdecimal() and int(digits) > 0:
            return int(digits)
    return None


def seconds(text: str) -> float | None:
    """Read a time as feeds write it; None if it is none.

    >>> seconds("01:02:03.500"), seconds("2:03"), seconds("73.5"), seconds("bientôt")
    (3723.5, 123.0, 73.5, None)
    """
    match = TIME.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, rest, bare = match.groups()
    return float(bare) if bare else int(hours or 0) * 3600 + int(minutes) * 60 + float(rest)


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
