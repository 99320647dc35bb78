"""The feed: PSP-1 rule by rule, and what four readers make of it."""

import base64
import dataclasses
import datetime as dt
import html
import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import podcastparser
import pytest

from radio.archive.episode import Audio, Episode, Link, Person, Show, Soundbite
from radio.formats.podcast_feed import (
    PAGE,
    Excerpt,
    FeedEntry,
    Reception,
    render_excerpts,
    render_feed,
    show_feed,
    whole_feed,
)
from radio.formats.podcast_taxonomy import CATEGORIES, ROLES
from radio.text.chapters import Chapter
from tests.samples import ROOT
from tests.tables import for_each

SITE = "https://radio.example"
FEED = f"{SITE}/shows/emission/feed.xml"
NODE = ROOT / ".venv" / "node" / "node_modules"
SHOW = Show(
    slug="emission",
    title="Émission & <amis>",
    description="Une émission",
    station="Radio Dio",
    author="Le collectif",
    category="News > Politics",
    guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
    license="CC BY-SA 4.0",
)
AUDIO = Audio("2024-01-16-a.mp3", "0f" * 32, 1234, "audio/mpeg", 3661.4)
EPISODE = Episode(
    show="emission",
    slug="2024-01-16-a",
    title="À découdre",
    date=dt.date(2024, 1, 16),
    audio=AUDIO,
    guid="guid-a",
    description="Un & <deux>\n\nTrois",
    people=(Person("Camille", "présentation"), Person("Noé", "invité"), Person("Zoé", "bricole")),
    links=(Link("https://a.example/?a&b", "L’article"), Link("javascript:alert(1)", "Piège")),
    chapters=(Chapter(60.0, "Suite"), Chapter(0.0, "Début")),
    soundbites=(Soundbite(73.0, 60.0, "Un mot"), Soundbite(3660.0, 60.0, "Trop loin")),
    season=2,
    number=7,
)
BARE = Episode(
    "emission",
    "2024-01-09-b",
    "B",
    dt.date(2024, 1, 9),
    dataclasses.replace(AUDIO, file="2024-01-09-b.mp3"),
    "guid-b",
)
ENTRIES = (
    FeedEntry(SHOW, EPISODE, transcribed=True, divided=True),
    FeedEntry(SHOW, BARE, transcribed=False, divided=False),
)
SEEN = Reception(f"{SITE}/static/feed.css?v=1", "Un flux <&>", f"{SITE}/subscribe")
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
HOSTILE = "]]>\x0b\x00\ud800\ufffe <script>alert(\"x\")</script> & 🎙 'é'"
WRITTEN = "]]> <script>alert(\"x\")</script> & 🎙 'é'"  # without what XML can't write


def feed(show: Show = SHOW, *episodes: Episode) -> bytes:
    entries = [
        FeedEntry(show, each, transcribed=True, divided=True) for each in episodes
    ] or ENTRIES
    return render_feed(show_feed(show, entries), SITE, 1, SEEN)


def channel(content: bytes | None = None) -> ET.Element:
    found = ET.fromstring(content or feed()).find("channel")  # noqa: S314 (our own feed)
    assert found is not None
    return found


def text(path: str, under: ET.Element | None = None) -> str | None:
    return (channel() if under is None else under).findtext(path, namespaces=NAMES)


def attributes(path: str, under: ET.Element | None = None) -> dict[str, str]:
    found = (channel() if under is None else under).find(path, NAMES)
    assert found is not None, path
    return found.attrib


