"""Where music ends and a voice begins, or the other way round, by what both sound like nearby.

A border is only about known: detectors of speech are late after loud music, and go on into it. What
surely is music, and what surely is voice, within twenty seconds of it tell how each sounds here;
the border is where what lies between is shared out best. Pure: only numpy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound.samples import RATE, Samples

FRAME = RATE // 50  # samples
FRAMES = RATE // FRAME  # a second
BANDS = 24
LOWEST, HIGHEST = 60.0, 7600.0  # Hz
FAINT = 1e-6  # power that keeps logarithms finite
WIDE, NARROW = 7, 2  # frames on both sides that tell about one
ENOUGH, FEWEST, MOST = 100, 25, 1000  # frames of voice, and of music, that tell how it sounds
ALIKE = 5  # the nearest frames that are compared
SURE = 4.0  # frames by which a border must be better than the one that was told
CLOSE = 0.25  # seconds around a border in which it is looked for again, more closely

Bands = NDArray[np.float32]
Features = NDArray[Any]


def bands_of(samples: "Samples | list[float]") -> Bands:
    """Measure the bands of each fiftieth of a second, in dB."""
    frames = np.asarray(samples, np.float32)[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    power = np.abs(np.fft.rfft(frames * np.hanning(FRAME).astype(np.float32), 2 * FRAME)) ** 2
    bands: Bands = (10 * np.log10(power @ _filters() + FAINT)).astype(np.float32)
    return bands


def _filters() -> NDArray[np.float32]:
    """Make bands that are as wide as the ear has them."""
    edges = 700 * (10 ** (np.linspace(_mel(LOWEST), _mel(HIGHEST), BANDS + 2) / 2595) - 1)
    pitches = np.linspace(0, RATE / 2, FRAME + 1)[:, None]
    rising = (pitches - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - pitches) / (edges[2:] - edges[1:-1])
    return np.clip(np.minimum(rising, falling), 0, 1).astype(np.float32)


def _mel(pitch: float) -> float:
    return float(2595 * np.log10(1 + pitch / 700))


def find_border(
    bands: Bands,
    told: float,
    within: tuple[float, float],
    voice: Sequence[tuple[float, float]],
    music: tuple[float, float],
    *,
    is_end: bool,
) -> float:
    """Find where music begins, or where it ends, in seconds.

    As it is `told` where too little is known nearby, or nothing is surely better `within` what is
    allowed.
    """
    spoken = np.concatenate([_frames(*each, bands) for each in voice] or [np.zeros(0, int)])
    played = _frames(*music, bands)
    spoken, played = _nearest(spoken, told), _nearest(played, told)
    if len(spoken) < ENOUGH or len(played) < FEWEST:
        return told
    known = spoken, played
    found, gain = _best(bands, WIDE, known, within, told, is_end)
    if gain < SURE:
        return told
    close = max(within[0], found - CLOSE), min(within[1], found + CLOSE)
    return _best(bands, NARROW, known, close, told, is_end)[0]


def _frames(start: float, end: float, bands: Bands) -> NDArray[np.int_]:
    return np.arange(max(0, round(start * FRAMES)), min(len(bands), round(end * FRAMES)))


def _nearest(frames: NDArray[np.int_], told: float) -> NDArray[np.int_]:
    """Give the frames that are nearest to a second, not too many."""
    return frames[np.argsort(np.abs(frames - told * FRAMES), kind="stable")[:MOST]]


def _best(
    bands: Bands,
    around: int,
    known: tuple[NDArray[np.int_], NDArray[np.int_]],
    within: tuple[float, float],
    told: float,
    is_end: bool,
) -> tuple[float, float]:
    """Find the best border, and tell by how many frames it is better than the one told."""
    between = _frames(*within, bands)
    if not len(between):
        return told, 0.0
    voice, music = (_features(bands, each, around) for each in known)
    both = np.concatenate([voice, music])
    middle, spread = both.mean(axis=0), both.std(axis=0) + 1
    asked, voice, music = (
        (each - middle) / spread for each in (_features(bands, between, around), voice, music)
    )
    votes = np.clip(2 * np.log(_distance(asked, music) / _distance(asked, voice)), -1, 1)
    shared = np.concatenate([[0.0], np.cumsum(-votes if is_end else votes)])
    best = len(shared) - 1 - int(np.argmax(shared[::-1])) if is_end else int(np.argmax(shared))
    old = min(max(0, round(told * FRAMES) - int(between[0])), len(shared) - 1)
    return float((between[0] + best) / FRAMES), float(shared[best] - shared[old])


def _features(bands: Bands, frames: NDArray[np.int_], around: int) -> Features:
    """Describe frames by their bands, and by how these are and change around them."""
    places = np.clip(frames[:, None] + np.arange(-around, around + 1), 0, len(bands) - 1)
    near = bands[places]
    return np.concatenate([bands[frames], near.mean(axis=1), near.std(axis=1)], axis=1)


def _distance(some: Features, known: Features) -> Features:
    """Tell how far each of some frames is from those that it is most alike."""
    squares = (some**2).sum(axis=1)[:, None] + (known**2).sum(axis=1) - 2 * some @ known.T
    nearest = np.partition(squares, ALIKE, axis=1)[:, :ALIKE]
    distance: Features = np.sqrt(np.maximum(nearest, FAINT)).mean(axis=1)
    return distance
