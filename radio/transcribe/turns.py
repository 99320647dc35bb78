"""Who speaks when. Speech is cut in pauses and at ends of sentences, then into windows; a network
hears the timbre of each as a vector. Windows are joined as long as they are alike on average, then
groups with similar middles. What is not sure has no voice. Vectors are never written."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, count, groupby, pairwise
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
SHORTEST = 0.3  # seconds between two ends of sentences
LONGEST = 60.0  # seconds of speech that are kept in memory
REACH = 0.5  # seconds by which a turn reaches into the pause beside it, at most to its middle
LINKED = 0.45  # cosine of the windows of two groups on average, to join them
SAME = 0.65  # cosine of the middles of two groups that are one voice
NEAR = 0.55  # cosine from which two voices may be one, so that a person listens
APART = 0.8  # cosine of two halves of a voice below which they may be two people
ALIKE = 0.6  # cosine above which they may be one voice or two: the smaller gets no name
SURE = 0.4  # cosine of a window with the middle of its voice, at least…
MARGIN = 0.1  # …and by how much it is nearer to this voice than to others
LEAST = 6.0  # seconds that a voice speaks in all
SHORTEST_WINDOW = 0.8  # seconds of a window that tells a voice from others
BLOCK = 500  # windows that are compared with each other at once
MOST = 2000  # groups that are; more are noise, of which the shortest tell no voice

Group = list[int]  # windows, by their numbers
Seconds = NDArray[np.float64]  # lengths of windows

FRAME, HOP, TRANSFORM = 400, 160, 512  # samples of a frame, to the next one, of its transform
EMPHASIS = 0.97
FULL_SCALE = 32768  # the network learned from whole numbers of 16 bits
LONGEST_WINDOW = 2.0  # seconds that the network hears at once

Vectors = NDArray[np.float32]  # a row of length 1 for each window; one voice has one direction


class Ear:
    """Hears timbres with the network in a file, on one core."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        network, providers = campplus.convert(self._path), ["CPUExecutionProvider"]
        return onnxruntime.InferenceSession(network, options, providers=providers)

    def hear(self, windows: Sequence[Samples]) -> Vectors:
        """Give a vector for each window of speech, at most LONGEST_WINDOW seconds each."""
        powers = ({campplus.INPUT: _power(window)[np.newaxis]} for window in windows)
        vectors = [self._session.run(None, power)[0].ravel() for power in powers]
        return unit(np.array(vectors, np.float32).reshape(len(windows), -1))


