"""The models of Whisper for French, from the lightest to the best, as published. Sizes:
https://arxiv.org/abs/2212.04356, table 1; turbo: https://github.com/openai/whisper/pull/2361. And
other networks, which nobody has measured on radio: they are never chosen unasked."""

from collections.abc import Iterable
from dataclasses import dataclass

# Errors: one table, long recordings in French. The turbo lies between medium and large-v3:
# https://huggingface.co/bofenghuang/whisper-large-v3-distil-fr-v0.2
ERROR_SOURCE = "https://huggingface.co/eustlb/distil-large-v3-fr"
ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}  # other names that both engines know
PLACES = 1500 + 448  # of the encoder and of the decoder


@dataclass(frozen=True)
class Model:
    """A multilingual model of Whisper."""

    name: str
    encoder_layers: int
    decoder_layers: int
    width: int  # of a layer
    bands: int  # of the spectrogram
    vocabulary: int  # tokens
    error: float | None  # share of words that are wrong in French; None where none is published

    @property
    def parameters(self) -> int:
        """Count the numbers of the network: layers, spectrogram, tokens and places."""
        width = self.width
        ends = 3 * self.bands + 3 * width + self.vocabulary + PLACES
        layers = (12 * width + 13) * self.encoder_layers + (16 * width + 19) * self.decoder_layers
        return width * (ends + layers)

    @property
    def size(self) -> int:
        """Bytes to download: OpenAI and CTranslate2's publishers give each number in 16 bits."""
        return 2 * self.parameters

    def encoding(self, frames: int) -> int:
        """Count the multiplications of a pass of the encoder; `frames` are of 20 ms."""
        width = self.width
        spectrogram = 6 * self.bands * width + 3 * width**2
        layer = 12 * width**2 + 2 * frames * width
        return frames * (spectrogram + self.encoder_layers * layer)

    def decoding(self, frames: int) -> int:
        """Count the multiplications of a token in the decoder."""
        width = self.width
        layer = 14 * width**2 + 2 * frames * width
        return self.decoder_layers * layer + self.vocabulary * width


MODELS = (  # from most to fewest errors in French
    Model("tiny", 4, 4, 384, 80, 51865, 0.282),
    Model("base", 6, 6, 512, 80, 51865, 0.187),
    Model("small", 12, 12, 768, 80, 51865, 0.126),
    Model("medium", 24, 24, 1024, 80, 51865, 0.110),
    Model("large-v3-turbo", 32, 4, 1280, 128, 51866, None),
    Model("large-v3", 32, 32, 1280, 128, 51866, 0.090),
)


@dataclass(frozen=True)
class Conformer:
    """A network of one language, converted to ONNX."""

    name: str
    publisher: str  # of the conversion, at the hub
    maker: str
    license: str
    page: str  # the maker's own
    language: str
    size: int  # bytes to download
    error: float  # share of words that are wrong in sentences read aloud, by the maker


CONFORMERS = (
    Conformer(
        "fastconformer-fr",
        "OpenVoiceOS/stt_fr_fastconformer_hybrid_large_pc_onnx",
        "NVIDIA",
        "CC BY 4.0",
        "https://huggingface.co/nvidia/stt_fr_fastconformer_hybrid_large_pc",
        "fr",
        460_000_000,
        0.10,
    ),
)


def conformer(name: str) -> Conformer | None:
    """Give a conformer by its name; None for any other model."""
    return next((each for each in CONFORMERS if each.name == name), None)


def credited(name: str) -> str:
    """Name a model as its licence asks.

    >>> credited("fastconformer-fr"), credited("base")
    ('fastconformer-fr (NVIDIA, CC BY 4.0)', 'base')
    """
    found = conformer(name)
    return f"{name} ({found.maker}, {found.license})" if found else name


def find(name: str) -> Model | None:
    """Give a model by one of its names; None if it is not among those ranked here."""
    name = ALIASES.get(name, name)
    return next((each for each in MODELS if each.name == name), None)


def names(name: str) -> list[str]:
    """List the names under which a model may lie, the given one first.

    >>> names("turbo"), names("large-v3"), names("small.en")
    (['turbo', 'large-v3-turbo'], ['large-v3', 'large'], ['small.en'])
    """
    published = ALIASES.get(name, name)
    others = (published, *(alias for alias, of in ALIASES.items() if of == published))
    return list(dict.fromkeys((name, *others)))


def rank(name: str) -> int | None:
    """Tell how good a model is in French, higher is better; None where it is not ranked.

    >>> rank("large") > rank("small") > rank("base"), rank("base.en")
    (True, None)
    """
    model = find(name)
    return None if model is None else MODELS.index(model)


def translates(name: str) -> bool:
    """Whether a model was trained to translate into English.

    >>> translates("small"), translates("turbo"), translates("small.en")
    (True, False, False)
    """
    return not (name.endswith(".en") or "turbo" in name or "distil" in name or "conformer" in name)


def ranked(names: Iterable[str]) -> list[str]:
    """Sort the names of models, the best first; those that are not ranked are left out.

    >>> ranked(["base", "base.en", "turbo", "small"])
    ['turbo', 'small', 'base']
    """
    places = {name: place for name in names if (place := rank(name)) is not None}
    return sorted(places, key=lambda name: places[name], reverse=True)


def best(names: Iterable[str]) -> str | None:
    """Give the model with the fewest errors in French; None if none is ranked."""
    return next(iter(ranked(names)), None)


def lightest(names: Iterable[str]) -> str | None:
    """Give the model that needs least, for a first pass; None where none is ranked.

    Not tiny, whose errors are too many, unless nothing else is there.

    >>> lightest(["tiny", "base", "small"]), lightest(["tiny"]), lightest([])
    ('base', 'tiny', None)
    """
    names = ranked(names)
    return next(reversed([each for each in names if each != "tiny"] or names), None)
