"""Acronyms and their words: learnt from texts and glossaries, found one by the other."""

import dataclasses
import datetime as dt
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.archive.episode import Show
from radio.french.letters import fold
from radio.search import Results, SearchOptions
from radio.search.acronyms import MOST_COMPARED, Explanation, Meanings, find_told
from radio.search.query import parse
from tests.search.episodes import SHOW, begun, indexed, put

CNIL = "Commission nationale de l’informatique et des libertés"
CAF = "caisse d’allocations familiales"
VSA = "vidéosurveillance algorithmique"
QPC = "question prioritaire de constitutionnalité"

TOLD = [
    ("Vidéosurveillance algorithmique (VSA) : le retour", "VSA", "Vidéosurveillance algorithmique"),
    (f"on parle de la VSA, la {VSA}, et de ses", "VSA", VSA),
    (f"La VSA, la {VSA} est partout.", "VSA", VSA),
    (f"la VSA, c’est-à-dire la {VSA}.", "VSA", VSA),
    (f"la VSA, c’est la {VSA}, voilà", "VSA", VSA),
    (f"la {VSA}, ou VSA, arrive", "VSA", VSA),
    (f"la {VSA}, dite VSA", "VSA", VSA),
    (f"la {VSA}, la V.S.A, arrive", "VSA", VSA),
    (f"VSA : {VSA}.", "VSA", VSA),
    ("la VSA, la vidéo-surveillance algorithmique,", "VSA", "vidéo-surveillance algorithmique"),
    (f"La CNIL ({CNIL}) dit", "CNIL", CNIL),
    (f"La {CNIL}, la CNIL, dit", "CNIL", CNIL),
    (f"La {CNIL} (C.N.I.L.) dit", "CNIL", CNIL),
    (f"à la CAF, la {CAF}, on", "CAF", CAF),
    (f"à la CAF, pour {CAF}, on", "CAF", CAF),
    (f"à la {CAF} (« CAF »), on", "CAF", CAF),
    (f"une {QPC}, une QPC, est", "QPC", QPC),
    ("l’IA, l’intelligence artificielle, arrive", "IA", "intelligence artificielle"),
    ("L’intelligence artificielle (IA) arrive", "IA", "intelligence artificielle"),
    (
        "la SNCF, la Société nationale des chemins de fer français, dit",
        "SNCF",
        "Société nationale des chemins de fer français",
    ),
    ("La Quadrature du Net (LQDN) attaque", "LQDN", "La Quadrature du Net"),
    ("la ZAD, la zone à défendre, tient", "ZAD", "zone à défendre"),
    ("la BAC, la brigade anti-criminalité, roule", "BAC", "brigade anti-criminalité"),
    (
        "Institut national de la statistique et des études économiques (INSEE)",
        "INSEE",
        "Institut national de la statistique et des études économiques",
    ),
    (
        "le RGPD, le règlement général sur la protection des données, dit",
        "RGPD",
        "règlement général sur la protection des données",
    ),
    (
        "une OQTF, une obligation de quitter le territoire français, tombe",
        "OQTF",
        "obligation de quitter le territoire français",
    ),
    ("le PNR (Passenger Name Record) garde", "PNR", "Passenger Name Record"),
]
UNTOLD = [
    "la VSA arrive, la vidéosurveillance recule.",
    "la VSA, la vidéosurveillance, arrive.",
    "elle vise surtout l’algorithme, la VSA.",
    "la police vise surtout l’algorithme, la VSA.",
    "la CAF, c’est affreusement faux.",
    "la CAF, la cantine et la fanfare.",
    "la CAF, la caisse.",
    "à la CAF, la CGT, la CFDT, le syndicat.",
    "la CAF, celle des allocations familiales.",
    "la CAF, caisse d’allocations, et familiales ensuite.",
    "caisse d’allocations familiales CAF",
    "la ville, la RATP, le parc.",
    "l’ONU, on nous urge.",
    "DES (droits et santé), LA (les amis)",
    "un PC, un pouce cassé, deux.",
    "le PC ou un pouce cassé, deux.",
    "la CNIL (commission informatique et libertés)",
    "le système (VSA) et la vidéosurveillance algorithmique",
    "la SNCF, la Société nationale des chemins de fer | français",
    "la TV, la télévision, arrive",
    "cnil, commission nationale de l’informatique et des libertés",
]


