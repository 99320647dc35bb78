"""Cues: two lines of 42 characters, 7 seconds, cut at sentences and pauses; words from frames."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from radio.text.transcript import LINE, Word
from radio.transcribe.cues import LINES, LONGEST, _ways, cut_cues
from radio.transcribe.engines.alignment import follow
from tests.tables import for_each


def spoken(text: str, pace: float = 0.3) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, word, 0.9) for i, word in enumerate(text.split(" "))]


def texts(words: list[Word]) -> list[str]:
    return [" ".join(cue.text.split()) for cue in cut_cues(words)]


@for_each(
    "cues",
    [
        ["Que peut-on faire\u00a0?", "Compter les caméras."],
        [
            "On nous promet des poubelles qui appellent le camion,",
            "des lampadaires qui s'allument quand on passe, et des parkings sans embouteillage.",
        ],
        [  # a short answer does not flash by alone
            "Oui. On pose la main sur un lecteur à l'entrée,",
            "et ça ouvre le grand tourniquet de la cantine.",
        ],
    ],
)
def test_sentences_and_commas_end_cues(cues: list[str]) -> None:
    found = [" ".join(cue.text.split("\n")) for cue in cut_cues(spoken(" ".join(cues)))]
    assert found == cues


def test_pauses_and_breaths_end_cues() -> None:
    words = [Word(0, 1, "bonjour", 0.9), Word(2, 3, "bonsoir", 0.9)]
    assert [(cue.start, cue.end) for cue in cut_cues(words)] == [(0, 1), (2, 3)]
    words = [*spoken("Combien ça coûte ?"), Word(3.0, 3.4, "Rien.", 0.9)]
    assert texts(words) == ["Combien ça coûte ?", "Rien."]
    first = spoken("on nous avait promis une ville plus sûre et plus calme")
    said = spoken("rien de tout cela ne s'est passé depuis trois longues années")
    later = first[-1].end + 0.4
    then = [Word(each.start + later, each.end + later, each.text, 0.9) for each in said]
    assert texts([*first, *then])[0].endswith("calme")


DECIDED = (
    "il a été décidé hier soir par le conseil de la métropole que toutes les caméras du centre "
    "de la ville seront reliées à un logiciel que personne dans la salle n'avait encore vu"
)


def test_no_cue_ends_between_words_that_belong_together() -> None:
    found = texts(spoken(DECIDED))
    assert len(found) >= 2
    for text in found[:-1]:
        assert text.split()[-1] not in {"la", "de", "du", "que", "un", "les", "à", "le", "toutes"}
    (cue,) = cut_cues(spoken("Aujourd'hui nous parlons des micros posés dans la rue."))
    upper, lower = cue.text.split("\n")
    assert abs(len(upper) - len(lower)) <= 12
    for size in range(30, 43):
        (cue,) = cut_cues([*spoken("a" * size + " bb"), Word(0.6, 0.9, "faire ?", 0.9)])
        assert not any(line.startswith("?") for line in cue.text.split("\n"))


def test_three_hours_are_cut_with_little_work() -> None:
    words = spoken("on parle sans signe et sans pause de tout ce qui vient " * 2250)
    seen = sum(len(list(_ways(words, range(0, 6 * len(words) + 1, 6), n))) for n in range(1, 2000))
    assert seen <= 2000 * (LINES * (LINE + 1) // 6 + 1)


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
    assert all(cue.text.count("\n") <= 1 for cue in cues)
    for cue in (each for each in cues if len(each.text.split()) > 1):
        assert all(len(line) <= LINE for line in cue.text.split("\n"))
        assert cue.end - cue.start <= LONGEST


def test_tokens_follow_the_cheapest_path() -> None:
    generator = np.random.default_rng(1)
    true = np.sort(generator.choice(np.arange(1, 400), 29, replace=False))
    begins = np.concatenate([[0], true])
    cost = generator.normal(0, 0.2, (30, 400)).astype(np.float32)
    for token, first in enumerate(begins):
        last = begins[token + 1] if token < 29 else 400
        cost[token, first:last] -= 1
    assert np.abs(follow(cost) - begins).max() <= 1
