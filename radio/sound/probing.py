"""The content of a foreign file, decoded whole in a child process with limits, and its waveform."""

import hashlib
import os
import re
import unicodedata
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import SUFFIXES, frames_of, listening, open_sound, opened
from radio.sound.layout import id3_tags, read_at, size_of
from radio.system.errors import AudioError
from radio.system.messages import _
from radio.system.progress import Progress, silent
from radio.text.chapters import PROPOSED, Chapter

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

BARS = 240  # of a waveform: one byte each, 0 (silence) to 255 (the loudest of the recording)

# frames all measured (two minutes), then one in so many: each bar gets one
DENSE, SPARSE = 4096, 16

LOUDNESS = 0.6  # exponent from amplitude to what the ear hears, about
LONGEST = 24 * 3600  # seconds
LOOK = 256  # frames after which limits and progress are looked at
SHORT = 0.02  # share of its length that may be missing before a file counts as cut
SHORT_SECONDS = 5.0
MOST_CHAPTERS = 255
LONGEST_TITLE = 255  # characters of a chapter
# ffmpeg gives the identifier of an ID3 chapter without title
NAMELESS = re.compile(r"(c|ch|chp|chap|chapter)[ _-]?\d+", re.IGNORECASE)


class Meter:
    """Measures a recording frame by frame; takes some 20 bytes for each second of sound."""

    def __init__(self) -> None:
        self._ends = array("d")  # seconds, of each frame
        self._powers = array("f")  # mean square of each frame
        self._frames = 0
        self.duration = 0.0  # seconds so far

    def add(self, frame: "AudioFrame") -> None:
        """Measure the next frame."""
        self.duration += frame.samples / frame.sample_rate
        self._frames += 1
        if self._frames > DENSE and self._frames % SPARSE:
            return
        whole: NDArray[Any] = frame.to_ndarray().ravel()
        samples: NDArray[Any] = whole.astype(np.float32, copy=False)
        if whole.dtype.kind == "u":  # eight bits
            samples = (samples - 128) / 128
        elif whole.dtype.kind == "i":
            samples = samples / np.iinfo(whole.dtype).max
        self._ends.append(self.duration)
        self._powers.append(float(samples @ samples) / max(1, samples.size))

    def bars(self) -> bytes:
        """Give the bars of the frames so far."""
        if not self.duration:
            return bytes(BARS)
        places = np.asarray(self._ends) * (BARS / self.duration)
        numbers = np.minimum(places.astype(int), BARS - 1)
        counts = np.bincount(numbers, minlength=BARS)
        sums = np.bincount(numbers, weights=np.asarray(self._powers), minlength=BARS)
        filled = np.flatnonzero(counts)  # short recordings have fewer frames than bars
        powers = np.interp(np.arange(BARS), filled, sums[filled] / counts[filled])
        loud = powers ** (LOUDNESS / 2)
        return (255 * loud / (loud.max() or 1)).astype(np.uint8).tobytes()


@dataclass(frozen=True)
class Probe:
    """The content of a file."""

    suffixes: tuple[str, ...]  # of its format, the usual one first
    duration: float  # seconds, by decoding
    waveform: bytes  # as `waveform` describes
    chapters: tuple[Chapter, ...]  # from its tags, in order; titles may be empty
    lost_chapters: int  # number of chapters in its tags that lie outside, or are too many
    packets: str  # sha256 of the encoded sound: the same whatever the tags


def probe(path: Path, progress: Progress = lambda _: None) -> Probe:
    """Decode a foreign file from end to end, in a child process. Raises AudioError if the archive
    takes no such audio, or it is empty or cut short."""
    answer = listening("probing:read", path, progress=progress)
    lists = {"suffixes": tuple(answer["suffixes"]), "waveform": bytes(answer["waveform"])}
    chapters = tuple(Chapter(*each) for each in answer["chapters"])
    return Probe(**{**answer, **lists, "chapters": chapters})


def require_sound(path: Path) -> None:
    """Decode the beginning of a foreign file in a child. Raises AudioError if that is no sound."""
    if not listening("probing:begins", path, progress=silent):
        raise AudioError(_("{path} : aucun son dedans ; est-ce un fichier audio ?", path=path))


