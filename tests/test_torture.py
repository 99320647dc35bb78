"""A little of each torture; `python -m tests.torture` does the rest."""

import random
from pathlib import Path

import pytest

from tests.torture.all import TORTURES

pytestmark = [pytest.mark.long, pytest.mark.torture]

QUICK = {"captions": 200, "sidecars": 30, "pictures": 3, "sounds": 6, "tags": 90, "feeds": 40}
QUICK |= {"intakes": 2, "clips": 5, "downloads": 1, "clocks": 2, "errors": 1, "no-space": 1}
QUICK |= {"power-cuts": 1, "unmounted": 60, "transcriptions": 4, "rereading": 3}


@pytest.mark.parametrize("name", TORTURES)
def test_nothing_happens_that_should_not(name: str, tmp_path: Path) -> None:
    torture, usual = TORTURES[name]
    assert QUICK[name] < usual
    assert list(torture(QUICK[name], random.Random(20261125), tmp_path)) == []
