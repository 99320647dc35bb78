"""Passages: what search looks at, with neighbours that overlap."""

from hypothesis import given
from hypothesis import strategies as st

from radio.search.passage import LEAST_LEFT, MOST_WORDS, passages
from radio.text.transcript import Cue


@given(st.lists(st.integers(0, 30), max_size=60))
def test_neighbours_share_a_passage(lengths: list[int]) -> None:
    cues = [Cue(i, i + 1, "mot " * length) for i, length in enumerate(lengths)]
    found = list(passages(cues))
    for first in range(len(cues) - 1):
        assert any(first in passage and first + 1 in passage for passage in found)
    assert sorted({i for passage in found for i in passage}) == list(range(len(cues)))


@given(st.lists(st.tuples(st.integers(1, 14), st.booleans()), min_size=1, max_size=60))
def test_passages_end_with_sentences_where_they_can(said: list[tuple[int, bool]]) -> None:
    cues = [
        Cue(i, i + 1, "mot " * n + ("fin." if ends else "")) for i, (n, ends) in enumerate(said)
    ]
    lengths = [len(cue.text.split()) for cue in cues]
    for passage in list(passages(cues))[:-1]:
        if not cues[passage[-1]].text.endswith("."):
            after = range(passage[-1], len(cues))
            nearest = next((i for i in after if cues[i].text.endswith(".")), len(cues) - 1)
            assert sum(lengths[passage[0] : nearest + 1]) > MOST_WORDS or nearest == len(cues) - 1


@given(st.lists(st.integers(1, 14), min_size=1, max_size=60))
def test_what_is_said_last_counts_hardly_more(lengths: list[int]) -> None:
    cues = [Cue(i, i + 1, "mot " * length) for i, length in enumerate(lengths)]
    counted = [sum(lengths[i] for i in passage) for passage in passages(cues)]
    assert len(counted) == 1 or min(counted) >= LEAST_LEFT
