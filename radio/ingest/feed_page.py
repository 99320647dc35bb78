"""A page of a feed, read in a child: what it says of itself, and its recordings as arrivals. The
recordings of an item are its enclosures, or what replaces them. feedparser reads it, with the tags
of Podcasting 2.0 added. It gets bytes alone: a text it would open as a file or an address."""

import base64
import contextlib
import functools
import html
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import feedparser
import feedparser.api

from radio.archive.episode import MIME, Link, Person, Soundbite
from radio.archive.protection import read_moment
from radio.formats.podcast_taxonomy import word_of
from radio.french.dates import find_posted, read_posted
from radio.ingest.articles import Article, day_of
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.reading import whole_number
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import LinkedSound, whole
from radio.system.connection.place import is_address
from radio.system.errors import ReaderError, retold
from radio.system.messages import _
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
TAGGED = "podcast tags"  # where they lie; no tag of a feed has such a name
ADDRESSES = ("url", "uri", "href")  # attributes
DECLARATION = re.compile(r"\s*<\?xml\b([^>]*)\?>", re.IGNORECASE)
ENCODING = re.compile(r"encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
HEAD = re.compile(r"<\w")  # where the first tag begins
TYPED = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # letters that XML can't hold
MOST_ITEMS = 20_000  # of a page
LONGEST_TEXT, LONGEST_NAME = 200_000, 500  # characters
MOST_OF_ITEM, MOST_SOUNDS = 200, 100  # people, tags, chapters; recordings
TEXTS = ("text/vtt", "application/x-subrip", "application/srt", "application/json")  # best first
MARKUP = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
LINKED = re.compile(
    r"<li[^>]*>\s*<a\s[^>]*href=[\"']([^\"']+)[\"'][^>]*>([^<]*)</a>\s*</li>", re.IGNORECASE
)
OTHER_TYPES = ("video/", "image/", "text/", "application/pdf", "application/xhtml")
LOSSLESS = (".flac", ".wav")
IN_TEXT = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"'<>\s]{1,2000})[\"']", re.IGNORECASE)

Entry = Any  # what feedparser makes of an item


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


def read(content: bytes, address: str, charset: str = "") -> FeedPage:
    """Read the bytes of a page that lay at an address. Raises ReaderError if it is no feed."""
    found = _parse(content, address, charset)
    own, cover = found.feed, _picture(found.feed)
    unique, silent = dict[str, Arrival](), list[Silent]()
    for entry in found.entries[:MOST_ITEMS]:
        some = list(arrivals_of(entry, address, cover))
        for each in some:
            unique.setdefault(each.place, each)
        if not some:
            place = str(entry.get("link") or "") or _name(entry.get("title"))
            offered = [each for each in entry.get("links", ()) if each.get("rel") == "enclosure"]
            kinds = (each.get("type", "") for each in (*offered, *entry.get("media_content", ())))
            silent.append(Silent(place, next((str(kind)[:50] for kind in kinds if kind), "")))
    times = Counter(each.said.guid for each in unique.values())
    older = (  # on the next page, or in the archive before (RFC 5005)
        str(link["href"])
        for wanted in ("next", "prev-archive")
        for link in own.get("links", ())
        if link.get("rel") == wanted and link.get("href")
    )
    locks = (each.get("text", "").strip().lower() for each in _tags(own, "locked"))
    return FeedPage(
        title=html.unescape(str(own.get("title", ""))),
        is_locked=any(each in {"yes", "true"} for each in locks),
        is_wordpress="wordpress.org/?v=" in str(own.get("generator", "")),
        next=next(older, ""),
        arrivals=tuple(  # a guid that several have names none of them
            replace(each, said=replace(each.said, guid="")) if times[each.said.guid] > 1 else each
            for each in unique.values()
        ),
        silent=tuple(silent),
    )


