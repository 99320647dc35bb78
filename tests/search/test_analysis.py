"""What the index holds of a text, and what is marked in one, are the words of the analysis."""

from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.french.lexicon import Packed, dictionary
from radio.search.french import JOINT, AnalysedWord, forms, words
from radio.search.marking import MOST_BEGINNINGS, as_spelt, pattern
from radio.search.writer import tokens
from tests.search.episodes import indexed, put
from tests.tables import for_each

WRITTEN = """
    L’école aujourd'hui C.N.I.L. Saint-Étienne, dix-neuf vingt et un. une trois cent mille, million
    12 000 12 mille 3% 19h30 quatre-vingt-dix sept ; caméra est-ce rendez-vous 1.000.000
"""
SAID = st.lists(st.sampled_from(WRITTEN.split()) | st.text(max_size=4))


@given(st.text(max_size=300) | st.builds(str.join, st.sampled_from(" \u00a0\n-"), SAID))
def test_every_word_of_a_text_is_in_the_index_and_in_its_place(text: str) -> None:
    found, own = list(words(text)), tokens(text)
    single = [word for word in found if not word.is_compound]
    assert own[: len(single)] == [word.spelling for word in single]
    assert Counter(own) == Counter(word.spelling for word in found)
    assert not any(character.isspace() for token in own for character in token)
    assert [word.position for word in single] == list(range(len(single)))
    bounds = [place for word in single for place in (word.start, word.end)]
    assert bounds == sorted(bounds)


def begins_of(text: str, spellings: Collection[str]) -> set[int]:
    spelt = as_spelt(text)
    assert spelt is not None
    assert len(spelt) == len(text)
    return {found.start() for found in pattern(spellings).finditer(spelt)}


@for_each(
    ("spelling", "text"),
    [
        ("école", "à l’École"),
        ("cœur", "au CŒUR"),
        ("étienne", "Saint-ÉTIENNE"),
        ("saint-étienne", "à Saint\u2011Étienne"),
        ("à", "À deux"),
        *(("%", "à 3 %"), ("%", "à 3%"), ("h", "à 19h30"), ("30", "à 19H30")),
        ("o'brien", "madame O’Brien"),
    ],
)
def test_a_word_that_is_looked_for_begins_there(spelling: str, text: str) -> None:
    said = {each.start for each in words(text) if each.spelling == spelling}
    assert said
    assert said <= begins_of(text, {spelling})


def test_a_word_spelt_otherwise_than_written_is_not_passed_over() -> None:
    for text in ("l’e\u0301cole", "la C.N.I.L.", "une_école", "καφές", "İstanbul"):
        assert as_spelt(text) is None


@given(st.text(max_size=60) | st.text("01 9hH%.,'’\u00a0aEœé-\u2011c", max_size=12))
def test_no_word_with_a_wanted_spelling_is_passed_over(text: str) -> None:
    """What stands between two spaces is analysed whole, so one beginning in it is enough."""
    said = [word for word in words(text) if JOINT not in word.spelling]
    for word in said if as_spelt(text) is not None else ():
        assert _is_met(text, word, begins_of(text, {word.spelling}))
    if said and as_spelt(text) is not None:
        many = {word.spelling for word in said} | {f"{n:03}" for n in range(MOST_BEGINNINGS)}
        assert all(_is_met(text, word, begins_of(text, many)) for word in said)


def _is_met(text: str, word: AnalysedWord, begins: set[int]) -> bool:
    group = range(text.rfind(" ", 0, word.start) + 1, (text + " ").index(" ", word.end))
    return not begins.isdisjoint(group)


def test_no_word_is_analysed_that_is_not_asked_for(archive: Archive) -> None:
    """What begins like a word of the query is spelt otherwise, so its forms are not looked up."""
    assert pattern(()).search("le mot de la fin.") is None
    put(archive, "2024-01-01-a", "Le camion cahotait. Cadenas, cagoules et caméras : on cause.")
    (index := indexed(archive)).search("camion")  # titles of shows are analysed once
    forms.cache_clear()
    assert index.search("caméra").total == 1
    assert forms.cache_info().misses == 1


def test_a_packed_dictionary_tells_all_threads_of_every_word() -> None:
    """Takes 2 s."""
    whole = dictionary()
    packed, parts = Packed(whole), [list(whole)[n::4] for n in range(4)]
    with ThreadPoolExecutor(len(parts)) as threads:
        told = threads.map(lambda part: [(each, packed[each]) for each in part], parts)
        assert dict(chain.from_iterable(told)) == dict(whole)
    assert (len(packed), set(packed)) == (len(whole), set(whole))
    assert packed.get("délanconse") is None
