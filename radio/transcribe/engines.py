"""The two engines of Whisper behind one face: windows of speech in, segments of words out.

openai-whisper is the default; faster-whisper runs the same weights in 8-bit integers and needs no
torch. Whatever decides what to do with a segment lies elsewhere (`hearing`), so that both engines
give the same evidence.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from radio.audio import RATE
from radio.errors import ModelError
from radio.messages import _
from radio.transcribe import extras, weights
from radio.transcribe.weights import Weights
from radio.transcribe.windows import Window
from radio.transcript import Segment

NAMES = ("auto", "openai", "faster")
PACKAGES = {"openai": "whisper", "faster": "faster_whisper"}
EXTRAS = {"openai": "whisper", "faster": "faster"}


@dataclass(frozen=True)
class Ask:
    """What is asked of Whisper, the same for every window of an episode."""

    language: str
    prompt: str = ""  # a sentence with the names that are likely
    task: Literal["transcribe", "translate"] = "transcribe"


@dataclass(frozen=True)
class Attempt:
    """One way to decode a window: with a beam, or by chance at a temperature."""

    beam: int = 1
    temperature: float = 0.0
    unrepeated: int = 0  # tokens that may not follow one another twice; 0: as often as they like


@dataclass(frozen=True)
class Provenance:
    """What decodes, as the evidence keeps it: two machines that agree in it give the same text."""

    engine: str
    versions: Mapping[str, str]
    model: str
    weights: str  # sha256
    parameters: Mapping[str, Any]
    packed: int  # samples of speech that it likes to hear at once
    batch: int  # windows that it likes to decode together


class Engine(Protocol):
    """A loaded model."""

    name: str
    weights: Weights
    packed: int
    batch: int
    workers: int
    """Batches that it can decode at the same time."""
    attempts: tuple[Attempt, ...]
    """The first for all windows together, the others in turn for one that fails."""

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work, for the evidence."""
        ...

    def decode(self, windows: Sequence[Window], ask: Ask, attempt: Attempt) -> list[Segment]:
        """Give one segment a window, its words in the episode's time, seeded."""
        ...


def load(name: str, model: str, threads: int | None = None) -> Engine:
    """Load an engine with the weights of a model: `auto` takes the faster one that is here.

    Raises ModelError if the engine or the weights are not installed.
    """
    chosen = choose(name)
    found = find(chosen, model)
    if chosen == "faster":
        from radio.transcribe import faster

        return faster.Engine(found, threads or os.cpu_count() or 1)
    from radio.transcribe import openai_whisper

    return openai_whisper.Engine(found, threads)


def find(engine: str, model: str) -> Weights:
    """Find the weights of a model on this machine, in a form that the engine reads.

    Raises ModelError if they are missing or not what their name says.
    """
    return weights.find(model, "ctranslate2" if engine == "faster" else None)


def fetch(engine: str, model: str, progress: weights.Progress) -> Weights:
    """Fetch the weights of a model for an engine, and verify them.

    Raises ModelError if they can't be had, or what came is not what it should be.
    """
    take = weights.fetch_conversion if engine == "faster" else weights.fetch
    return take(model, progress)


def usual() -> str:
    """Tell which engine works where nobody names one: openai-whisper, else whatever is here."""
    return "openai" if extras.is_installed(PACKAGES["openai"]) else "auto"


def choose(name: str) -> str:
    """Tell which engine a name stands for on this machine.

    Raises ModelError if it isn't installed.
    """
    if name != "auto":
        extras.require(PACKAGES[name], EXTRAS[name])
        return name
    for each in ("faster", "openai"):
        if extras.is_installed(PACKAGES[each]):
            return each
    raise ModelError(
        _("no engine of Whisper is installed here; add the light one: `{extras}`").format(
            extras=extras.command(EXTRAS["faster"])
        )
    )


def provenance(engine: Engine) -> Provenance:
    """Tell what a loaded engine is."""
    asked = {
        "attempts": [[each.beam, each.temperature, each.unrepeated] for each in engine.attempts],
        "condition_on_previous_text": False,
        "window": engine.packed / RATE,
        "batch": engine.batch,
    }
    weights = engine.weights
    return Provenance(
        engine.name,
        dict(engine.versions),
        weights.name,
        weights.sha256,
        asked,
        engine.packed,
        engine.batch,
    )