def arrivals_of(entry: Entry, address: str, cover: str = "") -> Iterator[Arrival]:
    """Give the recordings of an item of the feed at an address; the `cover` is no picture of it."""
    found = _sounds(entry, address)
    about, picture = _describe(entry, address) if found else Description(), _picture(entry)
    ranks = {kind: rank for rank, kind in enumerate(TEXTS, -len(TEXTS))}
    texts = [tag for tag in _tags(entry, "transcript") if is_address(tag.get("url", ""))]
    texts.sort(key=lambda tag: ranks.get(tag.get("type", "").partition(";")[0].lower(), 0))
    for number, sound in enumerate(found, 1):
        guid, title = about.guid or sound.place, about.title
        if len(found) > 1:
            guid = guid if number == 1 else f"{guid}#{number}"
            title = f"{title} ({number}/{len(found)})"
        page = about.page if about.page != sound.place else ""
        yield Arrival(
            place=sound.place,
            name=sound.name,
            said=replace(about, url=sound.place, guid=guid, title=title, page=page),
            size=sound.size,
            picture="" if picture == cover else picture,
            texts=tuple(dict.fromkeys(tag["url"] for tag in texts)),
            chapters=next((each.get("url", "") for each in _tags(entry, "chapters")), ""),
            sha256=sound.sha256,
        )


def _picture(about: Any) -> str:
    thumbnails = (each.get("url") for each in about.get("media_thumbnail", ()))
    found = ((about.get("image") or {}).get("href"), *thumbnails)
    return next((str(each) for each in found if is_address(str(each))), "")


def _describe(entry: Entry, address: str) -> Description:
    """Describe an item; its author may be neither heard nor have worked on it."""
    page = str(entry.get("link") or "")
    text, links = _text(entry, page or address)
    people = ((_name(tag.get("text")), tag.get("role", "")) for tag in _tags(entry, "person"))
    terms = (_name(each.get("term") or "") for each in entry.get("tags", ())[:MOST_OF_ITEM])
    listed = (entry.get("psc_chapters") or {}).get("chapters", ())[:MOST_OF_ITEM]
    parts = ((read_moment(str(each.get("start"))), _name(each.get("title"))) for each in listed)
    return Description(
        title=_name(entry.get("title")),
        day=_day(entry),
        text=text,
        people=tuple(Person(name, word_of(_name(role))) for name, role in people if name),
        tags=tuple(dict.fromkeys(filter(None, terms))),
        links=links,
        chapters=tuple(Chapter(at, title) for at, title in parts if at is not None and title),
        soundbites=tuple(_soundbites(entry)),
        season=_number(entry, "season"),
        number=_number(entry, "episode"),
        page=page if is_address(page) else address,
        guid=str(entry.get("id", ""))[:LONGEST_NAME],
    )


def _soundbites(entry: Entry) -> Iterator[Soundbite]:
    for tag in _tags(entry, "soundbite"):
        start, length = (read_moment(tag.get(each, "")) for each in ("starttime", "duration"))
        if start is not None and length:
            yield Soundbite(start, length, _name(tag.get("text")))


def _day(entry: Entry) -> Day | None:
    """Read the date: as title or text say of the broadcast, else of publication, of a change."""
    dates = (str(entry.get(name, "")) for name in ("published", "created", "updated", "dc_date"))
    posted = next(filter(None, map(read_posted, dates)), None)
    summary = words(str(entry.get("summary", ""))[:2000])
    article = Article("", _name(entry.get("title")), day=posted, text=summary if posted else "")
    if day := day_of(article, LinkedSound(""), is_alone=True):
        return day
    only = find_posted(summary)
    return Day(only) if only else None


def _texts(entry: Entry) -> list[str]:
    texts = [str(each.get("value", "")) for each in entry.get("content", ())]
    return [*texts, str(entry.get("summary", ""))]


