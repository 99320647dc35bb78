"""The passes: a light model makes every episode found soon, the best one then does it better."""

from dataclasses import dataclass
from typing import Literal

from radio.transcribe import engines
from radio.transcribe.comparison import lead
from radio.transcribe.models import catalogue

Pass = Literal["transcribe", "improve"]


@dataclass(frozen=True)
class Passes:
    """The models of the two passes; they may be the same one."""

    engine: str  # or `auto`
    first: str
    better: str

    def model(self, task: Pass) -> str:
        """Name the model for a task."""
        return self.better if task == "improve" else self.first

    @property
    def are_two(self) -> bool:
        """Whether the second is by a better model."""
        return lead(self.better, self.first) > 0


def choose_passes(engine: str, first: str | None = None, better: str | None = None) -> Passes:
    """Choose a model for each pass, of those that the engine reads here.

    The first is `first`, else `base`, else the lightest that is not tiny; the better one is
    `better`, else the best. Raises ModelError if no engine or no model is installed.
    """
    best = better or engines.pick(engine)[1]
    return Passes(engine, first or catalogue.lightest(_here(engine)) or best, best)


def _here(engine: str) -> set[str]:
    names = engines.FASTEST_FIRST if engine == "auto" else (engine,)
    return {
        model for name in names if engines.is_installed(name) for model in engines.readable(name)
    }
