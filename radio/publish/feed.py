"""Feeds: of a show, RSS 2.0 with iTunes and Podcasting 2.0 tags; of passages found. Pure.

What must be in that of a show: PSP-1, "The Podcast RSS Standard"
(https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification). The enclosure is
the untouched file.
"""

import datetime as dt
import email.utils
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from radio.episode import Episode, Show
from radio.publish.markup import add, render

ATOM = "http://www.w3.org/2005/Atom"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
TRANSCRIPTS = {"vtt": "text/vtt", "srt": "application/x-subrip", "txt": "text/plain"}

ET.register_namespace("atom", ATOM)
ET.register_namespace("itunes", ITUNES)
ET.register_namespace("podcast", PODCAST)


def render_feed(
    show: Show, episodes: Iterable[Episode], transcribed: set[str], base_url: str
) -> bytes:
    """Write the feed of a show; `transcribed` are the keys that have a transcript.

    `base_url` is the site's own address, without a slash at its end.
    """
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    page = f"{base_url}/shows/{show.slug}/"
    add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=f"{page}feed.xml")
    add(channel, "title", show.title)
    add(channel, "link", show.link or page)
    add(channel, "description", show.description or show.title)
    add(channel, "language", show.language)
    add(channel, f"{{{ITUNES}}}author", show.author or show.station)
    add(channel, f"{{{ITUNES}}}explicit", str(show.explicit).lower())
    add(channel, f"{{{PODCAST}}}guid", show.guid)
    add(channel, f"{{{PODCAST}}}locked", "no")
    if show.category:
        add(channel, f"{{{ITUNES}}}category", text=show.category)
    for episode in episodes:
        _add_item(channel, episode, show, episode.key in transcribed, base_url)
    return render(rss)


@dataclass(frozen=True)
class Excerpt:
    """A passage in a feed of passages."""

    title: str
    link: str
    date: dt.date
    text: str


def render_excerpts(title: str, page: str, own: str, excerpts: Iterable[Excerpt]) -> bytes:
    """Write the feed of passages; `page` and `own` are the addresses of its page and itself."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=own)
    add(channel, "title", title)
    add(channel, "link", page)
    add(channel, "description", title)
    for excerpt in excerpts:
        item = ET.SubElement(channel, "item")
        add(item, "title", excerpt.title)
        add(item, "link", excerpt.link)
        add(item, "guid", excerpt.link, isPermaLink="true")
        add(item, "pubDate", _noon(excerpt.date))
        add(item, "description", excerpt.text)
    return render(rss)


def _noon(day: dt.date) -> str:
    return email.utils.format_datetime(dt.datetime.combine(day, dt.time(12), dt.UTC))


def _add_item(
    channel: ET.Element, episode: Episode, show: Show, transcribed: bool, base_url: str
) -> None:
    item = ET.SubElement(channel, "item")
    add(item, "title", episode.title)
    add(item, "link", f"{base_url}/shows/{episode.key}")
    add(item, "guid", episode.guid, isPermaLink="false")
    add(item, "pubDate", _noon(episode.date))
    add(item, "description", episode.description)
    add(item, f"{{{ITUNES}}}duration", str(round(episode.audio.duration)))
    audio = f"{base_url}/media/{episode.show}/{episode.audio.file}"
    size = str(episode.audio.size)
    add(item, "enclosure", url=audio, length=size, type=episode.audio.mime)
    for suffix, mime in TRANSCRIPTS.items() if transcribed else ():
        address = f"{base_url}/transcripts/{episode.key}.{suffix}"
        tag = f"{{{PODCAST}}}transcript"
        add(item, tag, url=address, type=mime, language=show.language)
