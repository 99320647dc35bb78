"""Podcast feeds, of a show or of all: RSS 2.0 with iTunes and Podcasting 2.0 tags. Pure.

What must be in one: PSP-1, "The Podcast RSS Standard"
(https://github.com/Podcast-Standards-Project/PSP-1-Podcast-RSS-Specification). A feed is whole up
to 300 episodes; a longer one has pages (RFC 5005, section 3).

Its category is one of those that directories know
(https://podcasters.apple.com/support/1691-apple-podcasts-categories).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from radio.archive.episode import Episode, Show
from radio.formats import addresses
from radio.formats.markdown import plain
from radio.formats.podcast_item import (
    ATOM,
    ITUNES,
    LONGEST_NAME,
    PODCAST,
    add_item,
    one_line,
    short,
    untagged,
)
from radio.formats.xml_writer import add, render

DEFAULT = "Society & Culture"
CATEGORIES = {
    "Arts": "Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts",
    "Business": "Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit",
    "Comedy": "Comedy Interviews, Improv, Stand-Up",
    "Education": "Courses, How To, Language Learning, Self-Improvement",
    "Fiction": "Comedy Fiction, Drama, Science Fiction",
    "Government": "",
    "Health & Fitness": (
        "Alternative Health, Fitness, Medicine, Mental Health, Nutrition, Sexuality"
    ),
    "History": "",
    "Kids & Family": "Education for Kids, Parenting, Pets & Animals, Stories for Kids",
    "Leisure": (
        "Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, "
        "Video Games"
    ),
    "Music": "Music Commentary, Music History, Music Interviews",
    "News": (
        "Business News, Daily News, Entertainment News, News Commentary, Politics, Sports News, "
        "Tech News"
    ),
    "Religion & Spirituality": (
        "Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, Spirituality"
    ),
    "Science": (
        "Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, Natural Sciences, "
        "Nature, Physics, Social Sciences"
    ),
    "Society & Culture": (
        "Documentary, Personal Journals, Philosophy, Places & Travel, Relationships"
    ),
    "Sports": (
        "Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, Running, "
        "Soccer, Swimming, Tennis, Volleyball, Wilderness, Wrestling"
    ),
    "TV & Film": "After Shows, Film History, Film Interviews, Film Reviews, TV Reviews",
    "Technology": "",
    "True Crime": "",
}
PLACES = {parent.lower(): (parent, "") for parent in CATEGORIES} | {
    child.lower(): (parent, child)
    for parent, children in CATEGORIES.items()
    for child in children.split(", ")
    if child
}


def find_category(text: str) -> tuple[str, str]:
    """Find a category and, where that is meant, its part; the default where it is none.

    >>> find_category("news"), find_category("News > Politics"), find_category("Politics")
    (('News', ''), ('News', 'Politics'), ('News', 'Politics'))
    >>> find_category("Contre la surveillance"), find_category("")
    (('Society & Culture', ''), ('Society & Culture', ''))
    """
    name = text.rpartition(">")[2].strip().lower()
    return PLACES.get(name, (DEFAULT, ""))


PAGE = 300  # episodes
XHTML = "http://www.w3.org/1999/xhtml"
ET.register_namespace("h", XHTML)
KNOWN_LICENSE = re.compile(r"cc0-1\.0|cc-by(-nc)?(-sa|-nd)?-[1-4]\.0")


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
    return Feed(
        show, addresses.show_page("", show.slug), addresses.show_feed("", show.slug), entries
    )


def whole_feed(title: str, shows: Sequence[Show], entries: Sequence[FeedEntry]) -> Feed:
    """Make the feed of all shows: it says what they all say, and has the cover of the first.

    It has no guid, which would have to be kept somewhere for ever.
    """
    about = Show(
        slug=shows[0].slug if shows else "",
        title=title,
        description=", ".join(show.title for show in shows),
        image=shows[0].image if shows else "",
        station=_common(show.station for show in shows),
        author=_common(_author(show) for show in shows),
        language=_common(show.language for show in shows) or "fr",
        category=_common(show.category for show in shows),
        explicit=any(show.explicit for show in shows),
        license=_common(show.license for show in shows),
    )
    return Feed(about, "/", "/feed.xml", entries)


@dataclass(frozen=True)
class Reception:
    """What a browser shows of a feed: how it looks, and a sentence for who opened it there."""

    style: str = ""  # address of the sheet
    told: str = ""
    link: str = ""  # where the sentence leads


PLAIN = Reception()


def render_feed(feed: Feed, base_url: str, number: int = 1, reception: Reception = PLAIN) -> bytes:
    """Write a page of a feed, counted from 1.

    `base_url` is the site's own address, without a slash at its end.
    """
    rss = ET.Element("rss", {"version": "2.0"})
    channel = ET.SubElement(rss, "channel")
    _add_links(channel, feed, f"{base_url}{feed.path}", number)
    _describe(channel, feed, base_url)
    for entry in feed.entries[(number - 1) * PAGE : number * PAGE]:
        show = entry.show
        item = add_item(
            channel,
            show,
            entry.episode,
            base_url,
            transcribed=entry.transcribed,
            divided=entry.divided,
        )
        if show != feed.about:
            _add_origin(item, show, feed.about, base_url)
    _receive(channel, reception)
    return render(rss, reception.style)


def _receive(channel: ET.Element, reception: Reception) -> None:
    """Add the sentence for browsers, as XHTML: programs leave out what they don't know."""
    if reception.told:
        paragraph = ET.SubElement(channel, f"{{{XHTML}}}p")
        add(paragraph, f"{{{XHTML}}}a", reception.told, href=reception.link)


