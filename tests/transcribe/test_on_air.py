"""Shows as on air, by a real engine: nothing where nobody speaks, and most words right."""

from pathlib import Path

import pytest

from bench.errors import count, outside, rate
from bench.shows import SampleShow, shows
from bench.transcription import Reader, read_with
from radio.transcribe import engines
from tests.tables import for_each


@pytest.fixture(scope="module")
def read(models: Path) -> Reader:
    """The faster engine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RADIO_MODELS", str(models))
        return read_with(engines.load("faster", "base"))


@for_each("show", shows("air"))
def test_nothing_is_heard_where_nobody_speaks(read: Reader, show: SampleShow) -> None:
    said = read(show)
    assert outside(show, said) == 0
    assert rate(count(show, said)) < 0.25
