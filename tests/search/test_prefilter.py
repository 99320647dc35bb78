"""Beginnings: no word that has a wanted form is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simplemma.strategies.dictionaries.dictionary_factory import _load_dictionary_from_disk

from radio.search.french import forms, words
from radio.search.prefilter import is_plain, pattern


def begins_of(text: str, wanted: frozenset[str]) -> set[int]:
    return {found.start() for found in pattern(wanted).finditer(text)}


@pytest.fixture(scope="module")
def lemmas() -> dict[str, str]:
    """Every French word that the lemmatizer knows."""
    known = _load_dictionary_from_disk("fr")
    return {word.decode(): lemma.decode() for word, lemma in known.items()}


def test_every_word_is_found_by_its_lemma(lemmas: dict[str, str]) -> None:
    """The list of strays is whole."""
    for word, lemma in lemmas.items():
        said = list(words(word))
        if len(said) != 1 or not is_plain(word):
            continue
        wanted = frozenset(forms(lemma.lower())) & frozenset(said[0].forms)
        wanted = frozenset(form for form in wanted if not form[1:].isdecimal())
        if wanted:
            assert said[0].start in begins_of(word, wanted), (word, lemma)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("œil", "les yeux"),
        ("voir", "je l’ai vu"),
        ("CNIL", "à la C.N.I.L. hier"),
        ("école", "l’e\u0301cole"),
        ("coeur", "au Cœur"),
        ("oeuvre", "une Œuvre"),
        ("étienne", "Saint-ÉTIENNE"),
        ("madame", "Mesdames"),
        ("à", "À deux"),
        ("cent", "à 3 %"),
        ("heure", "à 19h30"),
        ("O'Brien", "madame O’Brien"),
    ],
)
def test_it_begins_there(word: str, text: str) -> None:
    wanted = frozenset(forms(word.lower()))
    said = [each for each in words(text) if not wanted.isdisjoint(each.forms)]
    assert said
    assert {each.start for each in said} <= begins_of(text, wanted)


@given(st.text(max_size=60) | st.text("01 9hH%.,'’\u00a0aEœ-c", max_size=12))
def test_any_text(text: str) -> None:
    """What stands between two spaces is analysed whole, so one beginning in it is enough."""
    said = [word for word in words(text) if not word.is_compound]
    for word in said if is_plain(text) else ():
        wanted = frozenset(form for form in word.forms if not form[1:].isdecimal())
        if wanted:
            group = range(text.rfind(" ", 0, word.start) + 1, (text + " ").index(" ", word.end))
            assert not begins_of(text, wanted).isdisjoint(group)


def test_a_query_of_filters_alone_marks_nothing() -> None:
    assert pattern(frozenset()).search("Le mot de la fin.") is None
