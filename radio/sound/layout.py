"""The parts of a sound file: tags, chunks, blocks, atoms; only their heads are read. ID3:
https://id3.org/id3v2.4.0-structure. WAV: RIFF. FLAC: RFC 9639, section 8. MP4: ISO/IEC 14496-12."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST = 1000  # chunks of a WAV
# atoms that hold others, and the bytes before these
CONTAINERS = {b"moov": 0, b"udta": 0, b"trak": 0, b"meta": 4}


@dataclass(frozen=True)
class TagPart:
    """A part of a file, in bytes from its beginning."""

    name: bytes
    start: int  # of its head
    content: int  # where that ends
    stop: int  # at most the end of the file

    def read(self, file: BinaryIO) -> bytes:
        """Read it whole, with its head."""
        return read_at(file, self.start, self.stop - self.start)


def size_of(file: BinaryIO) -> int:
    """Give the length of an open file, in bytes."""
    return file.seek(0, os.SEEK_END)


def read_at(file: BinaryIO, start: int, size: int) -> bytes:
    """Read some bytes; empty if they would begin before the file."""
    if start < 0:
        return b""
    file.seek(start)
    return file.read(size)


def id3_tags(file: BinaryIO) -> Iterator[TagPart]:
    """Find the whole ID3v2 tags at the start of a file, one behind the other."""
    start, size = 0, size_of(file)
    while len(head := read_at(file, start, 10)) == 10 and head[:3] == b"ID3":
        length = 10 + sum((byte & 127) << 7 * place for place, byte in enumerate(head[:5:-1]))
        length += 10 if head[5] & 0x10 else 0  # a footer
        if start + length > size:
            return
        yield TagPart(b"ID3", start, start + 10, start + length)
        start += length


def flac_blocks(file: BinaryIO, start: int) -> Iterator[TagPart]:
    """Find the metadata blocks of FLAC; the last one ends behind a file that is no FLAC."""
    last = False
    while not last:
        head = read_at(file, start, 4)
        last = len(head) < 4 or bool(head[0] & 128)
        stop = start + 4 + int.from_bytes(head[1:], "big")
        yield TagPart(head[:1], start, start + 4, stop)
        start = stop


def wave_chunks(file: BinaryIO) -> Iterator[TagPart]:
    """Find the chunks of a WAV, each with the byte that makes it even; none in other files."""
    end, start = size_of(file), 12
    riff = read_at(file, 0, 12)
    if riff[:4] != b"RIFF" or riff[8:] != b"WAVE":
        return
    for _number in range(MOST):
        head = read_at(file, start, 8)
        if len(head) < 8:
            return
        size = int.from_bytes(head[4:], "little")
        stop = min(end, start + 8 + size + size % 2)
        yield TagPart(head[:4], start, start + 8, stop)
        start = stop


def atoms(file: BinaryIO, within: TagPart | None = None) -> Iterator[TagPart]:
    """Find the atoms of an MP4, or those within one, if it holds any."""
    start, end = 0, size_of(file)
    if within is not None:
        if within.name not in CONTAINERS:
            return
        start, end = within.content + CONTAINERS[within.name], within.stop
    while start + 8 <= end:
        head = read_at(file, start, 16)
        size, content = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:  # then its true size follows
            size, content = int.from_bytes(head[8:], "big"), start + 16
        stop = start + size if size else end
        if stop < content:
            return
        yield TagPart(head[4:8], start, content, min(stop, end))
        start = stop


def free(file: BinaryIO, atom: TagPart) -> None:
    """Make free space of an atom, so that no other moves."""
    file.seek(atom.start + 4)
    file.write(b"free")
    file.seek(atom.content)
    left = atom.stop - atom.content
    while left > 0:
        left -= file.write(bytes(min(left, 1 << 20)))


def trailing(file: BinaryIO) -> int:
    """Find where old tags at the end of an MP3 or FLAC begin: ID3v1, Lyrics3 or APE."""
    stop, end = size_of(file), -1
    while stop != end:
        end = stop
        tail = read_at(file, max(0, end - 128), min(128, end))
        if len(tail) == 128 and tail.startswith(b"TAG"):
            stop = end - 128
        elif tail[-32:].startswith(b"APETAGEX"):
            begin = end - int.from_bytes(tail[-20:-16], "little") - 32
            stop = begin if read_at(file, begin, 8) == b"APETAGEX" else end
        elif tail.endswith(b"LYRICS200") and tail[-15:-9].isdigit():
            begin = end - int(tail[-15:-9]) - 15
            stop = begin if read_at(file, begin, 11) == b"LYRICSBEGIN" else end
    return end
