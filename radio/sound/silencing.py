"""A recording with a passage silenced, or under a tone: decoded, replaced, encoded anew.

No sample of the passage goes into the encoder, so no frame of the new file, nor what its codec
carries from one to the next, holds any of it. Of the tags of the file, which may quote what was
said, the plainest alone are kept. The format stays, and no bit rate gets lower; Vorbis, for which
there is no good encoder here, becomes Opus in the same Ogg.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from radio.sound.clips import FORMS
from radio.sound.container import frames_of, open_sound
from radio.system import sandbox
from radio.system.errors import ReaderError
from radio.system.progress import Progress

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer

MEMORY, CPU, LARGEST = 1 << 30, 7200, 16 << 30  # bytes, seconds and bytes
RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s of an MP3
PITCH, LOUDNESS = 1000.0, 0.1  # Hz and amplitude of the tone
TAGS = ("title", "artist", "album", "album_artist", "date", "genre", "track", "copyright")
ENCODERS = {"mp3float": "libmp3lame", "mp3": "libmp3lame", "vorbis": "libopus", "opus": "libopus"}
LOSSLESS = ("flac", "alac", "pcm_")

Cover = Literal["silence", "tone"]
"""What is heard in place of a passage."""


@dataclass(frozen=True)
class _Mask:
    """What is laid over the samples between two moments."""

    start: int  # samples
    end: int
    rate: int
    cover: Cover

    def lay(self, samples: NDArray[np.float32], first: int) -> NDArray[np.float32]:
        """Replace what lies within; `first` is the place of the first sample, one row a channel."""
        left, right = max(self.start - first, 0), min(self.end - first, samples.shape[1])
        if left >= right:
            return samples
        laid = samples.copy()
        laid[:, left:right] = 0.0
        if self.cover == "tone":
            places = np.arange(first + left, first + right) * (2 * np.pi * PITCH / self.rate)
            laid[:, left:right] = LOUDNESS * np.sin(places)
        return laid


def silence(
    path: Path,
    target: Path,
    span: tuple[float, float],
    cover: Cover = "silence",
    progress: Progress = lambda _: None,
) -> None:
    """Write a recording anew without what is heard between two seconds, in a child process.

    Raises AudioError if it can't be decoded, ReaderError if it can't be written.
    """
    asked = str(path), str(target), str(span[0]), str(span[1]), cover
    sandbox.call(
        "radio.sound.silencing:write",
        *asked,
        memory=MEMORY,
        seconds=CPU,
        writes=LARGEST,
        progress=progress,
    )


def write(path: str, progress: Progress, target: str, start: str, end: str, cover: Cover) -> None:
    """Do the work of `silence`, in the child."""
    from radio.sound.decoder import av

    try:
        with Path(path).open("rb") as file, open_sound(file, path) as source:
            form = FORMS.get(source.format.name, source.format.name)
            with av.open(target, "w", format=form) as made:
                stream = _stream(source, made)
                rate = source.streams.audio[0].rate
                mask = _Mask(round(float(start) * rate), round(float(end) * rate), rate, cover)
                for frame in _masked(source, path, mask, progress):
                    made.mux(stream.encode(frame))
                made.mux(stream.encode(None))
    except av.error.FFmpegError as error:
        raise ReaderError(f"{path}: {error}") from error


def _stream(source: "InputContainer", made: "OutputContainer") -> "AudioStream":
    """Make a stream of the format of another, at its bit rate or the next higher one."""
    from radio.sound.decoder import av

    old = source.streams.audio[0]
    name = ENCODERS.get(old.codec_context.name, old.codec_context.name)
    rate = 48_000 if name == "libopus" else old.rate
    stream = made.add_stream(name, rate=rate)
    if not isinstance(stream, av.AudioStream):
        raise ReaderError(str(name))
    stream.layout = "mono" if old.channels == 1 else old.layout.name
    if not name.startswith(LOSSLESS):
        bits = old.bit_rate or source.bit_rate or 128_000
        wanted = next((each for each in RATES if 1000 * each >= bits - 500), RATES[-1])
        stream.bit_rate = 1000 * wanted
    made.metadata.update({k: v for k, v in source.metadata.items() if k.lower() in TAGS})
    return stream


def _masked(
    source: "InputContainer", path: str, mask: _Mask, progress: Progress
) -> "Iterator[AudioFrame]":
    """Decode a file to frames of floats, without what the mask covers."""
    from radio.sound.decoder import av

    length = (source.duration or 0) / av.time_base
    place, form, resampler = 0, None, None
    for frame in _with_end(frames_of(source, path)):
        state = frame and (frame.format.name, frame.layout.name, frame.sample_rate)
        parts = list["AudioFrame"]()
        if state != form and resampler is not None:
            parts += resampler.resample(None)
        if frame is not None:
            if state != form:
                resampler = av.AudioResampler("fltp", _layout(source), mask.rate)
            parts += resampler.resample(frame) if resampler else []
        form = state
        for part in parts:
            yield _laid(part, mask, place)
            place += part.samples
            progress(min(1.0, place / mask.rate / max(length, 1.0)))


def _with_end(frames: "Iterator[AudioFrame]") -> "Iterator[AudioFrame | None]":
    yield from frames
    yield None


def _layout(source: "InputContainer") -> str:
    old = source.streams.audio[0]
    return "mono" if old.channels == 1 else old.layout.name


def _laid(part: "AudioFrame", mask: _Mask, place: int) -> "AudioFrame":
    from radio.sound.decoder import av

    samples = mask.lay(part.to_ndarray().astype(np.float32, copy=False), place)
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", part.layout.name)
    frame.sample_rate, frame.pts = mask.rate, place
    frame.time_base = Fraction(1, mask.rate)
    return frame
