"""CAM++, a network that hears whose voice it is: read from torch's file, written as ONNX.

The network is that of Wang, Zheng, Chen et al., « CAM++ » (Interspeech 2023): a small residual
network over the spectrogram, then densely connected layers over time, each with a mask made of the
mean of its input. Before it stands what makes the spectrogram of power, so that one session of
onnxruntime does all that costs time. torch is not needed: its file is a ZIP of raw numbers with a
table, a pickle, of which nothing is run but what makes the table.

ONNX (https://onnx.ai/onnx/repo-docs/IR.html) is written as protocol buffers, as far as this network
needs it: nodes, numbers, one input.
"""

import collections
import io
import pickle
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import RATE
from radio.system.errors import ModelError
from radio.system.messages import _

IR_VERSION = 8
OPSET = 17
FLOAT, INT64 = 1, 7
INT, INTS = 2, 7
"""Types of tensors, then of attributes, by their numbers in the format."""

Attribute = int | Sequence[int]


class Graph:
    """A graph that grows node by node; each node has one result, whose name it is given."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []

    def add(self, kind: str, *inputs: str, **attributes: Attribute) -> str:
        """Add a node of an operator, and give the name of its result."""
        name = f"{kind}.{len(self._nodes)}"
        fields = [*(_text(1, each) for each in inputs), _text(2, name), _text(4, kind)]
        fields += [_bytes(5, _attribute(*pair)) for pair in attributes.items()]
        self._nodes.append(b"".join(fields))
        return name

    def keep(self, name: str, values: NDArray[np.float32] | NDArray[np.int64]) -> str:
        """Add numbers under a name."""
        kind = INT64 if values.dtype == np.int64 else FLOAT
        dims = b"".join(_number(1, size) for size in values.shape)
        content = values.astype("<i8" if kind == INT64 else "<f4").tobytes()
        self._tensors.append(dims + _number(2, kind) + _text(8, name) + _bytes(9, content))
        return name

    def render(self, given: str, shape: Sequence[int | str], result: str) -> bytes:
        """Write the graph; a side of the input that may vary is named by a letter."""
        fields = [_bytes(1, node) for node in self._nodes] + [_text(2, "graph")]
        fields += [_bytes(5, tensor) for tensor in self._tensors]
        fields += [_bytes(11, _value(given, shape)), _bytes(12, _value(result, ()))]
        opset = _bytes(8, _number(2, OPSET))
        return _number(1, IR_VERSION) + opset + _bytes(7, b"".join(fields))


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sides = (_text(2, side) if isinstance(side, str) else _number(1, side) for side in shape)
    tensor = _number(1, FLOAT)
    if shape:
        tensor += _bytes(2, b"".join(_bytes(1, side) for side in sides))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        return _text(1, name) + _number(3, value) + _number(20, INT)
    return _text(1, name) + b"".join(_number(8, each) for each in value) + _number(20, INTS)


def _number(field: int, value: int) -> bytes:
    return bytes(_varint(field << 3)) + bytes(_varint(value % (1 << 64)))


def _bytes(field: int, value: bytes) -> bytes:
    return bytes(_varint(field << 3 | 2)) + bytes(_varint(len(value))) + value


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _varint(value: int) -> Iterator[int]:
    """Write a number in groups of seven bits, the lowest first."""
    while value > 0x7F:
        yield value & 0x7F | 0x80
        value >>= 7
    yield value


BINS, BANDS = 257, 80
"""Frequencies of the power, evenly spaced up to half the RATE, and bands of the spectrogram."""

LOWEST = 20.0  # Hz
FAINTEST = float(np.finfo(np.float32).eps)  # power
INPUT = "power"
"""Name of what the network takes."""

BLOCKS = ((12, 1), (24, 2), (16, 2))
"""Of each dense block, how many layers it has, and by how many frames their inputs are apart."""

NO_TABLE = (EOFError, KeyError, TypeError, ValueError)
"""What reading raises where a file holds something else."""

State = Mapping[str, NDArray[Any]]
"""The numbers of the network by the names that torch gives them."""


def convert(path: Path) -> bytes:
    """Write the network in torch's file as ONNX.

    It takes the power of windows, float32 of shape (windows, frames, BINS), 4 to 200 frames of 25
    ms every 10 ms, and gives one vector a window. Raises ModelError if the file holds another
    network.
    """
    try:
        return _Network(read_state(path)).render()
    except (*NO_TABLE, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        raise ModelError(
            _("{path}: not the weights of CAM++ ({error})").format(path=path, error=error)
        ) from error


def read_state(path: Path) -> State:
    """Read the numbers in a file of torch."""
    with zipfile.ZipFile(path) as file:
        table = next((name for name in file.namelist() if name.endswith("/data.pkl")), "data.pkl")
        folder = table.removesuffix("data.pkl") + "data/"
        reader = _TableReader(io.BytesIO(file.read(table)), file, folder)
        state: State = reader.load()
    return state


class _TableReader(pickle.Unpickler):
    """Reads the table of a file of torch, and makes nothing else."""

    def __init__(self, table: io.BytesIO, file: zipfile.ZipFile, folder: str) -> None:
        super().__init__(table)
        self._file, self._folder = file, folder

    def find_class(self, module: str, name: str) -> Any:
        """Give the few things that such a table is made of."""
        known = {
            "collections.OrderedDict": collections.OrderedDict,
            "torch._utils._rebuild_tensor_v2": _tensor,
            "torch.FloatStorage": np.dtype("<f4"),
            "torch.LongStorage": np.dtype("<i8"),
        }
        if f"{module}.{name}" not in known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return known[f"{module}.{name}"]

    def persistent_load(self, pid: Any) -> NDArray[Any]:
        """Read the numbers that the table names."""
        _storage, kind, key, _device, _size = pid
        return np.frombuffer(self._file.read(self._folder + key), kind)


def _tensor(
    storage: NDArray[Any], offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_rest: Any
) -> NDArray[Any]:
    strides = [step * storage.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(storage[offset:], size, strides, writeable=False)


class _Network:
    """Writes the layers of the network, one after the other."""

    def __init__(self, state: State) -> None:
        self._state, self._graph = state, Graph()

    def render(self) -> bytes:
        graph = self._graph
        last = graph.add("Transpose", self._spectrogram(), perm=(0, 2, 1))
        last = graph.add("Unsqueeze", last, self._keep("second", np.array([1])))
        last = self._head(last)
        last = self._conv("xvector.tdnn.linear", last, pads=(2, 2), strides=(2,))
        last = self._norm("xvector.tdnn.nonlinear.batchnorm", last)
        for number, (layers, apart) in enumerate(BLOCKS, 1):
            for layer in range(1, layers + 1):
                last = self._dense(f"xvector.block{number}.tdnnd{layer}", last, apart)
            last = self._norm(f"xvector.transit{number}.nonlinear.batchnorm", last)
            last = self._conv(f"xvector.transit{number}.linear", last)
        last = self._pool(self._norm("xvector.out_nonlinear.batchnorm", last))
        last = self._conv("xvector.dense.linear", last)
        last = self._norm("xvector.dense.nonlinear.batchnorm", last, relu=False)
        return graph.render(INPUT, ("windows", "frames", BINS), last)

    def _spectrogram(self) -> str:
        """Write the logarithm of each band, without the channel: the mean of all frames."""
        graph = self._graph
        summed = graph.add("MatMul", INPUT, graph.keep("bands", _bands()))
        faintest = graph.keep("faintest", np.array(FAINTEST, np.float32))
        loudness = graph.add("Log", graph.add("Max", summed, faintest))
        return graph.add("Sub", loudness, graph.add("ReduceMean", loudness, axes=(1,), keepdims=1))

    def _head(self, last: str) -> str:
        """Write the residual network over the spectrogram, which gives a tenth of the bands."""
        last = self._norm("head.bn1", self._conv("head.conv1", last, pads=(1,) * 4))
        for layer in ("head.layer1", "head.layer2"):
            last = self._residual(f"{layer}.0", last, (2, 1))
            last = self._residual(f"{layer}.1", last, (1, 1))
        last = self._conv("head.conv2", last, pads=(1,) * 4, strides=(2, 1))
        last = self._norm("head.bn2", last)
        return self._graph.add("Reshape", last, self._keep("flat", np.array([0, 320, -1])))

    def _residual(self, name: str, given: str, strides: tuple[int, int]) -> str:
        last = self._conv(f"{name}.conv1", given, pads=(1,) * 4, strides=strides)
        last = self._conv(f"{name}.conv2", self._norm(f"{name}.bn1", last), pads=(1,) * 4)
        last = self._norm(f"{name}.bn2", last, relu=False)
        if f"{name}.shortcut.0.weight" in self._state:
            given = self._conv(f"{name}.shortcut.0", given, strides=strides)
            given = self._norm(f"{name}.shortcut.1", given, relu=False)
        return self._graph.add("Relu", self._graph.add("Add", last, given))

    def _dense(self, name: str, given: str, apart: int) -> str:
        """Write a layer whose result is put beside its input, under a mask.

        The mask is made of the mean of 100 frames plus that of all; in a window of at most 200
        frames, halved by now, they are the same.
        """
        graph = self._graph
        last = self._norm(f"{name}.nonlinear1.batchnorm", given)
        last = self._norm(f"{name}.nonlinear2.batchnorm", self._conv(f"{name}.linear1", last))
        heard = self._conv(
            f"{name}.cam_layer.linear_local", last, pads=(apart, apart), dilations=(apart,)
        )
        mean = graph.add("ReduceMean", last, axes=(2,), keepdims=1)
        mask = self._conv(f"{name}.cam_layer.linear1", graph.add("Add", mean, mean))
        mask = self._conv(f"{name}.cam_layer.linear2", graph.add("Relu", mask))
        masked = graph.add("Mul", heard, graph.add("Sigmoid", mask))
        return graph.add("Concat", given, masked, axis=1)

    def _pool(self, given: str) -> str:
        """Write mean and deviation over the frames."""
        graph = self._graph
        mean = graph.add("ReduceMean", given, axes=(2,), keepdims=1)
        away = graph.add("Sub", given, mean)
        total = graph.add(
            "ReduceSum", graph.add("Mul", away, away), self._keep("time", np.array([2])), keepdims=1
        )
        frames = graph.add("Cast", graph.add("Shape", given, start=2, end=3), to=1)
        one = graph.keep("one", np.ones(1, np.float32))
        variance = graph.add("Div", total, graph.add("Sub", frames, one))
        return graph.add("Concat", mean, graph.add("Sqrt", variance), axis=1)

    def _conv(self, name: str, given: str, **attributes: Any) -> str:
        parts = [f"{name}.{part}" for part in ("weight", "bias") if f"{name}.{part}" in self._state]
        for part in parts:
            self._graph.keep(part, self._state[part])
        return self._graph.add("Conv", given, *parts, **attributes)

    def _norm(self, name: str, given: str, *, relu: bool = True) -> str:
        """Write a normalisation by the means that were learned, and what is above zero of it."""
        neutral = np.zeros_like(self._state[f"{name}.running_mean"])
        values = {"weight": neutral + 1, "bias": neutral}
        for part in ("weight", "bias", "running_mean", "running_var"):
            values[part] = self._state.get(f"{name}.{part}", values.get(part, neutral))
        parts = [self._graph.keep(f"{name}.{part}", each) for part, each in values.items()]
        last = self._graph.add("BatchNormalization", given, *parts)
        return self._graph.add("Relu", last) if relu else last

    def _keep(self, name: str, values: NDArray[Any]) -> str:
        return self._graph.keep(name, values.astype(np.int64))


def _bands() -> NDArray[np.float32]:
    """Make the triangles that sum up the power by band, evenly spaced as an ear hears."""
    ends = _mel(np.array([LOWEST, RATE / 2]))
    edges = np.linspace(ends[0], ends[1], BANDS + 2)
    places = _mel(np.linspace(0, RATE / 2, BINS))[:, np.newaxis]
    rising = (places - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - places) / (edges[2:] - edges[1:-1])
    bands: NDArray[np.float32] = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return bands


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1127 * np.log(1 + hertz / 700)
    return result
