"""Words as people misspell them: what was said is found, and what was taken for it is told."""

from pathlib import Path

import pytest

from radio.french.letters import with_accents
from radio.search import SearchOptions
from tests.search.said import Said, pairs, say

MISSPELT = pairs("""
survaillance / surveillance   reconnaisance / reconnaissance   numerique / numérique
biometrie / biométrie   algoritme / algorithme   algorythme / algorithmes
manifestassion / manifestation   nassion / nation   ekole / école   kamera / caméra
abonement / abonnement   apartement / appartement   ocupation / occupation
gouvernemant / gouvernement   dévelopement / développement   parlemant / parlement
acceuil / accueil   professionel / professionnel   addresse / adresse   exigance / exigence
farmacie / pharmacie   otomatique / automatique   fotografie / photographie
demenajement / déménagement   intéligence / intelligence   securitée / sécurité
resistence / résistance   imigration / immigration   Foucaut / Foucault   Deleuse / Deleuze
Orwel / Orwell   vidéosurveilance / vidéosurveillance   discriminassion / discrimination
fichaje / fichage   sindicat / syndicat   assosiation / association   fassisme / fascisme
kapitalisme / capitalisme   telefone / téléphone   organisassion / organisation
occupassions / occupations
""")
# What is spelt well is itself: no word that is two letters away is taken for it.
APART = pairs("""
marchandise / marchepied   conversation / conservation   éruption / irruption
infraction / effraction   conjecture / conjoncture   acceptation / acception   évoquer / invoquer
bonheur / honneur   prolifique / prolixe   importun / opportun   mosquée / manquer
frontière / fruitière   2024 / 2025   mars / mares   juillet / juliette   treize / seize
G20 / G7   monument / moment   compliment / complice   attention / intention   cacher / cocher
vendre / tendre
""")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    """What was meant is said; what was typed is not."""
    return say(
        tmp_path_factory.mktemp("misspelling"), [(word, word) for _, word in MISSPELT + APART]
    )


def test_what_was_meant_is_found_and_told(said: Said) -> None:
    assert [(typed, meant) for typed, meant in MISSPELT if meant not in said.found(typed)] == []
    as_typed = SearchOptions(as_typed=True)
    lost = [typed for typed, _ in MISSPELT if not said.index.search(typed, as_typed).total]
    assert [each for each in lost if not said.index.search(each).interpretation.instead] == []


def test_what_is_spelt_well_is_not_taken_for_another_word(said: Said) -> None:
    assert [(typed, other) for typed, other in APART if other in said.found(typed)] == []


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
