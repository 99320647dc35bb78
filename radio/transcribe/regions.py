"""Where somebody speaks: Silero's network marks speech before Whisper hears anything.

Whisper invents words on music and silence, so it is given speech only.
"""

import functools
from typing import Any

from radio.audio import RATE, Samples

THRESHOLD = 0.5
SHORTEST = 0.25  # seconds of speech
PAUSE = 0.3  # seconds of silence that end a stretch of speech
PAD = 0.15  # seconds kept on both sides
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


def find_speech(samples: Samples) -> list[Stretch]:
    """Find the stretches of speech, each at most LONGEST."""
    silero, network = _silero()
    found = silero.get_speech_timestamps_from_probs(
        network.audio_forward(samples, RATE),
        sampling_rate=RATE,
        audio_length_samples=len(samples),
        **parameters(),
    )
    return [(stretch["start"], stretch["end"]) for stretch in found]


@functools.cache
def _silero() -> tuple[Any, Any]:
    import torch

    threads = torch.get_num_threads()
    import silero_vad

    torch.set_num_threads(threads)  # importing silero_vad sets it to one
    return silero_vad, silero_vad.load_silero_vad(sequence=True)
