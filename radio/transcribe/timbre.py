"""Timbre: what a network hears of who speaks, as one vector for each window of speech.

The vectors live only while an episode is listened to. They are never written: see voices.py.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from radio.sound import Samples
from radio.transcribe.models import campplus

FRAME, HOP, TRANSFORM = 400, 160, 512
"""Samples of a frame, from one frame to the next, and of its transform."""

EMPHASIS = 0.97
FULL_SCALE = 32768  # the network learned from whole numbers of 16 bits
LONGEST = 2.0  # seconds that the network hears at once

Vectors = NDArray[np.float32]
"""A row for each window, of length 1: the closer the direction of two, the likelier one voice."""


class Ear:
    """Hears timbres with the network whose weights lie in a file, on one core."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # type: ignore[import-untyped]

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        return onnxruntime.InferenceSession(
            campplus.convert(self._path), options, providers=["CPUExecutionProvider"]
        )

    def hear(self, windows: Sequence[Samples]) -> Vectors:
        """Give a vector for each window of speech, at most LONGEST seconds each."""
        vectors = [self._run(_power(window)[np.newaxis]) for window in windows]
        return unit(np.array(vectors, np.float32).reshape(len(windows), -1))

    def _run(self, power: Vectors) -> Vectors:
        vector: Vectors = self._session.run(None, {campplus.INPUT: power})[0].ravel()
        return vector


def unit(vectors: Vectors) -> Vectors:
    """Give vectors of length 1 in the same directions."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    result: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return result


def _power(samples: Samples) -> Vectors:
    """Measure the power of each frame by frequency, as Kaldi prepares it.

    Samples shorter than a few frames are filled up with silence.
    """
    padded = np.pad(samples, (0, max(0, FRAME + 3 * HOP - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP] * FULL_SCALE
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    spectrum = np.fft.rfft((frames - EMPHASIS * before) * WINDOW, TRANSFORM)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


WINDOW = (np.hanning(FRAME) ** 0.85).astype(np.float32)
