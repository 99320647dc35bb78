"""What the index holds of a text is what the analysis finds in it."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from radio.search.french import words
from radio.search.writer import tokens

WRITTEN = """
    L’école aujourd'hui C.N.I.L. Saint-Étienne, dix-neuf vingt et un. une trois cent mille, million
    12 000 3% 19h30 quatre-vingt-dix sept ; caméra est-ce rendez-vous 1.000.000
"""
SAID = st.lists(st.sampled_from(WRITTEN.split()) | st.text(max_size=4))


@given(SAID, st.sampled_from([" ", "\u00a0", "\n", "-"]))
def test_no_word_of_a_text_is_left_out_of_the_index(said: list[str], gap: str) -> None:
    text = gap.join(said)
    found = list(words(text))
    own = tokens(text)
    singles = [word.spelling for word in found if not word.is_compound]
    assert own[: len(singles)] == singles
    assert Counter(own) == Counter(word.spelling for word in found)
    assert not any(character.isspace() for token in own for character in token)
