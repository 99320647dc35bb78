"""Sounds of every kind, and the tags that lie in them."""

import functools
import zlib
from pathlib import Path
from typing import Any

import av
import numpy as np
import soundfile

from radio.sound import Samples, decode

KINDS = {".mp3": "MP3", ".ogg": "OGG", ".opus": "OGG", ".flac": "FLAC", ".wav": "WAV", ".m4a": ""}


def encode(samples: np.ndarray[Any, Any], path: Path, rate: int = 48_000) -> Path:
    """Write mono float samples as the kind of file that the suffix names."""
    if path.suffix != ".m4a":
        coding = "OPUS" if path.suffix == ".opus" else None
        soundfile.write(path, samples, rate, format=KINDS[path.suffix], subtype=coding)
        return path
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        for first in range(0, len(samples), 960):
            part = samples[None, first : first + 960].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, "flt", "mono")
            frame.sample_rate, frame.pts = rate, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def samples(path: Path) -> Samples:
    return np.concatenate(list(decode(path)))


def packets(path: Path) -> list[bytes]:
    with av.open(path) as container:
        return [bytes(each) for each in container.demux(container.streams.audio[0])]


def id3_frame(name: bytes, data: bytes, flags: bytes = bytes(2)) -> bytes:
    return name + syncsafe(len(data)) + flags + data


def id3_tag(*frames: bytes, version: int = 4) -> bytes:
    content = b"".join(frames)
    return bytes([*b"ID3", version, 0, 0]) + syncsafe(len(content)) + content


def syncsafe(number: int) -> bytes:
    return bytes(number >> 7 * place & 127 for place in (3, 2, 1, 0))


@functools.cache
def swelling_tag() -> bytes:
    """A tag of three megabytes that asks for 700."""
    swollen = zlib.compress(b"\x03" + b"a" * (700 << 20), 1)
    return id3_tag(id3_frame(b"TIT2", syncsafe(700 << 19) + swollen, b"\0\x09"))
