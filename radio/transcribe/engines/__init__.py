"""The two engines of Whisper, with one interface: windows of speech in, segments of words out.

openai-whisper is the default; faster-whisper runs the same weights in 8-bit integers and needs no
torch. What to do with a segment is decided elsewhere (`fallback`), so that both engines give the
same kind of evidence.
"""

import os

from radio.errors import ModelError
from radio.messages import _
from radio.progress import Progress
from radio.transcribe import extras
from radio.transcribe.engines.interface import Engine
from radio.transcribe.models import weights
from radio.transcribe.models.weights import Weights

NAMES = ("auto", "openai", "faster")
PACKAGES = {"openai": "whisper", "faster": "faster_whisper"}
EXTRAS = {"openai": "whisper", "faster": "faster"}


def load(name: str, model: str, threads: int | None = None) -> Engine:
    """Load an engine with the weights of a model; `auto` takes the faster of those installed.

    Raises ModelError if the engine or the weights are not installed.
    """
    engine = choose(name)
    model_weights = find(engine, model)
    if engine == "faster":
        from radio.transcribe.engines import faster

        return faster.Engine(model_weights, threads or os.cpu_count() or 1)
    from radio.transcribe.engines import openai

    return openai.Engine(model_weights, threads)


def find(engine: str, model: str) -> Weights:
    """Find the weights of a model on this machine, in a form that the engine reads.

    Raises ModelError if they are missing or not what their name says.
    """
    return weights.find(model, "ctranslate2" if engine == "faster" else None)


def fetch(engine: str, model: str, progress: Progress) -> Weights:
    """Fetch the weights of a model for an engine, and verify them.

    Raises ModelError if they can't be fetched, or are not the right ones.
    """
    take = weights.fetch_conversion if engine == "faster" else weights.fetch
    return take(model, progress)


def usual() -> str:
    """Give the default engine: openai-whisper if it is installed, else any."""
    return "openai" if extras.is_installed(PACKAGES["openai"]) else "auto"


def choose(name: str) -> str:
    """Give the engine that a name means on this machine.

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
