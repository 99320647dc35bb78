"""The feed: PSP-1's required tags, the untouched file as enclosure, transcripts."""

import datetime as dt
from xml.etree import ElementTree as ET

from radio.episode import Audio, Episode, Show
from radio.publish.feed import render_feed

SHOW = Show("emission", "Émission & <amis>", "Une émission", category="News", guid="g-1")
AUDIO = Audio("2024-01-16-a.mp3", "00" * 32, 1234, "audio/mpeg", 61.4)
EPISODES = [
    Episode("emission", "2024-01-16-a", "À\x0bdécoudre", dt.date(2024, 1, 16), AUDIO, "guid-a"),
    Episode("emission", "2024-01-09-b", "B", dt.date(2024, 1, 9), AUDIO, "guid-b"),
]
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


def channel() -> ET.Element:
    feed = render_feed(SHOW, EPISODES, {"emission/2024-01-16-a"}, "https://radio.example")
    found = ET.fromstring(feed).find("channel")  # noqa: S314 (our own feed)
    assert found is not None
    return found


def test_the_channel_has_what_is_required() -> None:
    feed = channel()
    link = feed.find("atom:link", NAMES)
    assert link is not None
    assert link.attrib == {
        "rel": "self",
        "type": "application/rss+xml",
        "href": "https://radio.example/shows/emission/feed.xml",
    }
    assert feed.findtext("title") == "Émission & <amis>"
    assert feed.findtext("link") == "https://radio.example/shows/emission/"
    assert feed.findtext("description") == "Une émission"
    assert feed.findtext("language") == "fr"
    assert feed.findtext("itunes:explicit", namespaces=NAMES) == "false"
    assert feed.findtext("podcast:guid", namespaces=NAMES) == "g-1"
    category = feed.find("itunes:category", NAMES)
    assert category is not None
    assert category.get("text") == "News"


def test_an_item_has_what_is_required() -> None:
    item = channel().findall("item")[0]
    assert item.findtext("title") == "Àdécoudre"
    assert item.findtext("guid") == "guid-a"
    assert item.findtext("pubDate") == "Tue, 16 Jan 2024 12:00:00 +0000"
    assert item.findtext("itunes:duration", namespaces=NAMES) == "61"
    enclosure = item.find("enclosure")
    assert enclosure is not None
    assert enclosure.attrib == {
        "url": "https://radio.example/media/emission/2024-01-16-a.mp3",
        "length": "1234",
        "type": "audio/mpeg",
    }


def test_only_what_has_a_transcript_says_so() -> None:
    first, second = channel().findall("item")
    assert [each.get("type") for each in first.findall("podcast:transcript", NAMES)] == [
        "text/vtt",
        "application/x-subrip",
        "text/plain",
    ]
    assert second.findall("podcast:transcript", NAMES) == []
