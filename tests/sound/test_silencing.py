"""A passage is silent, or a tone, in each format; all around it sounds as before."""

from pathlib import Path

import numpy as np

from radio.sound.recoding import silenced
from radio.sound.samples import RATE
from tests.sounds import KINDS, encode, samples
from tests.tables import for_each

START, END = 1.5, 2.5  # seconds
QUIET = 0.001


@for_each("kind", KINDS)
def test_only_a_passage_is_silent(kind: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    made = tmp_path / f"silenced{kind}"
    silenced(str(sounds[kind]), lambda _: None, str(made), START, END, "silence")
    before, after = samples(sounds[kind]), samples(made)
    assert abs(len(before) - len(after)) < RATE / 20
    passage = slice(round((START + 0.02) * RATE), round((END - 0.02) * RATE))
    assert np.abs(before[passage]).max() > 100 * QUIET
    assert np.abs(after[passage]).max() < QUIET
    for first, last in ((0.1, START - 0.1), (END + 0.1, 3.9)):
        around = slice(round(first * RATE), round(last * RATE))
        assert np.corrcoef(before[around], after[around])[0, 1] > 0.95


def test_a_tone_says_that_something_was_there(tmp_path: Path) -> None:
    loud = np.random.default_rng(1).normal(0, 0.1, 3 * 44_100).astype(np.float32)
    path = encode(np.stack([loud, -loud], 1), tmp_path / "loud.ogg", 44_100)
    made = tmp_path / "masked.ogg"
    silenced(str(path), lambda _: None, str(made), 1.0, 2.0, "tone")
    passage = samples(made)[round(1.1 * RATE) : round(1.9 * RATE)]
    spectrum = np.abs(np.fft.rfft(passage * np.hanning(len(passage))))
    assert np.abs(passage).max() > 0.05
    assert abs(spectrum.argmax() * RATE / len(passage) - 1000) < 5