def _power(samples: Samples) -> Vectors:
    """Measure the power of each frame by frequency, as Kaldi; silence fills up short samples."""
    padded = np.pad(samples, (0, max(0, FRAME + 3 * HOP - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP] * FULL_SCALE
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    shape = (np.hanning(FRAME) ** 0.85).astype(np.float32)
    spectrum = np.fft.rfft((frames - EMPHASIS * before) * shape, TRANSFORM)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


@dataclass(frozen=True)
class SpeechWindow:
    """A window of speech, as part of what is said between two ends of sentences."""

    start: float  # seconds
    end: float
    number: int  # of the span between two ends of sentences


def find_turns(
    evidence: Evidence, blocks: Iterable[Samples], ear: Ear, progress: Progress = lambda _: None
) -> tuple[Turn, ...]:
    """Find who speaks when; `blocks` are all samples of the episode, in order. Overlapping or
    unsure speech and voices of under 6 seconds have no turn. Raises AudioError if `blocks` does."""
    words = [word for segment in evidence.segments for word in segment.words]
    ends = sorted(
        (word.end + following.start) / 2
        for word, following in pairwise(words)
        if word.text.rstrip().endswith(SENTENCE_END)
    )
    spans, vectors = list[SpeechWindow](), list[Vectors]()
    for region, samples in _cut(blocks, evidence.regions):
        found = _spans(region, samples, ends, spans[-1].number + 1 if spans else 0)
        times = ((each.start - region.start, each.end - region.start) for each in found)
        places = [slice(round(start * RATE), round(end * RATE)) for start, end in times]
        vectors.append(ear.hear([samples[each] for each in places]))
        spans += found
        progress(region.end)
    if not spans:
        return ()
    seconds = np.array([span.end - span.start for span in spans])
    heard = np.concatenate(vectors), seconds, [span.number for span in spans]
    voices = group(*heard)
    return tuple(lay_out(spans, voices, doubt(voices, *heard)))


def _cut(blocks: Iterable[Samples], regions: Iterable[Region]) -> Iterator[tuple[Region, Samples]]:
    """Give the regions of speech with their samples, at most LONGEST seconds each."""
    speech = (each for each in regions if each.kind == "speech")
    times = (time for each in speech for time in _evenly(each.start, each.end, LONGEST))
    spoken = [Region(*each, "speech") for each in times]
    ranges = [(round(region.start * RATE), round(region.end * RATE)) for region in spoken]
    for region, samples in zip(spoken, cut(blocks, ranges), strict=True):
        if len(samples) >= RATE // 100:  # what the sound has not, nobody says
            yield region, samples


def _evenly(start: float, end: float, longest: float) -> Iterator[tuple[float, float]]:
    count = max(1, int(np.ceil((end - start) / longest)))
    return pairwise(np.linspace(start, end, count + 1).tolist())


def _spans(part: Region, samples: Samples, ends: Sequence[float], first: int) -> list[SpeechWindow]:
    """Cut a region in the quietest moment at the end of each sentence, and that into windows."""
    step, width = RATE // 100, round(100 * QUIET)
    power = (samples[: len(samples) // step * step].reshape(-1, step) ** 2).mean(axis=1)
    loudness = np.convolve(power, np.ones(width, np.float32) / width, "same")
    near = ends[bisect_right(ends, part.start) : bisect_left(ends, part.end)]
    cuts = set[float]()
    for second in (end - part.start for end in near):
        first_step, last_step = (max(0, round(100 * (second + away))) for away in (-LOOK, LOOK))
        around = loudness[first_step:last_step]
        cuts.add((first_step + int(around.argmin())) / 100 if len(around) else second)
    length = len(samples) / RATE
    inner = [cut for cut in sorted(cuts) if SHORTEST < cut < length - SHORTEST]
    return [
        SpeechWindow(part.start + begin, part.start + until, number)
        for number, (start, end) in enumerate(pairwise([0.0, *inner, length]), first)
        for begin, until in _evenly(start, end, LONGEST_WINDOW)
        if until > begin
    ]


def lay_out(
    spans: Sequence[SpeechWindow], voices: Sequence[int], others: Sequence[int]
) -> Iterator[Turn]:
    """Make turns of windows, their voices and who else these may be; voice 0 is nobody. A voice has
    one turn until another speaks, over pauses too. Turns reach into pauses, never into speech of
    others or of nobody."""
    joined = list[Turn]()
    for span, *who in zip(spans, voices, others, strict=True):
        last = joined[-1] if joined else None
        is_same = last and [last.voice, last.other] == who and span.start - last.end < PAUSE
        start = joined.pop().start if is_same else span.start
        joined.append(Turn(start, span.end, *who))
    for number, turn in enumerate(joined):
        before = joined[number - 1].end if number else -turn.start
        after = joined[number + 1].start if number + 1 < len(joined) else turn.end + 2 * REACH
        start = turn.start - min(REACH, (turn.start - before) / 2)
        if turn.voice:
            end = turn.end + min(REACH, (after - turn.end) / 2)
            yield Turn(start, end, turn.voice, turn.other)


def group(vectors: Vectors, seconds: Seconds, numbers: Sequence[int]) -> list[int]:
    """Give the voice of each window: 1, 2, … in order, 0 if not sure. `seconds` are their lengths,
    `numbers` those of their spans: a span has one voice, unless its windows are sure of several."""
    voices = _voices(vectors, seconds)
    if not voices:
        return [0] * len(vectors)
    middles = _middles(voices, vectors, seconds)
    known: NDArray[np.bool_] = np.tril(middles @ middles.T, -1).max(axis=1) < ALIKE
    heard: list[int] = []
    for _number, group in groupby(range(len(vectors)), key=lambda window: numbers[window]):
        windows = list(group)
        each = [_nearest(vectors[window], middles, known) for window in windows]
        if len(set(each) - {0}) <= 1:
            whole = _middles([windows], vectors, seconds)[0]
            each = [_nearest(whole, middles, known)] * len(windows)
        heard += each
    order = list(dict.fromkeys(voice for voice in heard if voice))
    return [order.index(voice) + 1 if voice else 0 for voice in heard]


def _nearest(vector: Vectors, middles: Vectors, known: NDArray[np.bool_]) -> int:
    """Give the voice that a vector is surely of, from 1; else 0, as for those not `known`."""
    cosines = middles @ vector
    best, *others = np.argsort(-cosines)
    is_clear = not others or cosines[best] - cosines[others[0]] >= MARGIN
    return int(best) + 1 if cosines[best] >= SURE and is_clear and known[best] else 0


def doubt(
    voices: Sequence[int], vectors: Vectors, seconds: Seconds, numbers: Sequence[int]
) -> list[int]:
    """Give the voice that each window may be of instead, else 0: an earlier one that is near, or a
    new number where sentences of a voice are unlike the rest of it. All else as for `group`."""
    spans = defaultdict[tuple[int, int], Group](list)
    for window, each in enumerate(zip(numbers, voices, strict=True)):
        spans[each].append(window)
    windows = list(spans.values())
    said = _middles(windows, vectors, seconds)
    lengths = np.array([seconds[each].sum() for each in windows])
    groups = [
        [place for place, (_number, voice) in enumerate(spans) if voice == each]
        for each in range(1, max(voices) + 1)
    ]
    middles = _middles(groups, said, lengths)
    others, fresh = [0] * len(voices), count(len(groups) + 1)
    for number, group in enumerate(groups):
        alike = middles[:number] @ middles[number]
        near = int(alike.argmax()) + 1 if number and alike.max() >= NEAR else 0
        people = _people(group, said, lengths)
        for part, other in zip(people, chain([near], fresh), strict=False):
            for window in chain.from_iterable(windows[span] for span in part):
                others[window] = other
    return others


def _people(group: Group, vectors: Vectors, seconds: Seconds) -> list[Group]:
    """Part a voice in two, and each of these, where they are unlike; the longest first."""
    away = vectors[group] - _middles([group], vectors, seconds)
    weighed = away * np.sqrt(seconds[group])[:, np.newaxis]
    is_one = weighed @ np.linalg.svd(weighed, full_matrices=False)[2][0] > 0
    for _time in range(9):  # each half around a middle of its own; few move after the third time
        halves = [np.array(group)[mask].tolist() for mask in (is_one, ~is_one)]
        one, other = _middles(halves, vectors, seconds)
        is_one = vectors[group] @ (one - other) > 0
    if one @ other >= APART or min(seconds[half].sum() for half in halves) < LEAST:
        return [group]
    parts = [each for half in halves for each in _people(half, vectors, seconds)]
    return sorted(parts, key=lambda each: -seconds[each].sum())


def _voices(vectors: Vectors, seconds: Seconds) -> list[Group]:
    """Find the groups of windows that are voices, the longest first."""

    def shortness(windows: Group) -> float:
        return float(-seconds[windows].sum())

    long = [int(window) for window in np.flatnonzero(seconds >= SHORTEST_WINDOW)]
    groups: list[Group] = []
    for first in range(0, len(long), BLOCK):
        groups += _link([[window] for window in long[first : first + BLOCK]], vectors, seconds)
    if len(long) > BLOCK:
        groups = _link(sorted(groups, key=shortness)[:MOST], vectors, seconds)
    voices = [each for each in groups if -shortness(each) >= LEAST]
    while len(voices) > 1:  # those whose middles are the same are one
        middles = _middles(voices, vectors, seconds)
        alike = middles @ middles.T
        np.fill_diagonal(alike, -np.inf)
        joined, gone = sorted(divmod(int(alike.argmax()), len(voices)))
        if alike[joined, gone] < SAME:
            break
        voices[joined] += voices.pop(gone)
    return sorted(voices, key=shortness)


def _sums(groups: Sequence[Group], vectors: Vectors, seconds: Seconds) -> Vectors:
    """Add up the vectors of each group, by length."""
    return np.array([(vectors[each] * seconds[each, np.newaxis]).sum(axis=0) for each in groups])


def _middles(groups: Sequence[Group], vectors: Vectors, seconds: Seconds) -> Vectors:
    return unit(_sums(groups, vectors, seconds))


def _link(groups: list[Group], vectors: Vectors, seconds: Seconds) -> list[Group]:
    """Join the two groups most alike on average, until none are alike enough."""
    groups, sums = list(groups), _sums(groups, vectors, seconds)
    weights = np.array([seconds[each].sum() for each in groups])
    alike = sums @ sums.T / np.outer(weights, weights)
    np.fill_diagonal(alike, -np.inf)
    while len(groups) > 1:
        joined, gone = sorted(divmod(int(alike.argmax()), len(groups)))
        if alike[joined, gone] < LINKED:
            break
        groups[joined], groups[gone] = groups[joined] + groups[gone], []
        sums[joined] += sums[gone]
        weights[joined] += weights[gone]
        row = sums @ sums[joined] / (weights * weights[joined])
        row[[joined, *(number for number, each in enumerate(groups) if not each)]] = -np.inf
        alike[joined], alike[:, joined] = row, row
        alike[gone] = alike[:, gone] = -np.inf
    return [each for each in groups if each]


def unit(vectors: Vectors) -> Vectors:
    """Give vectors of length 1 in the same directions."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return result
