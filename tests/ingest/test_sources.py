"""An address: what it answers decides how it is read."""

import pytest

from radio.connection.fetch import Web
from radio.errors import ReaderError
from radio.ingest import sources
from radio.ingest.description import Arrival
from tests.ingest.site import Page, Site
from tests.ingest.written import item, rss

HTML = {"Content-Type": "text/html; charset=utf-8"}


def page(head: str) -> Page:
    return 200, HTML, f"<!doctype html><html><head>{head}</head><body>Bonjour</body>".encode()


def titles(site: Site, path: str) -> list[str]:
    found = list(sources.arrivals(Web(), site.address + path))
    return [each.said.title or each.name for each in found if isinstance(each, Arrival)]


@pytest.mark.parametrize(
    ("path", "what", "expected"),
    [
        ("/podcast.html", rss(item("a")), ["a"]),  # a feed under the name of a page
        ("/feed.xml", page('<link rel="alternate" type="application/rss+xml" href="/f">'), ["f"]),
        ("/", page("<LINK type='application/rss+xml' href=f rel='x alternate'>"), ["f"]),
        ("/fichier", b"ID3\x04\0\0\0\0\0\0", ["fichier"]),  # sound without a name for it
        ("/la%20rue", (200, HTML, b"OggS\0"), ["la rue"]),
    ],
)
def test_what_is_answered_decides_and_not_its_name(
    site: Site, path: str, what: Page, expected: list[str]
) -> None:
    site.pages = {path: what, "/f": rss(item("f"))}
    assert titles(site, path) == expected


def test_of_a_long_recording_no_more_is_read_than_its_beginning(site: Site) -> None:
    site.pages = {"/long": (200, {}, b"fLaC" + bytes(8 << 20))}
    assert titles(site, "/long") == ["long"]


def test_the_feed_of_the_shows_is_read_and_not_that_of_the_comments(site: Site) -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    site.pages = {
        "/": page(link.format("/comments/feed/") + link.format("/feed/?a=1&amp;b=2")),
        "/feed/?a=1&b=2": rss(item("f")),
    }
    assert titles(site, "/") == ["f"]


def test_an_address_that_has_nothing_says_so(site: Site) -> None:
    site.pages = {"/": page("<title>Rien</title>"), "/gone": (410, {}, b"")}
    with pytest.raises(ReaderError, match="no recording"):
        titles(site, "/")
