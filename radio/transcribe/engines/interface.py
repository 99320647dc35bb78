"""What an engine of Whisper is asked, and what it gives: windows of speech in, segments out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from radio.audio import RATE
from radio.transcribe.models.weights import Weights
from radio.transcribe.windows import Window
from radio.transcript import Segment


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
