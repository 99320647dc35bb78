"""A feed of passages, one for each search: RSS 2.0. Pure."""

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

from radio.formats.podcast_item import ATOM, noon, untagged
from radio.formats.xml_writer import add, render


@dataclass(frozen=True)
class Excerpt:
    """A passage in a feed of passages."""

    title: str
    link: str
    date: dt.date
    text: str


def render_excerpts(
    title: str, about: str, page: str, own: str, excerpts: Iterable[Excerpt]
) -> bytes:
    """Write the feed of passages; `page` and `own` are the addresses of its page and itself."""
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    add(channel, f"{{{ATOM}}}link", rel="self", type="application/rss+xml", href=own)
    add(channel, "title", title)
    add(channel, "link", page)
    add(channel, "description", untagged(about))
    for excerpt in excerpts:
        item = ET.SubElement(channel, "item")
        add(item, "title", excerpt.title)
        add(item, "link", excerpt.link)
        add(item, "guid", excerpt.link, isPermaLink="true")
        add(item, "pubDate", noon(excerpt.date))
        add(item, "description", untagged(excerpt.text))
    return render(rss)
