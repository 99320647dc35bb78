"""Turns: who speaks when in an episode, heard in its sound and in the words found there.

A voice changes in a pause or at the end of a sentence, so the speech is cut there into pieces, and
each piece into windows. A network hears the timbre of each as a vector. First windows are joined as
long as they are alike on the whole, then groups whose middles are alike: so a voice that comes by
telephone later stays one. What is not sure stays without a voice.

Memory holds one region of speech, and a vector for each window; vectors are never written (see
voices.py).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import RATE, Samples
from radio.sound.samples import cut
from radio.system.progress import Progress
from radio.text.transcript import PAUSE, SENTENCE_END, Evidence, Region, Turn
from radio.transcribe.models import campplus

LOOK = 0.35  # seconds around the end of a sentence in which its pause is looked for
QUIET = 0.06  # seconds over which loudness is measured there
SHORTEST = 0.3  # seconds of a piece
LONGEST = 60.0  # seconds of speech that are kept in memory
REACH = 0.5  # seconds by which a turn reaches into the pause beside it, at most to its middle

LINKED = 0.45
"""Cosine that the windows of two groups have on the average, above which they are joined."""

SAME = 0.65
"""Cosine of the middles of two groups above which they are one voice."""

ALIKE = 0.6
"""Cosine above which they may be one voice or two: the smaller gets no name."""

SURE = 0.4
"""Cosine with the middle of a voice that a window of it has at least…"""

MARGIN = 0.1
"""…and by which it is nearer to this voice than to any other."""

LEAST = 6.0  # seconds that a voice speaks in all
SHORTEST_WINDOW = 0.8  # seconds of a window that tells a voice from others
BLOCK = 500  # windows that are compared with each other at once
MOST = 2000  # groups that are; more are noise, of which the shortest tell no voice

Group = list[int]
"""Windows, by their numbers."""

FRAME, HOP, TRANSFORM = 400, 160, 512
"""Samples of a frame, from one frame to the next, and of its transform."""

EMPHASIS = 0.97
FULL_SCALE = 32768  # the network learned from whole numbers of 16 bits
LONGEST_WINDOW = 2.0  # seconds that the network hears at once

Vectors = NDArray[np.float32]
"""A row for each window, of length 1: the closer the direction of two, the likelier one voice."""


class Ear:
    """Hears timbres with the network whose weights lie in a file, on one core."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # type: ignore[import-untyped]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            campplus.convert(self._path), options, providers=["CPUExecutionProvider"]
        )

    def hear(self, windows: Sequence[Samples]) -> Vectors:
        """Give a vector for each window of speech, at most LONGEST_WINDOW seconds each."""
        vectors = [self._run(_power(window)[np.newaxis]) for window in windows]
        return unit(np.array(vectors, np.float32).reshape(len(windows), -1))

    def _run(self, power: Vectors) -> Vectors:
        vector: Vectors = self._session.run(None, {campplus.INPUT: power})[0].ravel()
        return vector


@dataclass(frozen=True)
class SpeechWindow:
    """A window of speech, as part of a piece."""

    start: float  # seconds
    end: float
    piece: int


def find_turns(
    evidence: Evidence,
    blocks: Iterable[Samples],
    ear: Ear,
    progress: Progress = lambda _: None,
) -> tuple[Turn, ...]:
    """Tell who speaks when. `blocks` are all the samples of the episode, one after the other.

    `progress` is told how many seconds are heard. Overlapping speech, voices that speak for less
    than 6 seconds and those that are not sure have no turn. Raises AudioError if `blocks` does.
    """
    ends = _sentence_ends(evidence)
    spans: list[SpeechWindow] = []
    vectors: list[Vectors] = []
    for region, samples in _cut(blocks, evidence.regions):
        found = _spans(region, samples, ends, spans[-1].piece + 1 if spans else 0)
        parts = [
            _part(samples, span.start - region.start, span.end - region.start) for span in found
        ]
        if found:
            vectors.append(ear.hear(parts))
        spans += found
        progress(region.end)
    if not spans:
        return ()
    seconds = np.array([span.end - span.start for span in spans])
    voices = group(np.concatenate(vectors), seconds, [span.piece for span in spans])
    return tuple(lay_out(spans, voices))


def _sentence_ends(evidence: Evidence) -> list[float]:
    """List the times between a sentence and the next."""
    words = [word for segment in evidence.segments for word in segment.words]
    return sorted(
        (word.end + following.start) / 2
        for word, following in pairwise(words)
        if word.text.rstrip().endswith(SENTENCE_END)
    )