def test_an_acronym_is_learnt_with_its_words() -> None:
    learnt = {text: list(find_told(text)) for text, *_ in TOLD}
    read = {text: [(each.acronym, each.words) for each in told] for text, told in learnt.items()}
    assert read == {text: [(acronym, words)] for text, acronym, words in TOLD}
    begins = {text: text[told[0].start :] for text, told in learnt.items()}
    parts = {text: (acronym, words, ".".join(acronym)) for text, acronym, words in TOLD}
    assert [text for text, begin in begins.items() if not begin.startswith(parts[text])] == []


def test_no_meaning_is_invented() -> None:
    assert [text for text in UNTOLD if list(find_told(text))] == []


FRAGMENTS = (
    *("VSA", "la VSA", "(VSA)", "C.N.I.L.", "l’IA", "une CAF", ",", "(", ")", ".", "ou", "dite"),
    *("la caisse", "d’allocations", "familiales", "des vélos", "sur algorithme", "nos", "est"),
    *("la vidéosurveillance", "algorithmique", "l’intelligence", "artificielle", "anti-Cantal"),
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30))
def test_every_letter_of_an_acronym_is_in_its_words(parts: list[str]) -> None:
    text = " ".join(parts)
    for told in find_told(text):
        assert told.words in text
        letters = iter(fold(told.words.lower()))
        assert all(letter in letters for letter in told.acronym.lower())
        initials = {fold(word.lower())[0] for word in re.findall(r"\w+", told.words)}
        assert told.acronym[0].lower() in initials


def test_a_hostile_text_costs_little() -> None:
    began = time.process_time()  # 0.2 s where each acronym looks no further than it must
    assert list(find_told("DDDDDDDD, " + "de d " * 40_000 + "(DDDDDDDD) " * 4_000)) == []
    assert time.process_time() - began < 5


FOUND = [
    ("VSA", ["sigle", "dit", "mots"]),
    ("vsa", ["sigle", "dit", "mots"]),
    ("V.S.A.", ["sigle", "dit", "mots"]),
    ("vidéosurveillance algorithmique", ["mots", "dit", "algo", "sigle"]),
    ("CRA", ["cra", "lieu"]),
    ("centre de rétention", ["lieu", "cra"]),
    ("C’est quoi la VSA ?", ["sigle", "dit", "mots"]),
    ("qpc", ["titre"]),
    ("VSA filme", ["mots"]),
    ("vidéosurveillance algorithmique rues", ["sigle"]),
]
AS_TYPED = [
    ('"VSA"', ["sigle", "dit"]),
    ('"vidéosurveillance algorithmique"', ["mots", "dit"]),
    ("algorithmique", ["algo", "mots", "dit"]),
    ("Beaubrun", []),
    ("bac", ["bac"]),  # the word, not the brigade
    ("brigade anti-criminalité", ["bac"]),
    ("vidéosurveillance algorithmique passe bac", ["bac"]),  # two words are left out
    ("VSA vidéosurveillance algorithmique", ["dit"]),  # typed both ways
]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return explain(tmp_path)


def explain(root: Path) -> Archive:
    made = begun(root, "La Machine", glossary=("CRA = centre de rétention", "Beaubrun"))
    put(made, "2024-01-01-dit", f"Ici, la {VSA}, la VSA,", "revient à Saint-Étienne.")
    put(made, "2024-01-02-sigle", "Encore la VSA dans les rues.")
    put(made, "2024-01-03-mots", "On filme par vidéosurveillance algorithmique.")
    put(made, "2024-01-04-algo", "Une police algorithmique, et de la vidéosurveillance.")
    put(made, "2024-01-05-lieu", "Un centre de rétention a ouvert.")
    put(made, "2024-01-06-cra", "Devant le C.R.A. hier.")
    put(made, "2024-01-07-bac", "Il passe son bac.", "La brigade anti-criminalité (BAC) roule.")
    put(made, "2024-01-08-titre", "Rien.", title=f"QPC : la {QPC}")
    return made


