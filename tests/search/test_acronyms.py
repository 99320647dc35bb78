"""Acronyms and their words: learnt from texts and glossaries, found one by the other."""

import dataclasses
import datetime as dt
import re
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.archive.episode import Show
from radio.french.letters import fold
from radio.search import Index, Results, SearchOptions
from radio.search.acronyms import MOST_COMPARED, Explanation, Meanings, find_explanations
from radio.search.query import parse
from tests.search import episodes
from tests.search.episodes import SHOW, begun, indexed, marked, put
from tests.search.lists import lines, rows
from tests.tables import check

VSA = "vidéosurveillance algorithmique"
QPC = "question prioritaire de constitutionnalité"


def test_an_acronym_is_learnt_with_its_words_and_no_meaning_is_invented() -> None:
    for text, acronym, words in rows("acronyms", "explained"):
        (told,) = find_explanations(text)
        assert (told.acronym, told.words) == (acronym, words)
        assert text[told.start :].startswith((acronym, words, ".".join(acronym)))
    check((text, list(find_explanations(text)), []) for text in lines("acronyms", "unexplained"))


FRAGMENTS = (
    *("VSA", "la VSA", "(VSA)", "C.N.I.L.", "l’IA", "une CAF", ",", "(", ")", ".", "ou", "dite"),
    *("la caisse", "d’allocations", "familiales", "des vélos", "sur algorithme", "nos", "est"),
    *("la vidéosurveillance", "algorithmique", "l’intelligence", "artificielle", "anti-Cantal"),
)


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=30))
def test_every_letter_of_an_acronym_is_in_its_words(parts: list[str]) -> None:
    text = " ".join(parts)
    for told in find_explanations(text):
        assert told.words in text
        letters = iter(fold(told.words.lower()))
        assert all(letter in letters for letter in told.acronym.lower())
        initials = {fold(word.lower())[0] for word in re.findall(r"\w+", told.words)}
        assert told.acronym[0].lower() in initials


def test_a_hostile_text_costs_little(monkeypatch: pytest.MonkeyPatch) -> None:
    began = time.process_time()  # 0.2 s where each acronym looks no further than it must
    assert list(find_explanations("DDDDDDDD, " + "de d " * 40_000 + "(DDDDDDDD) " * 4_000)) == []
    assert time.process_time() - began < 5
    compared = Counter[str]()

    def count(one: str, other: str) -> float:
        compared[one] += 1
        return 0.0

    monkeypatch.setattr("radio.search.acronyms.likeness", count)
    every = [Explanation("VSA", f"vélo sans air {n}", times=n + 1) for n in range(1_000)]
    (*told,) = Meanings(every).find(parse("VSA").clauses, "VSA")
    assert [each.meaning[0].words[-3:] for each in told] == ["999", "998", "997"]
    assert compared.total() <= MOST_COMPARED**2


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


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return explain(tmp_path)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(explain(Path(tmp_path_factory.mktemp("acronyms"))))


def slugs(results: Results) -> list[str]:
    return [slug[11:] for slug in episodes.slugs(results)]


def test_an_acronym_and_its_words_find_each_other_below_what_was_typed(index: Index) -> None:
    for query, *wanted in rows("acronyms", "also"):
        results = index.search(query)
        assert (slugs(results), bool(results.interpretation.also)) == (wanted, True), query
    for query, *wanted in rows("acronyms", "as typed"):
        results = index.search(query)
        assert sorted(slugs(results)) == sorted(wanted), query
        assert not results.interpretation.also, query
    results = index.search("VSA", SearchOptions(as_typed=True))
    assert (slugs(results), bool(results.interpretation)) == (["sigle", "dit"], False)
    found = [each for query in ("VSA", VSA, "CRA") for each in index.search(query).episodes]
    met = {"VSA", "vidéosurveillance", "algorithmique", "C.R.A.", "rétention"}
    assert met <= set(marked(*found))
    assert all(hit.marks for each in found for hit in each.hits)


