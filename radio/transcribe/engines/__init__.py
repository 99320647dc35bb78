"""The engines, with one interface: windows of speech in, segments of words out. Of Whisper's two,
openai-whisper is the default; faster-whisper runs the same weights in 8-bit integers, without
torch. Conformers are heard where they are asked for. All give the same kind of evidence; `fallback`
decides about segments."""

import contextlib
import os

from radio.system.errors import ModelError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe import extras
from radio.transcribe.engines.interface import LoadedEngine
from radio.transcribe.models import catalogue, weights
from radio.transcribe.models.weights import Form, Weights

PACKAGES = {"openai": "whisper", "faster": "faster_whisper", "conformer": "onnx_asr"}
NAMES = ("auto", *PACKAGES)
FASTEST_FIRST = ("faster", "openai")  # Whisper's, of which one is taken unasked
FORMS: dict[str, tuple[Form, ...]] = {  # in which each engine reads weights
    "openai": ("openai", "ctranslate2"),
    "faster": ("ctranslate2",),
    "conformer": ("onnx",),
}


def load(
    name: str, model: str | None = None, threads: int | None = None, *, english: bool = False
) -> LoadedEngine:
    """Load an engine with a model, by default the best one here; `english` asks for one that
    translates. Raises ModelError if engine or weights are missing, or the weights are wrong."""
    engine, model = pick(name, model, english=english)
    model_weights = find(engine, model)
    if engine == "faster":
        from radio.transcribe.engines import faster

        return faster.Engine(model_weights, threads or os.cpu_count() or 1)
    if engine == "conformer":
        from radio.transcribe.engines import conformer

        return conformer.Engine(model_weights, threads or os.cpu_count() or 1)
    from radio.transcribe.engines import openai

    return openai.Engine(model_weights, threads)


def pick(name: str, model: str | None = None, *, english: bool = False) -> tuple[str, str]:
    """Choose an engine (`auto`: the fastest that reads the model) and a model, by default the best.
    `english` asks for one that translates. Raises ModelError if one of them is missing."""
    if model and catalogue.conformer(model):
        name = "conformer"  # which alone reads it
    able = [each for each in FASTEST_FIRST if is_installed(each)]
    names = able if name == "auto" and able else [choose(name)]
    if model is not None:
        known = set(catalogue.names(model))
        return next((each for each in names if known & set(readable(each))), names[0]), model
    there = [each for engine in names for each in readable(engine)]
    model = catalogue.best(each for each in there if catalogue.translates(each) or not english)
    if name == "conformer" and not english:
        model = min(there, default=None)
    if model is not None:
        return pick(name, model)
    wanted = {"faster": " --engine faster", "conformer": f" {catalogue.CONFORMERS[0].name}"}
    option = wanted.get(names[0], "") if len(names) == 1 else ""
    message = _("aucun modèle que {engine} sache lire dans {folder} ; `radio model fetch{option}`")
    raise ModelError(message, engine=PACKAGES[names[0]], folder=weights.folder(), option=option)


def readable(engine: str) -> list[str]:
    """Name the models here that an engine reads."""
    return [name for name, forms in weights.forms().items() if {*forms} & {*FORMS[engine]}]


def find(engine: str, model: str) -> Weights:
    """Find a model in a form that the engine reads. Raises ModelError if it is missing or wrong."""
    return weights.find(model, *FORMS[engine])


def fetch(engine: str, model: str, progress: Progress) -> Weights:
    """Fetch the weights of a model for an engine if they are not here, and verify them. Raises
    ModelError if they can't be fetched or are wrong."""
    with contextlib.suppress(ModelError):
        return find(engine, model)
    take = weights.fetch if engine == "openai" else weights.fetch_conversion
    return take(model, progress)


def usual() -> str:
    """Give the default engine: openai-whisper if it is installed, else any."""
    return "openai" if is_installed("openai") else "auto"


def is_installed(engine: str) -> bool:
    """Whether an engine can be loaded here."""
    return extras.is_installed(PACKAGES[engine])


def choose(name: str) -> str:
    """Give the engine that a name means here. Raises ModelError if it isn't installed."""
    if name != "auto":
        extras.require(PACKAGES[name])
        return name
    for each in FASTEST_FIRST:
        if is_installed(each):
            return each
    message = _("aucun moteur de Whisper n’est installé ici ; ajoutez le léger : `{extras}`")
    raise ModelError(message, extras=extras.command("faster"))
