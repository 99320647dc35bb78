"""The interface of the engines of Whisper: windows of speech in, segments out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from radio.sound import RATE
from radio.text.transcript import Segment
from radio.transcribe.models.weights import Weights
from radio.transcribe.windows import Window

VARIETY = 0.8
"""The temperature at which another text is drawn: at 0.5 three samples of four are alike."""

FASTEST = 9  # tokens of a text for each second of sound; people say no more than seven


def most_tokens(windows: Sequence[Window]) -> int:
    """Tell with how many tokens the longest window is surely said: a sample may go on for ever."""
    return FASTEST * (max(len(each.samples) for each in windows) // RATE + 2)


@dataclass(frozen=True)
class DecodeOptions:
    """Options of the decoder, the same for all windows of an episode."""

    language: str
    prompt: str = ""  # a sentence with likely names
    task: Literal["transcribe", "translate"] = "transcribe"


@dataclass(frozen=True)
class Attempt:
    """One way to decode a window: with a beam, or by sampling at a temperature."""

    beam: int = 1
    temperature: float = 0.0
    no_repeat_ngram_size: int = 0  # tokens in a row that may not be repeated; 0: no limit


@dataclass(frozen=True)
class Provenance:
    """Engine, model and parameters, for the evidence; the same ones give the same text."""

    engine: str
    versions: Mapping[str, str]
    model: str
    weights: str  # sha256
    parameters: Mapping[str, Any]
    window_samples: int  # samples of speech in a full window
    batch: int  # windows in a full batch


class Engine(Protocol):
    """A loaded model."""

    name: str
    weights: Weights
    window_samples: int
    batch: int
    workers: int
    """Batches that it decodes at the same time."""
    attempts: tuple[Attempt, ...]
    """The first is for all windows of a batch, the others for a window that failed."""

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work, for the evidence."""
        ...

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        """Give one segment a window, its words in the episode's time, seeded."""
        ...


class Sampler(Engine, Protocol):
    """An engine that can be asked what else it might have heard."""

    draws: int
    """Texts of a window that are worth their time."""

    def hear_again(
        self, windows: Sequence[Window], options: DecodeOptions, times: int
    ) -> list[list[str]]:
        """Give so many texts of each window: most are drawn, word by word, by probability."""
        ...


class Measurable(Engine, Protocol):
    """An engine whose two halves can be measured apart."""

    def encode(self, windows: Sequence[Window]) -> Any:
        """Do the first part of decoding alone, to measure it; what it gives is the engine's own."""
        ...


class LoadedEngine(Measurable, Sampler, Protocol):
    """All that the engines here can do."""


def provenance(engine: Engine) -> Provenance:
    """Describe a loaded engine."""
    parameters = {
        "attempts": [
            [each.beam, each.temperature, each.no_repeat_ngram_size] for each in engine.attempts
        ],
        "condition_on_previous_text": False,
        "window": engine.window_samples / RATE,
        "batch": engine.batch,
    }
    weights = engine.weights
    return Provenance(
        engine.name,
        dict(engine.versions),
        weights.name,
        weights.sha256,
        parameters,
        engine.window_samples,
        engine.batch,
    )
