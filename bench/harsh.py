"""Shows made here to have Whisper fail: spoilt sentences, and what is no speech.

What is decoded again (`radio.transcribe.fallback`) must save words here or in the sample shows.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import soundfile

from bench.errors import Said, count, outside, rate
from bench.heard import ENGINES, hear, said_words, samples_of
from bench.mixes import MixedShow
from bench.shows import SampleShow, shows
from bench.voices import telephone
from radio.sound import RATE, Samples
from radio.transcribe import engines, fallback

LENGTH = 60  # seconds of a show without speech
SENTENCES = 12
GAP = 0.6  # seconds between two sentences
EDGE = 0.35  # seconds cut off at both ends of a sentence, within a word
BACKWARDS = "backwards"  # a language that nobody knows
Drawn = np.random.Generator


def made(folder: Path) -> Iterator[MixedShow]:
    """Make the shows in a folder."""
    sentences, drawn = cycle(_sentences()), np.random.default_rng(26)
    for name, spoil in SPOILS.items():
        edge, regions = int(EDGE * RATE) if name == "cut" else 0, list[dict[str, Any]]()
        sound = np.zeros(RATE, np.float32)
        for part, text in islice(sentences, 0 if name.endswith("-alone") else SENTENCES):
            said, start = part[edge : len(part) - edge], len(sound) / RATE
            sound = np.concatenate([sound, said, np.zeros(int(GAP * RATE), np.float32)])
            end = start + len(said) / RATE
            regions.append({"kind": "speech", "start": start, "end": end, "text": text})
        whole = sound if regions else np.zeros(LENGTH * RATE, np.float32)
        path = folder / f"{name}.flac"
        soundfile.write(path, np.clip(spoil(whole, drawn), -0.98, 0.98), RATE)
        yield MixedShow("harsh", path, {"duration": len(whole) / RATE, "regions": regions})


def _sentences() -> Iterator[tuple[Samples, str]]:
    """Give the sentences of all sample shows, equally loud."""
    for show in shows():
        sound = samples_of(show)
        for each in show.speech:
            part = sound[round(each["start"] * RATE) : round(each["end"] * RATE)]
            yield 0.1 * part / part.std(), str(each["text"])


def _hiss(sound: Samples, drawn: Drawn) -> Samples:
    """Give noise that is loudest where it is low."""
    spectrum = np.fft.rfft(drawn.standard_normal(len(sound)))
    noise = np.fft.irfft(spectrum / np.sqrt(np.arange(1, len(spectrum) + 1)), len(sound))
    return np.asarray(noise / noise.std(), np.float32)


def _bursts(sound: Samples, drawn: Drawn, length: float, often: float) -> Samples:
    """Give bursts of some seconds, so many in a second: applause, breaths, coughs."""
    noise, size, bursts = _hiss(sound, drawn), int(length * RATE), np.zeros_like(sound)
    for place in drawn.integers(0, len(sound) - size, int(len(sound) / RATE * often)):
        bursts[place : place + size] += noise[place : place + size] * np.hanning(size)
    return bursts


def _hum(sound: Samples) -> Samples:
    """Give what a bad cable gives: 50 Hz and what is above."""
    times = 2 * np.pi * 50 * np.arange(len(sound)) / RATE
    return np.asarray(sum(np.sin(n * times) / n for n in range(1, 12)), np.float32)


def _music(sound: Samples) -> Samples:
    """Give the music of the long sample show, again and again."""
    music = samples_of(shows("bench")[0])[RATE : 19 * RATE]
    return np.asarray(np.resize(music / music.std(), len(sound)), np.float32)


SPOILS: dict[str, Callable[[Samples, Drawn], Samples]] = {
    "noise": lambda sound, drawn: sound + 0.08 * _hiss(sound, drawn),
    "music": lambda sound, _: sound + 0.1 * _music(sound),
    "applause": lambda sound, drawn: sound + 0.05 * _bursts(sound, drawn, 0.03, 60),
    "hum": lambda sound, _: sound + 0.1 * _hum(sound),
    "breath": lambda sound, drawn: sound + 0.06 * _bursts(sound, drawn, 0.7, 0.3),
    "clipped": lambda sound, _: telephone(np.clip(8 * sound, -0.3, 0.3)),
    "two-voices": lambda sound, _: sound + 0.6 * np.roll(sound, 25 * RATE),
    "cut": lambda sound, _: sound,
    BACKWARDS: lambda sound, _: sound[::-1].copy(),
    "noise-alone": lambda sound, drawn: 0.1 * _hiss(sound, drawn),
    "applause-alone": lambda sound, drawn: 0.1 * _bursts(sound, drawn, 0.03, 60),
    "coughs-alone": lambda sound, drawn: 0.3 * _bursts(sound, drawn, 0.25, 0.2),
}
WAYS: dict[str, dict[str, Any]] = {
    "as it is": {"repeats": fallback.repeats},
    "nothing is tried again": {"repeats": lambda _segment: False},
    "no halves": {"loses_words": lambda _window, _segment: False},
}


def table() -> str:
    """Hear them as it is, and without each way to decode a window again."""
    head = "| | word error rate | words outside speech | words of speech played backwards |"
    rows = [head, "|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder:
        harsh = list(made(Path(folder)))
        for name, engine in ENGINES.items():
            loaded = engines.load(engine, "base")
            for way, changed in WAYS.items():
                with patch.multiple(fallback, **changed):
                    said = {show: said_words(each) for show, each in hear(loaded, harsh)}
                rows.append(f"| {name}, {way} | {_cells(said)} |")
    return "\n".join(rows)


def _cells(said: Mapping[SampleShow, list[Said]]) -> str:
    (back,) = (show for show in said if show.sound.stem == BACKWARDS)
    counts = [count(show, said[show]) for show in said if show.speech and show != back]
    lost = sum(outside(show, said[show]) for show in said)
    return f"{rate(np.concatenate(counts)):.3f} | {lost} | {len(said[back])}"
