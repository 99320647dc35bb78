"""Turns: who speaks when in an episode, heard in its sound and in the words found there.

A voice changes in a pause or at the end of a sentence, so the speech is cut there into pieces, and
each piece into windows that the network hears. Memory holds one region of speech, and a vector for
each window.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from radio.sound import RATE, Samples
from radio.sound.samples import cut
from radio.system.progress import Progress
from radio.text.transcript import PAUSE, SENTENCE_END, Evidence, Region, Turn
from radio.transcribe import grouping, timbre

LOOK = 0.35  # seconds around the end of a sentence in which its pause is looked for
QUIET = 0.06  # seconds over which loudness is measured there
SHORTEST = 0.3  # seconds of a piece
LONGEST = 60.0  # seconds of speech that are kept in memory
REACH = 0.5  # seconds by which a turn reaches into the pause beside it, at most to its middle


@dataclass(frozen=True)
class SpeechWindow:
    """A window of speech, as part of a piece."""

    start: float  # seconds
    end: float
    piece: int


def find_turns(
    evidence: Evidence,
    blocks: Iterable[Samples],
    ear: timbre.Ear,
    progress: Progress = lambda _: None,
) -> tuple[Turn, ...]:
    """Tell who speaks when. `blocks` are all the samples of the episode, one after the other.

    `progress` is told how many seconds are heard. Overlapping speech, voices that speak for less
    than 6 seconds and those that are not sure have no turn. Raises AudioError if `blocks` does.
    """
    ends = _sentence_ends(evidence)
    spans: list[SpeechWindow] = []
    vectors: list[timbre.Vectors] = []
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
    voices = grouping.group(np.concatenate(vectors), seconds, [span.piece for span in spans])
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
        count = max(1, int(np.ceil((end - start) / timbre.LONGEST)))
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
