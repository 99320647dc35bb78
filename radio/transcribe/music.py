"""Music detection in sound without speech: by tones that last and change, and by a beat.

Measured on broadcasts: music has tones that stand out of the spectrum for a while and then change,
or strokes at regular times. Noise, rain and applause have neither; hum and test tones never change.
Pure: only numpy. Takes a thousandth of the duration of the sound.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import RATE, Samples

SECOND = 16_384
"""Samples judged at once, about a second."""

SHORTEST = 2 * SECOND
"""The fewest samples that can be music: a breath or half a word has tones too."""

ENOUGH = 10.5  # dB: noises and murmuring crowds stay below, drums alone are just above
FLOOR = -60.0  # dB under full scale, where silence begins
FRAME = 2048  # samples, fine enough for neighbouring notes: 8 Hz
HOP = FRAME // 2
FRAMES = SECOND // HOP
LOW, HIGH = 6, 640  # bins in which tones are sought: 50 Hz to 5 kHz
AROUND = 31  # bins, some 240 Hz, of which a tone stands out
LINES = 10  # the strongest bins of a second, which make its tone
LASTING = 5  # frames, a third of a second; what is shorter is no tone
STILL = 4.0  # dB; a line that changes less in seven seconds is hum
SMOOTH = 5  # seconds
BANDS = (2, 4, 8, 16, 32, 64, 128, 256, 400)  # first bins of the octaves in which strokes are heard
BEAT = 6.0  # dB that a perfect beat is worth
FASTEST, SLOWEST = 0.2, 1.25  # seconds between strokes
FAINT = 0.05  # dB squared; onsets that vary less are none
SILENT = 1e-9  # power that keeps logarithms finite

Values = NDArray[Any]


def find_music(samples: Samples) -> NDArray[np.bool_]:
    """Find out for each SECOND of samples without speech whether it is music.

    The rest at the end belongs to the last second. Less than SHORTEST gives one answer: no.
    """
    count = len(samples) // SECOND
    if len(samples) < SHORTEST:
        return np.zeros(1, np.bool_)
    power = np.stack([_power(samples[at * SECOND :]) for at in range(count)])
    score = _tones(power) + BEAT * _beat(power)
    score[_level(samples[: count * SECOND]) < FLOOR] = 0
    is_music: NDArray[np.bool_] = np.median(_near(score, SMOOTH), axis=-1) > ENOUGH
    return is_music


def _power(samples: Samples) -> Values:
    """Take the spectra of the first second, frame by frame."""
    block = samples[: SECOND + FRAME - HOP]
    block = np.pad(block, (0, SECOND + FRAME - HOP - len(block)))
    frames = np.lib.stride_tricks.sliding_window_view(block, FRAME)[::HOP]
    return np.abs(np.fft.rfft(frames * np.hanning(FRAME).astype(np.float32))) ** 2


def _level(samples: Samples) -> Values:
    """Measure each second, in dB under full scale."""
    squares = samples.reshape(-1, SECOND) ** 2
    level: Values = 10 * np.log10(squares.mean(axis=1) + SILENT)
    return level


def _tones(power: Values) -> Values:
    """Measure by how many dB the strongest tones of each second stand out, without hum."""
    lasting = np.stack([_lasting(second) for second in power[:, :, :HIGH]])
    spectra = 10 * np.log10(lasting + SILENT)
    out = spectra - np.median(_near(spectra, AROUND), axis=-1)
    out[np.ptp(_near(spectra.T, 7), axis=-1).T < STILL] = 0
    strongest: Values = np.sort(out[:, LOW:], axis=1)[:, -LINES:].mean(axis=1)
    return strongest


def _lasting(second: Values) -> Values:
    """Average the sound that lasts for LASTING frames; strokes and glides of a voice disappear."""
    windows = np.lib.stride_tricks.sliding_window_view(second, LASTING, axis=0)
    lasting: Values = np.median(windows, axis=-1).mean(axis=0)
    return lasting


def _beat(power: Values) -> Values:
    """Measure how regular the strokes around each second are, from 0 to 1."""
    bands = np.add.reduceat(power, BANDS, axis=2)
    bands += 1e-4 * bands.mean(axis=(1, 2), keepdims=True)
    decibels = 10 * np.log10(bands + SILENT).reshape(-1, len(BANDS))
    onsets = np.maximum(np.diff(decibels, axis=0, prepend=decibels[:1]), 0).mean(axis=1)
    places = range(0, len(onsets), FRAMES)
    return np.array([_evenness(onsets[max(0, at - 2 * FRAMES) : at + 3 * FRAMES]) for at in places])


def _evenness(onsets: Values) -> float:
    """Correlate onsets with themselves, shifted by the time between two strokes."""
    first, last = (round(seconds * RATE / HOP) for seconds in (FASTEST, SLOWEST))
    if len(onsets) < 3 * FRAMES:
        return 0.0
    centred = onsets - onsets.mean()
    alike = np.correlate(centred, centred, "full")[len(onsets) - 1 :]
    alike /= np.arange(len(onsets), 0, -1)
    return max(0.0, float(alike[first:last].max() / (alike[0] + FAINT)))


def _near(values: Values, width: int) -> Values:
    """Give each value with those around it along the last axis, the ends repeated."""
    sides = [(0, 0)] * (values.ndim - 1) + [(width // 2, width // 2)]
    padded = np.pad(values, sides, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, width, axis=-1)
