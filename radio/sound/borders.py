"""Where music begins and ends in a recording, to the hundredth of a second, if the caller knows
roughly where music and words are. Sure music and sure voice within twenty seconds of a border show
how each sounds there; the border is where they separate best, or where a quiet moment ends."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import CPU, MEMORY
from radio.sound.samples import RATE, Samples, decode, followed
from radio.system import sandbox
from radio.system.progress import Progress

BLOCK = RATE // 100  # samples whose level is measured
BLOCKS = RATE // BLOCK  # a second
QUIET = -45.0  # dB under full scale: less is no music that anybody hears
DEAD = -55.0  # dB under full scale: less is dead air
BREATH = 5  # blocks: quiet that is shorter parts nothing
NEAR = 50  # blocks at either end of a span, in which such quiet may lie
SHORTEST = 1.0  # seconds of a span
REACH = 3.0  # seconds by which its ends may be wrong
INSET = 1.5  # seconds from its ends, where it surely is music
BENEATH = -52.0  # dB: pauses between words that are louder have something under them
WINDOW, FEW = 5, 5  # seconds judged at once; percent of their blocks that are pauses
LONG = 10  # seconds of voices with something under them that are worth telling

FRAME = RATE // 50  # samples whose bands are measured
FRAMES = RATE // FRAME  # a second
BANDS = 24
LOWEST, HIGHEST = 60.0, 7600.0  # Hz
FAINT = 1e-6  # power that keeps logarithms finite
WIDE, NARROW = 7, 2  # frames on both sides that tell about one
ENOUGH, FEWEST, MOST = 100, 25, 1000  # frames of voice, and of music, that tell how it sounds
ALIKE = 5  # the nearest frames that are compared
SURE = 4.0  # frames by which a border must be better than the one that was told
CLOSE = 0.25  # seconds around a border in which it is looked for again, more closely

Span = tuple[float, float]  # from one second to another
Values = NDArray[Any]
Places = NDArray[np.int_]  # frames, by their numbers


@dataclass(frozen=True)
class MusicSpan:
    """About where music is, and what is said around it."""

    start: float  # seconds
    end: float
    first: float  # it may begin as early, where it sounds so
    last: float  # it may end as late
    voices: tuple[Span, ...] = ()  # the words near it


@dataclass(frozen=True)
class Heard:
    """What is edge of a recording."""

    cuts: tuple[Span, ...]  # the music asked for, from where it is to be cut
    beneath: tuple[Span, ...]  # where something sounds under voices


def heard_between(path: Path, duration: float, progress: Progress = lambda _: None) -> Span:
    """Tell from which second to which anything is heard in a recording of `duration` seconds; 0 to
    0 if nothing is. Raises AudioError if it can't be decoded."""
    first, last, place = 0, 0, 0
    for samples in followed(path, duration, progress):
        parts = np.pad(samples, (0, -len(samples) % BLOCK)).reshape(-1, BLOCK)
        loud = np.flatnonzero(np.square(parts).mean(axis=1) > 10 ** (DEAD / 10))
        if len(loud):
            first = first if last else place + int(loud[0])
            last = place + int(loud[-1]) + 1
        place += len(parts)
    return first / BLOCKS, last / BLOCKS


def listen(path: Path, spans: Sequence[MusicSpan], progress: Progress = lambda _: None) -> Heard:
    """Find where music begins and ends, in a child process: never before its `first` or after its
    `last`. Raises AudioError if the file can't be decoded, ReaderError if the child fails."""
    reader, limits = f"{__name__}:measure", {"memory": MEMORY, "seconds": CPU}
    found = sandbox.call(reader, str(path), *map(asdict, spans), **limits, progress=progress)
    return Heard(*(tuple((a, b) for a, b in each) for each in found))


def measure(path: str, _progress: Progress, *spans: dict[str, Any]) -> list[list[Span]]:
    """Do the work of `listen`, in the child."""
    nothing = np.zeros(0, np.float32)
    blocks = [_measured(each) for each in (*decode(Path(path)), nothing)]
    levels, bands = (np.concatenate(each) for each in zip(*blocks, strict=True))
    found = (_ends(levels, bands, MusicSpan(**each)) for each in spans)
    cuts = [(a, b) for a, b in found if b - a >= SHORTEST]
    return [cuts, list(_beneath(levels, cuts))]


def _measured(block: Samples) -> tuple[Values, Values]:
    """Measure the level of each BLOCK, in dB under full scale, and mel bands of each FRAME."""
    whole = block[: len(block) // BLOCK * BLOCK].reshape(-1, BLOCK)
    levels = 10 * np.log10(np.square(whole).mean(axis=1) + 1e-12)
    frames = block[: len(block) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME).astype(np.float32), 2 * FRAME)) ** 2
    lowest, highest = (2595 * np.log10(1 + pitch / 700) for pitch in (LOWEST, HIGHEST))
    edges = 700 * (10 ** (np.linspace(lowest, highest, BANDS + 2) / 2595) - 1)
    pitches = np.linspace(0, RATE / 2, FRAME + 1)[:, None]
    rising = (pitches - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - pitches) / (edges[2:] - edges[1:-1])
    filters = np.clip(np.minimum(rising, falling), 0, 1).astype(np.float32)
    bands = 10 * np.log10(power @ filters + FAINT)
    return levels.astype(np.float32), bands.astype(np.float32)


