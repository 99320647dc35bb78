"""A little of each torture; `python -m tests.torture` does the rest."""

import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.all import TORTURES
from tests.torture.cuts import power_cuts

pytestmark = [pytest.mark.long, pytest.mark.torture]


@pytest.mark.parametrize("name", TORTURES)
def test_nothing_happens_that_should_not(name: str, tmp_path: Path) -> None:
    torture, _usual, few = TORTURES[name]
    assert list(torture(few, random.Random(20261125), tmp_path)) == []


@pytest.mark.parametrize("flushed", [stat.S_ISDIR, stat.S_ISREG], ids=["folders", "files"])
def test_power_cuts_show_what_else_is_lost(flushed: Callable[[int], bool], tmp_path: Path) -> None:
    """Half of what makes a file safe is not enough: half a minute each."""
    chance = random.Random(20261125)
    assert list(power_cuts(48, chance, tmp_path, lambda each: flushed(each.st_mode)))
