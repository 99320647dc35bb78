"""The interface of the engines: windows of speech in, segments out."""

import contextlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal, Protocol

from radio.sound import RATE
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.transcript import Segment, Word
from radio.transcribe.models import catalogue
from radio.transcribe.models.weights import Weights
from radio.transcribe.windows import Window, Windows

VARIETY = 0.8  # the temperature of drawn texts: at 0.5 three of four are alike
Task = Literal["transcribe", "translate"]
# average log-probability of the tokens, compression ratio, probability that nobody speaks
Signs = tuple[float, float, float]
FASTEST = 9  # tokens of a text for each second of sound; people say no more than seven


def most_tokens(windows: Windows) -> int:
    """Give the most tokens of the longest window: a sample may go on for ever."""
    return FASTEST * (max(len(each.samples) for each in windows) // RATE + 2)


@dataclass(frozen=True)
class DecodeOptions:
    """Options of the decoder, the same for all windows of an episode."""

    language: str
    prompt: str = ""  # a sentence with likely names
    task: Task = "transcribe"
    also: tuple[str, ...] = ()  # other languages, of which a window may be


@dataclass(frozen=True)
class Attempt:
    """One way to decode a window: with a beam, or by sampling at a temperature."""

    beam: int = 1
    temperature: float = 0.0
    no_repeat_ngram_size: int = 0  # tokens in a row that may not be repeated; 0: no limit


def compression(text: str) -> float:
    """Tell how many times as short a text can be written: one that repeats itself, the more often.

    >>> compression("et voilà, " * 6) > 2.4 > compression("Non, non, non : la ville, la rue")
    True
    """
    data = text.strip().encode()
    return len(data) / len(zlib.compress(data))


def code(language: str) -> str:
    """Give a language as Whisper has it.

    >>> code("fr-CA"), code("oc")
    ('fr', 'oc')
    """
    return language.lower().partition("-")[0]


@contextlib.contextmanager
def known(language: str) -> Iterator[None]:
    """Raise TranscriptError for a language that Whisper was not taught."""
    try:
        yield
    except ValueError as error:
        message = _("{language} : Whisper n’entend pas cette langue ; écrivez-en une autre")
        raise TranscriptError(message, language=language) from error


def likeliest(among: Sequence[str], chances: Mapping[str, float]) -> str:
    """Give the likeliest of some languages, by their chances in two letters.

    >>> likeliest(("fr-CA", "ar"), {"en": 0.7, "ar": 0.1, "fr": 0.2})
    'fr-CA'
    """
    return max(among, key=lambda each: chances.get(code(each), 0.0))


def segment(
    window: Window, text: str, words: tuple[Word, ...], attempt: Attempt, signs: Signs
) -> Segment:
    """Make the segment of a window."""
    how = attempt.beam, attempt.temperature
    logprob, compression, silence = (round(sign, 4) for sign in signs)
    said = text.strip()
    return Segment(window.start, window.end, said, words, *how, logprob, compression, silence)


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
    workers: int  # batches decoded at the same time
    # the first is for all windows of a batch, the last for a window that repeats itself
    attempts: tuple[Attempt, ...]

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work, for the evidence."""
        ...

    def decode(self, windows: Windows, options: DecodeOptions, attempt: Attempt) -> list[Segment]:
        """Give one segment a window, its words in the episode's time, seeded."""
        ...

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        """Tell which of some languages is spoken; the first where that can't be told."""
        ...


class LoadedEngine(Engine, Protocol):
    """All that the engines here can do."""

    draws: int  # texts of a window that are worth their time

    def hear_again(self, windows: Windows, options: DecodeOptions, times: int) -> list[list[str]]:
        """Give so many texts of each window: most are drawn, word by word, by probability."""
        ...

    def encode(self, windows: Windows) -> Any:
        """Do the first part of decoding alone, to measure it; what it gives is the engine's own."""
        ...


def provenance(engine: Engine) -> Provenance:
    """Describe a loaded engine."""
    parameters = {
        "attempts": [list(astuple(each)) for each in engine.attempts],
        "condition_on_previous_text": False,
        "window": engine.window_samples / RATE,
        "batch": engine.batch,
    }
    versions, weights = dict(engine.versions), engine.weights
    if of := catalogue.conformer(weights.name):
        parameters["credit"] = f"{of.maker}, {of.license}, {of.page}"
    sizes = engine.window_samples, engine.batch
    return Provenance(engine.name, versions, weights.name, weights.sha256, parameters, *sizes)
