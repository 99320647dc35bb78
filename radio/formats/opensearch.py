"""OpenSearch 1.1 (https://github.com/dewitt/opensearch), the sitemap
(https://www.sitemaps.org/protocol.html), and OPML 2.0 (http://opml.org/spec2.opml). Pure."""

import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Iterable

from radio.archive.episode import Show
from radio.formats import addresses
from radio.formats.markdown import plain
from radio.formats.markup import add, render

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LONGEST_NAME = 16  # characters of a ShortName
LONGEST_LONG_NAME = 48
LINKING = {"à", "and", "de", "des", "du", "et", "la", "le", "les", "of", "the"}
MOST_PAGES = 50_000  # in a sitemap


def render_opensearch(name: str, description: str, base_url: str, mail: str = "") -> bytes:
    """Describe the search, so that a browser can offer it; `mail` is who answers for it."""
    root = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    add(root, "ShortName", short_name(name))
    add(root, "LongName", textwrap.shorten(name, LONGEST_LONG_NAME, placeholder="…"))
    add(root, "Description", description)
    add(root, "Contact", mail)
    add(root, "InputEncoding", "UTF-8")
    add(root, "Image", f"{base_url}{addresses.ICON}", type="image/svg+xml")
    pages = {"text/html": addresses.SEARCH, "application/rss+xml": addresses.SEARCH_FEED}
    for mime, path in pages.items():
        add(root, "Url", type=mime, template=f"{base_url}{path}?q={{searchTerms}}")
    return render(root)


def short_name(name: str) -> str:
    """Give the words of a name that a browser has room for, whole, and no half of a phrase.

    >>> short_name("Radio Dio, les archives"), short_name("Archives sonores")
    ('Radio Dio', 'Archives sonores')
    >>> short_name("La Machine à découdre"), short_name("Anticonstitutionnellement")
    ('La Machine', 'Anticonstitution')
    """
    words = textwrap.shorten(name, LONGEST_NAME, placeholder="").split()
    if words != name.split():
        while words and words[-1].lower() in LINKING:
            words.pop()
    return " ".join(words).rstrip(" ,;:–-") or name[:LONGEST_NAME]


def render_sitemap(pages: Iterable[str]) -> bytes:
    """List the whole addresses of pages."""
    root = ET.Element("urlset", xmlns=SITEMAP)
    for page, _ in zip(pages, range(MOST_PAGES), strict=False):
        add(ET.SubElement(root, "url"), "loc", page)
    return render(root)


def render_opml(title: str, shows: Iterable[Show], base_url: str) -> bytes:
    """List the feed of each show; `base_url` is the site's own address, without a slash."""
    opml = ET.Element("opml", version="2.0")
    add(ET.SubElement(opml, "head"), "title", title)
    body = ET.SubElement(opml, "body")
    for show in shows:
        about = {"type": "rss", "version": "RSS2", "text": show.title, "title": show.title}
        about |= {"description": plain(show.description), "language": show.language}
        about["htmlUrl"] = addresses.show_page(base_url, show.slug)
        about["xmlUrl"] = addresses.show_feed(base_url, show.slug)
        add(body, "outline", **about)
    return render(opml)
