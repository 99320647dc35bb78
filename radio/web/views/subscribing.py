"""Subscribing: what it is, the address of the feed, and the programs that take it.

Each program has a scheme of addresses that it answers to on the device: a press asks no other site.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from radio.archive.episode import Show
from radio.pictures import qr
from radio.web.addresses import absolute, known_url
from radio.web.context import catalogue, shows


@dataclass(frozen=True)
class Program:
    """A program, and how the address of a feed is written for it."""

    name: str
    device: str  # see DEVICES
    prefix: str
    is_whole: bool = False  # it takes the feed's address with its scheme, quoted
    tells: bool = True  # its maker which feeds somebody takes, unless that is turned off


DEVICES = ("android", "apple", "computer")
PROGRAMS = (
    Program("AntennaPod", "android", "antennapod-subscribe://", tells=False),
    Program("Pocket Casts", "android", "pktc://subscribe/"),
    Program("Apple Podcasts", "apple", "podcast://"),
    Program("Overcast", "apple", "overcast://x-callback-url/add?url=", is_whole=True),
    Program("Pocket Casts", "apple", "pktc://subscribe/"),
    Program("Castro", "apple", "castro://subscribe/"),
    Program("gPodder", "computer", "gpodder://", tells=False),
    Program("Apple Podcasts", "computer", "podcast://"),
)
ANY = Program("", "", "feed://", tells=False)  # whatever answers to that


def link(program: Program, feed: str) -> str:
    """Write the address by which a program takes a feed.

    >>> link(PROGRAMS[0], "https://radio.example/feed.xml")
    'antennapod-subscribe://radio.example/feed.xml'
    >>> link(PROGRAMS[3], "https://radio.example/feed.xml")
    'overcast://x-callback-url/add?url=https%3A%2F%2Fradio.example%2Ffeed.xml'
    """
    address = quote(feed, safe="") if program.is_whole else feed.partition("://")[2]
    return f"{program.prefix}{address}"


def links(device: str, feed: str) -> Iterator[tuple[Program, str]]:
    """Give the programs of a device, each with its address."""
    return ((each, link(each, feed)) for each in PROGRAMS if each.device == device)


subscribing = Blueprint("subscribing", __name__)


@subscribing.get("/subscribe")
def all_shows() -> str:
    """Subscribe to all shows, or choose one."""
    return _page(url_for("feeds.all_shows"))


@subscribing.get("/shows/<show>/subscribe")
def show(show: str) -> str:
    """Subscribe to a show."""
    item = catalogue().archive.show(show)
    return _page(url_for("feeds.feed", show=item.slug), item)


def _page(path: str, item: Show | None = None) -> str:
    """Show the page of a feed; where the site doesn't know its address, nobody can subscribe."""
    feed = absolute(path) if known_url() else ""
    return render_template(
        "subscribe.html",
        show=item,
        others=[each for each in shows() if each != item],
        feed=feed,
        path=path,
        programs=[(device, list(links(device, feed))) for device in DEVICES],
        any_program=link(ANY, feed),
        code=Markup(qr(feed)) if feed else "",  # noqa: S704 (drawn from an address)
    )
