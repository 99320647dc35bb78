"""Windows: speech packed into what Whisper hears at once, half a minute at most.

Neighbouring stretches of speech share a window, the silence between them left out, so that few
windows are decoded and none holds anything but speech. A window shorter than half a minute is not
filled up with silence: the network's work grows with the square of what it hears.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from radio.audio import RATE, Samples
from radio.transcribe.regions import Stretch

LENGTH = 30 * RATE
"""The most samples that a window holds."""

HOP = 160  # samples from one frame of the spectrogram to the next
REST = 100  # frames of silence after the speech, by which the decoder knows that it has ended


@dataclass(frozen=True)
class Window:
    """Speech to decode, and where in the episode each part of it lies."""

    samples: Samples
    stretches: tuple[Stretch, ...]  # in samples of the episode

    @property
    def start(self) -> float:
        """When it begins in the episode, in seconds."""
        return self.stretches[0][0] / RATE

    @property
    def end(self) -> float:
        """When it ends in the episode, in seconds."""
        return self.stretches[-1][1] / RATE

    def place(self, start: float, end: float) -> tuple[float, float]:
        """Tell when in the episode a word of the window is said, in seconds.

        A word lies in one stretch: where it crosses to the next, in the one that holds its middle.
        """
        offsets = np.cumsum([0, *(last - first for first, last in self.stretches)]) / RATE
        middle = min(max((start + end) / 2, 0.0), float(offsets[-1]))
        number = min(int(np.searchsorted(offsets, middle, side="right")), len(self.stretches)) - 1
        first, last = (sample / RATE for sample in self.stretches[number])
        shift = first - float(offsets[number])
        placed_start = float(min(max(start + shift, first), last))
        return placed_start, float(min(max(end + shift, placed_start), last))

    def after(self, second: float) -> "Window":
        """Give what is left of it after a second of the episode."""
        sample = round(second * RATE)
        left = tuple((max(first, sample), last) for first, last in self.stretches if last > sample)
        length = sum(last - first for first, last in left)
        return Window(self.samples[len(self.samples) - length :], left)


def count_frames(windows: Sequence[Window]) -> int:
    """Count the frames of a spectrogram that holds any of the windows: even, at most 3000.

    >>> count_frames([Window(np.zeros(12 * RATE), ((0, 12 * RATE),))])
    1300
    """
    longest = max(len(window.samples) for window in windows) // HOP
    return min(longest + longest % 2 + REST, LENGTH // HOP)


def pack(
    samples: Samples, stretches: Sequence[Stretch], offset: int, most: int = LENGTH
) -> list[Window]:
    """Pack stretches of `samples`, which lie at `offset` in the episode, into even windows.

    A window holds `most` samples, or one stretch that is longer.
    """
    said = sum(last - first for first, last in stretches)
    goal = said / max(1, math.ceil(said / most))
    groups: list[list[Stretch]] = []
    held = 0
    for first, last in stretches:
        length = last - first
        if not groups or held + length > most or held + length / 2 > goal:
            groups.append([])
            held = 0
        groups[-1].append((first, last))
        held += length
    return [
        Window(
            np.concatenate([samples[first:last] for first, last in group]),
            tuple((first + offset, last + offset) for first, last in group),
        )
        for group in groups
    ]
