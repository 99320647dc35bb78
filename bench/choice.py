"""How windows are cut and decoded: today's choice beside others, on all sample shows together.

Sets and blocks decide, never one show: the smallest change of the sound, noise that nobody hears,
may lose or save a sentence. What lies within the interval is chance, and the simpler choice stays.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import numpy as np

from bench.errors import Counts, count, interval, outside, rate
from bench.shows import HUMAN, MADE, SOUNDS, shows
from bench.transcription import Reader, read_with
from radio.sound import RATE
from radio.transcribe import engines, regions, transcription, windows
from radio.transcribe.engines.interface import Attempt, Engine

WELCOME = "Bonjour à toutes et à tous, et bienvenue dans notre émission."


@dataclass(frozen=True)
class Candidate:
    """Another choice: what is set anew."""

    name: str
    seconds: int = 0  # of speech in a window; 0: as today
    beam: int = 0  # 0: as today
    modules: tuple[tuple[Any, str, Any], ...] = ()  # module, name, value

    @contextlib.contextmanager
    def chosen(self, loaded: Engine) -> Iterator[None]:
        """Make a loaded engine and the modules work by it for a while."""
        window = self.seconds * RATE or loaded.window_samples
        first = Attempt(self.beam) if self.beam else loaded.attempts[0]
        with contextlib.ExitStack() as stack:
            for place, name, value in (
                (loaded, "window_samples", window),
                (loaded, "attempts", (first, *loaded.attempts[1:])),
                *self.modules,
            ):
                stack.enter_context(patch.object(place, name, value))
            yield


def lasting(seconds: int) -> Candidate:
    """Choose windows of another length."""
    return Candidate(f"windows of {seconds} s", seconds=seconds)


def searching(beam: int) -> Candidate:
    """Choose another beam."""
    return Candidate(f"beam {beam}", beam=beam)


KINDS = {"human": [each for each in HUMAN if each in SOUNDS], "made": [*MADE]}
TODAY = Candidate("**today**")
CANDIDATES = {
    "faster": (
        TODAY,
        *map(lasting, (24, 28)),
        *map(searching, (3, 8)),
        Candidate("speech widened by 0.4 s, not 0.1", modules=((regions, "PAD", 0.4),)),
        Candidate("pauses of up to 0.6 s kept", modules=((regions, "PAUSE", 0.6),)),
        Candidate("2 s of silence after speech, not 1", modules=((windows, "REST", 200),)),
        Candidate("a neutral prompt", modules=((transcription, "prompt_of", lambda *_: WELCOME),)),
    ),
    "openai": (TODAY, lasting(28), *map(searching, (1, 5))),
}


@dataclass(frozen=True)
class Outcome:
    """What a candidate made of all shows."""

    counts: dict[str, Counts]  # by show
    outside: int  # words where nobody speaks
    cpu: float  # seconds

    def of(self, *groups: str) -> Counts:
        """Put the counts of some sets together."""
        return np.concatenate([self.counts[each.name] for each in shows(*groups)])


def hear(read: Reader, candidate: Candidate, loaded: Engine) -> Outcome:
    """Transcribe all shows by a candidate."""
    began = time.process_time()
    with candidate.chosen(loaded):
        said = {show.name: read(show) for show in shows()}
    cpu = time.process_time() - began
    counts = {show.name: count(show, said[show.name]) for show in shows()}
    return Outcome(counts, sum(outside(show, said[show.name]) for show in shows()), cpu)


def table() -> str:
    """Measure every candidate with each engine."""
    kinds = [name for name, sets in KINDS.items() if sets]
    changes = [f"difference on {name} voices" for name in kinds]
    heads = ["", *SOUNDS, *changes, "words outside speech", "CPU"]
    head = f"| {' | '.join(heads)} |"
    parts = []
    for engine, candidates in CANDIDATES.items():
        loaded = engines.load(engine, "base")
        read, outcomes = read_with(loaded), list[Outcome]()
        for candidate in candidates:
            print(f"{engine}, {candidate.name}…", file=sys.stderr, flush=True)  # noqa: T201
            outcomes.append(hear(read, candidate, loaded))
        rows = [row(*pair, outcomes[0]) for pair in zip(candidates, outcomes, strict=True)]
        parts.append(
            "\n".join([f"With {loaded.name}:", "", head, "|---" * len(heads) + "|", *rows])
        )
    return "\n\n".join(parts)


def row(candidate: Candidate, outcome: Outcome, today: Outcome) -> str:
    """Write the row of a candidate: rates, and the differences to today's with their intervals."""
    cells = [candidate.name, *(f"{rate(outcome.of(group)):.3f}" for group in SOUNDS)]
    for sets in filter(None, KINDS.values()):
        change = ""
        if outcome is not today:
            low, high = interval(outcome.of(*sets), today.of(*sets))
            change = f"{rate(outcome.of(*sets)) - rate(today.of(*sets)):+.3f}"
            change += f" ({low:+.3f} to {high:+.3f})"
        cells.append(change)
    cells += [str(outcome.outside), f"{outcome.cpu:.0f} s"]
    return f"| {' | '.join(cells)} |"
