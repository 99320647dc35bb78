"""The engine of conformers in ONNX, by onnx-asr: another network than Whisper's, for one language.
It names a piece of a word, or none, every 80 ms, in the order of the sound: so it can't go on by
itself, and takes no names beforehand."""

import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from radio.sound import RATE
from radio.text.transcript import Segment, Word
from radio.transcribe.engines.alignment import join
from radio.transcribe.engines.interface import Attempt, DecodeOptions, segment
from radio.transcribe.models.weights import Weights
from radio.transcribe.windows import Window, Windows

if TYPE_CHECKING:
    from onnx_asr.asr import TimestampedResult

LAST = 0.4  # seconds after its last piece, at which a word is over
AS_SAID = 1.0  # its text repeats itself only where people do, so it is never taken for a loop


class Engine:
    """A loaded model that turns windows into segments."""

    name = "onnx-asr"
    window_samples = 20 * RATE  # as long as the longest sentences that such networks are trained on
    batch = 4
    draws = 1  # the same sound gives the same text
    attempts: tuple[Attempt, ...] = (Attempt(),)

    def __init__(self, weights: Weights, threads: int):
        import onnx_asr
        import onnxruntime

        self.weights = weights
        self.workers = threads  # each core decodes its own batch
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        how = {"sess_options": options, "providers": ["CPUExecutionProvider"]}  # as the others
        network = onnx_asr.load_model("nemo-conformer-ctc", weights.path, **how)
        self._network = network.with_timestamps()

    @property
    def versions(self) -> Mapping[str, str]:
        """The releases at work, for the evidence."""
        return {name: importlib.metadata.version(name) for name in (self.name, "onnxruntime")}

    def decode(self, windows: Windows, options: DecodeOptions, attempt: Attempt) -> list[Segment]:
        """Give one segment a window, its words in the episode's time; no prompt guides them."""
        heard = zip(windows, self.encode(windows), strict=True)
        return [_segment(window, result, attempt) for window, result in heard]

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        """It knows one language only."""
        return among[0]

    def hear_again(self, windows: Windows, options: DecodeOptions, times: int) -> list[list[str]]:
        """Give the one text of each window."""
        return [[result.text] for result in self.encode(windows)]

    def encode(self, windows: Windows) -> "list[TimestampedResult]":
        """Decode as a whole: hardly anything is left to do after the encoder."""
        return self._network.recognize([np.asarray(each.samples) for each in windows])


def _segment(window: Window, result: "TimestampedResult", attempt: Attempt) -> Segment:
    pieces, starts = result.tokens or [], result.timestamps or []
    likely = result.logprobs or []
    words = tuple(_words(window, pieces, starts, likely))
    signs = float(np.mean(likely)) if likely else 0.0, AS_SAID, 0.0
    return segment(window, " ".join(word.text for word in words), words, attempt, signs)


def _words(
    window: Window, pieces: Sequence[str], starts: Sequence[float], likely: Sequence[float]
) -> Iterator[Word]:
    begins = [place for place, piece in enumerate(pieces) if not place or piece.startswith(" ")]
    runs = list(pairwise([*begins, len(pieces)]))
    fragments = ["".join(pieces[first:last]) for first, last in runs]
    for text, first, last in join(fragments, [last - first for first, last in runs]):
        over = min([*starts[last : last + 1], starts[last - 1] + LAST])
        start, end = window.place(starts[first], over)
        chance = float(np.exp(likely[first:last]).mean())
        yield Word(round(start, 2), round(end, 2), text, round(chance, 4))
