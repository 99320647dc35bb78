"""Parts of recordings cut out and joined without a gap, in a child process. Whole packets are
copied, so that nothing is encoded again; FLAC is decoded and encoded, which loses nothing, for its
frames are numbered. Only parts that are encoded differently become an MP3."""

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from radio.sound.container import (
    FORMATS,
    Frames,
    format_of,
    frames_of,
    layout_of,
    listening,
    open_sound,
    resampled,
)
from radio.sound.recoding import LEVELLED, LIMITS, MP3, encode
from radio.system import sandbox
from radio.system.errors import AudioError
from radio.system.messages import _
from radio.system.progress import Progress, silent

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

RAW = "aac"  # AAC without a container (ADTS), as recorders write it: it becomes an M4A
SUFFIXES = {"mp3": ".mp3", "ipod": ".m4a", RAW: ".m4a", "ogg": ".ogg", "flac": ".flac"}
LOSSLESS = "flac"
LONGEST = 1.5  # seconds of a packet: 65,535 samples of FLAC at 44.1 kHz
APART, LOOKED, WARM = 20.0, 2.0, 0.5  # seconds: so often, so many are decoded but the first ones
SILENT = 1e-6  # mean square: -60 dB of full scale
MUXER = {RAW: "ipod"}


@dataclass(frozen=True)
class Strip:
    """A part of a file, from one second to another."""

    path: str
    start: float = 0.0
    end: float = float(1 << 40)


@dataclass(frozen=True)
class Encoding:
    """How a file is encoded, and how long it is."""

    format: str
    codec: str
    rate: int  # Hz
    channels: int
    seconds: float

    @property
    def kind(self) -> tuple[str, str, int, int]:
        """What two files must share to be joined as they are."""
        return self.format, self.codec, self.rate, self.channels

    @property
    def suffix(self) -> str:
        """What the name of its parts ends with."""
        return ".opus" if self.codec == "opus" else SUFFIXES.get(self.format, ".wav")


def measure(path: Path, progress: Progress = silent) -> Encoding:
    """Measure a file by its packets, without decoding. Raises AudioError if it is no sound."""
    return Encoding(*listening("cutting:read", path, progress=progress))


def suffix_of(encodings: Sequence[Encoding]) -> str:
    """Give what the name of joined parts ends with."""
    is_one = len({each.kind for each in encodings}) == 1
    return encodings[0].suffix if is_one else ".mp3"


def assemble(strips: Sequence[Strip], target: Path, progress: Progress = silent) -> None:
    """Join parts of files to one. Raises AudioError if one can't be read, or nothing is left,
    ReaderError if the target can't be written."""
    parts = [asdict(each) for each in strips]
    first, name = strips[0].path, f"{__name__}:write"
    sandbox.call(name, first, str(target), *parts, **LIMITS, progress=progress)


def read(path: str, _progress: Progress) -> list[object]:
    """Do the work of `measure`, in the child."""
    with _opened(path) as source:
        seconds = sum(length for _packet, length in _packets(source))
        return [*_kind(source), round(seconds, 3)]


def write(first: str, progress: Progress, target: str, *parts: dict[str, Any]) -> None:
    """Do the work of `assemble`, in the child."""
    strips = [Strip(**each) for each in parts]
    with ExitStack() as stack:
        paths = dict.fromkeys(each.path for each in strips)
        opened = {path: stack.enter_context(_opened(path)) for path in paths}
        kinds = {_kind(each) for each in opened.values()}
        form, codec, rate, _channels = kind = _kind(opened[first])
        if len(kinds) == 1 and kind[0] != LOSSLESS:
            _copy(strips, target, progress)
            return
        is_one = len(kinds) == 1
        made, bits = ((form, codec, rate), None) if is_one else (MP3, LEVELLED)
        sound = opened[first].streams.audio[0].format.name if is_one else "s16p"
        layout = layout_of(opened[first])
    frames = resampled(_decoded(strips, progress), sound, layout, made[2])
    encode(frames, target, made, layout, bits)


@contextlib.contextmanager
def _opened(path: str) -> Iterator["InputContainer"]:
    with Path(path).open("rb") as file, open_sound(file, path, f"{FORMATS},{RAW}") as source:
        yield source


def _kind(source: "InputContainer") -> tuple[str, str, int, int]:
    stream = source.streams.audio[0]
    return format_of(source), stream.codec_context.name, stream.rate, stream.channels


