"""The alignment of tokens and frames: the cheapest path through the attention of the decoder.

The method is whisper's own for word times: dynamic time warping over the heads that follow the
sound (H. Sakoe and S. Chiba, 1978). Written with numpy, a diagonal at a time, so that nothing has
to be compiled first.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from radio.text.transcript import Word
from radio.transcribe.windows import Window

FRAME = 0.02  # seconds
OPENING = ("«", "“", '"', "(", "[", "{", "¿", "¡", "–", "—")

DIAGONAL, TOKEN, TIME = 0, 1, 2
"""The three steps of a path: next token and frame, next token, next frame."""


def follow(cost: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find in which frame each token begins.

    `cost` is tokens x frames, lower where a token attends more; the answer has one frame a token.

    >>> follow(np.array([[-1, -1, 1, 1], [1, 1, -1, -1]], dtype=np.float32)).tolist()
    [0, 2]
    """
    steps = _steps(cost)
    begins = np.zeros(len(cost), dtype=np.int64)
    token, frame = cost.shape
    while token > 0 and frame > 0:
        begins[token - 1] = frame - 1
        step = steps[token, frame]
        token -= step != TIME
        frame -= step != TOKEN
    return begins


def _steps(cost: NDArray[np.float32]) -> NDArray[np.int8]:
    """Find the cheapest last step to every cell, diagonal by diagonal."""
    tokens, frames = cost.shape
    steps = np.zeros((tokens + 1, frames + 1), dtype=np.int8)
    before = np.full(tokens + 1, np.inf)  # the total at (token, diagonal - token), two back
    last = np.full(tokens + 1, np.inf)
    before[0] = 0.0
    for diagonal in range(2, tokens + frames + 1):
        here = np.arange(max(1, diagonal - frames), min(tokens, diagonal - 1) + 1)
        ways = np.stack([before[here - 1], last[here - 1], last[here]])
        best = _prefer_time(ways)
        total = np.full(tokens + 1, np.inf)
        total[here] = cost[here - 1, diagonal - here - 1] + ways[best, np.arange(len(here))]
        steps[here, diagonal - here] = best
        before, last = last, total
    return steps


def _prefer_time(ways: NDArray[np.float64]) -> NDArray[np.int64]:
    """Choose the cheapest of three steps; among equals, the one to the next frame."""
    best: NDArray[np.int64] = 2 - np.argmin(ways[::-1], axis=0)
    return best


def words(
    fragments: Sequence[str],
    lengths: Sequence[int],
    begins: NDArray[np.int64],
    probabilities: Sequence[float],
    window: Window,
) -> Iterator[Word]:
    """Make words of fragments of text of `lengths` tokens each.

    `begins` holds the frame of each token and one more for the end, `likely` their probabilities.
    """
    for text, first, last in _join(fragments, lengths):
        start, end = window.place(begins[first] * FRAME, begins[last] * FRAME)
        probability = float(np.mean(probabilities[first:last]))
        yield Word(round(start, 2), round(end, 2), text, round(probability, 4))


def _join(fragments: Sequence[str], lengths: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Join fragments that are read as one word: text, first token, the one after its last.

    >>> list(_join([" l", "'école", " ?", " «", " Non"], [1, 3, 1, 1, 1]))
    [("l'école ?", 0, 5), ('« Non', 5, 7)]
    """
    text, first, last = "", 0, 0
    for fragment, length in zip(fragments, lengths, strict=True):
        if _is_word(text) and not _continues(text, fragment):
            yield text.strip(), first, last
            text, first = "", last
        text, last = text + fragment, last + length
    if _is_word(text):
        yield text.strip(), first, last


def _is_word(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _continues(text: str, fragment: str) -> bool:
    if not _is_word(fragment):
        return fragment.strip()[:1] not in OPENING or not fragment.startswith(" ")
    return not fragment.startswith(" ") and not (text[-1].isalnum() and fragment[0].isalnum())
