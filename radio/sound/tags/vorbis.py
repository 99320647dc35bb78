"""A label as Vorbis comments, for FLAC, Ogg Vorbis and Opus:
https://xiph.org/vorbis/doc/v-comment.html, chapters and pictures:
https://wiki.xiph.org/VorbisComment."""

import base64
import io
import re
from collections.abc import Mapping
from typing import Any

from mutagen import flac

from radio.sound.tags.label import FRONT, Label
from radio.sound.tags.private import in_comment, in_flac
from radio.text.transcript import timestamp

CHAPTER = re.compile(r"chapter\d{3}(name|url)?", re.IGNORECASE)
PICTURES = "METADATA_BLOCK_PICTURE"


def render_flac(label: Label, blocks: bytes) -> bytes:
    """Write the metadata blocks of a FLAC file with a label; foreign ones stay, if not private."""
    buffer = io.BytesIO(blocks)
    file = flac.FLAC(buffer)
    if file.tags is None:
        file.add_tags()
    put(label, file.tags, label.replay_gain)
    file.metadata_blocks = [block for block in file.metadata_blocks if not in_flac(block)]
    if label.cover:
        others = [each for each in file.pictures if each.type != FRONT]
        file.clear_pictures()
        for picture in (_picture(*label.cover), *others):
            file.add_picture(picture)
    buffer.seek(0)
    file.save(buffer, padding=lambda _: 0)
    return buffer.getvalue()


def put(label: Label, comments: Any, gains: Mapping[str, str]) -> None:
    """Put a label and its gains among the comments; foreign ones stay, but for private ones."""
    for name in {key for key, value in comments if in_comment(key, value)}:
        comments[name] = [value for value in comments[name] if not in_comment(name, value)]
    for name, value in _fields(label).items():
        if value:
            comments[name] = value
    for name, text in gains.items():
        comments[name] = [text]
    if label.chapters:
        for name in {each for each, _ in comments if CHAPTER.fullmatch(each)}:
            del comments[name]
    for number, chapter in enumerate(label.chapters):
        comments[f"CHAPTER{number:03d}"] = [timestamp(chapter.start / 1000)]
        comments[f"CHAPTER{number:03d}NAME"] = [chapter.text]


def put_picture(label: Label, comments: Any) -> None:
    """Put the cover before foreign pictures, in formats whose comments hold pictures (Ogg)."""
    if label.cover:
        block = base64.b64encode(_picture(*label.cover).write()).decode("ascii")
        comments[PICTURES] = [block, *comments.get(PICTURES, [])]


def _fields(label: Label) -> dict[str, list[str]]:
    single = {
        "TITLE": label.title,
        "ALBUM": label.album,
        "DATE": label.date,
        "DESCRIPTION": label.description,
        "LYRICS": label.text,
        **label.extra_fields,
    }
    return {"ARTIST": list(label.artists)} | {name: [text] for name, text in single.items() if text}


def _picture(mime: str, data: bytes) -> flac.Picture:
    picture = flac.Picture()
    picture.type, picture.mime, picture.data = FRONT, mime, data
    return picture
