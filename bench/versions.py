"""Which of two texts to take: the real `base` beside worsened ones of itself.

Larger weights are not at hand, so the versions are made of `base` in ways whose harm is known:
noise in the sound or in the weights, high tones taken away, the end of each window unheard, another
language. Speech is found in the clean sound for all. Each is then taken for the text of a better
model that came beside a text of `base`, and the other way round.
"""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.errors import count
from bench.heard import THREADS, hear, said_words
from bench.shows import shows
from radio.sound import RATE
from radio.text.transcript import Segment
from radio.transcribe import engines
from radio.transcribe.engines import openai
from radio.transcribe.engines.interface import Attempt, DecodeOptions, Engine
from radio.transcribe.models.weights import Weights
from radio.transcribe.renewal import COLLAPSE, MARGIN, confidence
from radio.transcribe.windows import Window

BASE = "base"
SEED = 20261126


@dataclass
class Worsened:
    """An engine that hears a window less well than it could."""

    engine: Engine
    harm: Callable[[Window], Window] = lambda window: window
    language: str | None = None
    attempts: tuple[Attempt, ...] = ()

    def __post_init__(self) -> None:
        """Take over what the engine says of itself."""
        self.name, self.weights = self.engine.name, self.engine.weights
        self.window_samples, self.batch = self.engine.window_samples, self.engine.batch
        self.workers = self.engine.workers
        self.attempts = self.attempts or self.engine.attempts

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work."""
        return self.engine.versions

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        """Tell the language of a window."""
        return self.engine.tell_language(window, among)

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        """Give one segment a window."""
        if self.language:
            options = dataclasses.replace(options, language=self.language)
        return self.engine.decode([self.harm(each) for each in windows], options, attempt)


# Ways to do worse


def noisy(decibels: float, window: Window) -> Window:
    """Add white noise, so many decibels below the speech."""
    noise = np.random.default_rng(SEED).standard_normal(len(window.samples))
    loud = float(np.sqrt(np.mean(np.square(window.samples)))) * 10 ** (-decibels / 20)
    return _with(window, window.samples + loud * noise)


def dull(frequency: int, window: Window) -> Window:
    """Take away all tones above a frequency (Hz)."""
    spectrum = np.fft.rfft(window.samples)
    spectrum[round(frequency * len(window.samples) / RATE) :] = 0
    return _with(window, np.fft.irfft(spectrum, len(window.samples)))


def cut(share: float, window: Window) -> Window:
    """Silence the end of a window: all after a share of it."""
    samples = window.samples.copy()
    samples[round(share * len(samples)) :] = 0
    return _with(window, samples)


def _with(window: Window, samples: NDArray[Any]) -> Window:
    return dataclasses.replace(window, samples=samples.astype(np.float32))


def shaken(share: float) -> Weights:
    """Copy `base` with noise in each matrix, of a share of what its values differ by."""
    weights = engines.find("faster", "base")
    folder = Path(tempfile.mkdtemp(prefix="radio-")) / "base"
    shutil.copytree(weights.path, folder)
    chance = np.random.default_rng(SEED)
    with (folder / "model.bin").open("r+b") as file:
        for name, values in openai.variables(file):
            if name.endswith("/weight") and values.ndim > 1:
                spread = values.astype(np.float32).std()
                noise = chance.standard_normal(values.shape) * share * spread
                file.seek(-values.nbytes, os.SEEK_CUR)
                file.write((values + noise).astype(values.dtype).tobytes())
    return dataclasses.replace(weights, path=folder)


# Versions


def _base() -> Engine:
    return engines.load("faster", "base")


def _shaken(share: float) -> Engine:
    from radio.transcribe.engines import faster

    return faster.Engine(shaken(share), THREADS)


SUBJECTS: dict[str, Callable[[], Engine]] = {
    BASE: _base,
    "base, openai-whisper": lambda: engines.load("openai", "base"),
    "greedy": lambda: Worsened(_base(), attempts=(Attempt(), Attempt(no_repeat_ngram_size=4))),
    "noise, 10 dB below": lambda: Worsened(_base(), partial(noisy, 10)),
    "noise, 0 dB below": lambda: Worsened(_base(), partial(noisy, 0)),
    "nothing above 1000 Hz": lambda: Worsened(_base(), partial(dull, 1000)),
    "weights shaken by 10 %": lambda: _shaken(0.1),
    "weights shaken by 20 %": lambda: _shaken(0.2),
    "half of each window unheard": lambda: Worsened(_base(), partial(cut, 0.5)),
    "taken for English": lambda: Worsened(_base(), language="en"),
}


@dataclass(frozen=True)
class Version:
    """What came of a show."""

    subject: str
    show: str
    words: int  # of the reference
    errors: int
    confidence: float


def versions(subject: str) -> Iterator[Version]:
    """Transcribe every sample show in one way."""
    for show, evidence in hear(SUBJECTS[subject](), shows()):
        errors, words = count(show, said_words(evidence)).sum(axis=0).tolist()
        yield Version(subject, show.name, words, errors, confidence(evidence))


def table() -> str:
    """Transcribe all shows in all ways, each in a process of its own, and write what came out."""
    found: list[Version] = []
    for subject in SUBJECTS:
        print(f"{subject}…", file=sys.stderr, flush=True)  # noqa: T201 (a command's own words)
        command = [sys.executable, "-m", "bench.versions", subject]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        found += [Version(**json.loads(line)) for line in done.stdout.splitlines()]
    return render(found)


def render(found: Sequence[Version]) -> str:
    """Write the table: each version against `base`, show by show."""
    by_show = {(each.subject, each.show): each for each in found}
    rows = []
    for subject in dict.fromkeys(each.subject for each in found):
        pairs = [
            (each, by_show[BASE, each.show]) for each in found if each.subject == subject != BASE
        ]
        if pairs:
            rows.append(_row(subject, pairs))
    return "\n".join([*HEAD, *rows])


def _row(subject: str, pairs: Sequence[tuple[Version, Version]]) -> str:
    errors, of_base, words = (
        sum(column)
        for column in zip(*((a.errors, b.errors, a.words) for a, b in pairs), strict=True)
    )
    gains = sorted(a.confidence - b.confidence for a, b in pairs)
    aside = sum(gain <= -COLLAPSE for gain in gains)
    replaced = sum(gain < COLLAPSE for gain in gains)
    by_margin = sum(gain <= -MARGIN for gain in gains)
    counts = " | ".join(f"{each} of {len(pairs)}" for each in (aside, replaced, by_margin))
    return (
        f"| {subject} | {errors / words:.3f} | {of_base / words:.3f} | {gains[0]:+.3f} to "
        f"{gains[-1]:+.3f} | {counts} |"
    )


HEAD = (
    "| | word error rate | `base` | confidence beside `base` | as a better model after `base`: "
    "kept aside | as a lesser one before it: replaced | replaced by the margin alone |",
    "|---|---|---|---|---|---|---|",
)


if __name__ == "__main__":
    for version in versions(sys.argv[1]):
        print(json.dumps(dataclasses.asdict(version)))  # noqa: T201 (for `table`)
