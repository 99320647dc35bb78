"""Regions of an episode: speech, music, silence. Silero's network finds the speech.

Whisper invents words for music and silence, so it gets speech only. Speech over music is speech;
steady noise is silence.
"""

import functools
import importlib.metadata
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from radio.sound import RATE, Samples
from radio.text.transcript import Region
from radio.transcribe import music

THRESHOLD = 0.5
SHORTEST = 0.25  # seconds of speech
PAUSE = 0.2  # seconds of silence that end a range of speech
PAD = 0.1  # seconds added on both sides
LONGEST = 29.0  # seconds, then cut at the last short pause

SampleRange = tuple[int, int]
"""First sample, and the one after the last."""


def parameters() -> dict[str, float]:
    """Give the parameters of Silero, by its own names; the evidence keeps them."""
    return {
        "threshold": THRESHOLD,
        "min_speech_duration_ms": 1000 * SHORTEST,
        "max_speech_duration_s": LONGEST,
        "min_silence_duration_ms": 1000 * PAUSE,
        "speech_pad_ms": 1000 * PAD,
    }


def versions() -> dict[str, str]:
    """Give the package with the copy of Silero in use, and its version, for the evidence."""
    name = "silero-vad" if _has_silero() else "faster-whisper"
    return {name: importlib.metadata.version(name)}


def find_speech(samples: Samples) -> list[SampleRange]:
    """Find the ranges of speech, each at most LONGEST seconds."""
    timestamps = _run_silero(samples) if _has_silero() else _run_faster(samples)
    return [(timestamp["start"], timestamp["end"]) for timestamp in timestamps]


def _has_silero() -> bool:
    return importlib.util.find_spec("silero_vad") is not None


def _run_silero(samples: Samples) -> list[dict[str, int]]:
    silero, network = _silero()
    timestamps: list[dict[str, int]] = silero.get_speech_timestamps_from_probs(
        network.audio_forward(samples, RATE),
        sampling_rate=RATE,
        audio_length_samples=len(samples),
        **parameters(),
    )
    return timestamps


def _run_faster(samples: Samples) -> list[dict[str, int]]:
    """Run the copy of the network in faster-whisper, for machines without torch."""
    from faster_whisper import vad

    timestamps: list[dict[str, int]] = vad.get_speech_timestamps(
        samples, vad.VadOptions(**parameters())
    )
    return timestamps


def describe(samples: Samples, speech: Sequence[SampleRange], offset: int) -> tuple[Region, ...]:
    """Divide samples into regions; `offset` is their first sample in the episode.

    The regions are in seconds of the episode, in order, without gaps or overlaps.
    """
    return join(_regions(samples, speech, offset))


def join(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Join neighbours of one kind, and music on both sides of a short silence."""
    result: list[Region] = []
    for region in regions:
        if region.kind == "music" and _is_rest(result[-2:]):
            result.pop()
        is_longer = bool(result) and result[-1].kind == region.kind
        start = result.pop().start if is_longer else region.start
        if region.end > start:
            result.append(replace(region, start=start))
    return tuple(result)


def _regions(samples: Samples, speech: Sequence[SampleRange], offset: int) -> Iterator[Region]:
    position, end = 0, len(samples)
    for first, last in (*speech, (end, end)):
        yield from _music_or_silence(samples[position:first], offset + position)
        yield Region((offset + first) / RATE, (offset + last) / RATE, "speech")
        position = last


def _music_or_silence(samples: Samples, offset: int) -> Iterator[Region]:
    """Divide what is between two ranges of speech into music and silence."""
    flags = music.find_music(samples)
    edges = [*range(0, len(flags) * music.SECOND, music.SECOND), len(samples)]
    for is_music, (first, last) in zip(flags, pairwise(edges), strict=True):
        start, end = (offset + first) / RATE, (offset + last) / RATE
        yield Region(start, end, "music" if is_music else "silence")


def _is_rest(before: Sequence[Region]) -> bool:
    """Whether a short silence follows music."""
    return [region.kind for region in before] == ["music", "silence"] and (
        before[1].end - before[1].start < music.SHORTEST / RATE
    )


@functools.cache
def _silero() -> tuple[Any, Any]:
    import torch

    threads = torch.get_num_threads()
    import silero_vad

    torch.set_num_threads(threads)  # importing silero_vad sets it to one
    return silero_vad, silero_vad.load_silero_vad(sequence=True)
