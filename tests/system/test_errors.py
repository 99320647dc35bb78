"""Errors of words: each counts in the half minute where it was said; chance has its interval."""

from pathlib import Path

import numpy as np

from bench.errors import count, interval, outside, rate
from bench.shows import SampleShow, shows
from tests.tables import for_each

BLOCKS = np.array([[2, 50], [0, 40], [5, 60], [1, 45]])


def show() -> SampleShow:
    """A show of three sentences, over a minute."""
    made = SampleShow("bench", Path("made.mp3"))
    regions = [(0, 3, "un deux trois"), (31, 34, "quatre cinq"), (61, 64, "six sept huit")]
    speech = [{"start": a, "end": b, "kind": "speech", "text": text} for a, b, text in regions]
    vars(made)["reference"] = {"regions": speech}
    return made


def said(text: str) -> list[tuple[str, float]]:
    return [(word, 1.0) for word in text.split()]


@for_each(
    ("heard", "errors"),
    [
        ("Un, deux, trois. Quatre cinq. Six sept huit", [0, 0, 0]),
        ("un deux mois quatre cinq six huit", [1, 0, 1]),
        ("un deux trois quatre cinq encore six sept huit", [0, 1, 0]),
        ("", [3, 2, 3]),
    ],
)
def test_an_error_counts_where_it_was_said(heard: str, errors: list[int]) -> None:
    counts = count(show(), said(heard))
    assert counts[:, 0].tolist() == errors
    assert counts[:, 1].tolist() == [3, 2, 3]


def test_words_where_nobody_speaks_are_counted() -> None:
    assert outside(show(), [("un", 1.0), ("merci", 20.0), ("deux", 3.4), ("fin", 64.6)]) == 2


def test_chance_has_its_interval() -> None:
    low, high = interval(BLOCKS)
    assert low < rate(BLOCKS) == 8 / 195 < high
    assert interval(BLOCKS, BLOCKS) == (0.0, 0.0)
    worse = BLOCKS + np.array([[3, 0]] * 4)
    assert interval(worse, BLOCKS)[0] > 0, "worse in every block: no chance"


def test_every_sample_show_said_right_has_no_error() -> None:
    for each in shows():
        words = [(each.text, 0.0)]
        assert count(each, words)[:, 0].sum() == 0, each.name
