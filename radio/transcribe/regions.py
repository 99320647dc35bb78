"""Where somebody speaks: Silero's network marks speech before Whisper hears anything.

Whisper invents words on music and silence, so it is given speech only. Every moment of an episode
is speech, music or silence; speech over music is speech, steady noise is silence.
"""

import functools
import importlib.metadata
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from radio.audio import RATE, Samples
from radio.transcribe import music
from radio.transcript import Region

THRESHOLD = 0.5
SHORTEST = 0.25  # seconds of speech
PAUSE = 0.2  # seconds of silence that end a stretch of speech
PAD = 0.1  # seconds kept on both sides
LONGEST = 29.0  # seconds, then cut at the last short pause

Stretch = tuple[int, int]
"""First sample, and the one after the last."""


def parameters() -> dict[str, float]:
    """What is asked of Silero, by its own names; the evidence keeps it too."""
    return {
        "threshold": THRESHOLD,
        "min_speech_duration_ms": 1000 * SHORTEST,
        "max_speech_duration_s": LONGEST,
        "min_silence_duration_ms": 1000 * PAUSE,
        "speech_pad_ms": 1000 * PAD,
    }


def versions() -> dict[str, str]:
    """Tell whose copy of Silero is at work, for the evidence."""
    name = "silero-vad" if _has_silero() else "faster-whisper"
    return {name: importlib.metadata.version(name)}


def find_speech(samples: Samples) -> list[Stretch]:
    """Find the stretches of speech, each at most LONGEST."""
    found = _ask_silero(samples) if _has_silero() else _ask_faster(samples)
    return [(stretch["start"], stretch["end"]) for stretch in found]


def _has_silero() -> bool:
    return importlib.util.find_spec("silero_vad") is not None


def _ask_silero(samples: Samples) -> list[dict[str, int]]:
    silero, network = _silero()
    found: list[dict[str, int]] = silero.get_speech_timestamps_from_probs(
        network.audio_forward(samples, RATE),
        sampling_rate=RATE,
        audio_length_samples=len(samples),
        **parameters(),
    )
    return found


def _ask_faster(samples: Samples) -> list[dict[str, int]]:
    """Ask the copy of the network that faster-whisper carries, for machines without torch."""
    from faster_whisper import vad

    found: list[dict[str, int]] = vad.get_speech_timestamps(samples, vad.VadOptions(**parameters()))
    return found


def describe(samples: Samples, speech: Sequence[Stretch], offset: int) -> tuple[Region, ...]:
    """Name every moment of `samples`, which lie at sample `offset` in the episode.

    The regions are in seconds of the episode, in order, without gaps or overlaps.
    """
    return join(_regions(samples, speech, offset))


def join(regions: Iterable[Region]) -> tuple[Region, ...]:
    """Join neighbours of one kind, and music over a rest too short to be a silence."""
    joined: list[Region] = []
    for region in regions:
        if region.kind == "music" and _is_rest(joined[-2:]):
            joined.pop()
        is_longer = bool(joined) and joined[-1].kind == region.kind
        start = joined.pop().start if is_longer else region.start
        if region.end > start:
            joined.append(replace(region, start=start))
    return tuple(joined)


def _regions(samples: Samples, speech: Sequence[Stretch], offset: int) -> Iterator[Region]:
    reached, end = 0, len(samples)
    for first, last in (*speech, (end, end)):
        yield from _unspoken(samples[reached:first], offset + reached)
        yield Region((offset + first) / RATE, (offset + last) / RATE, "speech")
        reached = last


def _unspoken(samples: Samples, offset: int) -> Iterator[Region]:
    """Tell music from silence in what lies between two stretches of speech."""
    found = music.find_music(samples)
    edges = [*range(0, len(found) * music.SECOND, music.SECOND), len(samples)]
    for is_music, (first, last) in zip(found, pairwise(edges), strict=True):
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
