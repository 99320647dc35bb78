"""The feed: what five readers make of it, of which one is ours. `test_answers` has each tag."""

import dataclasses
import datetime as dt
import html
import io
import json
import os
import shutil
import subprocess
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import podcastparser
import pytest

from radio.archive.episode import Audio, Episode, Link, Person, Show, Soundbite
from radio.formats import podcast_feed as feeds
from radio.formats.podcast_feed import PAGE, FeedEntry, render_excerpts, render_feed, show_feed
from radio.formats.podcast_taxonomy import CATEGORIES, ROLES
from radio.ingest import feed_page
from radio.text.chapters import Chapter
from tests.samples import ROOT
from tests.tables import for_each

SITE = "https://radio.example"
FEED = f"{SITE}/shows/emission/feed.xml"
NODE = ROOT / ".venv" / "node" / "node_modules"
ABOUT = ("Émission & <amis>", "Une émission", "Radio Dio", "Le collectif")
GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"
SHOW = Show("emission", *ABOUT, category="News > Politics", guid=GUID, license="CC BY-SA 4.0")
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
SECOND = dataclasses.replace(AUDIO, file="2024-01-09-b.mp3")
BARE = Episode("emission", "2024-01-09-b", "B", dt.date(2024, 1, 9), SECOND, "guid-b")
LAST = FeedEntry(SHOW, BARE, transcribed=False, divided=False)
ENTRIES = (FeedEntry(SHOW, EPISODE, transcribed=True, divided=True), LAST)
SEEN = feeds.Reception(f"{SITE}/static/feed.css?v=1", "Un flux <&>", f"{SITE}/subscribe")
NAMES = {"atom": "http://www.w3.org/2005/Atom"}
NAMES["content"] = "http://purl.org/rss/1.0/modules/content/"
NAMES["itunes"] = "http://www.itunes.com/dtds/podcast-1.0.dtd"
NAMES["podcast"] = "https://podcastindex.org/namespace/1.0"
HOSTILE = "]]>\x0b\x00\ud800\ufffe <script>alert(\"x\")</script> & 🎙 'é'"
WRITTEN = "]]> <script>alert(\"x\")</script> & 🎙 'é'"  # without what XML can't write


def feed(show: Show = SHOW, *episodes: Episode) -> bytes:
    given = [FeedEntry(show, each, transcribed=True, divided=True) for each in episodes]
    entries = given or ENTRIES
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
    program, env = [node, str(ROOT / "tests" / "data" / "partytime.cjs")], {"NODE_PATH": str(NODE)}
    env = {**os.environ, **env}
    done = subprocess.run(program, input=content, capture_output=True, check=True, env=env)
    read: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])  # it may complain above
    return read


@pytest.fixture(scope="module")
def party() -> dict[str, Any]:
    return partytime(feed())


COVER = {"href": f"{SITE}/covers/emission.png?size=1400"}
PLACE = f"{SITE}/media/emission/2024-01-16-a.mp3"
TOLD = f"{SITE}/transcripts/emission/2024-01-16-a"
CHAPTERS = f"{SITE}/shows/emission/chapters/2024-01-16-a.json"


@for_each("long", ["é" * 5000, "🎙" * 2000, "a" * 3999 + "é"])
def test_descriptions_have_4000_bytes_and_titles_a_line_at_most(long: str) -> None:
    show = dataclasses.replace(SHOW, description=long, title=" Une\n émission ")
    episode = dataclasses.replace(EPISODE, description=long, title="a" * 300, language="en")
    found = channel(feed(show, episode))
    for path in ("description", "item/description"):
        written = text(path, found) or ""
        assert 3997 <= len(written.encode()) <= 4000
        assert long.startswith(written)
    assert text("title", found) == "Une émission"
    assert text("item/title", found) == "a" * 255
    languages = [each.get("language") for each in found.findall("item/podcast:transcript", NAMES)]
    assert languages == ["en"] * 3


def test_required_tags_are_there_whatever_is_missing_or_none() -> None:
    broken = dataclasses.replace(AUDIO, sha256="?")
    bare = dataclasses.replace(EPISODE, title=" ", guid="", description="", links=(), audio=broken)
    found = channel(feed(Show("emission", "", link="javascript:alert(1)", category="Rue"), bare))
    assert text("title", found) == text("description", found) == "emission"
    assert text("link", found) == f"{SITE}/shows/emission/"
    assert text("item/title", found) == "2024-01-16-a"
    assert text("item/guid", found) == "emission/2024-01-16-a"
    absent = ("item/description", "item/content:encoded", "podcast:guid")
    for path in (*absent, "item/podcast:alternateEnclosure/podcast:integrity"):
        assert found.find(path, NAMES) is None
    assert attributes("itunes:category", found) == {"text": "Society & Culture"}
    own = channel(feed(dataclasses.replace(SHOW, link="https://x.example/")))
    assert text("link", own) == "https://x.example/"