def _text(entry: Entry, address: str) -> tuple[str, tuple[Link, ...]]:
    """Give the fullest text of an item, and the links of a last list that holds nothing else."""
    options = (each[:LONGEST_TEXT] for each in _texts(entry))
    fullest = max(options, key=lambda each: len(words(each)))
    body, tag, last = fullest.rpartition("<ul>")
    found = LINKED.findall(last)
    if not tag or MARKUP.sub("", LINKED.sub("", last)).strip() or not found:
        body, found = fullest, []
    links = (Link(html.unescape(url), _name(title)) for url, title in found[:MOST_OF_ITEM])
    if MARKUP.search(body):
        text = markdown(body, address)
    else:  # what is plain keeps its lines
        text = "\n".join(line.strip() for line in html.unescape(body).strip().splitlines())
    return text, tuple(each for each in links if is_address(each.url))


def _name(text: object) -> str:
    return words(str("" if text is None else text))[:LONGEST_NAME]


def _tags(entry: Entry, name: str) -> list[dict[str, str]]:
    return [each for each in entry.get(TAGGED, ()) if each["tag"] == name][:MOST_OF_ITEM]


def _number(entry: Entry, name: str) -> int | None:
    texts = [each.get("text", "") for each in _tags(entry, name)]
    numbers = (each.strip()[:9] for each in (*texts, str(entry.get(f"itunes_{name}", ""))))
    return next((int(each) for each in numbers if each.isdecimal() and int(each)), None)


def _sounds(entry: Entry, address: str) -> list[LinkedSound]:
    """Find the recordings of an item, each in one format: its enclosures, else its media:content,
    its alternate enclosures, and last the audio that its text plays or links to."""
    others = _alternates(entry)
    enclosed = (each for each in entry.get("links", ()) if each.get("rel") == "enclosure")
    links = (link for text in _texts(entry) for link in IN_TEXT.findall(text))
    linked = (_sound(link, base=address) for link in links)
    ways: tuple[Iterable[LinkedSound], ...] = (
        (_sound(each.get("href"), each.get("type"), each.get("length")) for each in enclosed),
        (
            _sound(each.get("url"), each.get("type") or each.get("medium"), each.get("filesize"))
            for each in entry.get("media_content", ())
        ),
        others.values(),
        (each for each in linked if each.suffix in MIME),
    )
    for some in ways:
        alike: dict[str, dict[str, LinkedSound]] = {}
        for each in [each for each in some if each.place][:MOST_SOUNDS]:
            same = others.get(each.place)
            each.sha256 = same.sha256 if same else ""
            stem = each.place.partition("?")[0].removesuffix(each.suffix)
            alike.setdefault(stem, {})[each.place] = each
        if alike:
            return [
                max(formats.values(), key=lambda each: (each.suffix in LOSSLESS, each.size))
                for formats in alike.values()
            ]
    return []


def _sound(link: object, kind: object = "", size: object = "", base: str = "") -> LinkedSound:
    """Make a recording of a link, without place if it is none; its name counts more than a type."""
    place = whole(str(link or "").strip().replace("&amp;", "&").replace(" ", "%20"), base)
    found = LinkedSound(place, size=whole_number(size))
    is_other = f"{kind or ''}/".lower().startswith(OTHER_TYPES)
    return LinkedSound("") if is_other and found.suffix not in MIME else found


def _alternates(entry: Entry) -> dict[str, LinkedSound]:
    """Give the first source of each alternate enclosure, with the hash beside it."""
    about, here, found = dict[str, str](), LinkedSound(""), dict[str, LinkedSound]()
    for tag in entry.get(TAGGED, ()):
        if tag["tag"] == "alternateenclosure":
            about, here = tag, LinkedSound("")
        elif tag["tag"] == "source" and about and not here.place:
            here = _sound(tag.get("uri"), about.get("type"), about.get("length"))
            found[here.place] = here
        elif tag["tag"] == "integrity":
            here.sha256 = _sha256(tag.get("value", ""))
    return found


