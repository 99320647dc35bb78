"""Waveforms: the loudness of a recording from beginning to end, in a fixed number of bars."""

from array import array
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

BARS = 240
"""Bars of a waveform: one byte each, from 0 (silence) to 255 (the loudest of the recording)."""

DENSE, SPARSE = 4096, 16
"""Frames that are all measured, some two minutes; of those after them, one in so many: at least one
of each bar."""

LOUDNESS = 0.6  # exponent from amplitude to what the ear hears, about


class Meter:
    """Measures a recording frame by frame; takes some 20 bytes for each second of sound."""

    def __init__(self) -> None:
        self._ends = array("d")  # seconds, of each frame
        self._powers = array("f")  # mean square of each frame
        self._frames = 0
        self.duration = 0.0  # seconds so far

    def add(self, frame: "AudioFrame") -> None:
        """Measure the next frame."""
        self.duration += frame.samples / frame.sample_rate
        self._frames += 1
        if self._frames > DENSE and self._frames % SPARSE:
            return
        samples = _floats(frame.to_ndarray().ravel())
        self._ends.append(self.duration)
        self._powers.append(float(samples @ samples) / max(1, samples.size))

    def bars(self) -> bytes:
        """Give the bars of the frames so far."""
        if not self.duration:
            return bytes(BARS)
        places = np.asarray(self._ends) * (BARS / self.duration)
        numbers = np.minimum(places.astype(int), BARS - 1)
        counts = np.bincount(numbers, minlength=BARS)
        sums = np.bincount(numbers, weights=np.asarray(self._powers), minlength=BARS)
        bars_with_frames = np.flatnonzero(counts)  # short recordings have fewer frames than bars
        powers = np.interp(
            np.arange(BARS), bars_with_frames, sums[bars_with_frames] / counts[bars_with_frames]
        )
        loud = powers ** (LOUDNESS / 2)
        return (255 * loud / (loud.max() or 1)).astype(np.uint8).tobytes()


def _floats(samples: NDArray[Any]) -> NDArray[Any]:
    """Convert samples of any type to -1…1; eight-bit samples are unsigned."""
    if samples.dtype.kind == "f":
        return samples.astype(np.float32, copy=False)
    if samples.dtype.kind == "u":
        return (samples.astype(np.float32) - 128) / 128
    return samples.astype(np.float32) / np.iinfo(samples.dtype).max
