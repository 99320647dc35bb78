"""An episode as an item of a feed: RSS 2.0 with iTunes and Podcasting 2.0 tags. Pure.

The tags of Podcasting 2.0: https://github.com/Podcastindex-org/podcast-namespace. The enclosure is
the untouched file.
"""

import base64
import datetime as dt
import email.utils
import html
import re
from xml.etree import ElementTree as ET

from radio.archive.episode import Episode, Show, mime_of
from radio.formats import addresses
from radio.formats.described import described
from radio.formats.markdown import plain, render_html
from radio.formats.podcast_taxonomy import find_role
from radio.formats.xml_writer import add
from radio.system.connection.place import is_address

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
TRANSCRIPTS = {
    "vtt": {"type": "text/vtt", "rel": "captions"},
    "podcast.json": {"type": "application/json"},
    "srt": {"type": "application/x-subrip", "rel": "captions"},
}
LONGEST_NAME = 128  # characters of a person, a soundbite or a licence
LONGEST_TITLE = 255  # characters
LONGEST_DESCRIPTION = 4000  # bytes

ET.register_namespace("atom", ATOM)
ET.register_namespace("content", CONTENT)
ET.register_namespace("itunes", ITUNES)
ET.register_namespace("podcast", PODCAST)


def add_item(
    channel: ET.Element,
    show: Show,
    episode: Episode,
    base_url: str,
    *,
    transcribed: bool,
    divided: bool,
) -> ET.Element:
    """Add an episode of a show, `divided` if it has chapters, to a channel, and give its item."""
    item = ET.SubElement(channel, "item")
    add(item, "title", one_line(episode.title) or episode.slug)
    add(item, "link", addresses.episode_page(base_url, episode.key))
    add(item, "guid", episode.guid or episode.key, isPermaLink="false")
    add(item, "pubDate", noon(episode.date))
    add(item, "description", short(untagged(plain(described(show, episode)))))
    add(item, f"{{{CONTENT}}}encoded", _notes(show, episode))
    add(item, f"{{{ITUNES}}}author", one_line(", ".join(episode.producers)))
    add(item, f"{{{ITUNES}}}duration", str(round(episode.audio.duration)))
    add(item, f"{{{ITUNES}}}explicit", str(show.explicit).lower())
    add(item, f"{{{ITUNES}}}image", href=addresses.cover(base_url, show, episode.image))
    for name, number in (("season", episode.season), ("episode", episode.number)):
        for space in (ITUNES, PODCAST) if number else ():
            add(item, f"{{{space}}}{name}", str(number))
    if episode.rights.allows("feed"):
        _add_audio(item, episode, base_url)
    if transcribed:
        _add_transcripts(item, episode, show.language_of(episode), base_url)
    if divided:
        address = addresses.chapter_list(base_url, episode)
        add(item, f"{{{PODCAST}}}chapters", url=address, type="application/json+chapters")
    _add_people(item, show, episode)
    if episode.rights.allows("feed"):
        _add_soundbites(item, episode)
    return item


def noon(day: dt.date) -> str:
    """Write the noon of a day, UTC: of a broadcast we know the day alone.

    >>> noon(dt.date(2024, 1, 16))
    'Tue, 16 Jan 2024 12:00:00 +0000'
    """
    return email.utils.format_datetime(dt.datetime.combine(day, dt.time(12), dt.UTC))


def one_line(text: str) -> str:
    """Write a title as feeds take it."""
    return " ".join(text.split())[:LONGEST_TITLE].rstrip()


def untagged(text: str) -> str:
    """Write a text that is a description as is: what looks like a tag is none, taken for HTML too.

    >>> untagged("<script>, 2 < 3 & co")
    '&lt;script>, 2 < 3 & co'
    """
    return re.sub("<(?=[A-Za-z/!?])", "&lt;", text)


def short(text: str) -> str:
    """Cut a description to what directories take.

    >>> short("é" * 3000) == "é" * 2000
    True
    """
    kept = text.strip().encode(errors="ignore")[:LONGEST_DESCRIPTION]
    return kept.decode(errors="ignore").rstrip()


def _notes(show: Show, episode: Episode) -> str:
    """Write the description, the replies and the links as HTML, for programs that show it."""
    text = render_html(short(described(show, episode)))
    links = "".join(
        f'<li><a href="{html.escape(link.url)}">{html.escape(link.title or link.url)}</a></li>'
        for link in episode.links
        if is_address(link.url)
    )
    return text + (f"<ul>{links}</ul>" if links else "")


def _add_audio(item: ET.Element, episode: Episode, base_url: str) -> None:
    """Add the file as it was received, and its hash so that everybody can check it."""
    audio = episode.audio
    address = addresses.recording(base_url, episode)
    what = {"type": mime_of(audio.file) or audio.mime, "length": str(audio.size)}
    add(item, "enclosure", url=address, **what)
    tag = f"{{{PODCAST}}}alternateEnclosure"
    again = ET.SubElement(item, tag, what | {"default": "true"})
    add(again, f"{{{PODCAST}}}source", uri=address)
    if re.fullmatch("[0-9a-fA-F]{64}", audio.sha256):
        digest = base64.b64encode(bytes.fromhex(audio.sha256)).decode()
        add(again, f"{{{PODCAST}}}integrity", type="sri", value=f"sha256-{digest}")


def _add_transcripts(item: ET.Element, episode: Episode, language: str, base_url: str) -> None:
    for suffix, what in TRANSCRIPTS.items():
        address = addresses.transcript(base_url, episode.key, suffix)
        add(item, f"{{{PODCAST}}}transcript", url=address, language=language, **what)


def _add_people(item: ET.Element, show: Show, episode: Episode) -> None:
    """Add people, and the collectives that made it, in the role of a producer."""
    named = [(person.name, find_role(person.role)) for person in episode.people]
    made = [(name, find_role("producer")) for name in show.producers_of(episode)]
    for name, role in (*named, *made):
        if line := one_line(name)[:LONGEST_NAME]:
            add(item, f"{{{PODCAST}}}person", line, **role)


def _add_soundbites(item: ET.Element, episode: Episode) -> None:
    for bite in episode.soundbites:
        if 0 <= bite.start < bite.start + bite.duration <= episode.audio.duration:
            times = {"startTime": str(bite.start), "duration": str(bite.duration)}
            add(item, f"{{{PODCAST}}}soundbite", one_line(bite.title)[:LONGEST_NAME], **times)
