"""Errors of words: what was heard beside a text that is right, and how far chance alone may move
their share. Words of half a minute, about what Whisper hears at once, are right or wrong together:
so errors are counted by blocks, and intervals come from drawing whole blocks anew. Pure."""

import re
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from radio.french.numbers import GREAT, find_numbers

BLOCK = 30.0  # seconds of show
MARGIN = 0.5  # seconds by which a word may miss the speech of the right text
DRAWS, AT_ONCE = 10_000, 100  # of blocks anew; and so many together, to save memory
FEWEST = 10  # blocks from which drawing them anew tells anything

# what is heard alike is written in one way, before anything is compared
SPELLINGS: dict[str, str | Callable[[re.Match[str]], str]] = {
    "œ": "oe",
    r"\b((?:[A-Z]\.){2,})": lambda dotted: dotted[0].replace(".", "") + " ",
    r"\b(\d{1,2})\s?h\s?(\d\d)?\b": r"\1 heures \2",
    r"\b\d{1,3}(?:[\s.]\d{3})+\b": lambda grouped: re.sub(r"\D", "", grouped[0]),
    r"(\d),(\d)": r"\1 virgule \2",
    "%": " pour cent",
    "€": " euros",
    r"\bn°": "numéro ",
    r"\b1er\b": "premier",
    r"\b1(?:re|ère)\b": "première",
}

Said = tuple[str, float]  # a text, and a second at which it is said
Counts = NDArray[np.int64]  # errors and words of the right text, for each block: blocks x 2


def plain(text: str) -> str:
    """Leave what a listener hears: words without signs and capitals, each number in figures.

    >>> plain("Jeudi, à dix-huit heures trente : 6 millions d’euros, dit la C.N.I.L.")
    'jeudi à 18 heures 30 6000000 d euros dit la cnil'
    """
    for written, heard in SPELLINGS.items():
        text = re.sub(written, heard, text, flags=re.IGNORECASE)
    words = re.sub(r"[\W_]+", " ", text.lower()).split()
    for place in range(len(words) - 1, 0, -1):
        if words[place] in GREAT and words[place - 1].isdecimal():
            words[place - 1 : place + 1] = [str(int(words[place - 1]) * GREAT[words[place]])]
    for first, last, value in reversed(list(find_numbers(words))):
        words[first:last] = [str(value)]
    return " ".join("un" if word == "1" else word for word in words)


def count(right: Iterable[Said], heard: str) -> Counts:
    """Count the errors in each block: words wrong, missing, or added after a word of the block. Of
    the right text, each part has the second at which it begins.

    >>> right = [("Il est dix heures.", 2.0), ("Bonsoir.", 31.0)]
    >>> count(right, "il est six heures bonsoir à").tolist()
    [[1, 4], [1, 1]]
    """
    words = [(word, start) for text, start in right for word in plain(text).split()]
    blocks = np.array([start // BLOCK for _, start in words], np.int64)
    errors = _errors([word for word, _ in words], plain(heard).split())
    counts = np.zeros((int(blocks.max()) + 1, 2), np.int64)
    np.add.at(counts, blocks, np.stack([errors, np.ones_like(errors)], axis=1))
    return counts[counts[:, 1] > 0]


def _errors(right: Sequence[str], heard: Sequence[str]) -> NDArray[np.int64]:
    """Count the errors at each word of the right text; words added count at the one before."""
    errors = np.zeros(len(right), np.int64)
    for part in Levenshtein.opcodes(right, heard):
        if part.tag == "insert":
            errors[max(part.src_start - 1, 0)] += part.dest_end - part.dest_start
        elif part.tag != "equal":
            errors[part.src_start : part.src_end] += 1
    return errors


def outside(speech: Sequence[tuple[float, float]], said: Iterable[Said]) -> int:
    """Count the words that lie where nobody speaks, by the middle of their time."""
    return sum(
        not any(start - MARGIN <= middle <= end + MARGIN for start, end in speech)
        for _, middle in said
    )


def rate(counts: Counts) -> float:
    """Give the errors for each word of the right text."""
    errors, words = counts.sum(axis=0)
    return float(errors / words)


def interval(counts: Counts, other: Counts | None = None) -> tuple[float, float]:
    """Give the 95 % interval of the rate, or of its difference to another's on the same blocks."""
    errors = counts[:, 0] - (0 if other is None else other[:, 0])
    chances, rates = np.random.default_rng(0), list[NDArray[np.float64]]()
    for _ in range(0, DRAWS, AT_ONCE):
        drawn = chances.integers(len(counts), size=(AT_ONCE, len(counts)))
        rates.append(errors[drawn].sum(axis=1) / counts[drawn, 1].sum(axis=1))
    low, high = np.percentile(np.concatenate(rates), (2.5, 97.5))
    return float(low), float(high)


def measured(counts: Counts, other: Counts | None = None) -> tuple[float, float, float]:
    """Give the rate, or its difference to another's, and the ends of its interval: the widest one
    where there are too few blocks to draw from.

    >>> measured(np.array([[1, 4]]))
    (0.25, 0.0, 1.0)
    """
    least, before = (0.0, 0.0) if other is None else (-1.0, rate(other))
    ends = interval(counts, other) if len(counts) >= FEWEST else (least, 1.0)
    return rate(counts) - before, *ends