def find(archive: Archive, query: str, **options: object) -> Results:
    index = indexed(archive)
    return index.search(query, SearchOptions(**options))  # type: ignore[arg-type]


def slugs(results: Results) -> list[str]:
    return [each.key.rpartition("-")[2] for each in results.episodes]


def test_an_acronym_and_its_words_find_each_other_below_what_was_typed(archive: Archive) -> None:
    answers = {query: find(archive, query) for query, _ in FOUND}
    assert {query: slugs(results) for query, results in answers.items()} == dict(FOUND)
    assert all(results.interpretation.also for results in answers.values())


def test_the_number_of_the_words_does_not_matter(archive: Archive) -> None:
    put(archive, "2024-02-01-cras", "Deux centres de rétention ferment.")
    put(archive, "2024-02-02-sans", "La rétention du centre ferme.")
    assert slugs(find(archive, "CRA")) == ["cra", "lieu", "cras"]
    plural = find(archive, "centres de rétention")
    assert slugs(plural)[-1] == "cra" and plural.interpretation.also[0].text == "CRA"
    marked = [
        text
        for each in find(archive, "CRA").episodes
        for hit in each.hits
        for text, is_match in hit.snippet
        if is_match
    ]
    assert {"centres", "centre", "rétention"} <= set(marked)


def test_an_acronym_beside_or_finds_its_words_too(archive: Archive) -> None:
    found = find(archive, "VSA OU drones")
    assert slugs(found) == ["sigle", "dit", "mots"]
    assert [each.text for each in found.interpretation.also] == [VSA]
    assert slugs(find(archive, '"VSA" OU drones')) == ["sigle", "dit"]


def test_thousands_of_explanations_are_compared_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0

    def count(one: Explanation, other: Explanation) -> bool:
        nonlocal compared
        compared += 1
        return False

    monkeypatch.setattr("radio.search.acronyms._are_alike", count)
    every = [
        Explanation("VSA", f"vélo sans air {number}", times=number + 1) for number in range(1_000)
    ]
    (*told,) = Meanings(every).find(parse("VSA").clauses, "VSA")
    assert [each.meaning[0].words[-3:] for each in told] == ["999", "998", "997"]
    assert compared <= MOST_COMPARED**2


def test_what_is_no_acronym_is_asked_as_typed(archive: Archive) -> None:
    answers = {query: find(archive, query) for query, _ in AS_TYPED}
    found = {query: sorted(slugs(results)) for query, results in answers.items()}
    assert found == {query: sorted(expected) for query, expected in AS_TYPED}
    assert not any(results.interpretation.also for results in answers.values())


def test_it_is_asked_as_typed_where_that_is_wanted(archive: Archive) -> None:
    results = find(archive, "VSA", as_typed=True)
    assert slugs(results) == ["sigle", "dit"]
    assert not results.interpretation


def test_words_met_are_marked_whichever_way_they_were_said(archive: Archive) -> None:
    marked = {
        text
        for query in ("VSA", "vidéosurveillance algorithmique", "CRA")
        for episode in find(archive, query).episodes
        for hit in episode.hits
        for text, is_match in hit.snippet
        if is_match
    }
    assert {"VSA", "vidéosurveillance", "algorithmique", "C.R.A.", "rétention"} <= marked
    assert all(hit.marks for each in find(archive, "VSA").episodes for hit in each.hits)


def test_the_answer_says_what_it_looked_for_too_and_who_says_so(archive: Archive) -> None:
    (also,) = find(archive, "VSA").interpretation.also
    assert (also.text, also.acronym, also.words) == (VSA, "VSA", VSA)
    assert (also.episode, also.show) == (f"{SHOW}/2024-01-01-dit", "")
    assert also.second == pytest.approx(0.9, abs=0.3)
    (also,) = find(archive, "centre de rétention").interpretation.also
    assert (also.text, also.show, also.title) == ("CRA", SHOW, "La Machine")
    (also,) = find(archive, "qpc").interpretation.also
    assert (also.episode, also.second) == (f"{SHOW}/2024-01-08-titre", None)


