"""French as people speak, type and misspell it: what a word finds, and what it must not find.

Lists of tests/data/search have words that find each other (`found`), as typed and meant (`typed`),
that only look alike (`apart`), or are taken for no other (`spelt`). No pair is mended by itself.
"""

from collections import Counter
from importlib import resources
from pathlib import Path

import pytest

from radio.french.letters import fold, with_accents
from radio.search import SearchOptions
from radio.search.french import FAMILY, forms, table
from tests.search.lists import pairs
from tests.search.said import ALL, Said, say

LISTS = {  # the share of the pairs that is lost at most, and of those apart that is confused
    "french": (0.0, 0.02),  # « rendez-vous » is found by a part of it
    "families": (0.05, 0.05),
    "spacing": (0.0, 0.0),
    "misspelt": (0.0, 0.0),
    "strangers-first": (0.02, 0.08),
    "strangers-second": (0.07, 0.06),
    "strangers-third": (0.02, 0.02),
}


@pytest.mark.parametrize("name", LISTS)
def test_words_find_what_they_mean_and_nothing_that_looks_alike(tmp_path: Path, name: str) -> None:
    kinds = ("found", "typed", "apart", "spelt")
    found, typed, apart, spelt = (pairs(name, part) for part in kinds)
    every = [*found, *typed, *apart, *spelt]
    assert len({*every}) == len(every) >= 50
    said = say(tmp_path / "both", [*found, *apart])
    meant = say(tmp_path / "meant", [(word, word) for _, word in [*typed, *spelt]])
    if name == "french":
        found_by = {word: said.index.search(word, ALL).episodes for word in said.words}
        unmarked = [word for word, some in found_by.items() if not all(each.hits for each in some)]
        assert unmarked == [], "what is found is marked"
    lost = [pair for pair in found if not said.joins(*pair)]
    lost += [(one, other) for one, other in typed if other not in meant.found(one)]
    wrong = [pair for pair in apart if said.confuses(*pair)]
    wrong += [(one, other) for one, other in spelt if other in meant.found(one)]
    most_lost, most_wrong = LISTS[name]
    assert len(lost) <= most_lost * len([*found, *typed]), lost
    assert len(wrong) <= most_wrong * len([*apart, *spelt]), wrong


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What was meant is said; what was typed is not."""
    words = [word for _, word in pairs("misspelt", "typed")]
    return say(tmp_path_factory.mktemp("meant"), zip(words, ["l'école"] * len(words), strict=True))


def test_what_was_taken_for_a_word_is_told(said: Said) -> None:
    as_typed, typed = SearchOptions(as_typed=True), [one for one, _ in pairs("misspelt", "typed")]
    lost = [each for each in typed if not said.index.search(each, as_typed).total]
    assert [each for each in lost if not said.index.search(each).interpretation.instead] == []
    typed = ["e\u0301cole", "ÉCOLE", "« école »", "«l’école»", '"ECOLE"']
    assert [query for query in typed if "l'école" not in said.found(query)] == []


def test_a_word_of_the_dictionary_is_not_taken_for_another(tmp_path: Path) -> None:
    assert say(tmp_path, [("sable", "sable")]).found("salle") == set()


def test_no_word_makes_the_site_try_accents_for_long() -> None:
    asked: list[str] = []

    def is_known(spelling: str) -> bool:
        asked.append(spelling)
        return False

    for word in ("e" * 64, "anticonstitutionnellement"):
        with_accents(word, is_known)
    assert len(asked) < 2_000


def test_every_word_of_the_table_has_one_family_as_the_dictionary_has_it() -> None:
    strays = [
        (lemma, name)
        for lemma, name in table().names.items()
        if name and FAMILY + name not in forms(lemma.lower())
    ]
    assert strays == []
    for word, verb in (("visage", "viser"), ("couleur", "couler"), ("langage", "langer")):
        assert not set(forms(word)) & set(forms(verb)), "it only looks derived"


def test_a_keeper_finds_the_line_of_a_family_by_its_first_word() -> None:
    text = resources.files("radio.french").joinpath("families.txt").read_text(encoding="utf-8")
    families = [line.split() for line in text.splitlines() if line[0] != "#"]
    times = Counter(lemma for family in families for lemma in family)
    assert [lemma for lemma, count in times.items() if count > 1] == []
    firsts = [family[0] for family in families]
    assert firsts == sorted(firsts, key=lambda first: (fold(first), first))
    assert "by hand" in text[: text.index(f"\n{firsts[0]} ")]
