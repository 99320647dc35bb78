"""Small networks in the layout of a conformer that NeMo exports to ONNX: `vocab.txt`, `model.onnx`,
a piece of a word or none every 80 ms. Their numbers are drawn: they understand nothing, and prove
all but how well the published one hears. One may be told what to say, whatever it hears."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NAME = "fastconformer-fr"
WORDS = ("▁la", "▁le", "▁ra", "di", "o", "▁par", "▁l", "'", "é", "cole", "▁vingt", "▁deux", "▁ca")
PIECES = (*WORDS, "mé", "ra", "s", "▁bo", "bran", ",", ".")
UNSURE = "?"  # before a piece
BLANK = "<blk>"
BANDS, STEP = 80, 8  # of the spectrogram, and its frames for each of the network's
FRAMES = 1000  # the most that it can be told


def make(folder: Path, says: Mapping[int, str] | None = None) -> Path:
    """Write a network, which may be told pieces by their frame, into a folder of models."""
    place = folder / NAME
    place.mkdir(parents=True)
    vocabulary = [*PIECES, BLANK]
    lines = (f"{piece} {number}\n" for number, piece in enumerate(vocabulary))
    (place / "vocab.txt").write_text("".join(lines), encoding="utf-8")
    (place / "model.onnx").write_bytes(_network(vocabulary, says).SerializeToString())
    digest = hashlib.sha256((place / "model.onnx").read_bytes()).hexdigest()
    (place / "model.onnx.sha256").write_text(f"{digest}  model.onnx\n", encoding="ascii")
    return place


def _network(vocabulary: list[str], says: Mapping[int, str] | None) -> onnx.ModelProto:
    drawn, width = np.random.default_rng(0), len(vocabulary)
    told = np.zeros((FRAMES, width), np.float32)
    if says is not None:
        told[:, -1] = 10.0
        for frame, piece in says.items():
            number = vocabulary.index(piece.removeprefix(UNSURE))
            told[frame] = 8.0 if piece.startswith(UNSURE) else 0.0
            told[frame, number] = 10.0
    hears = drawn.normal(size=(width, BANDS, STEP)) * (0.1 if says is None else 0.0)
    numbers = {"hears": hears.astype(np.float32), "told": told, "first": np.array([0])}
    nodes = [
        helper.make_node(
            *("Conv", ["audio_signal", "hears"], ["scores"]), strides=[STEP], pads=[0, STEP - 1]
        ),
        helper.make_node("Transpose", ["scores"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("Shape", ["frames"], ["size"], start=1, end=2),
        helper.make_node("Slice", ["told", "first", "size", "first"], ["now"]),
        helper.make_node("Add", ["frames", "now"], ["sum"]),
        helper.make_node("LogSoftmax", ["sum"], ["logprobs"], axis=-1),
    ]
    given = [
        helper.make_tensor_value_info("audio_signal", TensorProto.FLOAT, ["batch", BANDS, "len"]),
        helper.make_tensor_value_info("length", TensorProto.INT64, ["batch"]),
    ]
    result = helper.make_tensor_value_info("logprobs", TensorProto.FLOAT, ["batch", None, width])
    kept = [numpy_helper.from_array(value, name) for name, value in numbers.items()]
    graph = helper.make_graph(nodes, "conformer", given, [result], kept)
    opset = helper.make_opsetid("", 17)
    return helper.make_model(graph, opset_imports=[opset], ir_version=8)  # old runtimes read it
