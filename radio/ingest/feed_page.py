"""A page of a feed, read in a child: what it says of itself, and its recordings as arrivals.

The recordings of an item are its enclosures, or what stands in their place. feedparser reads it,
with the tags of Podcasting 2.0 added, and gets bytes alone: what it is given as text it would open
as a file or an address.
"""

import base64
import binascii
import contextlib
import dataclasses
import functools
import html
import io
import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser
import feedparser.api

from radio.archive.episode import MIME, Link, Person, Soundbite
from radio.formats.podcast_taxonomy import word_of
from radio.french.dates import find_posted, read_posted
from radio.ingest.articles import Article, day_of
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import LinkedSound, name_of, whole
from radio.system import records
from radio.system.connection.place import is_address
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text import transcript
from radio.text.chapters import Chapter

PODCAST = (
    "https://podcastindex.org/namespace/1.0",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md",
)
TAGS = (
    *("transcript", "chapters", "person", "soundbite", "season", "episode", "locked"),
    *("alternateenclosure", "source", "integrity"),
)
ADDRESSES = ("url", "uri", "href")  # attributes
DECLARATION = re.compile(r"\s*<\?xml\b([^>]*)\?>", re.IGNORECASE)
KEPT = "podcast tags"  # where they lie; no tag of a feed has such a name
ENCODING = re.compile(r"encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
HEAD = re.compile(r"<\w")  # where the first tag begins
TYPED = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # letters that XML can't hold
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
        return name_of(self.address)

    @property
    def suffix(self) -> str:
        """Tell what its name ends with."""
        return posixpath.splitext(self.name)[1].lower()

    @property
    def is_readable(self) -> bool:
        """Whether it may be sound; its name counts more than a type, which is often wrong."""
        is_other = self.kind.lower().startswith(OTHER_TYPES)
        return self.address != "" and (self.suffix in MIME or not is_other)


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
    found = _parse(content, address, charset)
    own = found.feed
    cover = _picture(own)
    arrivals, silent = [], []
    for entry in found.entries[:MOST_ITEMS]:
        some = list(arrivals_of(entry, address, cover))
        arrivals += some
        if not some:
            place = str(entry.get("link") or "") or _name(str(entry.get("title", "")))
            offered = [each for each in entry.get("links", ()) if each.get("rel") == "enclosure"]
            kinds = (each.get("type", "") for each in (*offered, *entry.get("media_content", ())))
            silent.append(Silent(place, next((str(kind)[:50] for kind in kinds if kind), "")))
    older = [  # on the next page, or in the archive before (RFC 5005)
        str(link["href"])
        for wanted in ("next", "prev-archive")
        for link in own.get("links", ())
        if link.get("rel") == wanted and link.get("href")
    ]
    return FeedPage(
        title=html.unescape(str(own.get("title", ""))),
        is_locked=any(
            each.get("text", "").strip().lower() in {"yes", "true"} for each in _tags(own, "locked")
        ),
        is_wordpress="wordpress.org/?v=" in str(own.get("generator", "")),
        next=next(iter(older), ""),
        arrivals=tuple(_named_once(arrivals)),
        silent=tuple(silent),
    )


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
        guid, title = about.guid or sound.address, about.title
        if len(found) > 1:
            guid = guid if number == 1 else f"{guid}#{number}"
            title = f"{title} ({number}/{len(found)})"
        page = about.page if about.page != sound.address else ""
        yield Arrival(
            place=sound.address,
            name=sound.name,
            said=dataclasses.replace(about, url=sound.address, guid=guid, title=title, page=page),
            size=sound.size,
            picture="" if own == cover else own,
            texts=_transcripts(entry),
            chapters=next((each.get("url", "") for each in _tags(entry, "chapters")), ""),
            sha256=sound.sha256,
        )


def _picture(about: Any) -> str:
    image = about.get("image") or {}
    thumbnails = [each.get("url") for each in about.get("media_thumbnail", ())]
    return next(
        (str(each) for each in (image.get("href"), *thumbnails) if is_address(str(each))), ""
    )


def _describe(entry: Entry, address: str) -> Description:
    """Say what an item tells; an author may be neither heard nor have worked on it."""
    page = str(entry.get("link") or "")
    text, links = _text(entry, page or address)
    people = ((_name(tag.get("text", "")), tag.get("role", "")) for tag in _tags(entry, "person"))
    terms = (_name(str(each.get("term") or "")) for each in entry.get("tags", ())[:MOST_OF_ITEM])
    parts = [
        (seconds(str(each.get("start", ""))), _name(str(each.get("title", ""))))
        for each in (entry.get("psc_chapters") or {}).get("chapters", ())[:MOST_OF_ITEM]
    ]
    bites = [
        (seconds(tag.get("starttime", "")), seconds(tag.get("duration", "")), tag.get("text", ""))
        for tag in _tags(entry, "soundbite")
    ]
    return Description(
        title=_name(str(entry.get("title", ""))),
        day=_day(entry),
        text=text,
        people=tuple(Person(name, word_of(_name(role))) for name, role in people if name),
        tags=tuple(dict.fromkeys(filter(None, terms))),
        links=links,
        chapters=tuple(
            Chapter(start, title) for start, title in parts if start is not None and title
        ),
        soundbites=tuple(
            Soundbite(start, length, _name(title))
            for start, length, title in bites
            if start is not None and length
        ),
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
    return words(text)[:LONGEST_NAME]


def _tags(entry: Entry, name: str) -> list[dict[str, str]]:
    return [each for each in entry.get(KEPT, ()) if each["tag"] == name][:MOST_OF_ITEM]


def _transcripts(entry: Entry) -> tuple[str, ...]:
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
            case "source" if about and not found and _whole(tag.get("uri")):
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
    return whole(str(link or "").strip().replace("&amp;", "&").replace(" ", "%20"), address)


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


class _Podcasting:
    """Handlers of tags that feedparser has none for, or keeps the last of."""

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        """Make the addresses of a tag whole: feedparser does so for links alone."""
        is_ours = tag.startswith(("podcast:", "media:", "itunes:")) or tag == "enclosure"
        given = [
            (name, self.resolve_uri(value) if is_ours and name in ADDRESSES else value)
            for name, value in attributes
        ]
        with contextlib.suppress(Exception):  # what a handler can't read costs its tag alone
            super().unknown_starttag(tag, given)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        """End a tag, likewise."""
        with contextlib.suppress(Exception):
            super().unknown_endtag(tag)  # type: ignore[misc]

    def handle_charref(self: Any, number: str) -> None:
        """Take a letter by its number, which may be that of none."""
        with contextlib.suppress(OverflowError, ValueError):
            super().handle_charref(number)  # type: ignore[misc]

    def _end_guid(self: Any) -> None:
        """End a guid: only one that is an address is where to read of an item."""
        written = self.elementstack[-1][2] if self.elementstack else ()
        begun = next((each for each in written if each.strip()), "")
        self.guidislink = self.guidislink and is_address(str(begun).lstrip())
        super()._end_guid()  # type: ignore[misc]

    _end_id = _end_guid

    def keep(self: Any, name: str, attributes: dict[str, str]) -> None:
        """Keep each tag of Podcasting 2.0 with its attributes, in the order of the feed."""
        self._get_context().setdefault(KEPT, []).append({"tag": name, **attributes})
        self.push(f"podcast_{name}", 1)

    def complete(self: Any, name: str) -> None:
        """Add the text within a tag to the last one of that name."""
        text = self.pop(f"podcast_{name}")
        alike = [each for each in self._get_context().get(KEPT, ()) if each["tag"] == name]
        if alike and text:
            alike[-1]["text"] = text


def _extend(parser: Any) -> type:
    known: dict[str, Any] = {
        "namespaces": {**parser.namespaces, **dict.fromkeys(PODCAST, "podcast")},
        "_matchnamespaces": {},  # it fills that from `namespaces`
    }
    for name in TAGS:
        known[f"_start_podcast_{name}"] = functools.partialmethod(_Podcasting.keep, name)
        known[f"_end_podcast_{name}"] = functools.partialmethod(_Podcasting.complete, name)
    return type(parser.__name__, (_Podcasting, parser), known)


STRICT, LOOSE = map(_extend, (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser))


def _parse(content: bytes, address: str, charset: str = "") -> Any:
    """Read the bytes of a feed that lay at an address, sent with a charset.

    Gives what `feedparser.parse` does; entries and feed have their tags of Podcasting 2.0 under
    KEPT. Raises ReaderError for what declares types or entities, with which 10 kB can say
    9 MB, and for what is no feed.
    """
    text = decode(content, charset)
    head = text[: match.start()] if (match := HEAD.search(text)) else text
    if TYPED.search(head) or "<!ENTITY" in text:
        raise ReaderError(
            _(
                "{address} : un flux avec un DOCTYPE ou des entités ; il n’est pas lu",
                address=address,
            )
        )
    feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser = STRICT, LOOSE
    sent = {"content-location": address, "content-type": "application/xml; charset=utf-8"}
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode()), response_headers=sent, sanitize_html=False
        )
    except Exception as error:
        raise ReaderError(
            _("{address} : un flux qui ne se lit pas ({error})", address=address, error=error)
        ) from error
    if not found.get("version") and not found.entries:
        raise ReaderError(_("{address} : pas un flux", address=address))
    return found


def decode(content: bytes, charset: str = "") -> str:
    """Give the text of a feed without its declaration, which often names another encoding.

    What reads as UTF-8 is UTF-8, whatever is declared; then the declaration counts, then the
    charset that was sent.
    """
    text, letters = transcript.decode(content)
    if letters and not letters.startswith("UTF"):
        begun = DECLARATION.match(content[:300].decode("latin-1"))
        declared = ENCODING.search(begun[1]) if begun else None
        for name in (declared and declared[1], charset):
            try:
                text = content.decode(name) if name else text
                break
            except (LookupError, UnicodeDecodeError):
                continue
    return UNFIT.sub("", DECLARATION.sub("", text, count=1)).lstrip()
