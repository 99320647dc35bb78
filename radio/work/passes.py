"""The passes: a light model makes every episode found soon, the best one then does it better."""

from dataclasses import dataclass

from radio.transcribe import engines
from radio.transcribe.models import catalogue
from radio.transcribe.recipes import Pass
from radio.transcribe.renewal import lead
from radio.work.status import Asked


@dataclass(frozen=True)
class Passes:
    """The models of the two passes; they may be the same one."""

    first: str
    better: str
    rehear: bool = True  # what is in doubt is heard again

    def model(self, task: Pass) -> str:
        """Name the model for a task."""
        return self.better if task == "improve" else self.first

    @property
    def are_two(self) -> bool:
        """Whether the second is by a better model."""
        return lead(self.better, self.first) > 0


def disappoint(passes: Passes, asked: Asked) -> bool:
    """Whether a better pass was asked for by a model that is not known to be better."""
    return bool(asked.better) and not passes.are_two and passes.better != passes.first


def choose_passes(asked: Asked) -> Passes:
    """Choose a model for each pass, of those that the engine reads here.

    The first is the one asked for, else `base`, else the lightest that is not tiny; the better one
    is the one asked for, else the best. Raises ModelError if no engine or no model is installed.
    """
    best = asked.better or engines.pick(asked.engine)[1]
    return Passes(
        asked.first or catalogue.lightest(_here(asked.engine)) or best, best, asked.rehear
    )


def _here(engine: str) -> set[str]:
    names = engines.FASTEST_FIRST if engine == "auto" else (engine,)
    return {
        model for name in names if engines.is_installed(name) for model in engines.readable(name)
    }
