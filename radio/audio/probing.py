"""What a foreign file holds: it is decoded from end to end, in a child process with limits."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
from av.container import InputContainer

from radio import sandbox
from radio.audio.container import SUFFIXES, frames_of, open_sound
from radio.audio.waveform import Meter
from radio.errors import AudioError, ReaderError

LONGEST = 24 * 3600  # seconds
MEMORY = 2 << 30  # bytes of address space for the child
CPU = 3600  # seconds, some 24 hours of audio on an old computer
SHORT = 0.02  # of its own length that a file may lack before it counts as cut
SHORT_SECONDS = 5.0


@dataclass(frozen=True)
class Probe:
    """What a file turned out to hold."""

    suffixes: tuple[str, ...]  # that fit its format, the usual one first
    duration: float  # seconds, by decoding
    waveform: bytes  # as `waveform` describes


def probe(path: Path, progress: sandbox.Progress = lambda _: None) -> Probe:
    """Decode a foreign file from end to end, in a child process.

    Raises AudioError if it is not audio that the archive takes, is empty or is cut short.
    """
    try:
        found = sandbox.call(
            "radio.audio.probing:read", str(path), memory=MEMORY, seconds=CPU, progress=progress
        )
    except ReaderError as error:
        raise AudioError(str(error)) from error
    return Probe(tuple(found["suffixes"]), found["duration"], bytes(found["waveform"]))


def read(path: str, progress: sandbox.Progress) -> dict[str, Any]:
    """Do the work of `probe`, in the child."""
    with Path(path).open("rb") as file, open_sound(file, path) as container:
        declared = _declared(container, file)
        meter = _measure(container, file, path, progress)
        suffixes = _suffixes(container)
    duration = meter.duration
    if not duration:
        raise AudioError(f"{path}: no sound in it; is it an audio file?")
    if duration < max(declared * (1 - SHORT) - 0.2, declared - SHORT_SECONDS):
        raise AudioError(f"{path}: cut short after {duration:.1f} s; copy it again")
    waveform = list(meter.bars())
    return {"suffixes": suffixes, "duration": round(duration, 3), "waveform": waveform}


def _measure(
    container: InputContainer, file: BinaryIO, path: str, progress: sandbox.Progress
) -> Meter:
    size, told, meter = os.fstat(file.fileno()).st_size, 0, Meter()
    for frame in frames_of(container, path):
        meter.add(frame)
        if meter.duration > LONGEST:
            raise AudioError(f"{path}: over {LONGEST // 3600} hours; cut it into parts")
        if file.tell() - told > size / 100:
            told = file.tell()
            progress(told / size)
    return meter


def _declared(container: InputContainer, file: BinaryIO) -> float:
    """Tell how many seconds the file itself promises, 0 where it promises nothing."""
    kind = container.format.name
    place = file.tell()
    try:
        if kind == "mp3" and not _has_length_header(file):
            return 0.0
        if kind == "ogg" and not _ends_with_whole_page(file):
            return float("inf")
        if kind == "wav" and not _holds_whole_chunk(file):
            return float("inf")
    finally:
        file.seek(place)
    stream = container.streams.audio[0]
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def _has_length_header(file: BinaryIO) -> bool:
    """Whether an MP3 begins with a Xing, Info or VBRI frame, which tells its length."""
    file.seek(0)
    head = file.read(10)
    tag = 0
    if head[:3] == b"ID3":  # its size: four bytes of seven bits
        tag = 10 + sum(byte << 7 * place for place, byte in enumerate(reversed(head[6:10])))
    file.seek(tag)
    frame = file.read(512)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def _holds_whole_chunk(file: BinaryIO) -> bool:
    """Whether a WAV is as long as its RIFF header says; a stream's header says nothing."""
    size = file.seek(0, os.SEEK_END)
    file.seek(4)
    promised = int.from_bytes(file.read(4), "little")
    return promised + 8 <= size or promised == 0xFFFF_FFFF


def _ends_with_whole_page(file: BinaryIO) -> bool:
    """Whether the last Ogg page (RFC 3533, section 6) is all there."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 70_000))
    tail = file.read()
    page = tail[tail.rfind(b"OggS") :]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return False
    return len(page) >= 27 + page[26] + sum(page[27 : 27 + page[26]])


def _suffixes(container: InputContainer) -> tuple[str, ...]:
    fitting = SUFFIXES[container.format.name]
    is_opus = container.streams.audio[0].codec_context.name == "opus"
    return fitting[::-1] if is_opus else fitting
