"""Playlists of clips, for any player: M3U and XSPF (https://www.xspf.org/spec)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

from radio.formats.xml_writer import add, render

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
