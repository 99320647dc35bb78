"""A recording written anew by a child process: as MP3, louder, shorter, or silenced. No sample of a
silenced passage reaches the encoder, and only the plainest tags stay, for tags may quote it. The
format stays, and no bit rate gets lower; Vorbis becomes Opus, as there is no good encoder."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import Frames, filtered, format_of, layout_of, opened, placed, resampled
from radio.system import sandbox
from radio.system.errors import AudioError, ReaderError
from radio.system.messages import _
from radio.system.progress import Progress, silent

if TYPE_CHECKING:
    from av.container import InputContainer

LIMITS = {"memory": 1 << 30, "seconds": 7200, "writes": 16 << 30}  # of a child; bytes
RATE = 44_100  # Hz of an MP3
MP3 = "mp3", "libmp3lame", RATE
# bits a second of an MP3; a levelled one will be encoded again
PLAIN, SHORTENED, LEVELLED = 96_000, 128_000, 192_000

CEILING = 0.84  # of full scale: 1.5 dB below, for the encoder adds a little
FADE = 0.01  # seconds of what stays, beside what is cut out
PAUSE = 0.5  # seconds of silence in its place
PITCH, LOUDNESS = 1000.0, 0.1  # Hz and amplitude of the tone over a passage
RATES = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # kbit/s of an MP3
TAGS = ("title", "artist", "album", "album_artist", "date", "genre", "track", "copyright")
ENCODERS = {"mp3float": "libmp3lame", "mp3": "libmp3lame", "vorbis": "libopus", "opus": "libopus"}
LOSSLESS = ("flac", "alac", "pcm_")

Arrays = Iterator[NDArray[np.float32]]  # sound by blocks: a row for each channel
Spans = Sequence[tuple[float, float]]  # from one second to another
Cover = Literal["silence", "tone"]  # what is heard in place of a passage


def recode(
    how: Callable[..., None], path: Path, target: Path, *asked: Any, progress: Progress = silent
) -> None:
    """Write a recording anew in a child, by one of the functions below, with what it asks behind
    the target. Raises AudioError if it can't be decoded, ReaderError if it can't be written."""
    reader = f"{__name__}:{how.__name__}"
    sandbox.call(reader, str(path), str(target), *asked, **LIMITS, progress=progress)


def as_mp3(path: str, _progress: Progress, target: str, gain: float | None = None) -> None:
    """Write it as MP3; with a `gain`, so many dB louder, below full scale."""
    with opened(path) as (source, heard):
        layout, frames, bits = layout_of(source), heard, PLAIN
        if gain is not None:
            steps = ("volume", f"{gain:.2f}dB"), ("alimiter", f"limit={CEILING}:level=0")
            frames, bits = filtered(heard, "fltp", layout, RATE, *steps), LEVELLED
        encode(resampled(frames, "s16p", layout, RATE), target, MP3, layout, bits)


def shorter(
    path: str, progress: Progress, target: str, cuts: Spans, tags: Mapping[str, str]
) -> None:
    """Write it as MP3 without the `cuts` (seconds): each becomes a short silence. Raises AudioError
    if nothing is left."""
    with opened(path) as (source, frames):
        layout = layout_of(source)
        blocks = _without(_arrays(source, frames, layout, RATE, progress), cuts)
        first = next(blocks, None)
        if first is None:
            raise AudioError(_("{path} : il n’y a que de la musique", path=path))
        made = resampled(_frames(chain((first,), blocks), layout, RATE), "s16p", layout, RATE)
        encode(made, target, MP3, layout, SHORTENED, tags)


def silenced(
    path: str, progress: Progress, target: str, start: float, end: float, cover: Cover
) -> None:
    """Write it anew without what is heard between two seconds."""
    with opened(path) as (source, frames):
        old = source.streams.audio[0]
        codec = ENCODERS.get(old.codec_context.name, old.codec_context.name)
        bits = old.bit_rate or source.bit_rate or 128_000
        wanted = next((each for each in RATES if 1000 * each >= bits - 500), RATES[-1])
        layout = "mono" if old.channels == 1 else old.layout.name
        sound = _arrays(source, frames, layout, old.rate, progress)
        span = round(start * old.rate), round(end * old.rate)
        made = _frames(_covered(sound, *span, old.rate, cover), layout, old.rate)
        form = format_of(source), codec, 48_000 if codec == "libopus" else old.rate
        kept = None if codec.startswith(LOSSLESS) else 1000 * wanted
        tags = {name: text for name, text in source.metadata.items() if name.lower() in TAGS}
        encode(made, target, form, layout, kept, tags)


def encode(
    frames: Frames,
    target: str,
    form: tuple[str, str, int],
    layout: str,
    bits: int | None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Write frames to a file of a form: format, encoder, Hz. Raises ReaderError if it fails."""
    import av

    name, codec, rate = form
    try:
        with av.open(target, "w", format=name) as made:
            made.metadata.update(tags or {})
            stream = made.add_stream(codec, rate=rate)
            if not isinstance(stream, av.AudioStream):
                raise ReaderError(codec)
            stream.layout = layout
            if bits is not None:
                stream.bit_rate = bits
            for frame in chain(placed(frames), (None,)):
                made.mux(stream.encode(frame))
    except av.error.FFmpegError as error:
        raise ReaderError(f"{target}: {error}") from error


def _arrays(
    source: "InputContainer", frames: Frames, layout: str, rate: int, progress: Progress
) -> Arrays:
    import av

    length, place = max((source.duration or 0) / av.time_base, 1.0), 0
    for part in resampled(frames, "fltp", layout, rate):
        place += part.samples
        progress(min(1.0, place / rate / length))
        yield part.to_ndarray().astype(np.float32, copy=False)


def _frames(arrays: Arrays, layout: str, rate: int) -> Frames:
    import av

    for array in arrays:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(array), "fltp", layout)
        frame.sample_rate = rate
        yield frame


def _without(arrays: Arrays, cuts: Spans) -> Arrays:
    """Give the sound between some cuts, faded at each, with a silence between."""
    edges = [0.0, *(second for cut in cuts for second in cut), float(1 << 40)]
    places = [round(each * RATE) for each in edges]
    stays = [(a, b) for a, b in list(pairwise(places))[::2] if b - a > (0 if a else RATE // 10)]
    place, begun = 0, set[int]()
    for array in arrays:
        for start, end in stays:
            left, right = max(start, place), min(end, place + array.shape[1])
            if left >= right:
                continue
            if start not in begun and begun:
                yield np.zeros((len(array), round(PAUSE * RATE)), np.float32)
            begun.add(start)
            at = np.arange(left, right, dtype=np.float32)
            gains = np.minimum(end - at, at - start if start else np.inf) / (FADE * RATE)
            yield array[:, left - place : right - place] * np.clip(gains, 0, 1).astype(np.float32)
        place += array.shape[1]


def _covered(arrays: Arrays, start: int, end: int, rate: int, cover: Cover) -> Arrays:
    place = 0
    for array in arrays:
        left, right = max(start - place, 0), min(end - place, array.shape[1])
        covered = array
        if left < right:
            covered = array.copy()
            at = np.arange(place + left, place + right) * (2 * np.pi * PITCH / rate)
            covered[:, left:right] = LOUDNESS * np.sin(at) if cover == "tone" else 0.0
        yield covered
        place += array.shape[1]
