"""A recording as MP3 without some stretches of it, and where these begin and end to the hundredth.

Who asks knows about where music lies, and where words do; the sound itself tells the rest: music
that follows a word after a moment of quiet begins where that quiet ends.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from radio.sound import samples
from radio.sound.borders import CLOSE, Bands, bands_of, find_border
from radio.sound.container import frames_of, open_sound
from radio.sound.conversion import CPU, LARGEST, MEMORY, RATE, write_mp3
from radio.system import sandbox
from radio.system.errors import AudioError
from radio.system.messages import _
from radio.system.progress import Progress

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

BITS = 128_000  # a second
BLOCK = samples.RATE // 100  # samples whose level is measured
BLOCKS = samples.RATE // BLOCK  # a second
QUIET = -45.0  # dB under full scale: less is no music that anybody hears
BREATH = 5  # blocks: quiet that is shorter parts nothing
NEAR = 50  # blocks at either end of a stretch, in which such quiet may lie
SHORTEST = 1.0  # seconds of a stretch
REACH = 3.0  # seconds by which its ends may be wrong
INSET = 1.5  # seconds from its ends, where it surely is music
FADE = 0.01  # seconds of what stays, beside what is cut out
PAUSE = 0.5  # seconds of silence in its place
BENEATH = -52.0  # dB: pauses between words that are louder have something under them
WINDOW, FEW = 5, 5  # seconds judged at once; percent of their blocks that are pauses
LONG = 10  # seconds of voices with something under them that are worth telling

Levels = NDArray[np.float32]
Stretch = tuple[float, float]
"""From one second to another."""


@dataclass(frozen=True)
class MusicSpan:
    """About where music is, and what is said around it."""

    start: float  # seconds
    end: float
    first: float  # it may begin as early, where it sounds so
    last: float  # it may end as late
    voices: tuple[Stretch, ...] = ()  # the words near it


@dataclass(frozen=True)
class Heard:
    """What is heard of a recording."""

    cuts: tuple[Stretch, ...]  # the stretches asked for, from where they are to be cut
    beneath: tuple[Stretch, ...]  # where something sounds under voices


def listen(path: Path, spans: Sequence[MusicSpan], progress: Progress = lambda _: None) -> Heard:
    """Find out where stretches of music begin and end, in a child process.

    None begins earlier than its `first` or ends later than its `last`. Raises AudioError if the
    file can't be decoded, ReaderError if the child fails.
    """
    asked = "radio.sound.excision:measure", str(path), json.dumps([asdict(each) for each in spans])
    told = sandbox.call(*asked, memory=MEMORY, seconds=CPU, progress=progress)
    return Heard(*(tuple((a, b) for a, b in each) for each in told))


def measure(path: str, _progress: Progress, spans: str) -> list[list[Stretch]]:
    """Do the work of `listen`, in the child."""
    blocks = [(_levels(each), bands_of(each)) for each in samples.decode(Path(path))]
    blocks = blocks or [(_levels([]), bands_of([]))]
    levels, bands = (np.concatenate(each) for each in zip(*blocks, strict=True))
    found = (_found(levels, bands, MusicSpan(**each)) for each in json.loads(spans))
    cuts = [(a, b) for a, b in found if b - a >= SHORTEST]
    return [cuts, list(_beneath(levels, cuts))]


def _found(levels: Levels, bands: Bands, span: MusicSpan) -> Stretch:
    """Find both ends: quiet that lies near tells them best, else the change of the sound."""
    told = span.start, span.end
    ends = (
        quiet if quiet != each and abs(quiet - moved) <= CLOSE else moved
        for each, quiet, moved in zip(
            told, _trimmed(levels, *told), _moved(bands, span), strict=True
        )
    )
    return _trimmed(levels, *ends)


def _moved(bands: Bands, span: MusicSpan) -> Stretch:
    """Move both ends of a stretch to where the sound changes."""
    length = span.end - span.start
    if length < SHORTEST:
        return span.start, span.end
    middle, inset = span.start + length / 2, min(INSET, length / 4)
    music = span.start + inset, span.end - inset
    before = [each for each in span.voices if each[0] < middle]
    behind = [each for each in span.voices if each[0] >= middle]
    start, end = span.start, span.end
    if before:
        within = max(span.first, start - REACH), min(middle, start + REACH)
        start = find_border(bands, start, within, before, music, is_end=False)
    if behind:
        within = max(middle, end - REACH), min(span.last, end + REACH)
        end = find_border(bands, end, within, behind, music, is_end=True)
    return start, end


def _levels(block: "samples.Samples | list[float]") -> Levels:
    """Measure each hundredth of a second, in dB under full scale."""
    whole = np.asarray(block, np.float32)[: len(block) // BLOCK * BLOCK].reshape(-1, BLOCK)
    levels: Levels = 10 * np.log10(np.square(whole).mean(axis=1) + 1e-12)
    return levels.astype(np.float32)


def _trimmed(levels: Levels, start: float, end: float) -> Stretch:
    """Leave out quiet at both ends of a stretch, and what lies before and behind it."""
    first, last = int(np.ceil(start * BLOCKS - 1e-6)), int(end * BLOCKS)
    is_quiet = levels[first:last] < QUIET
    if is_quiet.all():
        return start, start
    before, behind = _quiet_until(is_quiet), _quiet_until(is_quiet[::-1])
    return (
        (first + before) / BLOCKS if before else start,
        (first + len(is_quiet) - behind) / BLOCKS if behind else end,
    )


def _quiet_until(is_quiet: NDArray[np.bool_]) -> int:
    """Tell how many blocks pass until the last quiet near the beginning is over; 0 without any."""
    near = np.convolve(is_quiet[: NEAR + BREATH], np.ones(BREATH), "valid")
    places = np.flatnonzero(near >= BREATH)
    if not len(places):
        return 0
    place = int(places[-1]) + BREATH
    while place < len(is_quiet) and is_quiet[place]:
        place += 1
    return place


def _beneath(levels: Levels, cuts: Sequence[Stretch]) -> Iterator[Stretch]:
    """Find where even the pauses between words are not quiet, outside of what is cut."""
    found = list[Stretch]()
    for start in range(0, len(levels) // BLOCKS - WINDOW + 1, WINDOW):
        end = start + WINDOW
        is_cut = any(a < end and b > start for a, b in cuts)
        pauses = np.percentile(levels[start * BLOCKS : end * BLOCKS], FEW)
        if is_cut or pauses < BENEATH:
            continue
        begun = found.pop()[0] if found and found[-1][1] == start else start
        found.append((float(begun), float(end)))
    return (each for each in found if each[1] - each[0] >= LONG)


def cut_out(
    path: Path,
    target: Path,
    cuts: Sequence[Stretch],
    tags: Mapping[str, str],
    progress: Progress = lambda _: None,
) -> None:
    """Write the sound of a file as MP3 without some stretches, in a child process.

    A short silence stands for each. Raises AudioError if it can't be decoded, or nothing would be
    left, ReaderError if it can't be written.
    """
    asked = str(path), str(target), json.dumps(cuts), json.dumps(dict(tags))
    sandbox.call(
        "radio.sound.excision:write",
        *asked,
        memory=MEMORY,
        seconds=CPU,
        writes=LARGEST,
        progress=progress,
    )


def write(path: str, progress: Progress, target: str, cuts: str, tags: str) -> None:
    """Do the work of `cut_out`, in the child."""
    from radio.sound.decoder import av

    with Path(path).open("rb") as file, open_sound(file, path) as source:
        layout = "mono" if source.streams.audio[0].channels == 1 else "stereo"
        length = (source.duration or 0) / av.time_base
        kept = _kept(json.loads(cuts))
        parts = _joined(_arrays(frames_of(source, path), layout, length, progress), kept)
        frames = (_frame(each, layout) for each in parts)
        first = next(frames, None)
        if first is None:
            raise AudioError(_("{path}: nothing but music is in it").format(path=path))
        write_mp3(_with(first, frames), target, layout, BITS, json.loads(tags))


def _kept(cuts: Sequence[Stretch]) -> list[tuple[int, int]]:
    """Give the first sample of each stretch that stays, and the one after its last."""
    edges = [0.0, *(second for cut in cuts for second in cut), float(1 << 40)]
    places = [round(each * RATE) for each in edges]
    return [(a, b) for a, b in list(pairwise(places))[::2] if b - a > (0 if a else RATE // 10)]


def _arrays(
    frames: "Iterable[AudioFrame]", layout: str, length: float, progress: Progress
) -> Iterator[NDArray[np.float32]]:
    from radio.sound.decoder import av

    resampler, place = av.AudioResampler("fltp", layout, RATE), 0
    for frame in _ended(frames):
        for part in resampler.resample(frame):
            place += part.samples
            progress(min(1.0, place / RATE / max(length, 1.0)))
            yield part.to_ndarray().astype(np.float32, copy=False)


def _ended(frames: "Iterable[AudioFrame]") -> "Iterator[AudioFrame | None]":
    for frame in frames:
        frame.pts = None
        yield frame
    yield None


def _joined(
    arrays: Iterable[NDArray[np.float32]], kept: Sequence[tuple[int, int]]
) -> Iterator[NDArray[np.float32]]:
    """Give what stays, faded at each cut, with a silence between."""
    place, begun = 0, set[int]()
    for array in arrays:
        for start, end in kept:
            left, right = max(start, place), min(end, place + array.shape[1])
            if left >= right:
                continue
            if start not in begun and begun:
                yield np.zeros((len(array), round(PAUSE * RATE)), np.float32)
            begun.add(start)
            yield array[:, left - place : right - place] * _fade(left, right, start, end)
        place += array.shape[1]


def _fade(left: int, right: int, start: int, end: int) -> NDArray[np.float32]:
    places = np.arange(left, right, dtype=np.float32)
    gains = (end - places) / (FADE * RATE)
    if start:
        gains = np.minimum(gains, (places - start) / (FADE * RATE))
    faded: Levels = np.clip(gains, 0.0, 1.0).astype(np.float32)
    return faded


def _frame(array: NDArray[np.float32], layout: str) -> "AudioFrame":
    from radio.sound.decoder import av

    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(array), "fltp", layout)
    frame.sample_rate = RATE
    return frame


def _with(first: "AudioFrame", others: "Iterator[AudioFrame]") -> "Iterator[AudioFrame]":
    yield first
    yield from others
