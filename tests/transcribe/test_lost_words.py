"""A sentence that Whisper loses without a mark, for real: it is heard again."""

from pathlib import Path

import numpy as np
import pytest

from radio.sound import decode
from radio.transcribe import engines
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.fallback import decode_with_fallback
from radio.transcribe.windows import Window
from tests.samples import ROOT, plain

MARKET = ROOT / "tests" / "data" / "air" / "2025-10-07-le-marche-couvert.mp3"
BEFORE = ((1001408, 1272384),)  # samples of speech, as Silero finds it
HERE = ((1275328, 1404480), (1405376, 1442368), (1445824, 1466944), (1467840, 1515072))


def test_a_sentence_lost_under_a_long_word_is_heard_again(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this batch, a beam of 5 takes « pas. » for 81 to 88 s, where 28 words more are said."""
    monkeypatch.setenv("RADIO_MODELS", str(models))
    engine = engines.load("faster", "base", 1)
    samples = np.concatenate(list(decode(MARKET)))
    windows = [
        Window(np.concatenate([samples[first:last] for first, last in speech]), speech)
        for speech in (BEFORE, HERE)
    ]
    segments = decode_with_fallback(windows, engine, DecodeOptions("fr"))
    here = [segment for segment in segments if segment.start >= windows[1].start]
    said = plain(" ".join(segment.text for segment in here))
    assert "je ne peux pas répondre à sa place mais la délibération du conseil municipal" in said
    assert 40 < len(said.split()) < 65  # people said 52
    assert not any(word.end - word.start > 2 for each in here for word in each.words)
