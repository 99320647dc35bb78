"""Pairs that were chosen by somebody who did not know how the search works: see strangers.py.

The floors are what is reached. A pair is never mended by itself: what its kind needs is.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.search.said import Pair, say
from tests.search.strangers import (
    FIRST_APART,
    FIRST_FOUND,
    FIRST_TYPED,
    SECOND_APART,
    SECOND_FOUND,
    SECOND_TYPED,
)

LISTS = [
    pytest.param(FIRST_FOUND, FIRST_TYPED, FIRST_APART, 0.98, 0.08, id="first"),
    pytest.param(SECOND_FOUND, SECOND_TYPED, SECOND_APART, 0.93, 0.06, id="second"),
]


@pytest.mark.parametrize(("found", "typed", "apart", "least_found", "most_wrong"), LISTS)
def test_words_of_strangers_are_found_and_told_apart(
    tmp_path: Path,
    found: Sequence[Pair],
    typed: Sequence[Pair],
    apart: Sequence[Pair],
    least_found: float,
    most_wrong: float,
) -> None:
    assert len({*found, *typed, *apart}) == len(found) + len(typed) + len(apart)
    both = say(tmp_path / "both", [*found, *apart])
    meant = say(tmp_path / "meant", [(word, word) for _, word in typed])
    lost = [pair for pair in found if not both.joins(*pair)]
    lost += [pair for pair in typed if pair[1] not in meant.found(pair[0])]
    wrong = [pair for pair in apart if both.confuses(*pair)]
    assert len(lost) <= (1 - least_found) * (len(found) + len(typed)), lost
    assert len(wrong) <= most_wrong * len(apart), wrong