def _ends(levels: Values, bands: Values, span: MusicSpan) -> Span:
    """Find both ends: by quiet that is near, else by the change of the sound."""
    start, end = moved = span.start, span.end
    length = end - start
    if length >= SHORTEST:
        middle, inset = start + length / 2, min(INSET, length / 4)
        music = _frames(bands, start + inset, end - inset)
        first = max(span.first, start - REACH), min(middle, start + REACH)
        last = max(middle, end - REACH), min(span.last, end + REACH)
        before = [each for each in span.voices if each[0] < middle]
        behind = [each for each in span.voices if each[0] >= middle]
        moved = (
            _border(bands, start, first, before, music, is_end=False) if before else start,
            _border(bands, end, last, behind, music, is_end=True) if behind else end,
        )
    ends = zip((start, end), _trimmed(levels, start, end), moved, strict=True)
    start, end = (
        beside if beside != edge and abs(beside - changed) <= CLOSE else changed
        for edge, beside, changed in ends
    )
    return _trimmed(levels, start, end)


def _trimmed(levels: Values, start: float, end: float) -> Span:
    """Leave out quiet at both ends of a span, and what is before and after it."""
    first, last = int(np.ceil(start * BLOCKS - 1e-6)), int(end * BLOCKS)
    is_quiet = levels[first:last] < QUIET
    if is_quiet.all():
        return start, start
    before, behind = _quiet_until(is_quiet), _quiet_until(is_quiet[::-1])
    begin = (first + before) / BLOCKS if before else start
    return begin, (first + len(is_quiet) - behind) / BLOCKS if behind else end


def _quiet_until(is_quiet: NDArray[np.bool_]) -> int:
    """Count the blocks until the last quiet near the beginning is over; 0 without any."""
    near = np.convolve(is_quiet[: NEAR + BREATH], np.ones(BREATH), "valid")
    places = np.flatnonzero(near >= BREATH)
    if not len(places):
        return 0
    place = int(places[-1]) + BREATH
    return place + sum(1 for _block in takewhile(bool, is_quiet[place:]))


def _beneath(levels: Values, cuts: Sequence[Span]) -> Iterator[Span]:
    """Find where even the pauses between words are not quiet, outside of cuts."""
    found = list[Span]()
    for start in range(0, len(levels) // BLOCKS - WINDOW + 1, WINDOW):
        end = start + WINDOW
        is_cut = any(a < end and b > start for a, b in cuts)
        pauses = np.percentile(levels[start * BLOCKS : end * BLOCKS], FEW)
        if is_cut or pauses < BENEATH:
            continue
        begun = found.pop()[0] if found and found[-1][1] == start else start
        found.append((float(begun), float(end)))
    return (each for each in found if each[1] - each[0] >= LONG)


def _frames(bands: Values, start: float, end: float) -> Places:
    return np.arange(max(0, round(start * FRAMES)), min(len(bands), round(end * FRAMES)))


def _border(
    bands: Values, edge: float, within: Span, voices: Sequence[Span], music: Places, *, is_end: bool
) -> float:
    """Find where music begins or ends, in seconds: as `edge` if too little is known nearby, or
    nothing `within` the limits is surely better."""
    spoken = np.concatenate([_frames(bands, *each) for each in voices])
    voice, played = (
        each[np.argsort(np.abs(each - edge * FRAMES), kind="stable")[:MOST]]
        for each in (spoken, music)
    )
    if len(voice) < ENOUGH or len(played) < FEWEST:
        return edge
    found, gain = _best(bands, WIDE, (voice, played), within, edge, is_end)
    if gain < SURE:
        return edge
    close = max(within[0], found - CLOSE), min(within[1], found + CLOSE)
    return _best(bands, NARROW, (voice, played), close, edge, is_end)[0]


def _best(
    bands: Values, around: int, known: Sequence[Places], within: Span, edge: float, is_end: bool
) -> tuple[float, float]:
    """Find the best border, and by how many frames it is better than the given one."""
    between = _frames(bands, *within)
    if not len(between):
        return edge, 0.0
    voice, music = (_features(bands, each, around) for each in known)
    both = np.concatenate([voice, music])
    middle, spread = both.mean(axis=0), both.std(axis=0) + 1
    asked, voice, music = (
        (each - middle) / spread for each in (_features(bands, between, around), voice, music)
    )
    votes = np.clip(2 * np.log(_distance(asked, music) / _distance(asked, voice)), -1, 1)
    shared = np.concatenate([[0.0], np.cumsum(-votes if is_end else votes)])
    best = len(shared) - 1 - int(np.argmax(shared[::-1])) if is_end else int(np.argmax(shared))
    old = min(max(0, round(edge * FRAMES) - int(between[0])), len(shared) - 1)
    return float((between[0] + best) / FRAMES), float(shared[best] - shared[old])


def _features(bands: Values, frames: Places, around: int) -> Values:
    """Describe frames by their bands, and by how these are and change around them."""
    places = np.clip(frames[:, None] + np.arange(-around, around + 1), 0, len(bands) - 1)
    near = bands[places]
    return np.concatenate([bands[frames], near.mean(axis=1), near.std(axis=1)], axis=1)


def _distance(some: Values, known: Values) -> Values:
    """Give the distance of each of some frames to those that it is most like."""
    squares = (some**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * some @ known.T
    nearest = np.partition(squares, ALIKE, axis=1)[:, :ALIKE]
    distance: Values = np.sqrt(np.maximum(nearest, FAINT)).mean(axis=1)
    return distance
