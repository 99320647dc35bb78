"""CAM++, a network that tells voices apart (Wang, Zheng, Chen et al., Interspeech 2023), read from
torch's file without torch (a ZIP of raw numbers with a pickle, of which only the table is made),
and written as ONNX: nodes, numbers and one input in protocol buffers
(https://onnx.ai/onnx/repo-docs/IR.html). The spectrogram is a part of it."""

import collections
import io
import pickle
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import RATE
from radio.system.errors import ModelError
from radio.system.messages import _

IR_VERSION, OPSET = 8, 17
FLOAT, INT64 = 1, 7  # types of tensors, then of attributes, by their numbers in the format
INT, INTS = 2, 7
BINS, BANDS = 257, 80  # frequencies of the power, up to RATE / 2; bands of the spectrogram
LOWEST = 20.0  # Hz
FAINTEST = float(np.finfo(np.float32).eps)  # power
INPUT = "power"  # what the network takes

BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers of each dense block, frames between their inputs
AROUND = (1, 1, 1, 1)  # places added on each side of a spectrogram
NO_TABLE = (EOFError, KeyError, TypeError, ValueError)  # raised where a file holds something else

State = Mapping[str, NDArray[Any]]  # the numbers of the network by torch's names


def convert(path: Path) -> bytes:
    """Write the network in torch's file as ONNX: power, float32 of shape (windows, frames, BINS), 4
    to 200 frames of 25 ms every 10 ms, to a vector a window. Raises ModelError for others."""
    try:
        with zipfile.ZipFile(path) as file:
            tables = [name for name in file.namelist() if name.endswith("/data.pkl")]
            state: State = _TableReader(file, (*tables, "data.pkl")[0]).load()
        return _Network(state).render()
    except (*NO_TABLE, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        message = _("{path} : ce n’est pas le modèle CAM++ ({error})", path=path, error=error)
        raise ModelError(message) from error


class _TableReader(pickle.Unpickler):
    """Reads the table of a file of torch, and makes nothing else."""

    def __init__(self, file: zipfile.ZipFile, table: str) -> None:
        super().__init__(io.BytesIO(file.read(table)))
        self._file, self._folder = file, table.removesuffix("data.pkl") + "data/"

    def find_class(self, module: str, name: str) -> Any:
        """Allow only what such a table is made of."""

        def tensor(storage: NDArray[Any], offset: int, size: Any, steps: Any, *_rest: Any) -> Any:
            strides = [step * storage.itemsize for step in steps]
            return np.lib.stride_tricks.as_strided(storage[offset:], size, strides, writeable=False)

        known = {
            "collections.OrderedDict": collections.OrderedDict,
            "torch._utils._rebuild_tensor_v2": tensor,
            "torch.FloatStorage": np.dtype("<f4"),
            "torch.LongStorage": np.dtype("<i8"),
        }
        if f"{module}.{name}" not in known:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return known[f"{module}.{name}"]

    def persistent_load(self, pid: Any) -> NDArray[Any]:
        _storage, kind, key, _device, _size = pid
        return np.frombuffer(self._file.read(self._folder + key), kind)


class _Network:
    """Writes the layers of the network in order: each node has one result."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._nodes: list[bytes] = []
        self._tensors: list[bytes] = []

    def render(self) -> bytes:
        last = self._head()
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
        sides = (_field(1, _field(2, name)) for name in ("windows", "frames"))
        shape = b"".join(sides) + _field(1, _field(1, BINS))
        given = _field(1, FLOAT) + _field(2, shape)
        fields = [_field(1, node) for node in self._nodes] + [_field(2, "graph")]
        fields += [_field(5, tensor) for tensor in self._tensors]
        fields += [_field(11, _field(1, INPUT) + _field(2, _field(1, given)))]
        fields += [_field(12, _field(1, last) + _field(2, _field(1, _field(1, FLOAT))))]
        opset = _field(8, _field(2, OPSET))
        return _field(1, IR_VERSION) + opset + _field(7, b"".join(fields))

    def _add(self, kind: str, *inputs: str, **attributes: int | Sequence[int]) -> str:
        name = f"{kind}.{len(self._nodes)}"
        fields = [*(_field(1, each) for each in inputs), _field(2, name), _field(4, kind)]
        for key, value in attributes.items():
            if isinstance(value, int):
                content = _field(3, value) + _field(20, INT)
            else:
                content = b"".join(_field(8, each) for each in value) + _field(20, INTS)
            fields.append(_field(5, _field(1, key) + content))
        self._nodes.append(b"".join(fields))
        return name

    def _keep(self, name: str, values: NDArray[Any]) -> str:
        is_whole = values.dtype.kind == "i"
        dims = b"".join(_field(1, size) for size in values.shape)
        content = values.astype("<i8" if is_whole else "<f4").tobytes()
        kind = _field(2, INT64 if is_whole else FLOAT)
        self._tensors.append(dims + kind + _field(8, name) + _field(9, content))
        return name

    def _head(self) -> str:
        """Write the residual network over the logarithm of each band, less its mean over all
        frames; it gives a tenth of the bands."""
        summed = self._add("MatMul", INPUT, self._keep("bands", _bands()))
        faintest = self._keep("faintest", np.array(FAINTEST, np.float32))
        loudness = self._add("Log", self._add("Max", summed, faintest))
        channel = self._add("ReduceMean", loudness, axes=(1,), keepdims=1)
        last = self._add("Transpose", self._add("Sub", loudness, channel), perm=(0, 2, 1))
        last = self._add("Unsqueeze", last, self._keep("second", np.array([1])))
        last = self._norm("head.bn1", self._conv("head.conv1", last, pads=AROUND))
        for layer in ("head.layer1", "head.layer2"):
            last = self._residual(f"{layer}.0", last, (2, 1))
            last = self._residual(f"{layer}.1", last, (1, 1))
        last = self._conv("head.conv2", last, pads=AROUND, strides=(2, 1))
        last = self._norm("head.bn2", last)
        return self._add("Reshape", last, self._keep("flat", np.array([0, 320, -1])))

    def _residual(self, name: str, given: str, strides: tuple[int, int]) -> str:
        last = self._conv(f"{name}.conv1", given, pads=AROUND, strides=strides)
        last = self._conv(f"{name}.conv2", self._norm(f"{name}.bn1", last), pads=AROUND)
        last = self._norm(f"{name}.bn2", last, relu=False)
        if f"{name}.shortcut.0.weight" in self._state:
            given = self._conv(f"{name}.shortcut.0", given, strides=strides)
            given = self._norm(f"{name}.shortcut.1", given, relu=False)
        return self._add("Relu", self._add("Add", last, given))

    def _dense(self, name: str, given: str, step: int) -> str:
        """Write a layer whose result is put beside its input, under a mask: the mean of 100 frames
        plus that of all. With at most 200 frames, halved by now, these are the same."""
        last = self._norm(f"{name}.nonlinear1.batchnorm", given)
        last = self._norm(f"{name}.nonlinear2.batchnorm", self._conv(f"{name}.linear1", last))
        local, pads = f"{name}.cam_layer.linear_local", (step, step)
        heard = self._conv(local, last, pads=pads, dilations=(step,))
        mean = self._add("ReduceMean", last, axes=(2,), keepdims=1)
        mask = self._conv(f"{name}.cam_layer.linear1", self._add("Add", mean, mean))
        mask = self._conv(f"{name}.cam_layer.linear2", self._add("Relu", mask))
        masked = self._add("Mul", heard, self._add("Sigmoid", mask))
        return self._add("Concat", given, masked, axis=1)

    def _pool(self, given: str) -> str:
        mean = self._add("ReduceMean", given, axes=(2,), keepdims=1)
        away = self._add("Sub", given, mean)
        squares, time = self._add("Mul", away, away), self._keep("time", np.array([2]))
        total = self._add("ReduceSum", squares, time, keepdims=1)
        frames = self._add("Cast", self._add("Shape", given, start=2, end=3), to=1)
        one = self._keep("one", np.ones(1, np.float32))
        variance = self._add("Div", total, self._add("Sub", frames, one))
        return self._add("Concat", mean, self._add("Sqrt", variance), axis=1)

    def _conv(self, name: str, given: str, **attributes: int | Sequence[int]) -> str:
        parts = [f"{name}.{part}" for part in ("weight", "bias") if f"{name}.{part}" in self._state]
        kept = [self._keep(part, self._state[part]) for part in parts]
        return self._add("Conv", given, *kept, **attributes)

    def _norm(self, name: str, given: str, *, relu: bool = True) -> str:
        """Write a normalisation by the learned means, and perhaps a ReLU."""
        neutral = np.zeros_like(self._state[f"{name}.running_mean"])
        values = {"weight": neutral + 1, "bias": neutral}
        values |= {"running_mean": neutral, "running_var": neutral}
        named = ((f"{name}.{part}", value) for part, value in values.items())
        parts = [self._keep(each, self._state.get(each, value)) for each, value in named]
        last = self._add("BatchNormalization", given, *parts)
        return self._add("Relu", last) if relu else last


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value % (1 << 64))
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Write a number in groups of seven bits, the lowest first."""
    groups = bytearray()
    while value > 0x7F:
        groups.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(groups) + bytes([value])


def _bands() -> NDArray[np.float32]:
    """Make the triangles that sum up power by band, evenly spaced on the mel scale."""
    lowest, highest = 1127 * np.log(1 + np.array([LOWEST, RATE / 2]) / 700)
    edges = np.linspace(lowest, highest, BANDS + 2)
    places = 1127 * np.log(1 + np.linspace(0, RATE / 2, BINS) / 700)[:, np.newaxis]
    rising = (places - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - places) / (edges[2:] - edges[1:-1])
    bands: NDArray[np.float32] = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    return bands