def _sha256(value: str) -> str:
    """Read a hash as sites write it for browsers: `sha256-` and Base64."""
    method, _dash, digest = value.partition("-")
    try:
        raw = base64.b64decode(digest, validate=True) if method == "sha256" else b""
    except ValueError:
        return ""
    return raw.hex() if len(raw) == 32 else ""


class _Podcasting:
    """Handlers of tags that feedparser has none for, or keeps the last of."""

    def unknown_starttag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
        """Make the addresses of a tag whole: feedparser does so for links alone."""
        is_ours = tag.startswith(("podcast:", "media:", "itunes:")) or tag == "enclosure"
        places = ADDRESSES if is_ours else ()
        given = [(n, self.resolve_uri(text) if n in places else text) for n, text in attributes]
        with contextlib.suppress(Exception):  # what a handler can't read costs its tag alone
            super().unknown_starttag(tag, given)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        with contextlib.suppress(Exception):
            super().unknown_endtag(tag)  # type: ignore[misc]

    def handle_charref(self: Any, number: str) -> None:
        """Read a letter by its number, which may be that of none."""
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
        """Save each tag of Podcasting 2.0 with its attributes, in the order of the feed."""
        self._get_context().setdefault(TAGGED, []).append({"tag": name, **attributes})
        self.push(f"podcast_{name}", 1)

    def complete(self: Any, name: str) -> None:
        text = self.pop(f"podcast_{name}")
        alike = [each for each in self._get_context().get(TAGGED, ()) if each["tag"] == name]
        if alike and text:
            alike[-1]["text"] = text


def _extend(parser: Any) -> type:
    namespaces = {**parser.namespaces, **dict.fromkeys(PODCAST, "podcast")}
    known: dict[str, Any] = {"namespaces": namespaces, "_matchnamespaces": {}}  # filled by it
    for name in TAGS:
        known[f"_start_podcast_{name}"] = functools.partialmethod(_Podcasting.keep, name)
        known[f"_end_podcast_{name}"] = functools.partialmethod(_Podcasting.complete, name)
    return type(parser.__name__, (_Podcasting, parser), known)


STRICT, LOOSE = map(_extend, (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser))


def _parse(content: bytes, address: str, charset: str) -> Any:
    """Do as `feedparser.parse`; entries and feed have their tags of Podcasting 2.0. Raises
    ReaderError for what is no feed."""
    text = read_text(content, address, charset)
    feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser = STRICT, LOOSE
    sent = {"content-location": address, "content-type": "application/xml; charset=utf-8"}
    given = io.BytesIO(text.encode())
    message = _("{address} : un flux qui ne se lit pas ({error})")
    with retold(message, Exception, by=ReaderError, address=address):
        found = feedparser.parse(given, response_headers=sent, sanitize_html=False)
    if not found.get("version") and not found.entries:
        raise ReaderError(_("{address} : pas un flux", address=address))
    return found


def read_text(content: bytes, address: str, charset: str) -> str:
    """Give the text of a feed without its declaration, which often names another encoding. What
    reads as UTF-8 is UTF-8; else the declaration counts, then the charset that was sent. Raises
    ReaderError where it declares types or entities: these make 9 MB of 10 kB."""
    text, letters = transcript.decode(content)
    if letters and not letters.startswith("UTF"):
        begun = DECLARATION.match(content[:300].decode("latin-1"))
        declared = ENCODING.search(begun[1]) if begun else None
        for name in (declared[1] if declared else "", charset):
            with contextlib.suppress(LookupError, UnicodeDecodeError):
                if name:
                    text = content.decode(name)
                    break
    text = UNFIT.sub("", DECLARATION.sub("", text, count=1)).lstrip()
    head = text[: match.start()] if (match := HEAD.search(text)) else text
    if TYPED.search(head) or "<!ENTITY" in text:
        message = _("{address} : un flux avec un DOCTYPE ou des entités ; il n’est pas lu")
        raise ReaderError(message, address=address)
    return text
