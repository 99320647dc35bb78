"""Passages, which overlap, and what is quoted of one: whole sentences with the words found."""

from hypothesis import given
from hypothesis import strategies as st

from radio.search.french import words
from radio.search.passage import (
    CUT,
    LEAST_LEFT,
    LEFT_OUT,
    LONGEST,
    MOST_WORDS,
    CharacterRange,
    cut_passages,
    passages,
    quote,
)
from radio.text.sentences import cut_sentences
from radio.text.transcript import Cue, Word
from radio.transcribe.cues import cut_cues
from tests.search.talk import PACE, talks
from tests.tables import check

CUES = st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=60)
TALK = (
    "Bonsoir à toutes et à tous. Ce matin M. Falcoz est au marché. Il y a des olives, des poireaux "
    "et une navette qui ne vient jamais, malgré ce que l’adjointe avait promis au mois de juin. "
    "Personne ne l’a vue. Les forains gardent la charte de mille neuf cent soixante-quatre dans un "
    "tiroir. La fromagère rit. Le tramway passera ici dans dix-huit mois."
)


@given(CUES)
def test_neighbours_share_a_passage_that_ends_with_a_sentence(said: list[tuple[int, bool]]) -> None:
    texts = ["mot " * length + ("fin." if ends else "") for length, ends in said]
    cues = [Cue(i, i + 1, text) for i, text in enumerate(texts)]
    found, lengths = list(passages(cues)), [len(cue.text.split()) for cue in cues]
    for first in range(len(cues) - 1):
        assert any(first in passage and first + 1 in passage for passage in found)
    assert sorted({i for passage in found for i in passage}) == list(range(len(cues)))
    for passage in found[:-1]:
        if not cues[passage[-1]].text.endswith("."):
            after = range(passage[-1], len(cues))
            nearest = next((i for i in after if cues[i].text.endswith(".")), len(cues) - 1)
            assert sum(lengths[passage[0] : nearest + 1]) > MOST_WORDS or nearest == len(cues) - 1


@given(st.lists(st.integers(1, 14), min_size=1, max_size=60))
def test_what_is_said_last_counts_hardly_more(lengths: list[int]) -> None:
    cues = [Cue(i, i + 1, "mot " * length) for i, length in enumerate(lengths)]
    counted = [sum(lengths[i] for i in passage) for passage in passages(cues)]
    assert len(counted) == 1 or min(counted) >= LEAST_LEFT


def test_every_word_said_is_in_a_passage_that_holds_its_whole_sentence() -> None:
    for text in talks():
        parts = enumerate(text.split())
        said = (Word(n * PACE, (n + 1) * PACE, part, 1.0) for n, part in parts)
        found = [passage.text for passage in cut_passages(list(cut_cues(said)))]
        assert [each for each in cut_sentences(text) if not any(each in p for p in found)] == []


def quoted(text: str, *searched: str, is_part: bool = False) -> str:
    found = [(text.index(word), word) for word in searched]
    matches = [CharacterRange(at, at + len(word), n) for n, (at, word) in enumerate(found)]
    pieces = quote(text, sorted(matches, key=lambda each: each.start), is_part)
    return "".join(f"[{piece}]" if is_match else piece for piece, is_match in pieces)


def test_a_quotation_is_of_whole_sentences_with_all_words_met() -> None:
    whole = TALK[TALK.index("Il y a") : TALK.index(" La fromagère")]
    assert quoted(TALK, "navette") == whole.replace("navette", "[navette]")
    assert quoted(TALK, "marché").startswith("Bonsoir à toutes et à tous. Ce matin M. Falcoz")
    first = whole.partition(" Les forains")[0].replace("poireaux", "[poireaux]")
    then = "La fromagère rit. Le [tramway] passera ici dans dix-huit mois."
    assert quoted(TALK, "poireaux", "tramway") == f"{first}{LEFT_OUT}{then}"


def test_what_is_cut_off_is_told() -> None:
    endless = "et puis on a parlé des caméras du quartier " * 12
    text = quoted(endless[:300] + "micros " + endless, "micros").replace("[", "").replace("]", "")
    assert text[0] == text[-1] == CUT and len(text) <= LONGEST
    assert f" {text.strip(CUT)} " in f" {endless[:300]}micros {endless} ", "between words"
    parts = {
        "faciale, sans débat. Une caméra voit.": "…faciale, sans débat. Une [caméra] voit.",
        "Sans débat. Une caméra voit la": "Sans débat. Une [caméra] voit la…",
        "une caméra voit": "une [caméra] voit",
    }
    check((text, quoted(text, "caméra", is_part=True), shown) for text, shown in parts.items())


@given(st.text(alphabet="ab é.!?…«»A ", min_size=1, max_size=600), st.data())
def test_any_quotation_is_short_and_holds_its_first_match(text: str, data: st.DataObject) -> None:
    text = " ".join(text.split())
    found = [word for word in words(text) if not word.is_compound]
    if not found:
        return
    chosen = data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=5, unique=True))
    chosen = sorted(chosen, key=lambda each: each.start)
    matches = [CharacterRange(each.start, each.end, n) for n, each in enumerate(chosen)]
    snippet = quote(text, matches, data.draw(st.booleans()))
    shown = "".join(piece for piece, _ in snippet)
    assert len(shown) <= max(LONGEST, matches[0].end - matches[0].start + 2 * len(CUT))
    assert all(part.strip(CUT) in text for part in shown.split(LEFT_OUT))
    first = next((piece for piece, is_match in snippet if is_match), "")
    assert first.startswith(text[matches[0].start : matches[0].end][: len(first)]) and first
