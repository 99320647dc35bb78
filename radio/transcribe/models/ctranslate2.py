"""CTranslate2's `model.bin` of Whisper, read back as the state of openai-whisper's own model.

The layout is CTranslate2's, binary version 6: a header, then each variable as name, shape, type
and bytes. The same weights under other names: the query, key and value of an attention are fused
in one matrix, and Whisper's key has no bias.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from radio.system.errors import ModelError
from radio.system.messages import _

if TYPE_CHECKING:
    import torch

VERSION = 6
TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
PARTS = {
    "position_encodings/encodings": "positional_embedding",
    "embeddings/weight": "token_embedding.weight",
    "conv1/weight": "conv1.weight",
    "conv1/bias": "conv1.bias",
    "conv2/weight": "conv2.weight",
    "conv2/bias": "conv2.bias",
    "layer_norm/gamma": "{norm}.weight",
    "layer_norm/beta": "{norm}.bias",
}
LAYER = {
    "self_attention/layer_norm/gamma": ("attn_ln.weight",),
    "self_attention/layer_norm/beta": ("attn_ln.bias",),
    "self_attention/linear_0/weight": ("attn.query.weight", "attn.key.weight", "attn.value.weight"),
    "self_attention/linear_0/bias": ("attn.query.bias", "", "attn.value.bias"),
    "self_attention/linear_1/weight": ("attn.out.weight",),
    "self_attention/linear_1/bias": ("attn.out.bias",),
    "attention/layer_norm/gamma": ("cross_attn_ln.weight",),
    "attention/layer_norm/beta": ("cross_attn_ln.bias",),
    "attention/linear_0/weight": ("cross_attn.query.weight",),
    "attention/linear_0/bias": ("cross_attn.query.bias",),
    "attention/linear_1/weight": ("cross_attn.key.weight", "cross_attn.value.weight"),
    "attention/linear_1/bias": ("", "cross_attn.value.bias"),
    "attention/linear_2/weight": ("cross_attn.out.weight",),
    "attention/linear_2/bias": ("cross_attn.out.bias",),
    "ffn/layer_norm/gamma": ("mlp_ln.weight",),
    "ffn/layer_norm/beta": ("mlp_ln.bias",),
    "ffn/linear_0/weight": ("mlp.0.weight",),
    "ffn/linear_0/bias": ("mlp.0.bias",),
    "ffn/linear_1/weight": ("mlp.2.weight",),
    "ffn/linear_1/bias": ("mlp.2.bias",),
}
"""The new names of each matrix; a fused one is split into as many equal parts ("" is left out)."""


def read_state(path: Path) -> dict[str, "torch.Tensor"]:
    """Read the weights of `model.bin` as openai-whisper names them, in 32-bit floats.

    Raises ModelError if the file is not such a conversion.
    """
    import torch

    try:
        with path.open("rb") as file:
            variables = dict(_variables(file))
    except (struct.error, ValueError, KeyError, UnicodeDecodeError) as error:
        raise ModelError(
            _("{path}: not a conversion of Whisper ({error}); fetch it again").format(
                path=path, error=error
            )
        ) from error
    parameters = (pair for name, values in variables.items() for pair in _rename(name, values))
    return {name: torch.from_numpy(values.astype(np.float32)) for name, values in parameters}


def _variables(file: BinaryIO) -> Iterator[tuple[str, NDArray[Any]]]:
    (version,) = _unpack(file, "I")
    if version != VERSION:
        raise ValueError(f"binary version {version}")
    _text(file)
    _revision, count = _unpack(file, "II")
    for _rest in range(count):
        name = _text(file)
        (rank,) = _unpack(file, "B")
        shape = _unpack(file, f"{rank}I")
        kind, size = _unpack(file, "BI")
        yield name, np.frombuffer(file.read(size), TYPES[kind]).reshape(shape)


def _unpack(file: BinaryIO, form: str) -> tuple[int, ...]:
    return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))


def _text(file: BinaryIO) -> str:
    (length,) = _unpack(file, "H")
    return file.read(length).rstrip(b"\0").decode()


def _rename(name: str, values: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Give a variable its names in openai-whisper's model; settings have none."""
    half, _rest, rest = name.partition("/")
    if rest in PARTS:
        norm = "ln_post" if half == "encoder" else "ln"
        yield f"{half}.{PARTS[rest].format(norm=norm)}", values
    layer, _rest, part = rest.partition("/")
    if part in LAYER:
        targets = LAYER[part]
        for target, matrix in zip(targets, np.split(values, len(targets)), strict=True):
            if target:
                yield f"{half}.blocks.{layer.removeprefix('layer_')}.{target}", matrix
