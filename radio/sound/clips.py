"""Clips: parts of a file, cut without decoding or encoding."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from radio.sound.container import open_sound
from radio.system.errors import AudioError
from radio.system.messages import _

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.packet import Packet

FORMS = {"mov,mp4,m4a,3gp,3g2,mj2": "ipod"}
"""The name of a format for writing, where it differs from the name for reading."""


def clip(file: BinaryIO, start: float, end: float) -> bytes:
    """Cut a part out of an open file, in seconds: whole packets, as they are.

    Raises AudioError if the file can't be read.
    """
    from radio.sound.decoder import av

    buffer = io.BytesIO()
    with open_sound(file, file.name) as source:
        form = FORMS.get(source.format.name, source.format.name)
        with av.open(buffer, "w", format=form) as target:
            copy = target.add_stream_from_template(source.streams.audio[0])
            for packet in _packets(source, start, end, file.name):
                packet.stream = copy
                target.mux(packet)
    return _without_totals(buffer.getvalue()) if form == "flac" else buffer.getvalue()


def _without_totals(flac: bytes) -> bytes:
    """Remove length and checksum of the whole file from the header.

    Zeros mean unknown (RFC 9639, section 8.2).
    """
    return flac[:21] + bytes([flac[21] & 0xF0]) + bytes(4 + 16) + flac[42:]


def _packets(
    source: "InputContainer", start: float, end: float, path: object
) -> "Iterator[Packet[AudioStream]]":
    """Give the packets of a part, their times counted from its start."""
    from radio.sound.decoder import av

    stream = source.streams.audio[0]
    if stream.time_base is None:
        return
    first, last = round(start / stream.time_base), round(end / stream.time_base)
    zero = None
    try:
        source.seek(first, stream=stream)
        for packet in source.demux(stream):
            if packet.pts is None or packet.dts is None or packet.pts < first:
                continue
            if packet.pts >= last:
                return
            zero = packet.pts if zero is None else zero
            packet.pts, packet.dts = packet.pts - zero, packet.dts - zero
            yield packet
    except av.error.FFmpegError as error:
        raise AudioError(
            _("{path}: {error}; `radio check` tells more").format(path=path, error=error)
        ) from error
