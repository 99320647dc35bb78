"""Errors of words against the sample shows, and how far chance alone may move them.

Errors are counted in blocks of half a minute of show, about what Whisper hears at once. Words of
one block are right or wrong together, so intervals come from drawing whole blocks anew.
"""

from collections.abc import Sequence

import jiwer
import numpy as np
from numpy.typing import NDArray

from bench.shows import SampleShow, plain

BLOCK = 30.0  # seconds of show
MARGIN = 0.5  # seconds by which a word may miss the speech of the reference
DRAWS = 10_000

Said = tuple[str, float]
"""A word and the middle of its time, in seconds."""

Counts = NDArray[np.int64]
"""Errors and words of the reference, for each block: blocks x 2."""


def count(show: SampleShow, said: Sequence[Said]) -> Counts:
    """Count the errors in each block: words wrong, missing, or added after a word of the block."""
    words = [(w, each["start"]) for each in show.speech for w in plain(each["text"]).split()]
    blocks = np.array([start // BLOCK for _, start in words], np.int64)
    errors = _errors([word for word, _ in words], plain(" ".join(w for w, _ in said)).split())
    counts = np.zeros((int(blocks.max()) + 1, 2), np.int64)
    np.add.at(counts, blocks, np.stack([errors, np.ones_like(errors)], axis=1))
    return counts[counts[:, 1] > 0]


def _errors(reference: Sequence[str], heard: Sequence[str]) -> NDArray[np.int64]:
    """Count the errors at each word of the reference; words added count at the one before."""
    errors = np.zeros(len(reference), np.int64)
    (chunks,) = jiwer.process_words(" ".join(reference), " ".join(heard)).alignments
    for chunk in chunks:
        if chunk.type == "insert":
            errors[max(chunk.ref_start_idx - 1, 0)] += chunk.hyp_end_idx - chunk.hyp_start_idx
        elif chunk.type != "equal":
            errors[chunk.ref_start_idx : chunk.ref_end_idx] += 1
    return errors


def outside(show: SampleShow, said: Sequence[Said]) -> int:
    """Count the words that lie where nobody speaks."""
    return sum(
        not any(each["start"] - MARGIN <= middle <= each["end"] + MARGIN for each in show.speech)
        for _, middle in said
    )


def rate(counts: Counts) -> float:
    """Give the errors for each word of the reference."""
    errors, words = counts.sum(axis=0)
    return float(errors / words)


def interval(counts: Counts, other: Counts | None = None) -> tuple[float, float]:
    """Give the 95 % interval of the rate, or of its difference to another's on the same blocks."""
    errors = counts[:, 0] - (0 if other is None else other[:, 0])
    drawn = np.random.default_rng(0).integers(len(counts), size=(DRAWS, len(counts)))
    rates = errors[drawn].sum(axis=1) / counts[drawn, 1].sum(axis=1)
    low, high = np.percentile(rates, (2.5, 97.5))
    return float(low), float(high)