def partytime(content: bytes) -> dict[str, Any]:
    """What podcast-partytime, the parser of Podverse, reads in a feed."""
    node = shutil.which("node")
    assert node, "install Node: make system"
    assert (NODE / "podcast-partytime").is_dir(), "install the reader: make test"
    done = subprocess.run(
        [node, str(ROOT / "tests" / "data" / "partytime.cjs")],
        input=content,
        capture_output=True,
        check=True,
        env={**os.environ, "NODE_PATH": str(NODE)},
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return read


@pytest.fixture(scope="module")
def party() -> dict[str, Any]:
    return partytime(feed())


# PSP-1


Rule = Callable[[ET.Element], object]
ITEM_IMAGE = f"{SITE}/covers/emission.png?size=1400"
RULES: dict[str, tuple[Rule, object]] = {
    "channel atom:link self": (
        lambda c: attributes("atom:link", c),
        {"rel": "self", "type": "application/rss+xml", "href": FEED},
    ),
    "channel title": (lambda c: text("title", c), "Émission & <amis>"),
    "channel description": (lambda c: text("description", c), "Une émission"),
    "channel link": (lambda c: text("link", c), f"{SITE}/shows/emission/"),
    "channel language": (lambda c: text("language", c), "fr"),
    "channel itunes:category": (lambda c: attributes("itunes:category", c), {"text": "News"}),
    "channel itunes:category, its part": (
        lambda c: attributes("itunes:category/itunes:category", c),
        {"text": "Politics"},
    ),
    "channel itunes:explicit": (lambda c: text("itunes:explicit", c), "false"),
    "channel itunes:image": (lambda c: attributes("itunes:image", c), {"href": ITEM_IMAGE}),
    "channel podcast:locked": (lambda c: text("podcast:locked", c), "yes"),
    "channel podcast:guid": (lambda c: text("podcast:guid", c), SHOW.guid),
    "channel itunes:author": (lambda c: text("itunes:author", c), "Le collectif"),
    "item title": (lambda c: text("item/title", c), "À découdre"),
    "item enclosure": (
        lambda c: attributes("item/enclosure", c),
        {
            "url": f"{SITE}/media/emission/2024-01-16-a.mp3",
            "length": "1234",
            "type": "audio/mpeg",
        },
    ),
    "item guid": (lambda c: text("item/guid", c), "guid-a"),
    "item guid is no address": (lambda c: attributes("item/guid", c), {"isPermaLink": "false"}),
    "item link": (lambda c: text("item/link", c), f"{SITE}/shows/emission/2024-01-16-a"),
    "item pubDate": (lambda c: text("item/pubDate", c), "Tue, 16 Jan 2024 12:00:00 +0000"),
    "item description": (lambda c: text("item/description", c), "Un & &lt;deux>\n\nTrois"),
    "item itunes:duration": (lambda c: text("item/itunes:duration", c), "3661"),
    "item itunes:image": (lambda c: attributes("item/itunes:image", c), {"href": ITEM_IMAGE}),
    "item itunes:explicit": (lambda c: text("item/itunes:explicit", c), "false"),
    "item podcast:transcript": (
        lambda c: [each.attrib for each in c.findall("item[1]/podcast:transcript", NAMES)],
        [
            {
                "url": f"{SITE}/transcripts/emission/2024-01-16-a.vtt",
                "type": "text/vtt",
                "language": "fr",
                "rel": "captions",
            },
            {
                "url": f"{SITE}/transcripts/emission/2024-01-16-a.podcast.json",
                "type": "application/json",
                "language": "fr",
            },
            {
                "url": f"{SITE}/transcripts/emission/2024-01-16-a.srt",
                "type": "application/x-subrip",
                "language": "fr",
                "rel": "captions",
            },
        ],
    ),
}


@for_each("rule", RULES)
def test_psp_1(rule: str) -> None:
    look, expected = RULES[rule]
    assert look(channel()) == expected


def test_psp_1_names_its_namespaces() -> None:
    for prefix, uri in NAMES.items():
        assert f'xmlns:{prefix}="{uri}"'.encode() in feed()


@for_each("long", ["é" * 5000, "🎙" * 2000, "a" * 3999 + "é"])
def test_descriptions_have_4000_bytes_at_most(long: str) -> None:
    found = channel(
        feed(
            dataclasses.replace(SHOW, description=long),
            dataclasses.replace(EPISODE, description=long),
        )
    )
    for path in ("description", "item/description"):
        written = text(path, found) or ""
        assert 3997 <= len(written.encode()) <= 4000
        assert long.startswith(written)


def test_titles_are_one_line_of_255_characters_at_most() -> None:
    found = channel(
        feed(
            dataclasses.replace(SHOW, title=" Une\n émission "),
            dataclasses.replace(EPISODE, title="a" * 300),
        )
    )
    assert text("title", found) == "Une émission"
    assert text("item/title", found) == "a" * 255


def test_required_tags_are_there_whatever_is_missing() -> None:
    found = channel(
        feed(
            Show("emission", ""),
            dataclasses.replace(EPISODE, title=" ", guid="", description="", links=()),
        )
    )
    assert text("title", found) == text("description", found) == "emission"
    assert text("item/title", found) == "2024-01-16-a"
    assert text("item/guid", found) == "emission/2024-01-16-a"
    assert found.find("item/description") is None
    assert found.find("item/content:encoded", NAMES) is None
    assert found.find("podcast:guid", NAMES) is None
    assert attributes("itunes:category", found) == {"text": "Society & Culture"}


def test_a_category_outside_the_list_is_not_told() -> None:
    found = channel(feed(dataclasses.replace(SHOW, category="Contre la surveillance")))
    assert attributes("itunes:category", found) == {"text": "Society & Culture"}


# Podcasting 2.0 and the rest


def test_the_untouched_file_can_be_checked() -> None:
    again = channel().find("item/podcast:alternateEnclosure", NAMES)
    assert again is not None
    assert again.attrib == {"type": "audio/mpeg", "length": "1234", "default": "true"}
    assert attributes("podcast:source", again) == {"uri": f"{SITE}/media/emission/2024-01-16-a.mp3"}
    integrity = attributes("podcast:integrity", again)
    assert integrity["type"] == "sri"
    kind, _, value = integrity["value"].partition("-")
    assert kind == "sha256"
    assert base64.b64decode(value) == b"\x0f" * 32


def test_a_hash_that_is_none_is_not_told() -> None:
    broken = dataclasses.replace(EPISODE, audio=dataclasses.replace(AUDIO, sha256="?"))
    again = channel(feed(SHOW, broken)).find("item/podcast:alternateEnclosure", NAMES)
    assert again is not None
    assert again.find("podcast:integrity", NAMES) is None


def test_only_what_is_there_is_told() -> None:
    first, second = channel().findall("item")
    assert attributes("podcast:chapters", first) == {
        "url": f"{SITE}/shows/emission/chapters/2024-01-16-a.json",
        "type": "application/json+chapters",
    }
    told = ("transcript", "chapters", "person", "soundbite", "season", "episode")
    assert [second.find(f"podcast:{name}", NAMES) for name in told] == [None] * len(told)


def test_people_have_the_roles_of_the_taxonomy() -> None:
    people = channel().findall("item[1]/podcast:person", NAMES)
    assert [(each.text, each.get("group"), each.get("role")) for each in people] == [
        ("Camille", "Cast", "Host"),
        ("Noé", "Cast", "Guest"),
        ("Zoé", None, "bricole"),
    ]


def test_season_number_and_soundbites() -> None:
    first = channel().findall("item")[0]
    assert text("itunes:season", first) == text("podcast:season", first) == "2"
    assert text("itunes:episode", first) == text("podcast:episode", first) == "7"
    (bite,) = first.findall("podcast:soundbite", NAMES)
    assert bite.text == "Un mot"
    assert bite.attrib == {"startTime": "73.0", "duration": "60.0"}


@for_each(
    ("license", "written", "url"),
    [
        ("CC BY-SA 4.0", "cc-by-sa-4.0", None),
        ("CC0-1.0", "cc0-1.0", None),
        ("Licence Art Libre", "licence-art-libre", f"{SITE}/about"),
    ],
)
def test_a_license_of_our_own_has_an_address(license: str, written: str, url: str | None) -> None:  # noqa: A002
    found = channel(feed(dataclasses.replace(SHOW, license=license))).find("podcast:license", NAMES)
    assert found is not None
    assert (found.text, found.get("url")) == (written, url)


def test_notes_are_html_with_the_links_that_are_addresses() -> None:
    assert text("item/content:encoded") == (
        "<p>Un &amp; &lt;deux&gt;</p><p>Trois</p>"
        '<ul><li><a href="https://a.example/?a&amp;b">L’article</a></li></ul>'
    )


def test_an_episode_may_speak_another_language() -> None:
    found = channel(feed(SHOW, dataclasses.replace(EPISODE, language="en")))
    languages = [each.get("language") for each in found.findall("item/podcast:transcript", NAMES)]
    assert languages == ["en"] * 3


def test_the_page_of_a_show_is_an_address_of_the_web_or_our_own() -> None:
    assert text("link", channel(feed(dataclasses.replace(SHOW, link="https://x.example/")))) == (
        "https://x.example/"
    )
    trap = dataclasses.replace(SHOW, link="javascript:alert(1)")
    assert text("link", channel(feed(trap))) == f"{SITE}/shows/emission/"


# All shows


def test_the_feed_of_all_says_what_all_say() -> None:
    other = dataclasses.replace(
        SHOW, slug="autre", title="Autre", author="Autres", license="", explicit=True
    )
    entries = (ENTRIES[0], FeedEntry(other, BARE, transcribed=False, divided=False))
    found = channel(render_feed(whole_feed("Les archives", [SHOW, other], entries), SITE))
    assert text("title", found) == "Les archives"
    assert text("description", found) == "Émission & &lt;amis>, Autre"
    assert text("itunes:author", found) == "Radio Dio"
    assert text("itunes:explicit", found) == "true"
    assert text("podcast:guid", found) is None
    assert text("podcast:license", found) is None
    first, second = found.findall("item")
    assert text("podcast:license", first) == "cc-by-sa-4.0"
    assert text("source", second) == "Autre"
    assert attributes("source", second) == {"url": f"{SITE}/shows/autre/feed.xml"}


def test_an_archive_without_shows_has_a_feed() -> None:
    content = render_feed(whole_feed("Archives sonores", [], []), SITE)
    assert not feedparser.parse(content).bozo
    assert text("language", channel(content)) == "fr"


# Readers


def test_feedparser_reads_it_without_complaint() -> None:
    read = feedparser.parse(feed())
    assert not read.bozo
    assert read.feed.title == "Émission & <amis>"
    assert read.entries[0].enclosures[0].href == f"{SITE}/media/emission/2024-01-16-a.mp3"
    assert read.entries[0].published_parsed[:3] == (2024, 1, 16)


def test_gpodder_reads_it() -> None:
    read = podcastparser.parse(FEED, io.BytesIO(feed()))
    assert read["itunes_categories"] == [["News", "Politics"]]
    assert read["cover_url"] == ITEM_IMAGE
    assert read["explicit"] is False
    episode = read["episodes"][0]
    assert (episode["total_time"], episode["season"], episode["number"]) == (3661, 2, 7)
    assert episode["enclosures"][0]["file_size"] == 1234
    assert "paged_feed_next" not in read


def test_partytime_reads_the_channel(party: dict[str, Any]) -> None:
    read = party["feed"]
    assert read["guid"] == SHOW.guid
    assert read["medium"] == "podcast"
    assert read["license"]["identifier"] == "cc-by-sa-4.0"
    assert read["itunesCategory"] == ["News > Politics"]
    assert read["pubsub"] == {"self": FEED}


def test_partytime_reads_an_item(party: dict[str, Any]) -> None:
    item = party["feed"]["items"][0]
    assert [each["type"] for each in item["podcastTranscripts"]] == [
        "text/vtt",
        "application/json",
        "application/srt",
    ]
    assert item["podcastChapters"]["type"] == "application/json+chapters"
    assert [(each["name"], each["role"]) for each in item["podcastPeople"][:2]] == [
        ("Camille", "Host"),
        ("Noé", "Guest"),
    ]
    assert (item["podcastSeason"]["number"], item["podcastEpisode"]["number"]) == (2, 7)
    assert item["podcastSoundbites"] == [{"duration": 60, "startTime": 73, "title": "Un mot"}]
    (again,) = item["alternativeEnclosures"]
    assert again["integrity"]["value"].startswith("sha256-")
    assert item["guid"] == "guid-a"


def test_our_categories_are_those_that_partytime_knows(party: dict[str, Any]) -> None:
    theirs = {each["name"]: set(each["subCategories"]) for each in party["categories"]}
    ours = {parent: set(filter(None, part.split(", "))) for parent, part in CATEGORIES.items()}
    assert ours == theirs


def test_our_roles_are_those_that_partytime_knows(party: dict[str, Any]) -> None:
    assert {group for group, _ in ROLES.values()} <= set(party["groups"])
    assert {role for _, role in ROLES.values()} <= set(party["roles"])


def test_hostile_words_are_only_words() -> None:
    show = dataclasses.replace(SHOW, title=HOSTILE, description=HOSTILE, license=HOSTILE)
    episode = dataclasses.replace(
        EPISODE, title=HOSTILE, description=HOSTILE, people=(Person(HOSTILE, HOSTILE),)
    )
    content = feed(show, episode)
    found = channel(content)
    for path in ("title", "item/title", "item/podcast:person"):
        assert " ".join((text(path, found) or "").split()) == WRITTEN, path
    for path in ("description", "item/description"):  # which many programs take for HTML
        assert html.unescape(" ".join((text(path, found) or "").split())) == WRITTEN, path
        assert "<s" not in str(text(path, found))
    assert not feedparser.parse(content).bozo
    assert podcastparser.parse(FEED, io.BytesIO(content))["episodes"][0]["title"] == WRITTEN
    assert partytime(content)["feed"]["items"][0]["title"] == WRITTEN


def test_words_that_were_said_are_no_tags_in_a_feed_of_passages() -> None:
    excerpt = Excerpt("La rue", "https://a.example/1", dt.date(2024, 1, 16), HOSTILE)
    found = channel(render_excerpts("q", f"Dit : {HOSTILE}", "https://a.example/", FEED, [excerpt]))
    for path in ("description", "item/description"):
        assert "&lt;script>" in str(text(path, found))
        assert "<s" not in str(text(path, found))


# Pages


def many(count: int) -> list[FeedEntry]:
    days = [dt.date(2000, 1, 1) + dt.timedelta(day) for day in reversed(range(count))]
    episodes = (
        dataclasses.replace(BARE, slug=f"{day}-x", date=day, guid=f"g-{day}") for day in days
    )
    return [FeedEntry(SHOW, each, transcribed=False, divided=False) for each in episodes]


def test_a_feed_is_whole_up_to_its_size() -> None:
    found = channel(render_feed(show_feed(SHOW, many(PAGE)), SITE))
    assert len(found.findall("item")) == PAGE
    assert [each.get("rel") for each in found.findall("atom:link", NAMES)] == ["self"]


@for_each(
    ("number", "links"),
    [
        (1, {"self": "", "first": "", "next": "?page=2", "last": "?page=3"}),
        (
            2,
            {
                "self": "?page=2",
                "first": "",
                "previous": "",
                "next": "?page=3",
                "last": "?page=3",
            },
        ),
        (3, {"self": "?page=3", "first": "", "previous": "?page=2", "last": "?page=3"}),
    ],
)
def test_a_longer_one_has_pages(number: int, links: dict[str, str]) -> None:
    content = render_feed(show_feed(SHOW, many(2 * PAGE + 1)), SITE, number)
    found = channel(content)
    told = {each.get("rel"): each.get("href") for each in found.findall("atom:link", NAMES)}
    assert told == {rel: FEED + page for rel, page in links.items()}
    read = podcastparser.parse(FEED, io.BytesIO(content))
    assert read.get("paged_feed_next") == told.get("next")
    assert len(read["episodes"]) == (1 if number == 3 else PAGE)