def test_a_license_of_our_own_has_an_address() -> None:
    widely_known = [("CC BY-SA 4.0", "cc-by-sa-4.0", None), ("CC0-1.0", "cc0-1.0", None)]
    ours = ("Licence Art Libre", "licence-art-libre", f"{SITE}/about")
    for name, *expected in (*widely_known, ours):
        shown = channel(feed(dataclasses.replace(SHOW, license=name)))
        found = shown.find("podcast:license", NAMES)
        assert found is not None
        assert [found.text, found.get("url")] == expected


def test_the_feed_of_all_says_what_all_say() -> None:
    named: dict[str, Any] = {"slug": "autre", "title": "Autre", "author": "Autres", "license": ""}
    other = dataclasses.replace(SHOW, explicit=True, **named)
    entries = (ENTRIES[0], FeedEntry(other, BARE, transcribed=False, divided=False))
    found = channel(render_feed(feeds.whole_feed("Les archives", [SHOW, other], entries), SITE))
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
    empty = render_feed(feeds.whole_feed("Archives sonores", [], []), SITE)
    assert not feedparser.parse(empty).bozo
    assert text("language", channel(empty)) == "fr"


def test_readers_take_it_without_complaint(party: dict[str, Any]) -> None:
    read = feedparser.parse(feed())
    assert not read.bozo
    assert read.feed.title == "Émission & <amis>"
    assert read.entries[0].enclosures[0].href == f"{SITE}/media/emission/2024-01-16-a.mp3"
    assert read.entries[0].published_parsed[:3] == (2024, 1, 16)
    pod = podcastparser.parse(FEED, io.BytesIO(feed()))
    assert pod["itunes_categories"] == [["News", "Politics"]]
    assert (pod["cover_url"], pod["explicit"]) == (COVER["href"], False)
    episode = pod["episodes"][0]
    assert (episode["total_time"], episode["season"], episode["number"]) == (3661, 2, 7)
    assert episode["enclosures"][0]["file_size"] == 1234
    told = party["feed"]
    assert (told["guid"], told["medium"]) == (SHOW.guid, "podcast")
    assert told["license"]["identifier"] == "cc-by-sa-4.0"
    assert (told["itunesCategory"], told["pubsub"]) == (["News > Politics"], {"self": FEED})
    item = told["items"][0]
    kinds = [each["type"] for each in item["podcastTranscripts"]]
    assert kinds == ["text/vtt", "application/json", "application/srt"]
    assert item["podcastChapters"]["type"] == "application/json+chapters"
    people = [(each["name"], each["role"]) for each in item["podcastPeople"][:2]]
    assert people == [("Camille", "Host"), ("Noé", "Guest")]
    assert (item["podcastSeason"]["number"], item["podcastEpisode"]["number"]) == (2, 7)
    assert item["podcastSoundbites"] == [{"duration": 60, "startTime": 73, "title": "Un mot"}]
    (again,) = item["alternativeEnclosures"]
    assert again["integrity"]["value"].startswith("sha256-")
    assert item["guid"] == "guid-a"


CLAIMED = dataclasses.replace(
    SHOW,
    owner="flux@radio.example",
    claims=("S6lpp-7ZCn8", "applepodcastsverify 2026-11-30T20:00:00Z"),
    funding=(Link("https://radio.example/don", "Soutenir la radio"), Link("javascript:1", "Piège")),
    location="Saint-Étienne (geo:45.44,4.39)",
    image_shows="Une machine à coudre",
)


def test_a_directory_learns_whose_feed_it_is_and_where_it_is_made() -> None:
    content = feed(CLAIMED)
    found, told = channel(content), partytime(content)["feed"]
    assert text("itunes:owner/itunes:name", found) == "Le collectif"
    assert text("itunes:owner/itunes:email", found) == told["owner"]["email"] == CLAIMED.owner
    codes = [(each.get("purpose"), each.text) for each in found.findall("podcast:txt", NAMES)]
    assert codes == [
        ("verify", "S6lpp-7ZCn8"),
        ("applepodcastsverify", "2026-11-30T20:00:00Z"),
    ]
    assert told["podcastTxt"] == [{"purpose": purpose, "value": code} for purpose, code in codes]
    given = [{"url": "https://radio.example/don", "message": "Soutenir la radio"}]
    assert told["podcastFunding"] == given, "a script is no address"
    assert told["podcastLocation"] == {"name": "Saint-Étienne", "geo": "geo:45.44,4.39"}
    assert attributes("podcast:image", found)["alt"] == "Une machine à coudre"
    page = dataclasses.replace(CLAIMED, owner="https://radio.example/")  # written by hand
    assert channel(feed(page)).find("itunes:owner", NAMES) is None
    mute = channel()  # who says nothing of it gives no address
    for name in ("itunes:owner", "podcast:txt", "podcast:funding", "podcast:location"):
        assert mute.find(name, NAMES) is None
    assert attributes("podcast:image", mute)["alt"] == SHOW.title


