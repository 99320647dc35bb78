"""A recording as MP3, for what takes no other sound."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from radio.sound.container import frames_of, open_sound
from radio.system import sandbox
from radio.system.errors import ReaderError
from radio.system.progress import Progress

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

RATE = 44_100  # Hz
BITS = 96_000  # a second
MEMORY, CPU, LARGEST = 1 << 30, 3600, 2 << 30  # bytes, seconds and bytes for a conversion


def convert(path: Path, target: Path, progress: Progress = lambda _: None) -> None:
    """Write the sound of a file as MP3, in a child process. Raises ReaderError if it can't be."""
    asked = "radio.sound.conversion:to_mp3", str(path), str(target)
    sandbox.call(*asked, memory=MEMORY, seconds=CPU, writes=LARGEST, progress=progress)


def to_mp3(path: str, _progress: Progress, target: str) -> None:
    """Do the work of `convert`, in the child. Raises AudioError if it can't be read."""
    with Path(path).open("rb") as file, open_sound(file, path) as source:
        layout = "mono" if source.streams.audio[0].channels == 1 else "stereo"
        write_mp3(frames_of(source, path), target, layout, BITS)


def write_mp3(
    frames: "Iterable[AudioFrame]",
    target: str,
    layout: str,
    bits: int,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Write frames to a file as MP3. Raises ReaderError if it can't be."""
    from radio.sound.decoder import av

    try:
        with av.open(target, "w", format="mp3") as made:
            made.metadata.update(tags or {})
            stream = made.add_stream("libmp3lame", rate=RATE)
            if not isinstance(stream, av.AudioStream):
                raise ReaderError(target)
            stream.bit_rate, stream.layout = bits, layout
            resampler, place = av.AudioResampler("s16p", layout, RATE), 0
            for frame in chain(frames, (None,)):
                for part in resampler.resample(frame):
                    part.pts, part.time_base = place, Fraction(1, RATE)
                    place += part.samples
                    made.mux(stream.encode(part))
            made.mux(stream.encode(None))
    except av.error.FFmpegError as error:
        raise ReaderError(f"{target}: {error}") from error