def _packets(source: "InputContainer") -> Iterator[tuple[Any, float]]:
    """Give packets, each with its length in seconds; what is behind a fault is lost."""
    stream = source.streams.audio[0]
    unit, longest = float(stream.time_base or 1), LONGEST / float(stream.time_base or 1)
    packets, length = _readable(source), 0
    before = next(packets, None)
    while before is not None:
        following, told = next(packets, None), before.duration or 0
        if stream.codec_context.name == "vorbis" and following is not None:
            told = following.pts - before.pts  # ffmpeg's lengths are wrong where blocks change
        length = told if 0 <= told < longest else length  # as is its last one in some Ogg
        before.duration = length
        yield before, length * unit
        before = following


def _readable(source: "InputContainer") -> Iterator[Any]:
    import av

    packets = source.demux(source.streams.audio[0])
    with contextlib.suppress(av.error.FFmpegError):
        for packet in packets:
            if packet.size:
                yield packet


def _within(strip: Strip, source: "InputContainer") -> Iterator[Any]:
    """Give the packets whose middle lies in a part."""
    place = 0.0
    for packet, length in _packets(source):
        if place + length / 2 >= strip.end:
            return
        if place + length / 2 >= strip.start:
            yield packet
        place += length


def _copy(strips: Sequence[Strip], target: str, progress: Progress) -> None:
    import av

    place, made, copy = 0, None, None
    with ExitStack() as stack:
        for number, strip in enumerate(strips):
            with _opened(strip.path) as source:
                stream = source.streams.audio[0]
                if made is None:
                    form = MUXER.get(format_of(source), format_of(source))
                    made = stack.enter_context(av.open(target, "w", format=form))
                    copy = made.add_stream_from_template(stream)
                for packet in _framed(_within(strip, source), stream, copy):
                    length = packet.duration or 0
                    packet.pts = packet.dts = place
                    packet.stream, place = copy, place + length
                    made.mux(packet)
            progress((number + 1) / len(strips))
    if not place:
        raise AudioError(_("{path} : aucun son dedans ; est-ce un fichier audio ?", path=target))


def _framed(packets: Iterator[Any], stream: Any, copy: Any) -> Iterator[Any]:
    """Bring raw AAC into the form of a container."""
    if stream.container.format.name != RAW:
        yield from packets
        return
    from av.bitstream import BitStreamFilterContext

    bare = BitStreamFilterContext("aac_adtstoasc", stream, copy)
    for packet in packets:
        yield from bare.filter(packet)


def _decoded(strips: Sequence[Strip], progress: Progress) -> Frames:
    for number, strip in enumerate(strips):
        with _opened(strip.path) as source:
            yield from _cut(frames_of(source, strip.path), strip)
        progress((number + 1) / len(strips))


def _cut(frames: Frames, strip: Strip) -> Frames:
    """Cut frames at the very sample."""
    import av

    place = 0
    for frame in frames:
        first, last = (round(each * frame.sample_rate) for each in (strip.start, strip.end))
        left, right = max(0, first - place), min(frame.samples, last - place)
        place += frame.samples
        if left >= right:
            continue
        wide = 1 if frame.format.is_planar else len(frame.layout.channels)
        some = frame.to_ndarray()[:, left * wide : right * wide]
        part = av.AudioFrame.from_ndarray(some.copy(), frame.format.name, frame.layout.name)
        part.sample_rate = frame.sample_rate
        yield part


def flaws(strips: Sequence[Strip], progress: Progress = silent) -> float:
    """Estimate the seconds of parts that can't be decoded or are silent, by some seconds here and
    there. Raises AudioError if one is no sound."""
    parts = [asdict(each) for each in strips]
    return float(listening("cutting:look", Path(strips[0].path), *parts, progress=progress))


def look(_first: str, progress: Progress, *parts: dict[str, Any]) -> float:
    """Do the work of `flaws`, in the child."""
    strips, due, sound = [Strip(**each) for each in parts], 0.0, 0.0
    for number, strip in enumerate(strips):
        with _opened(strip.path) as source:
            place = 0.0
            for packet in _within(strip, source):
                length = float((packet.duration or 0) * (packet.time_base or 0))
                place += length
                if place % APART < LOOKED:
                    heard = _is_sound(packet)
                    if place % APART > WARM:
                        due, sound = due + length, sound + heard * length
        progress((number + 1) / len(strips))
    whole = sum(each.end - each.start for each in strips)
    return whole * (1 - sound / due) if due else 0.0


def _is_sound(packet: Any) -> bool:
    """Whether a packet can be decoded and is not silent."""
    import av

    try:
        return any(_loudness(frame) > SILENT for frame in packet.decode())
    except av.error.FFmpegError:
        return False


def _loudness(frame: "AudioFrame") -> float:
    array = frame.to_ndarray()
    full = 2.0 ** (8 * array.itemsize - 1) if array.dtype.kind in "iu" else 1.0
    return float(np.square(array.astype(np.float64) / full).mean())
