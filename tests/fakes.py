"""Engines that hear nothing and count; the real ones are at work in test_chain.py."""

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any, TypeVar

import pytest

from radio.archive import Archive
from radio.sound import RATE, Samples
from radio.system.disk import write_whole
from radio.text.transcript import Segment, Word
from radio.transcribe import windows
from radio.transcribe.engines.interface import Attempt, DecodeOptions, Engine
from radio.transcribe.models.weights import Weights
from radio.transcribe.pool import local_pool
from radio.transcribe.transcription import transcribe
from radio.transcribe.windows import LENGTH, Window
from tests.samples import street

Done = TypeVar("Done")
WORD = RATE // 3  # samples of a word, as fast as people speak
WEIGHTS = Weights("base", "openai", Path("base.pt"), "00" * 32, 1)


@dataclasses.dataclass
class Fake:
    """Says words without a pause, each with its place; may stop as Ctrl-C does."""

    stop_at: int | None = None
    calls: int = 0
    name: str = "fake"
    weights: Weights = WEIGHTS
    versions: Mapping[str, str] = dataclasses.field(default_factory=lambda: {"fake": "1"})
    window_samples: int = LENGTH
    batch: int = 8
    workers: int = 1
    attempts: tuple[Attempt, ...] = (Attempt(),)
    draws: int = 10
    meanwhile: Callable[[], object] = lambda: None  # what people do while it decodes
    options: list[DecodeOptions] = dataclasses.field(default_factory=list)  # of what it was asked

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        return among[0]

    def encode(self, windows: Sequence[Window]) -> None:
        pass

    def hear_again(
        self, windows: Sequence[Window], options: DecodeOptions, times: int
    ) -> list[list[str]]:
        return [[] for _ in windows]

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        if self.calls == self.stop_at:
            raise KeyboardInterrupt
        self.calls += 1
        self.options.append(options)
        self.meanwhile()
        return [self._hear(window) for window in windows]

    def _hear(self, window: Window) -> Segment:
        words = tuple(
            Word(start / RATE, min(start + WORD, last) / RATE, f"parole-{start}.", 0.9)
            for first, last in window.ranges
            for start in range(first, last, WORD)
        )
        text = " ".join(word.text for word in words)
        return Segment(window.start, window.end, text, words, 1, 0.0, -0.1, 1.0, 0.0)


@dataclasses.dataclass
class Short(Fake):
    window_samples: int = 15 * RATE
    batch: int = 1


@dataclasses.dataclass
class Slow(Fake):
    window_samples: int = 5 * RATE
    batch: int = 1
    counter: "Synchronized[int] | None" = None

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        assert self.counter
        time.sleep(0.01)
        with self.counter.get_lock():
            self.counter.value += 1
        return super().decode(windows, options, attempt)


@dataclasses.dataclass
class Alike(Fake):
    words: tuple[Word, ...] = ()

    def _hear(self, window: Window) -> Segment:
        heard = super()._hear(window)
        words = [each for each in self.words if heard.start <= each.start < heard.end]
        return dataclasses.replace(heard, words=tuple(words))


def at_work(
    work: Callable[..., Done], archive: Archive, engine: Engine, key: str = "", **more: Any
) -> Done:
    """Have an engine transcribe an episode, or the only one: `work` is `renew` and the like."""
    episode = archive.episode(key) if key else archive.episodes()[0]
    with local_pool(engine) as pool:
        return work(archive, episode, pool, **more)


@contextlib.contextmanager
def killed_writing(number: int, suffix: str = "") -> Iterator[None]:
    """Be killed before a transcription writes its `number`th file, or the `number`th of a kind."""
    written = 0

    def write(path: Path, content: bytes) -> None:
        nonlocal written
        written += path.name.endswith(suffix)
        if written == number:
            raise KeyboardInterrupt
        write_whole(path, content)

    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:
        for module in ("transcribe.renewal", "transcribe.transcription", "transcribe.versions"):
            patch.setattr(f"radio.{module}.write_whole", write)
        yield


def heard_street(folder: Path, engine: Fake) -> Path:
    """Make an archive whose only episode an engine transcribed; give its root."""
    archive = street(folder)
    at_work(transcribe, archive, engine)
    return archive.root


def every_five_seconds(samples: Samples) -> list[tuple[int, int]]:
    return [
        (first + RATE // 2, min(first + 4 * RATE, len(samples)))
        for first in range(0, len(samples) - RATE, 5 * RATE)
    ]


def transcribe_slowly(root: Path, counter: "Synchronized[int]") -> None:
    windows.PART, windows.__dict__["find_speech"] = 10 * RATE, every_five_seconds
    at_work(transcribe, Archive(root), Slow(counter=counter))


@dataclasses.dataclass
class Sure(Fake):
    """As sure of every word as it is told to be; may stop as Ctrl-C does."""

    sureness: float = 0.9
    word: str = "mot"

    def _hear(self, window: Window) -> Segment:
        heard = super()._hear(window)
        said = (f"{self.word}.", self.sureness)
        words = tuple(Word(each.start, each.end, *said) for each in heard.words)
        return dataclasses.replace(heard, words=words)


@dataclasses.dataclass
class Naming(Fake):
    """Hears the name of Zoé Zimmermann in each window."""

    def _hear(self, window: Window) -> Segment:
        heard = super()._hear(window)
        named = zip(heard.words, ("Zoe", "Zimmermann."), strict=False)
        name = (dataclasses.replace(word, text=text) for word, text in named)
        words = (*name, *heard.words[2:])
        text = " ".join(word.text for word in words)
        return dataclasses.replace(heard, text=text, words=words)