def test_two_meanings_are_both_told(archive: Archive) -> None:
    put(archive, "2024-02-01-velos", "La VSA, la vente sans alcool, plaît.")
    found = find(archive, "VSA")
    assert {each.text for each in found.interpretation.also} == {VSA, "vente sans alcool"}
    assert slugs(found)[-1] == "mots"


def test_a_plural_and_a_mishearing_are_no_second_meaning(archive: Archive) -> None:
    put(archive, "2024-02-01-deux", "Des vidéosurveillances algorithmiques (VSA).")
    put(archive, "2024-02-02-trois", "La vidéo surveillance algorithmique, la VSA, quoi.")
    put(archive, "2024-02-03-quatre", "On a vu des vidéosurveillances algorithmiques.")
    found = find(archive, "VSA")
    assert len(found.interpretation.also) == 1
    assert "quatre" in slugs(found)


def test_what_a_glossary_says_goes_before_what_is_said(archive: Archive) -> None:
    archive.write_show(Show(SHOW, "La Machine", glossary=(f"VSA={VSA}", "QPC = quand on parle ci")))
    (also,) = find(archive, "VSA").interpretation.also
    assert also.show == SHOW
    first, second = find(archive, "QPC").interpretation.also
    assert (first.text, second.text) == (
        "quand on parle ci",
        "question prioritaire de constitutionnalité",
    )


def test_acronyms_of_a_glossary_and_their_words_are_suggested(archive: Archive) -> None:
    index = indexed(archive)
    assert index.suggestions("cra") == ["CRA"]
    assert index.suggestions("centre")[0] == "centre de rétention"
    assert index.suggestions("beau")[0] == "Beaubrun"


def test_a_withdrawn_or_embargoed_episode_explains_nothing(archive: Archive) -> None:
    index = indexed(archive)
    episode = archive.episode(f"{SHOW}/2024-01-01-dit")
    archive.write_episode(dataclasses.replace(episode, status="withdrawn", reason="demande"))
    before = index.search("VSA")  # not refreshed yet
    assert (before.interpretation.also, slugs(before)) == ((), ["sigle"])
    tomorrow = dt.date.today() + dt.timedelta(days=9)
    archive.write_episode(dataclasses.replace(episode, status="embargoed", until=tomorrow))
    index.refresh()
    assert index.search("VSA").interpretation.also == ()


def test_what_an_index_learnt_is_learnt_again_from_the_files(archive: Archive) -> None:
    index = indexed(archive)
    before = index.search("VSA")
    index.refresh(rebuild=True)
    assert index.search("VSA") == before
    put(archive, "2024-01-01-dit", "Autre chose.")
    index.refresh()
    assert index.search("VSA").interpretation.also == ()


def test_mishearings_and_acronyms_go_together(archive: Archive) -> None:
    corrections = {"vessa": "VSA"}
    archive.write_show(Show(SHOW, "La Machine", corrections=corrections))
    put(archive, "2024-02-01-vessa", "Et puis la vessa.")
    assert slugs(find(archive, "VSA")) == ["sigle", "dit", "vessa", "mots"]


@pytest.mark.parametrize("said", [VSA, "vidéo surveillance algorithmique"])
@pytest.mark.parametrize("told", [VSA, "vidéo surveillance algorithmique"])
def test_a_name_in_two_words_or_three_is_that_of_its_acronym(
    tmp_path: Path, told: str, said: str
) -> None:
    archive = begun(tmp_path, "Ici", glossary=(f"VSA = {told}",))
    put(archive, "2024-01-01-sigle", "On parle de la VSA ici.")
    put(archive, "2024-01-02-mots", f"On parle de la {said} ici.")
    index = indexed(archive)
    spaced = ("video surveillance algorithmique", "vidéo surveillances algorithmiques")
    for query in ("VSA", "V.S.A.", VSA, *spaced, "vidéo-surveillance algorithmique"):
        assert len(index.search(query).episodes) == 2, query
