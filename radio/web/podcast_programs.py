"""The programs that take podcasts, and the addresses by which each takes a feed. Pure.

Each address has a scheme that a program on the device answers to: a press asks no other site.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote


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