def test_the_answer_says_what_it_looked_for_too_and_names_are_suggested(index: Index) -> None:
    (also,) = index.search("VSA").interpretation.also
    assert (also.text, also.acronym, also.words) == (VSA, "VSA", VSA)
    assert (also.episode, also.show) == (f"{SHOW}/2024-01-01-dit", "")
    assert also.second == pytest.approx(0.9, abs=0.3)
    (also,) = index.search("centre de rétention").interpretation.also
    assert (also.text, also.show, also.title) == ("CRA", SHOW, "La Machine")
    (also,) = index.search("qpc").interpretation.also
    assert (also.episode, also.second) == (f"{SHOW}/2024-01-08-titre", None)
    assert index.suggestions("cra") == ["CRA"]
    assert index.suggestions("centre")[0] == "centre de rétention"
    assert index.suggestions("beau")[0] == "Beaubrun"


def test_plurals_and_mishearings_share_a_meaning_and_another_is_told(archive: Archive) -> None:
    glossary = ("CRA = centre de rétention",)
    archive.write_show(Show(SHOW, "La Machine", corrections={"vessa": "VSA"}, glossary=glossary))
    put(archive, "2024-02-01-cras", "Deux centres de rétention ferment. Et puis la vessa.")
    put(archive, "2024-02-02-sans", "La rétention du centre ferme.")
    put(archive, "2024-02-03-deux", "Des vidéosurveillances algorithmiques (VSA).")
    put(archive, "2024-02-04-trois", "La vidéo surveillance algorithmique, la VSA, quoi.")
    put(archive, "2024-02-05-quatre", "On a vu des vidéosurveillances algorithmiques.")
    index = indexed(archive)
    assert slugs(index.search("CRA")) == ["cra", "lieu", "cras"]
    plural = index.search("centres de rétention")
    assert slugs(plural)[-1] == "cra" and plural.interpretation.also[0].text == "CRA"
    assert {"centres", "centre", "rétention"} <= set(marked(*index.search("CRA").episodes))
    found = index.search("VSA")
    assert len(found.interpretation.also) == 1
    assert {"cras", "quatre"} <= set(slugs(found))
    put(archive, "2024-02-06-velos", "La VSA, la vente sans alcool, plaît.")
    found = indexed(archive).search("VSA")
    assert {"vente sans alcool"} < {each.text for each in found.interpretation.also}


def test_what_a_glossary_says_goes_before_what_is_said(archive: Archive) -> None:
    archive.write_show(Show(SHOW, "La Machine", glossary=(f"VSA={VSA}", "QPC = quand on parle ci")))
    index = indexed(archive)
    assert [each.show for each in index.search("VSA").interpretation.also] == [SHOW]
    told = [each.text for each in index.search("QPC").interpretation.also]
    assert told == ["quand on parle ci", QPC]


def test_a_withdrawn_or_embargoed_episode_explains_nothing(archive: Archive) -> None:
    index = indexed(archive)
    before = index.search("VSA")
    index.refresh(rebuild=True)
    assert index.search("VSA") == before, "what was learnt is learnt again from the files"
    episode = archive.episode(f"{SHOW}/2024-01-01-dit")
    archive.write_episode(dataclasses.replace(episode, status="withdrawn", reason="demande"))
    before = index.search("VSA")  # not refreshed yet
    assert (before.interpretation.also, slugs(before)) == ((), ["sigle"])
    later = dt.datetime.now() + dt.timedelta(days=9)
    archive.write_episode(dataclasses.replace(episode, status="embargoed", until=later))
    index.refresh()
    assert index.search("VSA").interpretation.also == ()
    put(archive, "2024-01-01-dit", "Autre chose.")
    index.refresh()
    assert index.search("VSA").interpretation.also == ()


@pytest.mark.parametrize("said", [VSA, "vidéo surveillance algorithmique"])
@pytest.mark.parametrize("told", [VSA, "vidéo surveillance algorithmique"])
def test_a_name_in_several_words_has_its_acronym(tmp_path: Path, told: str, said: str) -> None:
    archive = begun(tmp_path, "Ici", glossary=(f"VSA = {told}",))
    put(archive, "2024-01-01-sigle", "On parle de la VSA ici.")
    put(archive, "2024-01-02-mots", f"On parle de la {said} ici.")
    index = indexed(archive)
    spaced = ("video surveillance algorithmique", "vidéo surveillances algorithmiques")
    for query in ("VSA", "V.S.A.", VSA, *spaced, "vidéo-surveillance algorithmique"):
        assert len(index.search(query).episodes) == 2, query
