"""Recipes: how each kind of derived thing is made: what lacks it, who makes it, how dear it is.
Each stands beside its maker. `radio work` makes what is missing in a process of its own, which
reports by messages (`Making`); `radio index` makes it at once."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.system.errors import BusyError, ModelError, NoAnswerError, RadioError

Kind = (
    Literal["inbox", "sources", "transcribe", "improve", "voices", "chapters", "checksums"]
    | Literal[
        "fixity", "waveforms", "pages", "sense", "sound", "books", "rehear", "model", "compare"
    ]
)


@dataclass(frozen=True)
class Means:
    """What something is made with."""

    engine: str = "auto"
    model: str = ""  # the best one by default
    threads: int | None = None  # all cores by default
    base_url: str = ""  # of the site, for what names addresses
    is_hurried: bool = False  # somebody waits for the end: all at once, without a pause


@dataclass(frozen=True)
class Begun:
    """A process begins to make things."""

    keys: tuple[str, ...]


@dataclass(frozen=True)
class Reached:
    """How much of something is done; 0 where it begins."""

    key: str
    share: float = 0.0  # 0 to 1


@dataclass(frozen=True)
class Made:
    """Something is made."""

    key: str


@dataclass(frozen=True)
class Remaining:
    """How many things that only their maker can count are still to be made."""

    number: int


@dataclass(frozen=True)
class Stale:
    """Something made of the whole archive must be made again: what it shows has changed."""

    kind: Kind


@dataclass(frozen=True)
class SaidLine:
    """A line for whoever reads along."""

    text: str


@dataclass(frozen=True)
class Failed:
    """Something can't be made for now."""

    key: str  # empty where nothing of the kind can be
    message: str  # empty where what is made tells that itself
    is_busy: bool = False  # another process is at it


Message = Begun | Reached | Made | Remaining | Stale | SaidLine | Failed

OFTEN = 0.2  # seconds between two messages of how much is done, at least


class Making:
    """The progress of making some things of a kind, reported as messages."""

    def __init__(
        self, tell: Callable[[Message], None], means: Means | None = None, seconds: float = math.inf
    ):
        self.tell, self.means = tell, means or Means()
        self._key, self._until = "", time.monotonic() + seconds
        self._reported = 0.0  # when it was last said how much is done
        self.failures = 0

    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self._until

    def progress(self, share: float) -> None:
        """Report how much of the present thing is done, 0 to 1."""
        now = time.monotonic()
        if not share or now - self._reported > OFTEN:
            self._reported = now
            self.tell(Reached(self._key, share))

    def say(self, text: object) -> None:
        """Say a line."""
        self.tell(SaidLine(str(text)))

    def each(self, keys: Iterable[str], make: Callable[[str], object]) -> bool:
        """Make at least one thing, others while there is time; return whether all were begun.
        `make` gives False for what is not finished. One that fails costs its own line; ModelError
        and NoAnswerError, which the others would meet too, are raised."""
        for number, self._key in enumerate(keys):
            if number and self.is_over():
                return False
            self.progress(0.0)
            try:
                is_done = make(self._key) is not False
            except (ModelError, NoAnswerError):
                raise
            except RadioError as error:
                self.failures += 1
                self.tell(Failed(self._key, str(error), isinstance(error, BusyError)))
            else:
                if is_done:
                    self.tell(Made(self._key))
        return True


@dataclass(frozen=True)
class Recipe:
    """How things of a kind are made."""

    kind: Kind
    missing: Callable[[Archive], Sequence[str]]  # keys of what lacks it, the most urgent first
    make: Callable[[Archive, Sequence[str], Making], None]  # of a module, for another process
    of_all: bool = False  # one thing, made of the whole archive
    again: float = math.inf  # seconds until what is missing all the same is tried again
    slice: float = math.inf  # seconds that a run has; it makes one thing at least
    share: float = 1.0  # of the time that its runs may take
    is_quiet: bool = False  # made in quiet hours only
    is_steady: bool = False  # gives way to the most urgent of all alone
    tells_itself: bool = False  # failures are reported elsewhere


def keys_of(episodes: Callable[[Archive], Sequence[Episode]]) -> Callable[[Archive], Sequence[str]]:
    """Make `missing` of a recipe from a list of episodes."""
    return lambda archive: [each.key for each in episodes(archive)]


def whole(_archive: Archive) -> Sequence[str]:
    """Name what is made of the whole archive; its maker knows what changed."""
    return [""]
