"""Pieces: an episode cut at pauses into what is decoded, and kept, at once.

Where a part ends depends on where it begins and on nothing else, so that every engine is given the
same speech, and a run that goes on from a checkpoint cuts as one that never stopped. Memory holds a
few pieces, however long the episode.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from radio.audio import RATE, Samples
from radio.transcribe.regions import Stretch, find_speech

PART = 120 * RATE
"""Samples in which speech is looked for at once."""

FIRST = 60 * RATE
"""Samples of the first part, a piece of its own: what is said first is soon found."""

ENOUGH = 0.75
"""Share of a batch that is worth decoding; music and silence make for less speech."""

LONGEST = 600 * RATE
"""Samples after which what there is is decoded, be it ever so little."""


@dataclass(frozen=True)
class Piece:
    """A part of an episode and where it speaks."""

    start: int  # samples
    samples: Samples
    speech: tuple[Stretch, ...]  # in samples of the piece

    @property
    def end(self) -> int:
        """The sample after its last."""
        return self.start + len(self.samples)


def cut(blocks: Iterator[Samples], reached: int, batch: int) -> Iterator[Piece]:
    """Cut an episode, from the sample `reached` on, into pieces with a batch of speech each.

    The first is one part; then as many as it takes.
    """
    held: list[Piece] = []
    for part in _parts(blocks, reached):
        held.append(part)
        whole = _join(held)
        said = sum(last - first for first, last in whole.speech)
        if not whole.start or said >= ENOUGH * batch or len(whole.samples) >= LONGEST:
            yield whole
            held = []
    if held:
        yield _join(held)


def _join(parts: Sequence[Piece]) -> Piece:
    start = parts[0].start
    speech = [
        (first + part.start - start, last + part.start - start)
        for part in parts
        for first, last in part.speech
    ]
    return Piece(start, np.concatenate([part.samples for part in parts]), tuple(speech))


def _parts(blocks: Iterator[Samples], reached: int) -> Iterator[Piece]:
    """Cut an episode at pauses into parts."""
    held, start, passed = np.empty(0, np.float32), reached, 0
    for block in blocks:
        held = np.concatenate([held, block[max(0, reached - passed) :]])
        passed += len(block)
        while len(held) >= (wanted := PART if start else min(FIRST, PART)):
            part = _cut(held[:wanted], start)
            yield part
            held, start = held[len(part.samples) :], part.end
    if len(held):
        yield Piece(start, held, tuple(find_speech(held)))


def _cut(samples: Samples, start: int) -> Piece:
    """End a part in its last pause: what is said across the end belongs to the next part."""
    speech = find_speech(samples)
    if speech and speech[-1][1] > len(samples) - RATE and speech[-1][0]:
        unfinished = speech.pop()
        end = (speech[-1][1] + unfinished[0]) // 2 if speech else unfinished[0]
        samples = samples[:end]
    return Piece(start, samples, tuple(speech))