def _cut(blocks: Iterable[Samples], regions: Iterable[Region]) -> Iterator[tuple[Region, Samples]]:
    """Give the regions of speech with their samples, at most LONGEST seconds at once."""
    spoken = list(_short(regions))
    ranges = [(round(region.start * RATE), round(region.end * RATE)) for region in spoken]
    for region, samples in zip(spoken, cut(blocks, ranges), strict=True):
        if len(samples) >= RATE // 100:  # what the sound has not, nobody says
            yield region, samples


def _short(regions: Iterable[Region]) -> Iterator[Region]:
    for region in regions:
        if region.kind == "speech":
            count = max(1, int(np.ceil((region.end - region.start) / LONGEST)))
            edges = np.linspace(region.start, region.end, count + 1).tolist()
            yield from (Region(start, end, "speech") for start, end in pairwise(edges))


def _spans(
    region: Region, samples: Samples, ends: Sequence[float], piece: int
) -> list[SpeechWindow]:
    """Cut a region at the ends of its sentences into pieces, and these into windows."""
    loudness = _loudness(samples)
    near = ends[bisect_right(ends, region.start) : bisect_left(ends, region.end)]
    cuts = {_quietest(loudness, end - region.start) for end in near}
    length = len(samples) / RATE
    inner = [cut for cut in sorted(cuts) if SHORTEST < cut < length - SHORTEST]
    spans = []
    for start, end in pairwise([0.0, *inner, length]):
        count = max(1, int(np.ceil((end - start) / LONGEST_WINDOW)))
        edges = (region.start + np.linspace(start, end, count + 1)).tolist()
        spans += [
            SpeechWindow(first, last, piece) for first, last in pairwise(edges) if last > first
        ]
        piece += 1
    return spans


