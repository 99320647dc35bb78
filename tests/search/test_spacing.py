"""Words in two parts or in one, with a hyphen or without: each finds the other."""

import pytest

from tests.search.said import Said, pairs, say

JOINED = pairs("""
parcours sup / Parcoursup   anti terrorisme / antiterrorisme   anti terrorisme / anti-terrorisme
antiterrorisme / anti-terrorisme   video surveillance / vidéosurveillance
vidéo surveillance / vidéo-surveillance   e mail / email   e-mail / email   e mail / e-mail
week end / weekend   week end / week-end   week-end / weekend   saint etienne / Saint-Étienne
Saint Étienne / saintetienne   télé travail / télétravail   micro onde / micro-onde
porte monnaie / porte-monnaie   contre pouvoir / contrepouvoir   auto gestion / autogestion
cyber sécurité / cybersécurité   data center / datacenter   face book / Facebook
start up / startup   start-up / startup   you tube / YouTube   whats app / WhatsApp
black bloc / black-bloc   black bloc / blackbloc   co voiturage / covoiturage
super marché / supermarché   rond point / rond-point   mi temps / mi-temps
Saint Denis / Saint-Denis   hip hop / hip-hop   bio métrie / biométrie   open source / opensource
fact checking / factchecking   anti fasciste / antifasciste   St Étienne / Saint-Étienne
Ste Foy / Sainte-Foy
""")
APART = pairs("""
avenir / à venir   enfin / en fin   bientôt / bien tôt   parterre / par terre   partout / par tout
surtout / sur tout   affaire / à faire   maintenant / main tenant   autour / au tour
dehors / de hors   pourtant / pour tant   aussitôt / aussi tôt   bonjour / bon jour
debout / de bout   Dupont / du pont   Lapresse / la presse   Lebrun / le brun
malheur / mal heure
""")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Said:
    return say(tmp_path_factory.mktemp("spacing"), JOINED + APART)


def test_a_word_in_one_part_or_two_is_found(said: Said) -> None:
    assert [pair for pair in JOINED if not said.joins(*pair)] == []


def test_two_words_are_not_taken_for_another_word(said: Said) -> None:
    assert [pair for pair in APART if said.confuses(*pair)] == []
