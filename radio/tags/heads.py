"""The head of a tagged download: what is given in place of the first bytes of the stored file.

In front of MP3, FLAC and WAV a new tag is enough, and the sound follows from the stored file. In
Ogg and MP4 a tag moves what comes after it, so there the head is a whole copy, and nothing follows.
A head that is empty stands for nothing: the file is given as it is stored.

Heads are written by a child with limits, for they keep what others wrote into the file. Each ends
with what it stands for: how many bytes of the stored file, and its own sha256.
"""

import logging
import os
import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import mutagen
from mutagen.mp4 import MP4

from radio import records, sandbox
from radio.checksums import hash_blocks
from radio.disk import BLOCK, blocks
from radio.errors import ReaderError
from radio.messages import _
from radio.progress import Progress
from radio.tags import id3, mp4, vorbis
from radio.tags.label import Label

log = logging.getLogger(__name__)

ENDING = struct.Struct(">Q32s")
LARGEST = 64 << 20  # bytes of a tag
MEMORY = 512 << 20  # bytes
CPU = 60  # seconds, some gigabytes of Ogg
WHOLE, BARE = "whole", "bare"
WITHOUT_OTHERS = {0, 3}  # kinds of FLAC blocks that are nobody's words: stream, seek points
WAVE_LIMIT = 0xFFFF_FFFF  # what a WAV can be long, and says where it does not know


@dataclass(frozen=True)
class Head:
    """What a file of `write_head` holds."""

    size: int  # bytes that are given
    instead: int  # bytes of the stored file in whose place they are given
    sha256: str


def write_head(audio: Path, target: Path, label: Label) -> None:
    """Write the head that puts a label on a recording.

    What others wrote into the recording stays. Where it can't be read, that costs a warning: MP3
    and FLAC lose it, Ogg and MP4 get no label. Raises ReaderError if nothing can be written.
    """
    text = records.render(label).decode()
    try:
        lost = _call(audio, target, text, WHOLE)
    except ReaderError as error:
        log.debug("%s", error)
        log.warning(_("%s: its tag can't be read; the download goes without"), audio.name)
        lost = _call(audio, target, text, BARE)
    if lost:
        log.warning(_("%s: broken in its tag, and left out: %s"), audio.name, ", ".join(lost))


def _call(audio: Path, target: Path, text: str, manner: str) -> list[str]:
    lost: list[str] = sandbox.call(
        "radio.tags.heads:write",
        *(str(audio), str(target), text, manner),
        memory=MEMORY,
        seconds=CPU,
        writes=audio.stat().st_size + LARGEST,
    )
    return lost


def read_head(file: BinaryIO) -> Head:
    """Read what a head stands for."""
    size = file.seek(-ENDING.size, os.SEEK_END)
    instead, digest = ENDING.unpack(file.read(ENDING.size))
    return Head(size, instead, digest.hex())


def write(path: str, _progress: Progress, target: str, text: str, manner: str) -> list[str]:
    """Do the work of `write_head`, in the child; name the frames that were broken."""
    label = records.read(Label, text.encode(), "label")
    kept, lost = manner == WHOLE, list[str]()
    with Path(path).open("rb") as audio, Path(target).open("w+b") as head:
        suffix = Path(path).suffix.lower()
        if suffix == ".mp3":
            instead, lost = _write_mp3(audio, head, label, kept)
        elif suffix == ".flac":
            instead = _write_flac(audio, head, label, kept)
        elif suffix == ".wav":
            instead = _write_wav(audio, head, label)
        else:
            instead = _write_copy(audio, head, label) if kept else 0
        head.seek(0)
        digest = bytes.fromhex(hash_blocks(blocks(head)))  # from here to the end
        head.write(ENDING.pack(instead, digest))
    return lost


def _write_mp3(audio: BinaryIO, head: BinaryIO, label: Label, kept: bool) -> tuple[int, list[str]]:
    spans = list(_id3_spans(audio))
    tag, lost = id3.render(label, _slices(audio, spans) if kept else ())
    head.write(tag)
    return spans[-1].stop if spans else 0, lost


def _id3_spans(audio: BinaryIO) -> Iterator[range]:
    """Find the ID3v2 tags at the start of a file, one behind the other."""
    start, size = 0, os.fstat(audio.fileno()).st_size
    while True:
        audio.seek(start)
        header = audio.read(10)
        if len(header) < 10 or header[:3] != b"ID3":
            return
        length = 10 + sum((byte & 127) << 7 * place for place, byte in enumerate(header[:5:-1]))
        length += 10 if header[5] & 0x10 else 0  # a footer
        if start + length > size:
            return
        yield range(start, start + length)
        start += length


def _slices(audio: BinaryIO, spans: list[range]) -> Iterator[bytes]:
    for span in spans:
        audio.seek(span.start)
        yield audio.read(len(span))


def _write_flac(audio: BinaryIO, head: BinaryIO, label: Label, kept: bool) -> int:
    before = max((span.stop for span in _id3_spans(audio)), default=0)
    spans = list(_flac_spans(audio, before + 4))
    if spans[-1].stop > os.fstat(audio.fileno()).st_size:
        return 0
    wanted = [block for block in _slices(audio, spans) if kept or block[0] & 127 in WITHOUT_OTHERS]
    flags = [0] * (len(wanted) - 1) + [128]  # the last block says so
    blocks = [
        bytes([block[0] & 127 | flag]) + block[1:]
        for block, flag in zip(wanted, flags, strict=True)
    ]
    head.write(vorbis.render_flac(label, b"".join([b"fLaC", *blocks])))
    return spans[-1].stop


def _flac_spans(audio: BinaryIO, start: int) -> Iterator[range]:
    """Find the metadata blocks of FLAC (RFC 9639, section 8), each with its header.

    The last one ends behind the file where the file is no FLAC.
    """
    last = False
    while not last:
        audio.seek(start)
        header = audio.read(4)
        last = len(header) < 4 or bool(header[0] & 128)
        yield range(start, start := start + 4 + int.from_bytes(header[1:], "big"))


def _write_wav(audio: BinaryIO, head: BinaryIO, label: Label) -> int:
    """Put an `id3 ` chunk first: other chunks, in any order, stay as they are behind it."""
    riff = audio.read(12)
    tag, _rest = id3.render(label)
    tag += bytes(len(tag) % 2)
    length = int.from_bytes(riff[4:8], "little")
    if length != WAVE_LIMIT:
        length += 8 + len(tag)
    if riff[:4] != b"RIFF" or length > WAVE_LIMIT:
        return 0
    head.write(b"RIFF" + struct.pack("<I", length) + riff[8:])
    head.write(b"id3 " + struct.pack("<I", len(tag)) + tag)
    return len(riff)


def _write_copy(audio: BinaryIO, head: BinaryIO, label: Label) -> int:
    shutil.copyfileobj(audio, head, BLOCK)
    head.seek(0)
    if isinstance(found := mutagen.File(head), MP4):
        head.seek(0)
        mp4.write(label, head)
    else:
        vorbis.put(label, found.tags)
        vorbis.put_picture(label, found.tags)
        head.seek(0)
        found.save(head, padding=lambda _: 0)
    return os.fstat(audio.fileno()).st_size
