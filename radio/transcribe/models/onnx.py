"""Graphs in the format of ONNX, as far as a network of ours needs it: nodes, numbers, one input.

The format is that of https://onnx.ai/onnx/repo-docs/IR.html, written as protocol buffers. Pure.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

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