def test_a_publisher_and_its_shows_name_each_other() -> None:
    other = dataclasses.replace(SHOW, slug="autre", title="Autre", guid="")
    content = feeds.render_publisher("Radio Dio", [SHOW, other], SITE)
    found, told = channel(content), partytime(content)["feed"]
    assert (told["medium"], told["title"]) == ("publisher", "Radio Dio")
    named = attributes("podcast:publisher/podcast:remoteItem")
    assert named["medium"] == "publisher"
    assert (named["feedUrl"], named["feedGuid"]) == (f"{SITE}/publisher.xml", told["guid"])
    items = [each.attrib for each in found.findall("podcast:remoteItem", NAMES)]
    assert [each["feedUrl"] for each in items] == [FEED, f"{SITE}/shows/autre/feed.xml"]
    assert [each["feedGuid"] for each in items] == [GUID, feeds.guid_of(items[1]["feedUrl"])]
    assert not feedparser.parse(content).bozo


def test_our_own_feed_comes_in_whole() -> None:
    episode = dataclasses.replace(EPISODE, description="Un & *deux*\n\n- trois\n- quatre")
    entries = (FeedEntry(SHOW, episode, transcribed=True, divided=True), ENTRIES[1])
    page = feed_page.read(render_feed(show_feed(SHOW, entries), SITE), FEED)
    first, second = page.arrivals
    said = first.said
    assert (page.title, said.title) == (SHOW.title, EPISODE.title)
    assert said.day and said.day.date == EPISODE.date
    assert said.text == episode.description
    people = [("Camille", "présentation"), ("Noé", "invité·e"), ("Zoé", "bricole")]
    assert [(each.name, each.role) for each in said.people] == people
    assert said.links == EPISODE.links[:1]  # the other one is a script
    assert said.soundbites == EPISODE.soundbites[:1]
    assert (said.season, said.number, said.guid) == (2, 7, "guid-a")
    assert said.page == f"{SITE}/shows/emission/2024-01-16-a"
    assert (first.place, first.size, first.sha256) == (PLACE, 1234, AUDIO.sha256)
    assert (first.texts[0], first.chapters) == (f"{TOLD}.vtt", CHAPTERS)
    assert (second.said.title, second.said.guid, second.said.people) == ("B", "guid-b", ())
    assert (second.texts, second.chapters, second.said.soundbites) == ((), "", ())


def test_our_words_are_those_that_partytime_knows(party: dict[str, Any]) -> None:
    theirs = {each["name"]: set(each["subCategories"]) for each in party["categories"]}
    ours = {parent: set(parts) for parent, parts in CATEGORIES.items()}
    assert ours == theirs
    assert {group for group, *_ in ROLES} <= set(party["groups"])
    assert {role for _, role, *_ in ROLES} <= set(party["roles"])


def test_hostile_words_are_only_words_in_a_feed_of_passages_too() -> None:
    show = dataclasses.replace(SHOW, title=HOSTILE, description=HOSTILE, license=HOSTILE)
    people = (Person(HOSTILE, HOSTILE),)
    episode = dataclasses.replace(EPISODE, title=HOSTILE, description=HOSTILE, people=people)
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
    excerpt = feeds.Excerpt("La rue", "https://a.example/1", dt.date(2024, 1, 16), HOSTILE)
    found = channel(render_excerpts("q", f"Dit : {HOSTILE}", "https://a.example/", FEED, [excerpt]))
    for path in ("description", "item/description"):
        told = str(text(path, found))
        assert "&lt;script>" in told and "<s" not in told


def many(count: int) -> list[FeedEntry]:
    days = [dt.date(2000, 1, 1) + dt.timedelta(day) for day in reversed(range(count))]
    each = ((f"{day}-x", day) for day in days)
    episodes = (dataclasses.replace(BARE, slug=s, date=day, guid=f"g-{day}") for s, day in each)
    return [FeedEntry(SHOW, each, transcribed=False, divided=False) for each in episodes]


LINKS = ["self= first= next=?page=2 last=?page=3"]
LINKS += ["self=?page=2 first= previous= next=?page=3 last=?page=3"]
LINKS += ["self=?page=3 first= previous=?page=2 last=?page=3"]


def test_a_feed_is_whole_up_to_its_size_and_a_longer_one_has_pages() -> None:
    whole = channel(render_feed(show_feed(SHOW, many(PAGE)), SITE))
    assert len(whole.findall("item")) == PAGE
    assert [each.get("rel") for each in whole.findall("atom:link", NAMES)] == ["self"]
    paged = show_feed(SHOW, many(2 * PAGE + 1))
    for number, links in enumerate(LINKS, 1):
        content = render_feed(paged, SITE, number)
        found = channel(content).findall("atom:link", NAMES)
        told = {each.get("rel"): each.get("href") for each in found}
        pages = (each.split("=", 1) for each in links.split())
        assert told == {rel: FEED + page for rel, page in pages}
        read = podcastparser.parse(FEED, io.BytesIO(content))
        assert read.get("paged_feed_next") == told.get("next")
        assert len(read["episodes"]) == (1 if number == 3 else PAGE)