def begins(path: str, _progress: Progress) -> bool:
    """Do the work of `require_sound`, in the child."""
    with opened(path) as (_container, frames):
        return next(frames, None) is not None


def read(path: str, progress: Progress) -> dict[str, Any]:
    """Do the work of `probe`, in the child."""
    with Path(path).open("rb") as file, open_sound(file, path) as container:
        promise = _header_duration(container, file)
        meter, packets = _measure(container, file, path, progress)
        suffixes, chapters = SUFFIXES[container.format.name], list(_chapters(container))
        if container.streams.audio[0].codec_context.name == "opus":
            suffixes = suffixes[::-1]
    duration = meter.duration
    if not duration:
        raise AudioError(_("{path} : aucun son dedans ; est-ce un fichier audio ?", path=path))
    if duration < max(promise * (1 - SHORT) - 0.2, promise - SHORT_SECONDS):
        message = _("{path} : coupé après {duration:.1f} s ; recopiez-le")
        raise AudioError(message, path=path, duration=duration)
    inside = sorted(each for each in chapters if 0 <= each[0] < duration)[:MOST_CHAPTERS]
    return {
        "suffixes": suffixes,
        "duration": round(duration, 3),
        "waveform": list(meter.bars()),
        "chapters": inside,
        "lost_chapters": len(chapters) - len(inside),
        "packets": packets,
    }


def _measure(
    container: "InputContainer", file: BinaryIO, path: str, progress: Progress
) -> tuple[Meter, str]:
    """Decode the sound: its measures, and the sha256 of its packets."""
    size, position, meter = os.fstat(file.fileno()).st_size, 0, Meter()
    sha256 = hashlib.sha256()
    for number, frame in enumerate(frames_of(container, path, sha256.update)):
        meter.add(frame)
        if number % LOOK:
            continue
        if meter.duration > LONGEST:
            message = _("{path} : plus de {longest} heures ; coupez-le en parties")
            raise AudioError(message, path=path, longest=LONGEST // 3600)
        if file.tell() - position > size / 100:
            position = file.tell()
            progress(position / size)
    return meter, sha256.hexdigest()


def _header_duration(container: "InputContainer", file: BinaryIO) -> float:
    """Read the duration that the file gives, in seconds; 0 without one, endless if the last page of
    Ogg (RFC 3533, section 6) or the chunks of a WAV are cut."""
    import av

    place, is_cut, has_header = file.tell(), False, True
    match container.format.name:
        case "mp3":
            has_header = has_length_header(file)
        case "wav":
            length = int.from_bytes(read_at(file, 4, 4), "little")
            is_cut = size_of(file) < length + 8 and length != 0xFFFF_FFFF  # unknown in a stream
        case "ogg":
            tail = read_at(file, max(0, size_of(file) - 70_000), 70_000)
            page = tail[tail.rfind(b"OggS") :]
            parts = 27 + page[26] if len(page) > 26 else len(page) + 1
            is_cut = len(page) < parts or len(page) < parts + sum(page[27:parts])
    file.seek(place)
    if is_cut or not has_header:
        return float("inf") if is_cut else 0.0
    stream = container.streams.audio[0]
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / av.time_base


def has_length_header(file: BinaryIO) -> bool:
    """Whether an MP3 begins with a Xing, Info or VBRI frame, which holds its length."""
    frame = read_at(file, max((each.stop for each in id3_tags(file)), default=0), 512)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


def _chapters(container: "InputContainer") -> Iterator[tuple[float, str]]:
    """Read start (seconds) and title of the chapters in the tags, in any format, but for those that
    our own tag calls proposed: they will be proposed again."""
    notes = [container.metadata, container.streams.audio[0].metadata]  # of Ogg: the stream
    if any(each.get("CHAPTERS") == PROPOSED for each in notes):
        return
    for chapter in container.chapters():
        title = chapter["metadata"].get("title", "")
        start = chapter["start"] * (chapter["time_base"] or 0)
        categories = ((c, unicodedata.category(c)[0]) for c in title[:LONGEST_TITLE])
        visible = "".join(" " if category == "C" else c for c, category in categories)
        plain = "" if NAMELESS.fullmatch(title) else " ".join(visible.split())
        yield round(float(start), 3), plain
