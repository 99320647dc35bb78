"""Snippets: a quotation is of whole sentences, holds the words that were found, and stays short."""

from hypothesis import given
from hypothesis import strategies as st

from radio.search.french import words
from radio.search.passage import (
    CUT,
    LEFT_OUT,
    LONGEST,
    CharacterRange,
    cut_passages,
    quote,
)
from radio.text.sentences import cut_sentences
from radio.text.transcript import Word
from radio.transcribe.cues import cut_cues
from tests.search.talk import PACE, talks
from tests.tables import for_each

TALK = (
    "Bonsoir à toutes et à tous. Ce matin M. Falcoz est au marché. Il y a des olives, des poireaux "
    "et une navette qui ne vient jamais, malgré ce que l’adjointe avait promis au mois de juin. "
    "Personne ne l’a vue. Les forains gardent la charte de mille neuf cent soixante-quatre dans un "
    "tiroir. La fromagère rit. Le tramway passera ici dans dix-huit mois."
)


def quoted(text: str, *searched: str, is_part: bool = False) -> str:
    """Quote a text for some words; what matches stands in brackets."""
    found = (text.index(word) for word in searched)
    matches = [
        CharacterRange(start, start + len(word), clause)
        for clause, (start, word) in enumerate(zip(found, searched, strict=True))
    ]
    pieces = quote(text, sorted(matches, key=lambda each: each.start), is_part)
    return "".join(f"[{piece}]" if is_match else piece for piece, is_match in pieces)


def test_a_quotation_begins_and_ends_with_sentences() -> None:
    assert quoted(TALK, "navette") == (
        "Il y a des olives, des poireaux et une [navette] qui ne vient jamais, malgré ce que "
        "l’adjointe avait promis au mois de juin. Personne ne l’a vue. Les forains gardent la "
        "charte de mille neuf cent soixante-quatre dans un tiroir."
    )


def test_monsieur_ends_no_quotation() -> None:
    assert quoted(TALK, "marché").startswith("Bonsoir à toutes et à tous. Ce matin M. Falcoz")


def test_words_far_from_one_another_are_both_quoted() -> None:
    assert quoted(TALK, "poireaux", "tramway") == (
        "Il y a des olives, des [poireaux] et une navette qui ne vient jamais, malgré ce que "
        f"l’adjointe avait promis au mois de juin. Personne ne l’a vue.{LEFT_OUT}La fromagère rit. "
        "Le [tramway] passera ici dans dix-huit mois."
    )


def test_a_sentence_without_end_is_cut_between_words() -> None:
    endless = "et puis on a parlé des caméras du quartier " * 12
    text = quoted(endless[:300] + "micros " + endless, "micros").replace("[", "").replace("]", "")
    assert text[0] == text[-1] == CUT and len(text) <= LONGEST
    assert f" {text.strip(CUT)} " in f" {endless[:300]}micros {endless} "


@for_each(
    ("text", "shown"),
    [
        ("faciale, sans débat. Une caméra voit.", "…faciale, sans débat. Une [caméra] voit."),
        ("Sans débat. Une caméra voit la", "Sans débat. Une [caméra] voit la…"),
        ("une caméra voit", "une [caméra] voit"),
    ],
)
def test_what_is_cut_off_by_a_passage_is_told(text: str, shown: str) -> None:
    assert quoted(text, "caméra", is_part=True) == shown


@given(st.text(alphabet="ab é.!?…«»A ", min_size=1, max_size=600), st.data())
def test_any_quotation_is_short_and_holds_its_first_match(text: str, data: st.DataObject) -> None:
    text = " ".join(text.split())
    found = [word for word in words(text) if not word.is_compound]
    if not found:
        return
    chosen = data.draw(st.lists(st.sampled_from(found), min_size=1, max_size=5, unique=True))
    matches = [
        CharacterRange(word.start, word.end, clause)
        for clause, word in enumerate(sorted(chosen, key=lambda each: each.start))
    ]
    snippet = quote(text, matches, data.draw(st.booleans()))
    shown = "".join(piece for piece, _ in snippet)
    assert len(shown) <= max(LONGEST, matches[0].end - matches[0].start + 2 * len(CUT))
    first = next((piece for piece, is_match in snippet if is_match), "")
    assert first.startswith(text[matches[0].start : matches[0].end][: len(first)]) and first


def test_every_word_said_is_quoted_in_its_whole_sentence() -> None:
    """In talk with full stops, each word is found in a passage that holds its whole sentence."""
    for text in talks():
        parts = enumerate(text.split())
        said = (Word(n * PACE, (n + 1) * PACE, part, 1.0) for n, part in parts)
        passages = [passage.text for passage in cut_passages(list(cut_cues(said)))]
        missing = [each for each in cut_sentences(text) if not any(each in p for p in passages)]
        assert missing == []
