"""Grouping: which windows of speech are one voice, by the vectors of their timbres.

First windows are joined as long as they are alike on the whole, then groups whose middles are
alike: so a voice that comes by telephone later stays one. What is not sure stays without a voice.
Pure.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from radio.transcribe.timbre import Vectors, unit

LINKED = 0.45
"""Cosine that the windows of two groups have on the average, above which they are joined."""

SAME = 0.65
"""Cosine of the middles of two groups above which they are one voice."""

ALIKE = 0.6
"""Cosine above which they may be one voice or two: the smaller gets no name."""

SURE = 0.4
"""Cosine with the middle of a voice that a window of it has at least…"""

MARGIN = 0.1
"""…and by which it is nearer to this voice than to any other."""

LEAST = 6.0  # seconds that a voice speaks in all
SHORTEST = 0.8  # seconds of a window that tells a voice from others
BLOCK = 500  # windows that are compared with each other at once
MOST = 2000  # groups that are; more are noise, of which the shortest tell no voice

Group = list[int]
"""Windows, by their numbers."""


def group(vectors: Vectors, seconds: NDArray[np.float64], pieces: Sequence[int]) -> list[int]:
    """Tell the voice of each window: 1, 2, … as they come first, 0 where it is not sure.

    `seconds` are the lengths of the windows, `pieces` the numbers of what they are parts of: a
    piece has one voice, unless its windows are sure of several.
    """
    voices = _voices(vectors, seconds)
    if not voices:
        return [0] * len(vectors)
    middles = unit(np.array([_sum(vectors, seconds, each) for each in voices]))
    known = _known(middles)
    heard: list[int] = []
    for _piece, windows in groupby(range(len(vectors)), key=lambda window: pieces[window]):
        heard += _name(vectors, seconds, list(windows), middles, known)
    return _number(heard)


def _voices(vectors: Vectors, seconds: NDArray[np.float64]) -> list[Group]:
    """Find the groups of windows that are voices, the longest first."""
    long = [int(window) for window in np.flatnonzero(seconds >= SHORTEST)]
    groups: list[Group] = []
    for first in range(0, len(long), BLOCK):
        groups += _link([[window] for window in long[first : first + BLOCK]], vectors, seconds)
    if len(long) > BLOCK:
        groups.sort(key=lambda each: float(-seconds[each].sum()))
        groups = _link(groups[:MOST], vectors, seconds)
    voices = [each for each in groups if seconds[each].sum() >= LEAST]
    voices = _join(voices, vectors, seconds)
    return sorted(voices, key=lambda each: float(-seconds[each].sum()))


def _sum(vectors: Vectors, seconds: NDArray[np.float64], windows: Group) -> Vectors:
    result: Vectors = (vectors[windows] * seconds[windows, np.newaxis]).sum(axis=0)
    return result


def _link(groups: list[Group], vectors: Vectors, seconds: NDArray[np.float64]) -> list[Group]:
    """Join the two groups that are most alike on the average, until none are alike enough."""
    groups = list(groups)
    sums = np.array([_sum(vectors, seconds, each) for each in groups])
    weights = np.array([seconds[each].sum() for each in groups])
    alike = sums @ sums.T / np.outer(weights, weights)
    np.fill_diagonal(alike, -np.inf)
    while len(groups) > 1:
        kept, gone = sorted(divmod(int(alike.argmax()), len(groups)))
        if alike[kept, gone] < LINKED:
            break
        groups[kept], groups[gone] = groups[kept] + groups[gone], []
        sums[kept] += sums[gone]
        weights[kept] += weights[gone]
        row = sums @ sums[kept] / (weights * weights[kept])
        row[[kept, *_emptied(groups)]] = -np.inf
        alike[kept], alike[:, kept] = row, row
        alike[gone] = alike[:, gone] = -np.inf
    return [each for each in groups if each]


def _emptied(groups: list[Group]) -> list[int]:
    return [number for number, each in enumerate(groups) if not each]


def _join(voices: list[Group], vectors: Vectors, seconds: NDArray[np.float64]) -> list[Group]:
    """Join voices whose middles are the same."""
    voices = list(voices)
    while len(voices) > 1:
        middles = unit(np.array([_sum(vectors, seconds, each) for each in voices]))
        alike = middles @ middles.T
        np.fill_diagonal(alike, -np.inf)
        kept, gone = sorted(divmod(int(alike.argmax()), len(voices)))
        if alike[kept, gone] < SAME:
            break
        voices[kept] += voices.pop(gone)
    return voices


def _known(middles: Vectors) -> list[bool]:
    """Tell which voices are surely not one that speaks longer."""
    alike = middles @ middles.T
    return [bool((alike[number, :number] < ALIKE).all()) for number in range(len(middles))]


def _name(
    vectors: Vectors,
    seconds: NDArray[np.float64],
    windows: Group,
    middles: Vectors,
    known: list[bool],
) -> list[int]:
    """Give the voice of each window of a piece."""
    each = [_nearest(vectors[window], middles, known) for window in windows]
    if len(set(each) - {0}) > 1:
        return each
    whole = _nearest(unit(_sum(vectors, seconds, windows)), middles, known)
    return [whole] * len(windows)


def _nearest(vector: Vectors, middles: Vectors, known: list[bool]) -> int:
    """Give the voice that a vector is surely of, from 1; else 0."""
    cosines = middles @ vector
    best, *others = np.argsort(-cosines)
    is_clear = not others or cosines[best] - cosines[others[0]] >= MARGIN
    return int(best) + 1 if cosines[best] >= SURE and is_clear and known[best] else 0


def _number(voices: list[int]) -> list[int]:
    """Number voices in the order in which they come."""
    order = list(dict.fromkeys(voice for voice in voices if voice))
    return [order.index(voice) + 1 if voice else 0 for voice in voices]