def _common(values: Iterable[str]) -> str:
    """Give what all say, or nothing."""
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""


def _add_links(channel: ET.Element, feed: Feed, address: str, number: int) -> None:
    numbers = {"self": number}
    if feed.pages > 1:
        numbers |= {"first": 1, "previous": number - 1, "next": number + 1, "last": feed.pages}
    for rel, page in numbers.items():
        if 1 <= page <= feed.pages:
            href = address if page == 1 else f"{address}?page={page}"
            add(channel, f"{{{ATOM}}}link", rel=rel, type="application/rss+xml", href=href)


def _describe(channel: ET.Element, feed: Feed, base_url: str) -> None:
    about = feed.about
    title = one_line(about.title) or about.slug
    add(channel, "title", title)
    add(channel, "link", about.page or f"{base_url}{feed.page}")
    add(channel, "description", short(untagged(plain(about.description))) or untagged(title))
    add(channel, "language", about.language)
    add(channel, f"{{{ITUNES}}}author", one_line(_author(about) or about.station or about.title))
    add(channel, f"{{{ITUNES}}}explicit", str(about.explicit).lower())
    add(channel, f"{{{ITUNES}}}type", "episodic")
    if about.slug:
        add(channel, f"{{{ITUNES}}}image", href=addresses.cover(base_url, about))
    parent, child = find_category(about.category)
    category = ET.SubElement(channel, f"{{{ITUNES}}}category", text=parent)
    if child:
        add(category, f"{{{ITUNES}}}category", text=child)
    add(channel, f"{{{PODCAST}}}guid", about.guid)
    add(channel, f"{{{PODCAST}}}locked", "yes")
    add(channel, f"{{{PODCAST}}}medium", "podcast")
    _add_license(channel, about.license, base_url)


def _author(show: Show) -> str:
    """Tell who makes a show, in one line: its author, else its producers."""
    return show.author or ", ".join(show.producers)


def _add_origin(item: ET.Element, show: Show, about: Show, base_url: str) -> None:
    """Say of which show an episode is, in a feed of several."""
    add(item, "source", one_line(show.title), url=addresses.show_feed(base_url, show.slug))
    if show.license != about.license:
        _add_license(item, show.license, base_url)


def _add_license(parent: ET.Element, text: str, base_url: str) -> None:
    """Name a licence; one that isn't widely known is explained on the page about the site."""
    name = "-".join(text.lower().split())[:LONGEST_NAME]
    if KNOWN_LICENSE.fullmatch(name):
        add(parent, f"{{{PODCAST}}}license", name)
    elif name:
        add(parent, f"{{{PODCAST}}}license", name, url=addresses.terms(base_url))
