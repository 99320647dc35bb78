"""Cues: two lines of 42 characters, 7 seconds, cut at sentences and pauses; words from frames."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from radio.transcribe.cues import LINE, LONGEST, cut_cues
from radio.transcribe.engines.alignment import follow
from radio.transcript import Word


def spoken(text: str, pace: float = 0.3) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, word, 0.9) for i, word in enumerate(text.split())]


def test_sentences_end_cues() -> None:
    words = spoken("Que peut-on faire ? Compter les caméras.".replace(" ?", "\u00a0?"))
    assert [cue.text for cue in cut_cues(words)] == ["Que peut-on faire ?", "Compter les caméras."]


def test_pauses_end_cues() -> None:
    words = [Word(0, 1, "bonjour", 0.9), Word(2, 3, "bonsoir", 0.9)]
    assert [(cue.start, cue.end) for cue in cut_cues(words)] == [(0, 1), (2, 3)]


def test_long_sentences_are_halved_at_commas() -> None:
    words = spoken(
        "On nous promet des poubelles qui appellent le camion, des lampadaires qui "
        "s'allument quand on passe, et des parkings sans embouteillage."
    )
    assert [" ".join(cue.text.split()) for cue in cut_cues(words)] == [
        "On nous promet des poubelles qui appellent le camion,",
        "des lampadaires qui s'allument quand on passe, et des parkings sans embouteillage.",
    ]


words = st.lists(
    st.tuples(st.text("aé.,", min_size=1, max_size=50), st.floats(0, 9), st.floats(0, 2)),
    max_size=80,
)


@given(words)
def test_cues_fit_and_keep_every_word(drawn: list[tuple[str, float, float]]) -> None:
    time, heard = 0.0, []
    for text, length, gap in drawn:
        heard.append(Word(time + gap, time + gap + length, text, 0.5))
        time += gap + length
    cues = list(cut_cues(heard))
    assert " ".join(cue.text for cue in cues).split() == [word.text for word in heard]
    for cue in cues:
        alone = len(cue.text.split()) == 1
        assert alone or all(len(line) <= LINE for line in cue.text.split("\n"))
        assert cue.text.count("\n") <= 1
        assert alone or cue.end - cue.start <= LONGEST


def test_tokens_follow_the_cheapest_path() -> None:
    generator = np.random.default_rng(1)
    true = np.sort(generator.choice(np.arange(1, 400), 29, replace=False))
    begins = np.concatenate([[0], true])
    cost = generator.normal(0, 0.2, (30, 400)).astype(np.float32)
    for token, first in enumerate(begins):
        last = begins[token + 1] if token < 29 else 400
        cost[token, first:last] -= 1
    assert np.abs(follow(cost) - begins).max() <= 1
