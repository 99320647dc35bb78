"""Feeds: of a show or of all, RSS 2.0 with iTunes and Podcasting 2.0 tags; of passages. Pure. The
rules: https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification and
https://github.com/Podcastindex-org/podcast-namespace. Long feeds have pages (RFC 5005)."""

import base64
import datetime as dt
import email.utils
import html
import re
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from radio.archive.episode import Episode, Show, mime_of
from radio.archive.imprint import MAIL
from radio.formats import addresses
from radio.formats.markdown import described, plain, render_html
from radio.formats.markup import add, render
from radio.formats.podcast_taxonomy import find_category, find_role
from radio.system.connection.place import is_address

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
XHTML = "http://www.w3.org/1999/xhtml"
SPACES = {"atom": ATOM, "content": CONTENT, "itunes": ITUNES, "podcast": PODCAST, "h": XHTML}
for prefix, space in SPACES.items():
    ET.register_namespace(prefix, space)

RSS = "application/rss+xml"
PAGE = 300  # episodes
TRANSCRIPTS = {
    "vtt": {"type": "text/vtt", "rel": "captions"},
    "podcast.json": {"type": "application/json"},
    "srt": {"type": "application/x-subrip", "rel": "captions"},
}
KNOWN_LICENSE = re.compile(r"cc0-1\.0|cc-by(-nc)?(-sa|-nd)?-[1-4]\.0")
FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  # what `podcast:guid` is made with
PURPOSES = ("verify", "applepodcastsverify")  # of the code of a directory
PLACE = re.compile(r"(?P<name>[^()]*)(?:\((?P<geo>geo:[-+.,;=\w]+)\))?")  # RFC 5870
LONGEST_NAME = 128  # characters of a person, a soundbite, a place or a licence
LONGEST_TITLE = 255  # characters
LONGEST_DESCRIPTION = 4000  # bytes

Tag = tuple[str, str, dict[str, str]]  # name, content, attributes; left out without both


@dataclass(frozen=True)
class FeedEntry:
    """An episode in a feed."""

    show: Show
    episode: Episode
    transcribed: bool
    divided: bool  # into chapters


