"""Playlists of clips: M3U, XSPF (https://www.xspf.org/spec); the music of episodes as a table."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from radio.archive.episode import Episode, Show
from radio.archive.tunes import read_tune
from radio.formats.markup import add, render
from radio.formats.tables import in_hours, render_table

COLUMNS = ("title", "artist", "label", "length", "date", "show", "start")
FIGURES = ("length", "date", "start")


def render_tunes(episodes: Iterable[tuple[Show, Episode]]) -> bytes:
    """Write a line for each piece of music, to open with a double click."""
    return render_table(COLUMNS, _rows(episodes), FIGURES)


def _rows(episodes: Iterable[tuple[Show, Episode]]) -> Iterator[tuple[str, ...]]:
    for show, episode in episodes:
        for tune in map(read_tune, episode.playlist):
            times = tune.length, tune.start
            length, start = ("" if each is None else in_hours(each) for each in times)
            day = episode.known_date
            yield tune.title, tune.artist, tune.label, length, day, show.title, start


XSPF = "http://xspf.org/ns/0/"


@dataclass(frozen=True)
class Track:
    """Something to play."""

    title: str
    address: str  # whole
    seconds: float


def render_m3u(tracks: Iterable[Track]) -> str:
    """Write a playlist that every player reads."""
    lines = ["#EXTM3U"]
    for track in tracks:
        lines += [f"#EXTINF:{round(track.seconds)},{' '.join(track.title.split())}", track.address]
    return "\n".join([*lines, ""])


def render_xspf(title: str, tracks: Iterable[Track]) -> bytes:
    """Write a playlist that says what it is.

    >>> ET.register_namespace("", "urn:of-some-other-library")
    >>> render_xspf("Rue", []).splitlines()[1][:24]
    b'<playlist xmlns="http://'
    """
    root = ET.Element("playlist", {"xmlns": XSPF, "version": "1"})
    add(root, "title", title)
    track_list = ET.SubElement(root, "trackList")
    for track in tracks:
        element = ET.SubElement(track_list, "track")
        add(element, "location", track.address)
        add(element, "title", track.title)
        add(element, "duration", str(round(track.seconds * 1000)))  # milliseconds
    return render(root)
