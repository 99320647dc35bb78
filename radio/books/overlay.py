"""The text follows the voice: which stretch of the sound belongs to which sentence, as SMIL. Pure.

EPUB Media Overlays (https://www.w3.org/TR/epub-33/#sec-media-overlays). What is played goes on from
sentence to sentence, so a clip lasts until the next one begins, unless that is long after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from radio.books.book import BookPart
from radio.books.text import MUSIC
from radio.formats.xml_writer import tree
from radio.text.transcript import timestamp

SMIL = {
    "xmlns": "http://www.w3.org/ns/SMIL",
    "xmlns:epub": "http://www.idpf.org/2007/ops",
    "version": "3.0",
}
LEAST = 0.01  # seconds of a clip


@dataclass(frozen=True)
class SyncedClip:
    """A stretch of a sound, heard while an element of the text is shown."""

    anchor: str
    start: float  # seconds in the sound
    end: float

    @property
    def length(self) -> float:
        """How long it lasts, in seconds, as it is written."""
        return round(self.end, 3) - round(self.start, 3)


def anchors(part: BookPart) -> list[list[tuple[str, float, float]]]:
    """Name the sentences and the music of each chapter, with their times in the recording."""
    number, found = 0, list[list[tuple[str, float, float]]]()
    for chapter in part.chapters:
        found.append([])
        for paragraph in chapter.paragraphs:
            for each in paragraph.sentences or (paragraph,):
                number += 1
                found[-1].append((f"s{number}", each.start, each.end))
    return found


def clips_of(part: BookPart) -> list[list[SyncedClip]]:
    """Give the clips of each chapter; those that lie outside of the sound are left out."""
    named = anchors(part)
    flat = [each for chapter in named for each in chapter]
    found = {clip.anchor: clip for clip in _clips(flat, part)}
    return [[found[name] for name, *_ in chapter if name in found] for chapter in named]


def _clips(named: Sequence[tuple[str, float, float]], part: BookPart) -> Iterator[SyncedClip]:
    """Let each clip last until the next begins, where that is soon."""
    zero = part.sound.start if part.sound else 0.0
    starts = [start for _name, start, _end in named[1:]] + [part.end]
    for (name, start, end), following in zip(named, starts, strict=True):
        goes_on = start < following and following - end < MUSIC
        stop = min(following if goes_on else end, part.end)
        if stop - start >= LEAST and start >= zero:
            yield SyncedClip(name, round(start - zero, 3), round(stop - zero, 3))


def render_overlay(page: str, sound: str, clips: Sequence[SyncedClip]) -> Element:
    """Write the clips of a page; both names are as seen from the overlay."""
    pars = (
        tree(
            "par",
            {"id": f"p{clip.anchor}"},
            tree("text", {"src": f"{page}#{clip.anchor}"}),
            tree(
                "audio",
                {
                    "src": sound,
                    "clipBegin": timestamp(clip.start),
                    "clipEnd": timestamp(clip.end),
                },
            ),
        )
        for clip in clips
    )
    told = {"id": "all", "epub:textref": page, "epub:type": "bodymatter chapter"}
    return tree("smil", SMIL, tree("body", {}, tree("seq", told, *pars)))
