"""A label as frames of ID3v2.4 (https://id3.org/id3v2.4.0-frames), beside foreign frames. Chapters:
https://id3.org/id3v2-chapters-1.0."""

import io
from collections.abc import Iterable, Iterator
from typing import Any

from mutagen import id3

from radio.sound.tags.label import FRONT, Label
from radio.sound.tags.private import in_id3
from radio.system.connection.place import is_address

MILLISECONDS, TRANSCRIPTION = 2, 2  # in SYLT: format of the times, kind of text
TOP_LEVEL, ORDERED = 2, 1  # flags of a CTOC
CONTENTS = "toc"


def render(label: Label, old_tags: Iterable[bytes] = ()) -> tuple[bytes, list[str]]:
    """Write a tag; return it with the names of broken old frames. Old frames stay, unless the label
    has the same, they are private or unknown. Raises mutagen.MutagenError for a bad old tag."""
    tag, broken_frames = id3.ID3(), list[str]()
    for old in old_tags:
        for key, frame in _read(old, broken_frames).items():
            if not in_id3(frame):
                tag.setdefault(key, frame)
    _make_room(tag, label)
    for frame in _frames(label):
        tag.add(frame)
    chapters = sorted(tag.getall("CHAP"), key=lambda chapter: chapter.start_time)
    tag.delall("CHAP")
    body = _body(tag.values()) + b"".join(_body([chapter]) for chapter in chapters)
    return b"ID3\x04\0\0" + bytes(id3.BitPaddedInt.to_str(len(body), width=4)) + body, broken_frames


def _body(frames: Iterable[id3.Frame]) -> bytes:
    """Write frames without the header of their tag, one by one: mutagen would sort them by size,
    but many players list chapters in the order of the file."""
    tag, buffer = id3.ID3(), io.BytesIO()
    for frame in frames:
        tag.add(frame)
    tag.save(buffer, v1=0, v2_version=4, padding=lambda _: 0)
    return buffer.getvalue()[10:]


def _read(old: bytes, broken_frames: list[str]) -> id3.ID3:
    """Read an old tag without the frames that mutagen does not know."""
    watchers = {name: _FrameWatcher(frame, broken_frames) for name, frame in id3.Frames.items()}
    known = None if old[3] == 2 else watchers  # in ID3v2.2 frames have other names
    old_tag = id3.ID3()
    old_tag.load(io.BytesIO(old), known_frames=known, load_v1=False)
    return old_tag


class _FrameWatcher:
    """Records broken frames of a kind, which mutagen leaves out silently."""

    def __init__(self, kind: Any, broken_frames: list[str]):
        self._kind, self._broken_frames = kind, broken_frames

    def _fromData(self, header: Any, flags: int, data: bytes) -> Any:  # noqa: N802
        try:
            return self._kind._fromData(header, flags, data)
        except id3.ID3JunkFrameError:
            self._broken_frames.append(self._kind.__name__)
            raise


def _make_room(tag: id3.ID3, label: Label) -> None:
    """Remove old chapters, gains and front covers where the label has its own."""
    if label.chapters:
        tag.delall("CHAP")
        tag.delall("CTOC")
    for frame in tag.getall("TXXX"):
        if frame.desc.upper() in label.replay_gain:
            del tag[frame.HashKey]
    if label.cover:
        for picture in tag.getall("APIC"):
            if picture.type == FRONT:
                del tag[picture.HashKey]


def _frames(label: Label) -> Iterator[id3.Frame]:
    utf8, language = id3.Encoding.UTF8, label.iso_language
    mime, picture = label.cover or ("", b"")
    lines = [(line.text, line.start) for line in label.lines]
    lyrics = {"encoding": utf8, "lang": language, "desc": ""}
    kinds = {"format": MILLISECONDS, "type": TRANSCRIPTION}
    frames = [
        (label.title, id3.TIT2(encoding=utf8, text=label.title)),
        (label.album, id3.TALB(encoding=utf8, text=label.album)),
        (label.date, id3.TDRC(encoding=utf8, text=label.date)),
        (label.artists, id3.TPE1(encoding=utf8, text=list(label.artists))),
        (label.publisher, id3.TPUB(encoding=utf8, text=label.publisher)),
        (language, id3.TLAN(encoding=utf8, text=language)),
        (label.description, id3.COMM(encoding=utf8, lang=language, text=label.description)),
        (label.page, id3.WOAF(url=label.page)),
        (label.source, id3.WOAS(url=label.source)),
        (label.text, id3.USLT(**lyrics, text=label.text)),
        (label.lines, id3.SYLT(**lyrics, **kinds, text=lines)),
        (label.cover, id3.APIC(encoding=utf8, mime=mime, type=FRONT, desc="", data=picture)),
    ]
    named = {**label.replay_gain, **label.facts}
    if is_address(label.license):
        yield id3.WCOP(url=label.license)
    elif label.license:
        named["LICENSE"] = label.license
    yield from (frame for is_there, frame in frames if is_there)
    yield from (id3.TXXX(encoding=utf8, desc=name, text=text) for name, text in named.items())
    yield from _chapters(label)


def _chapters(label: Label) -> Iterator[id3.Frame]:
    if not label.chapters:
        return
    names = [f"chp{number}" for number in range(len(label.chapters))]
    flags = TOP_LEVEL | ORDERED
    yield id3.CTOC(element_id=CONTENTS, flags=flags, child_element_ids=names, sub_frames=[])
    for name, chapter in zip(names, label.chapters, strict=True):
        title = id3.TIT2(encoding=id3.Encoding.UTF8, text=chapter.text)
        times = {"start_time": chapter.start, "end_time": chapter.end}
        yield id3.CHAP(element_id=name, **times, sub_frames=[title])
