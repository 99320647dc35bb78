"""The alignment of tokens and frames: the cheapest path through the attention of the decoder. As in
whisper: dynamic time warping over the heads that follow the sound (H. Sakoe, S. Chiba, 1978), here
in numpy, a diagonal at a time, so that nothing has to be compiled."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.text.transcript import Word
from radio.transcribe.windows import Window

FRAME = 0.02  # seconds
OPENING = ("«", "“", '"', "(", "[", "{", "¿", "¡", "–", "—")
Frames = NDArray[np.int64]  # that of each token
Texts = Sequence[Sequence[int]]  # tokens of each window
TOKEN, TIME = 1, 2  # steps to the next token and the next frame; 0 is both


def follow(cost: NDArray[np.float32]) -> Frames:
    """Find the frame in which each token begins. `cost` is tokens x frames, low for much attention.

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
    before, last = np.full((2, tokens + 1), np.inf)  # the totals two diagonals back, and one
    before[0] = 0.0
    for diagonal in range(2, tokens + frames + 1):
        here = np.arange(max(1, diagonal - frames), min(tokens, diagonal - 1) + 1)
        ways = np.stack([before[here - 1], last[here - 1], last[here]])
        best = 2 - np.argmin(ways[::-1], axis=0)  # among equals, the step to the next frame
        total = np.full(tokens + 1, np.inf)
        total[here] = cost[here - 1, diagonal - here - 1] + ways[best, np.arange(len(here))]
        steps[here, diagonal - here] = best
        before, last = last, total
    return steps


def words(
    tokens: Sequence[int], begins: Frames, chances: Sequence[float], window: Window, tokenizer: Any
) -> tuple[Word, ...]:
    """Make words of the tokens of a window, by one of Whisper's tokenizers. `begins` holds the
    frame of each token, and of the end."""
    if not tokens:
        return ()
    fragments, groups = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
    found = list[Word]()
    for text, first, last in join(fragments[:-1], list(map(len, groups[:-1]))):
        start, end = window.place(begins[first] * FRAME, begins[last] * FRAME)
        probability = float(np.mean(chances[first:last]))
        found.append(Word(round(start, 2), round(end, 2), text, round(probability, 4)))
    return tuple(found)


def join(fragments: Sequence[str], lengths: Sequence[int]) -> Iterator[tuple[str, int, int]]:
    """Join fragments that are read as one word: text, first token, the one after its last.

    >>> list(join([" l", "'école", " ?", " «", " Non"], [1, 3, 1, 1, 1]))
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