@dataclass(frozen=True)
class Feed:
    """What a feed says of itself, and what is in it, the newest first."""

    about: Show  # of all shows together: see `whole_feed`
    page: str  # address on the site of the page that people read
    path: str  # and of the feed
    entries: Sequence[FeedEntry]

    @property
    def pages(self) -> int:
        """Count the pages."""
        return max(1, -(-len(self.entries) // PAGE))


def show_feed(show: Show, entries: Sequence[FeedEntry]) -> Feed:
    """Make the feed of a show."""
    page, path = addresses.show_page("", show.slug), addresses.show_feed("", show.slug)
    return Feed(show, page, path, entries)


def whole_feed(title: str, shows: Sequence[Show], entries: Sequence[FeedEntry]) -> Feed:
    """Make the feed of all shows: what they all say, the cover of the first, and no guid."""

    def common(values: Iterable[str]) -> str:
        distinct = set(values)
        return distinct.pop() if len(distinct) == 1 else ""

    about = Show(
        slug=shows[0].slug if shows else "",
        title=title,
        description=", ".join(show.title for show in shows),
        image=shows[0].image if shows else "",
        station=common(show.station for show in shows),
        author=common(_author(show) for show in shows),
        language=common(show.language for show in shows) or "fr",
        category=common(show.category for show in shows),
        explicit=any(show.explicit for show in shows),
        license=common(show.license for show in shows),
        owner=common(show.owner for show in shows),
        location=common(show.location for show in shows),
    )
    return Feed(about, "/", "/feed.xml", entries)


def _author(show: Show) -> str:
    return show.author or ", ".join(show.producers)


@dataclass(frozen=True)
class Reception:
    """What a browser shows of a feed: how it looks, and a sentence for who opened it there."""

    style: str = ""  # address of the sheet
    text: str = ""
    link: str = ""  # where the sentence leads


PLAIN = Reception()


def render_feed(
    feed: Feed, base_url: str, number: int = 1, reception: Reception = PLAIN, origin: str = ""
) -> bytes:
    """Write a page of a feed, counted from 1; no slash ends `base_url`, the site's own address, nor
    `origin`, that of what it is a copy of."""
    rss, about = ET.Element("rss", {"version": "2.0"}), feed.about
    channel = ET.SubElement(rss, "channel")
    _fill(channel, _head(feed, base_url, number))
    parent, child = find_category(about.category)
    category = ET.SubElement(channel, f"{{{ITUNES}}}category", text=parent)
    if child:
        _fill(category, [("itunes:category", "", {"text": child})])
    if MAIL.fullmatch(about.owner):
        owner: list[Tag] = [("itunes:name", _maker(about), {}), ("itunes:email", about.owner, {})]
        _fill(ET.SubElement(channel, f"{{{ITUNES}}}owner"), owner)
    _fill(channel, _about_podcast(about, base_url))
    publisher = ET.SubElement(channel, f"{{{PODCAST}}}publisher")
    guid = guid_of(addresses.publisher_feed(origin or base_url))
    _fill(publisher, [_remote("publisher", guid, addresses.publisher_feed(base_url))])
    for entry in feed.entries[(number - 1) * PAGE : number * PAGE]:
        item, show = ET.SubElement(channel, "item"), entry.show
        _fill(item, _about_item(entry, base_url))
        if entry.episode.rights.allows("feed"):
            _add_audio(item, entry.episode, base_url)
        _fill(item, _beside_sound(entry, base_url))
        if show != about:
            source = {"url": addresses.show_feed(base_url, show.slug)}
            _fill(item, [("source", one_line(show.title), source)])
            if show.license != about.license:
                _fill(item, [_license(show.license, base_url)])
    if reception.text:  # as XHTML: programs leave out what they don't know
        paragraph = ET.SubElement(channel, f"{{{XHTML}}}p")
        _fill(paragraph, [("h:a", reception.text, {"href": reception.link})])
    return render(rss, reception.style)


def _fill(parent: ET.Element, tags: Iterable[Tag]) -> None:
    for name, content, attributes in tags:
        prefix, _colon, bare = name.rpartition(":")
        add(parent, f"{{{SPACES[prefix]}}}{bare}" if prefix else bare, content, **attributes)


def _head(feed: Feed, base_url: str, number: int) -> Iterator[Tag]:
    about, address = feed.about, f"{base_url}{feed.path}"
    numbers = {"self": number}
    if feed.pages > 1:
        numbers |= {"first": 1, "previous": number - 1, "next": number + 1, "last": feed.pages}
    for rel, page in numbers.items():
        if 1 <= page <= feed.pages:
            href = address if page == 1 else f"{address}?page={page}"
            yield "atom:link", "", {"rel": rel, "type": RSS, "href": href}
    title = one_line(about.title) or about.slug
    yield "title", title, {}
    yield "link", about.page or f"{base_url}{feed.page}", {}
    yield "description", short(untagged(plain(about.description))) or untagged(title), {}
    yield "language", about.language, {}
    yield "itunes:author", _maker(about), {}
    yield "itunes:explicit", str(about.explicit).lower(), {}
    yield "itunes:type", "episodic", {}
    if about.slug:
        yield "itunes:image", "", {"href": addresses.cover(base_url, about)}


def _maker(about: Show) -> str:
    return one_line(_author(about) or about.station or about.title)


def _about_podcast(about: Show, base_url: str) -> Iterator[Tag]:
    """Give what Podcasting 2.0 tells of a show."""
    yield "podcast:guid", about.guid, {}
    yield "podcast:locked", "yes", {}
    yield "podcast:medium", "podcast", {}
    yield _license(about.license, base_url)
    if about.slug:
        alt = one_line(about.image_shows or about.title)
        yield "podcast:image", "", {"href": addresses.cover(base_url, about), "alt": alt}
    for link in filter(lambda each: is_address(each.url), about.funding):
        yield "podcast:funding", one_line(link.title or link.url)[:LONGEST_NAME], {"url": link.url}
    place = PLACE.fullmatch(about.location.strip())
    if place and place["name"].strip():
        geo = {"geo": place["geo"]} if place["geo"] else {}
        yield "podcast:location", one_line(place["name"])[:LONGEST_NAME], {"rel": "creator"} | geo
    for claim in about.claims:
        first, _space, code = claim.partition(" ")
        purpose = first if code and first in PURPOSES else PURPOSES[0]
        yield "podcast:txt", code if purpose == first else claim, {"purpose": purpose}


def guid_of(address: str) -> str:
    """Name a feed by its address, as the rules of `podcast:guid` have it for who has no name.

    >>> guid_of("https://podnews.net/rss")
    '9b024349-ccf0-5f69-a609-6b82873eab3c'
    """
    return str(uuid.uuid5(FEEDS, address.partition("://")[2].rstrip("/")))


def _remote(medium: str, guid: str, address: str) -> Tag:
    """Name another feed."""
    told = {"medium": medium, "feedGuid": guid or guid_of(address), "feedUrl": address}
    return "podcast:remoteItem", "", told


def render_publisher(title: str, shows: Sequence[Show], base_url: str, origin: str = "") -> bytes:
    """Write the feed of who publishes some shows: it names them, and they name it."""
    rss, own = ET.Element("rss", {"version": "2.0"}), addresses.publisher_feed(base_url)
    channel = ET.SubElement(rss, "channel")
    head: list[Tag] = [("atom:link", "", {"rel": "self", "type": RSS, "href": own})]
    head += [("title", one_line(title), {}), ("link", f"{base_url}/", {})]
    guid = guid_of(addresses.publisher_feed(origin or base_url))
    about = untagged(", ".join(show.title for show in shows))
    head += [("description", about, {}), ("language", shows[0].language, {})]
    head += [("itunes:author", one_line(title), {})]
    head += [("itunes:image", "", {"href": addresses.cover(base_url, shows[0])})]
    head += [("podcast:guid", guid, {}), ("podcast:medium", "publisher", {})]
    places = ((show.guid, addresses.show_feed(base_url, show.slug)) for show in shows)
    head += [_remote("podcast", named, address) for named, address in places]
    _fill(channel, head)
    return render(rss)


def _license(text: str, base_url: str) -> Tag:
    """Name a licence; one that isn't widely known is explained on the page about the site."""
    name = "-".join(text.lower().split())[:LONGEST_NAME]
    is_known = not name or KNOWN_LICENSE.fullmatch(name)
    return "podcast:license", name, {} if is_known else {"url": f"{base_url}{addresses.TERMS}"}


def _about_item(entry: FeedEntry, base_url: str) -> Iterator[Tag]:
    show, episode = entry.show, entry.episode
    text = described(show, episode)
    links = ""
    for link in filter(lambda each: is_address(each.url), episode.links):
        name = html.escape(link.title or link.url)
        links += f'<li><a href="{html.escape(link.url)}">{name}</a></li>'
    notes = render_html(short(text)) + (f"<ul>{links}</ul>" if links else "")
    yield "title", one_line(episode.title) or episode.slug, {}
    yield "link", addresses.episode_page(base_url, episode.key), {}
    yield "guid", episode.guid or episode.key, {"isPermaLink": "false"}
    yield "pubDate", noon(episode.date), {}
    yield "description", short(untagged(plain(text))), {}
    yield "content:encoded", notes, {}
    yield "itunes:author", one_line(", ".join(episode.producers)), {}
    yield "itunes:duration", str(round(episode.audio.duration)), {}
    yield "itunes:explicit", str(show.explicit).lower(), {}
    yield "itunes:image", "", {"href": addresses.cover(base_url, show, episode.image)}
    for name, number in (("season", episode.season), ("episode", episode.number)):
        for space in ("itunes", "podcast") if number else ():
            yield f"{space}:{name}", str(number), {}


def _add_audio(item: ET.Element, episode: Episode, base_url: str) -> None:
    """Add the file as it was received, and its hash so that everybody can check it."""
    audio = episode.audio
    address = addresses.recording(base_url, episode)
    what = {"type": mime_of(audio.file) or audio.mime, "length": str(audio.size)}
    add(item, "enclosure", url=address, **what)
    again = ET.SubElement(item, f"{{{PODCAST}}}alternateEnclosure", what | {"default": "true"})
    add(again, f"{{{PODCAST}}}source", uri=address)
    if re.fullmatch("[0-9a-fA-F]{64}", audio.sha256):
        digest = base64.b64encode(bytes.fromhex(audio.sha256)).decode()
        add(again, f"{{{PODCAST}}}integrity", type="sri", value=f"sha256-{digest}")


def _beside_sound(entry: FeedEntry, base_url: str) -> Iterator[Tag]:
    """Give transcripts, chapters, people (collectives are producers) and soundbites."""
    show, episode = entry.show, entry.episode
    for form, what in TRANSCRIPTS.items() if entry.transcribed else ():
        address = addresses.transcript(base_url, episode.key, form)
        about = {"url": address, "language": show.language_of(episode), **what}
        yield "podcast:transcript", "", about
    if entry.divided:
        address = addresses.chapter_list(base_url, episode)
        yield "podcast:chapters", "", {"url": address, "type": "application/json+chapters"}
    named = [(person.name, person.role) for person in episode.people]
    named += [(name, "producer") for name in show.producers_of(episode)]
    for name, role in named:
        if line := one_line(name)[:LONGEST_NAME]:
            yield "podcast:person", line, find_role(role)
    for bite in episode.soundbites if episode.rights.allows("feed") else ():
        if 0 <= bite.start < bite.start + bite.duration <= episode.audio.duration:
            times = {"startTime": str(bite.start), "duration": str(bite.duration)}
            yield "podcast:soundbite", one_line(bite.title)[:LONGEST_NAME], times


def noon(day: dt.date) -> str:
    """Write the noon of a day, UTC: of a broadcast we know the day alone.

    >>> noon(dt.date(2024, 1, 16))
    'Tue, 16 Jan 2024 12:00:00 +0000'
    """
    return email.utils.format_datetime(dt.datetime.combine(day, dt.time(12), dt.UTC))


def one_line(text: str) -> str:
    """Write a title as feeds take it."""
    return " ".join(text.split())[:LONGEST_TITLE].rstrip()


def untagged(text: str) -> str:
    """Write a text that is a description as is: what looks like a tag is none, taken for HTML too.

    >>> untagged("<script>, 2 < 3 & co")
    '&lt;script>, 2 < 3 & co'
    """
    return re.sub("<(?=[A-Za-z/!?])", "&lt;", text)


def short(text: str) -> str:
    """Cut a description to what directories take."""
    kept = text.strip().encode(errors="ignore")[:LONGEST_DESCRIPTION]
    return kept.decode(errors="ignore").rstrip()


@dataclass(frozen=True)
class Excerpt:
    """A passage in a feed of passages, or something that waits."""

    title: str
    link: str
    date: dt.date
    text: str
    guid: str = ""  # where several have one link


def render_excerpts(
    title: str, about: str, page: str, own: str, excerpts: Iterable[Excerpt]
) -> bytes:
    """Write the feed of passages; `page` and `own` are the addresses of its page and itself."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    head: list[Tag] = [("atom:link", "", {"rel": "self", "type": RSS, "href": own})]
    head += [("title", title, {}), ("link", page, {}), ("description", untagged(about), {})]
    _fill(channel, head)
    for excerpt in excerpts:
        item: list[Tag] = [("title", excerpt.title, {}), ("link", excerpt.link, {})]
        is_link = "false" if excerpt.guid else "true"
        item += [("guid", excerpt.guid or excerpt.link, {"isPermaLink": is_link})]
        item += [("pubDate", noon(excerpt.date), {}), ("description", untagged(excerpt.text), {})]
        _fill(ET.SubElement(channel, "item"), item)
    return render(rss)
