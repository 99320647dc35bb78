"""Regions of an episode: speech, music, silence. Silero's network finds the speech, over music too;
Whisper gets nothing else, for it invents words elsewhere. Music has tones that last and then
change, or strokes at regular times; noise, rain and applause have neither, hum never changes."""

import functools
import importlib.metadata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import RATE, Samples
from radio.text.transcript import Region
from radio.transcribe.extras import is_installed, require

THRESHOLD = 0.5
SHORTEST = 0.25  # seconds of speech
PAUSE = 0.2  # seconds of silence that end a range of speech
PAD = 0.1  # seconds added on both sides
LONGEST = 29.0  # seconds, then cut at the last short pause

SampleRange = tuple[int, int]  # first sample, and the one after the last
SECOND = 16_384  # samples judged at once
SHORTEST_MUSIC = 2 * SECOND  # samples: half a word has tones too
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


def parameters() -> dict[str, float]:
    """Give the parameters of Silero, by its own names; they go into the evidence."""
    return {
        "threshold": THRESHOLD,
        "min_speech_duration_ms": 1000 * SHORTEST,
        "max_speech_duration_s": LONGEST,
        "min_silence_duration_ms": 1000 * PAUSE,
        "speech_pad_ms": 1000 * PAD,
    }


def versions() -> dict[str, str]:
    """Give the package with the copy of Silero in use, and its version, for the evidence."""
    name = "silero-vad" if is_installed("silero_vad") else "faster-whisper"
    return {name: importlib.metadata.version(name)}


def find_speech(samples: Samples) -> list[SampleRange]:
    """Find the ranges of speech, each at most LONGEST seconds. Raises ModelError without Silero."""
    if is_installed("silero_vad"):
        silero, network = _silero()
        shares = network.audio_forward(samples, RATE)
        asked = {"sampling_rate": RATE, "audio_length_samples": len(samples), **parameters()}
        found = silero.get_speech_timestamps_from_probs(shares, **asked)
    else:  # the copy of the network in faster-whisper, for machines without torch
        require("faster_whisper")
        from faster_whisper import vad

        found = vad.get_speech_timestamps(samples, vad.VadOptions(**parameters()))
    return [(timestamp["start"], timestamp["end"]) for timestamp in found]


@functools.cache
def _silero() -> tuple[Any, Any]:
    import torch

    threads = torch.get_num_threads()
    import silero_vad

    torch.set_num_threads(threads)  # importing silero_vad sets it to one
    return silero_vad, silero_vad.load_silero_vad(sequence=True)


def describe(samples: Samples, speech: Sequence[SampleRange], offset: int) -> tuple[Region, ...]:
    """Divide samples into regions, in seconds of the episode, without gaps or overlaps. `offset` is
    the first sample's place in the episode."""
    return join(_regions(samples, speech, offset))


def _regions(samples: Samples, speech: Sequence[SampleRange], offset: int) -> Iterator[Region]:
    position, end = 0, len(samples)
    for first, last in (*speech, (end, end)):
        flags = find_music(samples[position:first])  # what is between two ranges of speech
        edges = [*range(position, position + len(flags) * SECOND, SECOND), first]
        for is_music, (start, stop) in zip(flags, pairwise(edges), strict=True):
            begin, stop_at = (offset + start) / RATE, (offset + stop) / RATE
            yield Region(begin, stop_at, "music" if is_music else "silence")
        yield Region((offset + first) / RATE, (offset + last) / RATE, "speech")
        position = last


def join(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Join neighbours of one kind, and music on both sides of a short silence."""
    result: list[Region] = []
    for region in regions:
        kinds = [each.kind for each in (*result[-2:], region)]
        between = result[-1].end - result[-1].start if result else 0.0
        if kinds == ["music", "silence", "music"] and between < SHORTEST_MUSIC / RATE:
            result.pop()
        is_longer = bool(result) and result[-1].kind == region.kind
        start = result.pop().start if is_longer else region.start
        if region.end > start:
            result.append(replace(region, start=start))
    return tuple(result)


def find_music(samples: Samples) -> NDArray[np.bool_]:
    """Find for each SECOND of samples without speech whether it is music; a remainder belongs to
    the last one. Less than SHORTEST_MUSIC gives one answer: no."""
    count = len(samples) // SECOND
    if len(samples) < SHORTEST_MUSIC:
        return np.zeros(1, np.bool_)
    power = np.stack([_power(samples[at * SECOND :]) for at in range(count)])
    score = _tones(power) + BEAT * _beat(power)
    squares = samples[: count * SECOND].reshape(-1, SECOND) ** 2
    score[10 * np.log10(squares.mean(axis=1) + SILENT) < FLOOR] = 0  # of full scale
    is_music: NDArray[np.bool_] = np.median(_near(score, SMOOTH), axis=-1) > ENOUGH
    return is_music


def _power(samples: Samples) -> Values:
    block = samples[: SECOND + FRAME - HOP]
    block = np.pad(block, (0, SECOND + FRAME - HOP - len(block)))
    frames = np.lib.stride_tricks.sliding_window_view(block, FRAME)[::HOP]
    return np.abs(np.fft.rfft(frames * np.hanning(FRAME).astype(np.float32))) ** 2


def _tones(power: Values) -> Values:
    """Measure by how many dB the strongest tones of each second stand out, without hum."""
    windows = np.lib.stride_tricks.sliding_window_view(power[:, :, :HIGH], LASTING, axis=1)
    lasting = np.stack([np.median(each, axis=-1).mean(axis=0) for each in windows])
    spectra = 10 * np.log10(lasting + SILENT)  # strokes and glides of a voice disappear
    out = spectra - np.median(_near(spectra, AROUND), axis=-1)
    out[np.ptp(_near(spectra.T, 7), axis=-1).T < STILL] = 0
    strongest: Values = np.sort(out[:, LOW:], axis=1)[:, -LINES:].mean(axis=1)
    return strongest


def _beat(power: Values) -> Values:
    """Measure how regular the strokes around each second are, 0 to 1: onsets are correlated with
    themselves, shifted by the time between two strokes."""
    bands = np.add.reduceat(power, BANDS, axis=2)
    bands += 1e-4 * bands.mean(axis=(1, 2), keepdims=True)
    decibels = 10 * np.log10(bands + SILENT).reshape(-1, len(BANDS))
    onsets = np.maximum(np.diff(decibels, axis=0, prepend=decibels[:1]), 0).mean(axis=1)
    first, last = (round(seconds * RATE / HOP) for seconds in (FASTEST, SLOWEST))
    evenness = np.zeros(len(power))
    for second in range(len(power)):
        near = onsets[max(0, second - 2) * FRAMES : (second + 3) * FRAMES]
        if len(near) >= 3 * FRAMES:
            centred = near - near.mean()
            alike = np.correlate(centred, centred, "full")[len(near) - 1 :]
            alike /= np.arange(len(near), 0, -1)
            evenness[second] = max(0.0, alike[first:last].max() / (alike[0] + FAINT))
    return evenness


def _near(values: Values, width: int) -> Values:
    """Give each value with those around it along the last axis; the ends are repeated."""
    sides = [(0, 0)] * (values.ndim - 1) + [(width // 2, width // 2)]
    padded = np.pad(values, sides, mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, width, axis=-1)
