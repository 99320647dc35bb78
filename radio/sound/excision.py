"""A recording as MP3 without some stretches of it, and where these begin and end to the hundredth.

Who asks knows about where music lies, and where words do; the sound itself tells the rest: music
that follows a word after a moment of quiet begins where that quiet ends. Detectors of speech are
late after loud music, and go on into it. So what surely is music, and what surely is voice, within
twenty seconds of a border tell how each sounds there; the border is where what lies between is
shared out best.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import samples
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

FRAME = samples.RATE // 50  # samples
FRAMES = samples.RATE // FRAME  # a second
BANDS = 24
LOWEST, HIGHEST = 60.0, 7600.0  # Hz
FAINT = 1e-6  # power that keeps logarithms finite
WIDE, NARROW = 7, 2  # frames on both sides that tell about one
ENOUGH, FEWEST, MOST = 100, 25, 1000  # frames of voice, and of music, that tell how it sounds
ALIKE = 5  # the nearest frames that are compared
SURE = 4.0  # frames by which a border must be better than the one that was told
CLOSE = 0.25  # seconds around a border in which it is looked for again, more closely

Bands = NDArray[np.float32]
Features = NDArray[Any]


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


def bands_of(sound: samples.Samples | list[float]) -> Bands:
    """Measure the bands of each fiftieth of a second, in dB."""
    frames = np.asarray(sound, np.float32)[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME).astype(np.float32), 2 * FRAME)) ** 2
    bands: Bands = (10 * np.log10(power @ _filters() + FAINT)).astype(np.float32)
    return bands


def _filters() -> NDArray[np.float32]:
    """Make bands that are as wide as the ear has them."""
    edges = 700 * (10 ** (np.linspace(_mel(LOWEST), _mel(HIGHEST), BANDS + 2) / 2595) - 1)
    pitches = np.linspace(0, samples.RATE / 2, FRAME + 1)[:, None]
    rising = (pitches - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - pitches) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, 1).astype(np.float32)


def _mel(pitch: float) -> float:
    return float(2595 * np.log10(1 + pitch / 700))


def find_border(
    bands: Bands,
    told: float,
    within: tuple[float, float],
    voice: Sequence[tuple[float, float]],
    music: tuple[float, float],
    *,
    is_end: bool,
) -> float:
    """Find where music begins, or where it ends, in seconds.

    As it is `told` where too little is known nearby, or nothing is surely better `within` what is
    allowed.
    """
    spoken = np.concatenate([_frames(*each, bands) for each in voice] or [np.zeros(0, int)])
    played = _frames(*music, bands)
    spoken, played = _nearest(spoken, told), _nearest(played, told)
    if len(spoken) < ENOUGH or len(played) < FEWEST:
        return told
    known = spoken, played
    found, gain = _best(bands, WIDE, known, within, told, is_end)
    if gain < SURE:
        return told
    close = max(within[0], found - CLOSE), min(within[1], found + CLOSE)
    return _best(bands, NARROW, known, close, told, is_end)[0]


def _frames(start: float, end: float, bands: Bands) -> NDArray[np.int_]:
    return np.arange(max(0, round(start * FRAMES)), min(len(bands), round(end * FRAMES)))


def _nearest(frames: NDArray[np.int_], told: float) -> NDArray[np.int_]:
    """Give the frames that are nearest to a second, not too many."""
    return frames[np.argsort(np.abs(frames - told * FRAMES), kind="stable")[:MOST]]


def _best(
    bands: Bands,
    around: int,
    known: tuple[NDArray[np.int_], NDArray[np.int_]],
    within: tuple[float, float],
    told: float,
    is_end: bool,
) -> tuple[float, float]:
    """Find the best border, and tell by how many frames it is better than the one told."""
    between = _frames(*within, bands)
    if not len(between):
        return told, 0.0
    voice, music = (_features(bands, each, around) for each in known)
    both = np.concatenate([voice, music])
    middle, spread = both.mean(axis=0), both.std(axis=0) + 1
    asked, voice, music = (
        (each - middle) / spread for each in (_features(bands, between, around), voice, music)
    )
    votes = np.clip(2 * np.log(_distance(asked, music) / _distance(asked, voice)), -1, 1)
    shared = np.concatenate([[0.0], np.cumsum(-votes if is_end else votes)])
    best = len(shared) - 1 - int(np.argmax(shared[::-1])) if is_end else int(np.argmax(shared))
    old = min(max(0, round(told * FRAMES) - int(between[0])), len(shared) - 1)
    return float((between[0] + best) / FRAMES), float(shared[best] - shared[old])


def _features(bands: Bands, frames: NDArray[np.int_], around: int) -> Features:
    """Describe frames by their bands, and by how these are and change around them."""
    places = np.clip(frames[:, None] + np.arange(-around, around + 1), 0, len(bands) - 1)
    near = bands[places]
    return np.concatenate([bands[frames], near.mean(axis=1), near.std(axis=1)], axis=1)


def _distance(some: Features, known: Features) -> Features:
    """Tell how far each of some frames is from those that it is most alike."""
    squares = (some**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * some @ known.T
    nearest = np.partition(squares, ALIKE, axis=1)[:, :ALIKE]
    distance: Features = np.sqrt(np.maximum(nearest, FAINT)).mean(axis=1)
    return distance
