"""A little of each torture; `python -m tests.torture` does the rest."""

import random
from pathlib import Path

import pytest

from tests.torture.all import TORTURES

pytestmark = [pytest.mark.long, pytest.mark.torture]


@pytest.mark.parametrize("name", TORTURES)
def test_nothing_happens_that_should_not(name: str, tmp_path: Path) -> None:
    torture, _usual, few = TORTURES[name]
    assert list(torture(few, random.Random(20261125), tmp_path)) == []
