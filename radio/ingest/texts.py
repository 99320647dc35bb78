"""A transcript that a source offers: which kind it is, told by its content alone."""

import logging
from dataclasses import dataclass

from radio.formats.podcast_json import read_segments
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.text.transcript import render_vtt

SAMPLE = 4096  # bytes
CAPTIONS, MARKUP = b"-->", (b"<!doctype", b"<html", b"<p", b"<div", b"<body")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SourceText:
    """A text as it may lie beside a recording."""

    suffix: str  # one of `episode.TEXTS`
    content: bytes


def readable(content: bytes, address: str) -> SourceText | None:
    """Make of a transcript what may lie beside a recording; of JSON that is WebVTT.

    None, with a warning, where it is nothing that can be read.
    """
    head = content[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        try:
            return SourceText(".vtt", render_vtt(read_segments(content, address)).encode())
        except RadioError as error:
            log.warning("%s", error)
            return None
    if b"\0" in head:
        log.warning(_("%s: not a text; left out"), address)
        return None
    if head.startswith(b"WEBVTT"):
        return SourceText(".vtt", content)
    if head.lower().startswith(MARKUP):
        return SourceText(".html", content)
    return SourceText(".srt" if CAPTIONS in head else ".txt", content)
