"""Speech cut for Whisper: an episode into chunks at pauses, chunks into windows of 30 seconds. The
end of a part depends only on its start, so every engine and every resumed run gets the same speech.
Neighbouring ranges share a window, without the silence between; a short window is not filled up."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from radio.sound import RATE, Samples
from radio.transcribe.regions import SampleRange, find_speech

PART = 120 * RATE  # samples in which speech is looked for at once
FIRST = 60 * RATE  # a chunk of its own, so that its words can soon be searched
ENOUGH = 0.75  # of a full batch of speech: the chunk ends there
LONGEST = 600 * RATE  # samples of a chunk, however little speech it has
LENGTH = 30 * RATE  # the most samples of a window
HOP = 160  # samples from one frame of the spectrogram to the next
MOMENT = RATE // 10  # samples in which a window is as quiet as they are together
Windows = Sequence["Window"]
REST = 100  # frames of silence after the speech, by which the decoder knows that it has ended


@dataclass(frozen=True)
class Chunk:
    """Some samples of an episode, and the speech in them."""

    start: int  # samples
    samples: Samples
    speech: tuple[SampleRange, ...]  # in samples of the chunk

    @property
    def end(self) -> int:
        """The sample after its last."""
        return self.start + len(self.samples)


def cut_chunks(blocks: Iterator[Samples], position: int, batch: int) -> Iterator[Chunk]:
    """Cut an episode, from the sample `position` on, into chunks with a batch (in samples) of
    speech each. The first chunk is one part."""
    parts: list[Chunk] = []
    for part in _parts(blocks, position):
        parts.append(part)
        start, end = parts[0].start, part.end
        speech = sum(last - first for each in parts for first, last in each.speech)
        if not start or speech >= ENOUGH * batch or end - start >= LONGEST:
            yield _join(parts)
            parts = []
    if parts:
        yield _join(parts)


def _join(parts: Sequence[Chunk]) -> Chunk:
    start = parts[0].start
    ranges = ((part.start - start, each) for part in parts for each in part.speech)
    speech = tuple((shift + first, shift + last) for shift, (first, last) in ranges)
    return Chunk(start, np.concatenate([part.samples for part in parts]), speech)


def _parts(blocks: Iterator[Samples], position: int) -> Iterator[Chunk]:
    buffer, start, offset = np.empty(0, np.float32), position, 0
    for block in blocks:
        buffer = np.concatenate([buffer, block[max(0, position - offset) :]])
        offset += len(block)
        while len(buffer) >= (size := PART if start else min(FIRST, PART)):
            samples = buffer[:size]
            speech = find_speech(samples)
            if speech and speech[-1][1] > size - RATE and speech[-1][0]:
                tail = speech.pop()  # speech that crosses the end belongs to the next part
                samples = samples[: (speech[-1][1] + tail[0]) // 2 if speech else tail[0]]
            part = Chunk(start, samples, tuple(speech))
            yield part
            buffer, start = buffer[len(part.samples) :], part.end
    if len(buffer):
        yield Chunk(start, buffer, tuple(find_speech(buffer)))


@dataclass(frozen=True)
class Window:
    """Speech to decode, and the place of each part of it in the episode."""

    samples: Samples
    ranges: tuple[SampleRange, ...]  # in samples of the episode

    @property
    def start(self) -> float:
        """Its start in the episode, in seconds."""
        return self.ranges[0][0] / RATE

    @property
    def end(self) -> float:
        """Its end in the episode, in seconds."""
        return self.ranges[-1][1] / RATE

    def place(self, start: float, end: float) -> tuple[float, float]:
        """Convert start and end of a word, in seconds, from the window to the episode. A word lies
        in one range: the one with its middle."""
        offsets = np.cumsum([0, *(last - first for first, last in self.ranges)]) / RATE
        middle = min(max((start + end) / 2, 0.0), float(offsets[-1]))
        number = min(int(np.searchsorted(offsets, middle, side="right")), len(self.ranges)) - 1
        first, last = (sample / RATE for sample in self.ranges[number])
        shift = first - float(offsets[number])
        begin = float(min(max(start + shift, first), last))
        return begin, float(min(max(end + shift, begin), last))

    def halves(self) -> tuple["Window", "Window"]:
        """Cut the window at the pause nearest to its middle, else at a quiet moment near it."""
        size = len(self.samples)
        ends = np.cumsum([last - first for first, last in self.ranges]).tolist()
        lasts = ((end, last) for end, (_, last) in zip(ends, self.ranges, strict=True))
        pauses = [(abs(2 * end - size), last) for end, last in lasts if size < 4 * end < 3 * size]
        if pauses:
            return self._cut(min(pauses)[1])
        first, last = size // 4, 3 * size // 4
        power = np.convolve(self.samples[first:last] ** 2, np.ones(MOMENT), "valid")
        middle = (first + int(np.argmin(power)) + MOMENT // 2) / RATE
        return self._cut(round(self.place(middle, middle)[0] * RATE))

    def pieces(self, least: int) -> list["Window"]:
        """Cut the window at all pauses that leave pieces of at least so many samples."""
        found, rest = list[Window](), self
        for _first, last in self.ranges[:-1]:
            piece, after = rest._cut(last)
            if min(len(piece.samples), len(after.samples)) >= least:
                found, rest = [*found, piece], after
        return [*found, rest]

    def _cut(self, sample: int) -> tuple["Window", "Window"]:
        until = tuple((first, min(last, sample)) for first, last in self.ranges if first < sample)
        later = tuple((max(first, sample), last) for first, last in self.ranges if last > sample)
        size = sum(last - first for first, last in until)
        return Window(self.samples[:size], until), Window(self.samples[size:], later)


def join(windows: Windows) -> Window:
    """Join windows that follow each other."""
    ranges = chain.from_iterable(each.ranges for each in windows)
    return Window(np.concatenate([each.samples for each in windows]), tuple(ranges))


def count_frames(windows: Windows) -> int:
    """Count the frames of a spectrogram for the longest window: even, at most 3000.

    >>> count_frames([Window(np.zeros(12 * RATE), ((0, 12 * RATE),))])
    1300
    """
    longest = max(len(window.samples) for window in windows) // HOP
    return min(longest + longest % 2 + REST, LENGTH // HOP)


def pack(
    samples: Samples, ranges: Sequence[SampleRange], offset: int, most: int = LENGTH
) -> list[Window]:
    """Pack ranges of speech into windows of about equal length: at most `most` samples, or one
    longer range. `offset` is the place of the samples in the episode."""
    speech_length = sum(last - first for first, last in ranges)
    goal = speech_length / max(1, math.ceil(speech_length / most))
    groups, size = list[list[SampleRange]](), 0
    for first, last in ranges:
        length = last - first
        if not groups or size + length > most or size + length / 2 > goal:
            groups.append([])
            size = 0
        groups[-1].append((first, last))
        size += length
    windows = list[Window]()
    for group in groups:
        speech = np.concatenate([samples[first:last] for first, last in group])
        places = tuple((first + offset, last + offset) for first, last in group)
        windows.append(Window(speech, places))
    return windows
