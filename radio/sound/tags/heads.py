"""The head of a tagged download: bytes that replace the first bytes of the stored file. For MP3,
FLAC and WAV it is a new tag; in Ogg and MP4 a tag moves everything, so it is a whole copy. An empty
head replaces nothing. A child process writes them, because they hold foreign tags. Each ends with
the span of the stored file that follows it, and its own sha256."""

import hashlib
import logging
import os
import shutil
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import mutagen
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from radio.sound.layout import flac_blocks, id3_tags, read_at, size_of, trailing, wave_chunks
from radio.sound.tags import id3, mp4, vorbis
from radio.sound.tags.label import Label
from radio.sound.tags.private import SOUND
from radio.system import records, sandbox
from radio.system.disk import BLOCK
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
    """Write the head with the label of a recording; foreign tags stay. If these can't be read, with
    a warning, MP3 and FLAC lose them, Ogg and MP4 get no label. Raises ReaderError."""
    text = records.render(label).decode()

    def call(mode: str) -> list[str]:
        asked = "radio.sound.tags.heads:write", str(audio), str(target), text, mode
        writes = audio.stat().st_size + LARGEST
        broken: list[str] = sandbox.call(*asked, memory=MEMORY, seconds=CPU, writes=writes)
        return broken

    try:
        broken_frames = call(WHOLE)
    except ReaderError as error:
        log.debug("%s", error)
        message = _("%s : son étiquette ne peut pas être lue ; le téléchargement s’en passe")
        log.warning(message, audio.name)
        broken_frames = call(BARE)
    if broken_frames:
        message = _("%s : abîmés dans son étiquette, et laissés de côté : %s")
        log.warning(message, audio.name, ", ".join(broken_frames))


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
        stop = size_of(audio)
        match Path(path).suffix.lower():
            case ".mp3":
                tags = list(id3_tags(audio))
                old = [each.read(audio) for each in tags if keep_others]
                tag, broken_frames = id3.render(label, old)
                head.write(tag)
                offset = tags[-1].stop if tags else 0
                stop = max(offset, trailing(audio))
            case ".flac":
                offset = _write_flac(audio, head, label, keep_others)
                stop = max(offset, trailing(audio))
            case ".wav":
                offset, stop = _write_wav(audio, head, label)
            case _:
                offset = _write_copy(audio, head, label) if keep_others else 0
        head.seek(0)
        digest = hashlib.file_digest(head, "sha256").digest()  # from here to the end
        head.write(ENDING.pack(offset, stop, digest))
    return broken_frames


def _write_flac(audio: BinaryIO, head: BinaryIO, label: Label, keep_others: bool) -> int:
    before = max((each.stop for each in id3_tags(audio)), default=0)
    parts = list(flac_blocks(audio, before + 4))
    if parts[-1].stop > size_of(audio):
        return 0
    contents = [each.read(audio) for each in parts]
    chosen = [each for each in contents if keep_others or each[0] & 127 in WITHOUT_OTHERS]
    flags = [0] * (len(chosen) - 1) + [128]  # the last block says so
    pairs = zip(chosen, flags, strict=True)
    flagged = [bytes([each[0] & 127 | flag]) + each[1:] for each, flag in pairs]
    head.write(vorbis.render_flac(label, b"".join([b"fLaC", *flagged])))
    return parts[-1].stop


def _write_wav(audio: BinaryIO, head: BinaryIO, label: Label) -> tuple[int, int]:
    """Put an `id3 ` chunk before the chunks of the sound; give where these are."""
    chunks = [each for each in wave_chunks(audio) if each.name in SOUND]
    sound = next((each for each in chunks if each.name == b"data"), None)
    others = [each for each in chunks if each.name != b"data"]
    if sound is None or sum(each.stop - each.start for each in others) > LARGEST:
        return 0, size_of(audio)
    content = b"".join(each.read(audio) for each in others if each.stop <= sound.start)
    length = int.from_bytes(read_at(audio, 4, 4), "little")
    tag, _rest = id3.render(label)
    tag += bytes(len(tag) % 2)
    if length != WAVE_LIMIT:
        length = 4 + 8 + len(tag) + len(content) + sound.stop - sound.start
    if length > WAVE_LIMIT:
        return 0, size_of(audio)
    head.write(b"RIFF" + struct.pack("<I", length) + b"WAVE")
    head.write(b"id3 " + struct.pack("<I", len(tag)) + tag + content)
    return sound.start, sound.stop


def _write_copy(audio: BinaryIO, head: BinaryIO, label: Label) -> int:
    audio.seek(0)
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
    return size_of(audio)
