"""Chunks: an episode cut at pauses; the work is saved after each chunk.

The end of a part depends only on its start. So every engine gets the same speech, and a run that
goes on from a checkpoint cuts like a run that never stopped. Memory holds a few chunks, however
long the episode.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from radio.sound import RATE, Samples
from radio.transcribe.regions import SampleRange, find_speech

PART = 120 * RATE
"""Samples of a part, in which speech is looked for at once."""

FIRST = 60 * RATE
"""Samples of the first part, a chunk of its own, so that its words can soon be searched."""

ENOUGH = 0.75
"""Share of a full batch of speech at which a chunk ends."""

LONGEST = 600 * RATE
"""Samples after which a chunk ends, however little speech it has."""


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
    """Cut an episode, from the sample `position` on, into chunks with a batch of speech each.

    `batch` is in samples. The first chunk is one part; the others have as many parts as needed.
    """
    parts: list[Chunk] = []
    for part in _parts(blocks, position):
        parts.append(part)
        chunk = _join(parts)
        speech_length = sum(last - first for first, last in chunk.speech)
        if not chunk.start or speech_length >= ENOUGH * batch or len(chunk.samples) >= LONGEST:
            yield chunk
            parts = []
    if parts:
        yield _join(parts)


def _join(parts: Sequence[Chunk]) -> Chunk:
    start = parts[0].start
    speech = [
        (first + part.start - start, last + part.start - start)
        for part in parts
        for first, last in part.speech
    ]
    return Chunk(start, np.concatenate([part.samples for part in parts]), tuple(speech))


def _parts(blocks: Iterator[Samples], position: int) -> Iterator[Chunk]:
    """Cut an episode at pauses into parts."""
    buffer, start, offset = np.empty(0, np.float32), position, 0
    for block in blocks:
        buffer = np.concatenate([buffer, block[max(0, position - offset) :]])
        offset += len(block)
        while len(buffer) >= (size := PART if start else min(FIRST, PART)):
            part = _end_in_pause(buffer[:size], start)
            yield part
            buffer, start = buffer[len(part.samples) :], part.end
    if len(buffer):
        yield Chunk(start, buffer, tuple(find_speech(buffer)))


def _end_in_pause(samples: Samples, start: int) -> Chunk:
    """End a part in its last pause: speech that crosses the end belongs to the next part."""
    speech = find_speech(samples)
    if speech and speech[-1][1] > len(samples) - RATE and speech[-1][0]:
        tail = speech.pop()
        end = (speech[-1][1] + tail[0]) // 2 if speech else tail[0]
        samples = samples[:end]
    return Chunk(start, samples, tuple(speech))
