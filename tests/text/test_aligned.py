"""A text by its words, cues and seconds: whatever is changed in it, no other word moves or goes."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from radio.text.aligned import AlignedText, align, equal_places, equal_words, locate
from radio.text.transcript import Cue, Word

HEARD: list[tuple[float, float, str]] = [(0.0, 0.5, "euh"), (1.0, 1.5, "la"), (2.0, 4.0, "kni")]
HEARD += [(7.0, 7.2, "À"), (7.5, 8.0, "tous"), (8.25, 9.0, "voilà")]
SAID = AlignedText(
    (Cue(0, 4, "Euh. La kni", "Noé"), Cue(4, 5, "dit non"), Cue(7, 9, "à tous. Voilà")),
    [Word(start, end, word, 0.9) for start, end, word in HEARD],
)
WORDS = st.lists(st.sampled_from(["la", "kni", "CNIL", "dit,", "non", "«", "Non."]), max_size=12)


@given(st.lists(WORDS, min_size=1, max_size=4), WORDS)
def test_each_other_word_is_in_one_cue_in_order(cues: list[list[str]], words: list[str]) -> None:
    text = AlignedText(tuple(Cue(n, n + 1, " ".join(each)) for n, each in enumerate(cues)))
    after = text.with_words(" ".join(words)).cues
    assert [word for cue in after for word in cue.text.split()] == words
    assert all(cue.start < cue.end for cue in after)
    assert all(one.end <= other.start for one, other in itertools.pairwise(after))


@given(WORDS, WORDS)
def test_both_ways_to_align_find_equal_words_in_order(old: list[str], new: list[str]) -> None:
    blocks = list(align(old, new))
    assert [word for each in blocks for word in new[each.begin : each.end]] == new
    assert [word for each in blocks for word in old[each.first : each.last]] == old
    for places in (equal_places(old, new), equal_words(new, old)):
        assert all(old[there] == new[here] for here, there in places.items())
        assert sorted(places.items()) == sorted(places.items(), key=lambda each: each[1])


def test_cues_that_keep_no_word_give_their_time_away() -> None:
    text = AlignedText((Cue(0, 1, "Euh."), Cue(1, 2, "Alors"), Cue(2, 3, "euh non.")))
    assert text.with_words("Alors").cues == (Cue(0, 3, "Alors"),)


def test_a_sentence_is_cut_where_its_word_was_heard_or_else_by_its_letters() -> None:
    assert [cue.start for cue in SAID.cut_before({1}).cues] == [0, 1.0, 4, 7]
    assert [cue.start for cue in SAID.cut_before({4}).cues] == [0, 4, 4.429, 7]
    assert SAID.cut_before(set()).cues == SAID.cues


def test_two_sentences_are_joined_over_the_pause_between_them() -> None:
    assert [cue.text for cue in SAID.joined_at(7).cues][1:] == ["dit non à tous. Voilà"]
    assert SAID.joined_at(8) == SAID


def test_of_a_passage_no_word_is_left_and_of_the_others_those_that_were_heard() -> None:
    left = SAID.without(1.9, 8.0, "[…]").cues
    assert [cue.text for cue in left] == ["Euh. La", "[…]", "Voilà"]
    assert [cue.text for cue in SAID.without(4.5, 5, "[…]").cues][1:] == ["[…]", "à tous. Voilà"]


def test_letters_of_several_cues_are_replaced_in_the_first_of_them() -> None:
    start, end = SAID.letters.index("kni"), SAID.letters.index("tous")
    texts = [cue.text for cue in SAID.with_letters(start, end, "CNIL").cues]
    assert texts == ["Euh. La CNIL", "tous. Voilà"]
    assert locate(["ab", "cd"], 3, 4) == (range(1, 2), "", "d")


def test_a_letter_of_the_line_is_said_in_its_cue() -> None:
    assert [SAID.second_of(SAID.line.index(word)) for word in ("Euh", "dit", "à")] == [0, 4, 7]
    assert SAID.second_of(len(SAID.line), is_end=True) == 9
    assert [second for second, _ in SAID.sentences()] == [0, 0, 7]
