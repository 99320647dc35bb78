"""The head of a tagged download: bytes that replace the first bytes of the stored file.

For MP3, FLAC and WAV the head is a new tag, and the sound follows from the stored file, up to where
old tags end it. In Ogg and MP4 a tag moves everything after it, so the head is a whole copy, and
nothing follows. An empty head replaces nothing: the file is given as it is stored.

Heads are written by a child process with limits, because they keep foreign tags, as far as these
are not private. Each ends with the span of the stored file that follows it, and its own sha256.
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
from mutagen.oggopus import OggOpus

from radio.sound.tags import id3, mp4, vorbis
from radio.sound.tags.chunks import wave_chunks
from radio.sound.tags.label import Label
from radio.sound.tags.private import SOUND, trailing
from radio.system import records, sandbox
from radio.system.checksums import hash_blocks
from radio.system.disk import BLOCK, blocks
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

log = logging.getLogger(__name__)

ENDING = struct.Struct(">QQ32s")
LARGEST = 64 << 20  # bytes of a tag
MEMORY = 512 << 20  # bytes
CPU = 60  # seconds, some gigabytes of Ogg
WHOLE, BARE = "whole", "bare"
WITHOUT_OTHERS = {0, 3}  # kinds of FLAC blocks that are no tags: stream, seek points
WAVE_LIMIT = 0xFFFF_FFFF  # bytes of the longest WAV; also means that the length is unknown


@dataclass(frozen=True)
class Head:
    """A head as `write_head` wrote it."""

    size: int  # bytes of the head
    stored_offset: int  # where the stored file continues after the head, in bytes
    stored_stop: int  # and where that ends
    sha256: str


def write_head(audio: Path, target: Path, label: Label) -> None:
    """Write the head with the label of a recording.

    Foreign tags stay. If they can't be read, there is a warning: MP3 and FLAC lose them, Ogg and
    MP4 get no label. Raises ReaderError if nothing can be written.
    """
    text = records.render(label).decode()
    try:
        broken_frames = _call(audio, target, text, WHOLE)
    except ReaderError as error:
        log.debug("%s", error)
        log.warning(_("%s: its tag can't be read; the download goes without"), audio.name)
        broken_frames = _call(audio, target, text, BARE)
    if broken_frames:
        log.warning(
            _("%s: broken in its tag, and left out: %s"), audio.name, ", ".join(broken_frames)
        )


def _call(audio: Path, target: Path, text: str, mode: str) -> list[str]:
    broken_frames: list[str] = sandbox.call(
        "radio.sound.tags.heads:write",
        *(str(audio), str(target), text, mode),
        memory=MEMORY,
        seconds=CPU,
        writes=audio.stat().st_size + LARGEST,
    )
    return broken_frames


def read_head(file: BinaryIO) -> Head:
    """Read the end of a head."""
    size = file.seek(-ENDING.size, os.SEEK_END)
    offset, stop, digest = ENDING.unpack(file.read(ENDING.size))
    return Head(size, offset, stop, digest.hex())


def write(path: str, _progress: Progress, target: str, text: str, mode: str) -> list[str]:
    """Do the work of `write_head`, in the child; return the names of broken frames."""
    label = records.read(Label, text.encode(), "label")
    keep_others, broken_frames = mode == WHOLE, list[str]()
    with Path(path).open("rb") as audio, Path(target).open("w+b") as head:
        suffix, stop = Path(path).suffix.lower(), os.fstat(audio.fileno()).st_size
        if suffix == ".mp3":
            offset, broken_frames = _write_mp3(audio, head, label, keep_others)
            stop = max(offset, trailing(audio))
        elif suffix == ".flac":
            offset = _write_flac(audio, head, label, keep_others)
            stop = max(offset, trailing(audio))
        elif suffix == ".wav":
            offset, stop = _write_wav(audio, head, label)
        else:
            offset = _write_copy(audio, head, label) if keep_others else 0
        head.seek(0)
        digest = bytes.fromhex(hash_blocks(blocks(head)))  # from here to the end
        head.write(ENDING.pack(offset, stop, digest))
    return broken_frames


def _write_mp3(
    audio: BinaryIO, head: BinaryIO, label: Label, keep_others: bool
) -> tuple[int, list[str]]:
    ranges = list(_id3_spans(audio))
    tag, broken_frames = id3.render(label, _slices(audio, ranges) if keep_others else ())
    head.write(tag)
    return ranges[-1].stop if ranges else 0, broken_frames


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


def _slices(audio: BinaryIO, ranges: list[range]) -> Iterator[bytes]:
    for part in ranges:
        audio.seek(part.start)
        yield audio.read(len(part))


def _write_flac(audio: BinaryIO, head: BinaryIO, label: Label, keep_others: bool) -> int:
    before = max((part.stop for part in _id3_spans(audio)), default=0)
    ranges = list(_flac_spans(audio, before + 4))
    if ranges[-1].stop > os.fstat(audio.fileno()).st_size:
        return 0
    blocks = [
        block for block in _slices(audio, ranges) if keep_others or block[0] & 127 in WITHOUT_OTHERS
    ]
    flags = [0] * (len(blocks) - 1) + [128]  # the last block says so
    flagged = [
        bytes([block[0] & 127 | flag]) + block[1:]
        for block, flag in zip(blocks, flags, strict=True)
    ]
    head.write(vorbis.render_flac(label, b"".join([b"fLaC", *flagged])))
    return ranges[-1].stop


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


def _write_wav(audio: BinaryIO, head: BinaryIO, label: Label) -> tuple[int, int]:
    """Put an `id3 ` chunk first, and keep the chunks of the sound; give where that lies."""
    chunks = list(wave_chunks(audio))
    sound = next((each for each in chunks if each.name == b"data"), None)
    audio.seek(4)
    length = int.from_bytes(audio.read(4), "little")
    tag, _rest = id3.render(label)
    tag += bytes(len(tag) % 2)
    before = [range(each.start, each.stop) for each in chunks if each.name in SOUND - {b"data"}]
    if sound is None or sum(map(len, before)) > LARGEST:
        return 0, os.fstat(audio.fileno()).st_size
    kept = b"".join(_slices(audio, [each for each in before if each.stop <= sound.start]))
    if length != WAVE_LIMIT:
        length = 4 + 8 + len(tag) + len(kept) + sound.stop - sound.start
    if length > WAVE_LIMIT:
        return 0, os.fstat(audio.fileno()).st_size
    head.write(b"RIFF" + struct.pack("<I", length) + b"WAVE")
    head.write(b"id3 " + struct.pack("<I", len(tag)) + tag + kept)
    return sound.start, sound.stop


def _write_copy(audio: BinaryIO, head: BinaryIO, label: Label) -> int:
    shutil.copyfileobj(audio, head, BLOCK)
    head.seek(0)
    if isinstance(file := mutagen.File(head), MP4):
        head.seek(0)
        mp4.write(label, head)
    else:
        is_opus = isinstance(file, OggOpus)
        vorbis.put(label, file.tags, label.opus_gain if is_opus else label.replay_gain)
        vorbis.put_picture(label, file.tags)
        head.seek(0)
        file.save(head, padding=lambda _: 0)
    return os.fstat(audio.fileno()).st_size
