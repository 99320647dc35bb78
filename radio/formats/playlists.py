"""Playlists of clips, for any player: M3U and XSPF (https://www.xspf.org/spec)."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

from radio.formats.xml_writer import add, render

XSPF = "http://xspf.org/ns/0/"
ET.register_namespace("", XSPF)


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
    """Write a playlist that says what it is."""
    root = ET.Element(f"{{{XSPF}}}playlist", version="1")
    add(root, f"{{{XSPF}}}title", title)
    track_list = ET.SubElement(root, f"{{{XSPF}}}trackList")
    for track in tracks:
        element = ET.SubElement(track_list, f"{{{XSPF}}}track")
        add(element, f"{{{XSPF}}}location", track.address)
        add(element, f"{{{XSPF}}}title", track.title)
        add(element, f"{{{XSPF}}}duration", str(round(track.seconds * 1000)))  # milliseconds
    return render(root)
