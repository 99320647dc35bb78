"""The list of all feeds, for programs that subscribe to many: OPML 2.0 (http://opml.org/spec2.opml)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from radio.archive.episode import Show
from radio.formats import addresses
from radio.formats.markdown import plain
from radio.formats.xml_writer import add, render


def render_opml(title: str, shows: Iterable[Show], base_url: str) -> bytes:
    """List the feed of each show; `base_url` is the site's own address, without a slash."""
    opml = ET.Element("opml", version="2.0")
    add(ET.SubElement(opml, "head"), "title", title)
    body = ET.SubElement(opml, "body")
    for show in shows:
        add(
            body,
            "outline",
            type="rss",
            version="RSS2",
            text=show.title,
            title=show.title,
            description=plain(show.description),
            language=show.language,
            htmlUrl=addresses.show_page(base_url, show.slug),
            xmlUrl=addresses.show_feed(base_url, show.slug),
        )
    return render(opml)
