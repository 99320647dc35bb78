"""Sound: what a file holds, and its samples. The only importer of av (PyAV).

Files are opened by us and handed over open, with the formats named that the archive takes, so that
no file can make the decoder open another one or dial out.
"""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from numpy.typing import NDArray

from radio import sandbox
from radio.errors import AudioError, ReaderError

RATE = 16_000
"""Samples a second of what `decode` gives, as Whisper wants them."""

Samples = NDArray[np.float32]
"""Mono, -1 to 1, at RATE."""

SUFFIXES = {
    "mp3": (".mp3",),
    "mov,mp4,m4a,3gp,3g2,mj2": (".m4a",),
    "ogg": (".ogg", ".opus"),
    "flac": (".flac",),
    "wav": (".wav",),
}
"""What a file of each format may be called; the first is the usual one."""

CLIPS = {"mov,mp4,m4a,3gp,3g2,mj2": "ipod"}
"""What the format of a clip is called, where that of the file has another name."""

OPTIONS = {"format_whitelist": "mp3,mov,ogg,flac,wav", "protocol_whitelist": ""}
LONGEST = 24 * 3600  # seconds
MEMORY = 2 << 30  # bytes of address space for the child that probes
CPU = 3600  # seconds, some 24 hours of audio on an old computer
SHORT = 0.02  # of its own length that a file may lack before it counts as cut
SHORT_SECONDS = 5.0


@dataclass(frozen=True)
class Probe:
    """What a file turned out to hold."""

    suffixes: tuple[str, ...]  # that fit its format, the usual one first
    duration: float  # seconds, by decoding


def probe(path: Path, progress: sandbox.Progress = lambda _: None) -> Probe:
    """Decode a foreign file from end to end, in a child process.

    Raises AudioError if it is not audio that the archive takes, is empty or is cut short.
    """
    try:
        found = sandbox.call(
            "radio.audio:read", str(path), memory=MEMORY, seconds=CPU, progress=progress
        )
    except ReaderError as error:
        raise AudioError(str(error)) from error
    return Probe(tuple(found["suffixes"]), found["duration"])


def read(path: str, progress: sandbox.Progress) -> dict[str, Any]:
    """Do the work of `probe`, in the child."""
    with Path(path).open("rb") as file, _open(file, path) as container:
        declared = _declared(container, file)
        duration = _measure(container, file, path, progress)
        suffixes = _suffixes(container)
    if not duration:
        raise AudioError(f"{path}: no sound in it; is it an audio file?")
    if duration < max(declared * (1 - SHORT) - 0.2, declared - SHORT_SECONDS):
        raise AudioError(f"{path}: cut short after {duration:.1f} s; copy it again")
    return {"suffixes": suffixes, "duration": round(duration, 3)}


def _measure(
    container: InputContainer, file: BinaryIO, path: str, progress: sandbox.Progress
) -> float:
    size, told, duration = os.fstat(file.fileno()).st_size, 0, 0.0
    for frame in _frames(container, path):
        duration += frame.samples / frame.sample_rate
        if duration > LONGEST:
            raise AudioError(f"{path}: over {LONGEST // 3600} hours; cut it into parts")
        if file.tell() - told > size / 100:
            told = file.tell()
            progress(told / size)
    return duration


def decode(path: Path, block: int = 30 * RATE) -> Iterator[Samples]:
    """Decode a file of the archive to mono samples at RATE, in blocks of that many.

    Memory does not grow with the length of the file. Raises AudioError if it can't be decoded.
    """
    pending: list[Samples] = []
    held = 0
    for samples in _resampled(path):
        pending.append(samples)
        held += len(samples)
        while held >= block:
            joined = np.concatenate(pending)
            yield joined[:block]
            pending, held = [joined[block:]], held - block
    if held:
        yield np.concatenate(pending)


def clip(file: BinaryIO, start: float, end: float) -> bytes:
    """Cut a stretch out of an open file, in seconds, without decoding: whole packets, as they are.

    Raises AudioError if the file can't be read.
    """
    kept = io.BytesIO()
    with _open(file, file.name) as source:
        form = CLIPS.get(source.format.name, source.format.name)
        with av.open(kept, "w", format=form) as target:
            copy = target.add_stream_from_template(source.streams.audio[0])
            for packet in _packets(source, start, end, file.name):
                packet.stream = copy
                target.mux(packet)
    return _without_totals(kept.getvalue()) if form == "flac" else kept.getvalue()


def _without_totals(flac: bytes) -> bytes:
    """Forget the length and checksum of the whole file, which the header still tells.

    Zeros stand for what is not known (RFC 9639, section 8.2).
    """
    return flac[:21] + bytes([flac[21] & 0xF0]) + bytes(4 + 16) + flac[42:]


def _packets(
    source: InputContainer, start: float, end: float, path: object
) -> "Iterator[Packet[AudioStream]]":
    """Give the packets of a stretch, their times counted from its start."""
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
        raise AudioError(f"{path}: {error}; `radio check` tells more") from error


def _resampled(path: Path) -> Iterator[Samples]:
    resampler, form = None, None
    try:
        file = path.open("rb")
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror}; `radio check` tells more") from error
    with file, _open(file, path) as container:
        for frame in _frames(container, path):
            if form != (form := (frame.format.name, frame.layout.name, frame.sample_rate)):
                yield from _samples(resampler, None)
                resampler = av.AudioResampler("flt", "mono", RATE)
            yield from _samples(resampler, frame)
        yield from _samples(resampler, None)


def _samples(resampler: av.AudioResampler | None, frame: AudioFrame | None) -> Iterator[Samples]:
    """Resample a frame, or flush what is left where there is none."""
    if resampler is not None:
        for part in resampler.resample(frame):
            yield part.to_ndarray()[0]


def _open(file: BinaryIO, path: object) -> InputContainer:
    try:
        container = av.open(file, mode="r", options=OPTIONS)
    except (av.error.FFmpegError, ValueError) as error:
        kinds = ", ".join(kind.lstrip(".") for kinds in SUFFIXES.values() for kind in kinds)
        raise AudioError(f"{path}: not audio that the archive takes ({kinds})") from error
    if not container.streams.audio:
        container.close()
        raise AudioError(f"{path}: no sound in it; is it an audio file?")
    return container


def _frames(container: InputContainer, path: object) -> Iterator[AudioFrame]:
    """Decode; a damaged packet is passed over, as players do, unless most are."""
    good = bad = 0
    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                break
            for frame in packet.decode():
                good += 1
                yield frame
        except av.error.FFmpegError:
            bad += 1
            if bad > good + 100:
                break
    if bad > good:
        raise AudioError(f"{path}: damaged, most of it can't be decoded; copy it again")


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
