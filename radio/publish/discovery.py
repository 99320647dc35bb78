"""How browsers and search engines find their way: OpenSearch and sitemap. Pure.

Formats: OpenSearch description document 1.1 (https://github.com/dewitt/opensearch) and the sitemap
protocol (https://www.sitemaps.org/protocol.html).
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable

from radio.publish.markup import add, render

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
LONGEST_NAME = 16  # characters of a ShortName
MOST_PAGES = 50_000  # in a sitemap


def render_opensearch(name: str, description: str, base_url: str) -> bytes:
    """Describe the search, so that a browser can offer it."""
    root = ET.Element("OpenSearchDescription", xmlns=OPENSEARCH)
    add(root, "ShortName", name[:LONGEST_NAME])
    add(root, "Description", description)
    add(root, "InputEncoding", "UTF-8")
    add(root, "Image", f"{base_url}/static/icon.svg", type="image/svg+xml")
    for mime, path in (("text/html", "/search"), ("application/rss+xml", "/search.xml")):
        add(root, "Url", type=mime, template=f"{base_url}{path}?q={{searchTerms}}")
    return render(root)


def render_sitemap(pages: Iterable[str], base_url: str) -> bytes:
    """List the addresses of pages, given from the root of the site."""
    root = ET.Element("urlset", xmlns=SITEMAP)
    for page, _ in zip(pages, range(MOST_PAGES), strict=False):
        add(ET.SubElement(root, "url"), "loc", f"{base_url}{page}")
    return render(root)