def _loudness(samples: Samples) -> Samples:
    """Measure the power of each hundredth of a second, with what is around it."""
    step = RATE // 100
    power = (samples[: len(samples) // step * step].reshape(-1, step) ** 2).mean(axis=1)
    width = round(100 * QUIET)
    smooth: Samples = np.convolve(power, np.ones(width, np.float32) / width, "same")
    return smooth


def _quietest(loudness: Samples, second: float) -> float:
    """Give the quietest moment around a second."""
    first, last = (max(0, round(100 * (second + away))) for away in (-LOOK, LOOK))
    near = loudness[first:last]
    return (first + int(near.argmin())) / 100 if len(near) else second


def _part(samples: Samples, start: float, end: float) -> Samples:
    return samples[round(start * RATE) : round(end * RATE)]


def lay_out(spans: Sequence[SpeechWindow], voices: Sequence[int]) -> Iterator[Turn]:
    """Make turns of the windows and their voices; where the voice is 0, nobody has one."""
    return (turn for turn in _widen(_join(spans, voices)) if turn.voice)


def _join(spans: Sequence[SpeechWindow], voices: Sequence[int]) -> Iterator[Turn]:
    """Join what one voice says without another in between, over pauses too."""
    present: Turn | None = None
    for span, voice in zip(spans, voices, strict=True):
        if present and present.voice == voice and span.start - present.end < PAUSE:
            present = Turn(present.start, span.end, voice)
            continue
        if present:
            yield present
        present = Turn(span.start, span.end, voice)
    if present:
        yield present


def _widen(turns: Iterable[Turn]) -> Iterator[Turn]:
    """Let turns reach into the pauses around them, never into speech of others or of nobody."""
    ends = list(turns)
    for number, turn in enumerate(ends):
        before = ends[number - 1].end if number else -turn.start
        after = ends[number + 1].start if number + 1 < len(ends) else turn.end + 2 * REACH
        start = turn.start - min(REACH, (turn.start - before) / 2)
        yield Turn(start, turn.end + min(REACH, (after - turn.end) / 2), turn.voice)


def group(vectors: Vectors, seconds: NDArray[np.float64], pieces: Sequence[int]) -> list[int]:
    """Tell the voice of each window: 1, 2, … as they come first, 0 where it is not sure.

    `seconds` are the lengths of the windows, `pieces` the numbers of what they are parts of: a
    piece has one voice, unless its windows are sure of several.
    """
    voices = _voices(vectors, seconds)
    if not voices:
        return [0] * len(vectors)
    middles = unit(np.array([_sum(vectors, seconds, each) for each in voices]))
    known = _known(middles)
    heard: list[int] = []
    for _piece, windows in groupby(range(len(vectors)), key=lambda window: pieces[window]):
        heard += _name(vectors, seconds, list(windows), middles, known)
    return _number(heard)


def _voices(vectors: Vectors, seconds: NDArray[np.float64]) -> list[Group]:
    """Find the groups of windows that are voices, the longest first."""
    long = [int(window) for window in np.flatnonzero(seconds >= SHORTEST_WINDOW)]
    groups: list[Group] = []
    for first in range(0, len(long), BLOCK):
        groups += _link([[window] for window in long[first : first + BLOCK]], vectors, seconds)
    if len(long) > BLOCK:
        groups.sort(key=lambda each: float(-seconds[each].sum()))
        groups = _link(groups[:MOST], vectors, seconds)
    voices = [each for each in groups if seconds[each].sum() >= LEAST]
    voices = _join_groups(voices, vectors, seconds)
    return sorted(voices, key=lambda each: float(-seconds[each].sum()))


def _sum(vectors: Vectors, seconds: NDArray[np.float64], windows: Group) -> Vectors:
    result: Vectors = (vectors[windows] * seconds[windows, np.newaxis]).sum(axis=0)
    return result


def _link(groups: list[Group], vectors: Vectors, seconds: NDArray[np.float64]) -> list[Group]:
    """Join the two groups that are most alike on the average, until none are alike enough."""
    groups = list(groups)
    sums = np.array([_sum(vectors, seconds, each) for each in groups])
    weights = np.array([seconds[each].sum() for each in groups])
    alike = sums @ sums.T / np.outer(weights, weights)
    np.fill_diagonal(alike, -np.inf)
    while len(groups) > 1:
        kept, gone = sorted(divmod(int(alike.argmax()), len(groups)))
        if alike[kept, gone] < LINKED:
            break
        groups[kept], groups[gone] = groups[kept] + groups[gone], []
        sums[kept] += sums[gone]
        weights[kept] += weights[gone]
        row = sums @ sums[kept] / (weights * weights[kept])
        row[[kept, *_emptied(groups)]] = -np.inf
        alike[kept], alike[:, kept] = row, row
        alike[gone] = alike[:, gone] = -np.inf
    return [each for each in groups if each]


def _emptied(groups: list[Group]) -> list[int]:
    return [number for number, each in enumerate(groups) if not each]


def _join_groups(
    voices: list[Group], vectors: Vectors, seconds: NDArray[np.float64]
) -> list[Group]:
    """Join voices whose middles are the same."""
    voices = list(voices)
    while len(voices) > 1:
        middles = unit(np.array([_sum(vectors, seconds, each) for each in voices]))
        alike = middles @ middles.T
        np.fill_diagonal(alike, -np.inf)
        kept, gone = sorted(divmod(int(alike.argmax()), len(voices)))
        if alike[kept, gone] < SAME:
            break
        voices[kept] += voices.pop(gone)
    return voices


def _known(middles: Vectors) -> list[bool]:
    """Tell which voices are surely not one that speaks longer."""
    alike = middles @ middles.T
    return [bool((alike[number, :number] < ALIKE).all()) for number in range(len(middles))]


def _name(
    vectors: Vectors,
    seconds: NDArray[np.float64],
    windows: Group,
    middles: Vectors,
    known: list[bool],
) -> list[int]:
    """Give the voice of each window of a piece."""
    each = [_nearest(vectors[window], middles, known) for window in windows]
    if len(set(each) - {0}) > 1:
        return each
    whole = _nearest(unit(_sum(vectors, seconds, windows)), middles, known)
    return [whole] * len(windows)


def _nearest(vector: Vectors, middles: Vectors, known: list[bool]) -> int:
    """Give the voice that a vector is surely of, from 1; else 0."""
    cosines = middles @ vector
    best, *others = np.argsort(-cosines)
    is_clear = not others or cosines[best] - cosines[others[0]] >= MARGIN
    return int(best) + 1 if cosines[best] >= SURE and is_clear and known[best] else 0


def _number(voices: list[int]) -> list[int]:
    """Number voices in the order in which they come."""
    order = list(dict.fromkeys(voice for voice in voices if voice))
    return [order.index(voice) + 1 if voice else 0 for voice in voices]


def unit(vectors: Vectors) -> Vectors:
    """Give vectors of length 1 in the same directions."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return result


def _power(samples: Samples) -> Vectors:
    """Measure the power of each frame by frequency, as Kaldi prepares it.

    Samples shorter than a few frames are filled up with silence.
    """
    padded = np.pad(samples, (0, max(0, FRAME + 3 * HOP - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP] * FULL_SCALE
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - EMPHASIS * before) * WINDOW, TRANSFORM)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


WINDOW = (np.hanning(FRAME) ** 0.85).astype(np.float32)
