"""Passages: what search looks at, with neighbours that overlap."""

from hypothesis import given
from hypothesis import strategies as st

from radio.search.passage import passages
from radio.transcript import Cue


@given(st.lists(st.integers(0, 30), max_size=60))
def test_neighbours_share_a_passage(lengths: list[int]) -> None:
    cues = [Cue(i, i + 1, "mot " * length) for i, length in enumerate(lengths)]
    found = list(passages(cues))
    for first in range(len(cues) - 1):
        assert any(first in passage and first + 1 in passage for passage in found)
    assert sorted({i for passage in found for i in passage}) == list(range(len(cues)))
