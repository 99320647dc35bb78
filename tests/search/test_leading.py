"""What leads to a query or on from it: names, words to try, months, likenesses, words mended."""

import dataclasses
import datetime as dt
from pathlib import Path

import feedparser
import pytest

from radio.archive import Archive
from radio.archive.episode import Person
from radio.french.dates import MONTHS
from radio.search import Index, SearchOptions
from radio.search.french import forms
from radio.search.widening import EXACT_ONLY
from radio.web.site import create_app
from tests.search.episodes import SHOW, begun, indexed, marked, put, slugs
from tests.search.lists import rows
from tests.tables import check
from tests.visits import text

FILLER = ["et pendant ce temps la musique continue doucement dans le studio"] * 12
TALKS = {
    "La carte des caméras": "Les caméras de Beaubrun ont une carte.",
    "Le compteur Linky": "Le compteur Linky compte, et les caméras aussi.",
    "Un jardin": "Le jardin est vendu, dit la CAF.",
    "Le secret de Polichinelle": "Un secret que personne ne dit : Polichinelle.",
    "Une licorne": "De cet animal nul ne parle.",
}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return begun(tmp_path, "Émission du jardin", glossary=("CAF", "Absente"))


def test_names_then_frequent_words_are_suggested(archive: Archive) -> None:
    people = (Person("Camille Durand"), Person("Élodie Noël"))
    put(archive, "2024-01-01-x", *["les caméras de l’école"] * 3, people=people, tags=("ville",))
    put(archive, "2024-01-02-y", "une caméra", title="Les écoles", people=people[:1])
    index = indexed(archive)
    assert index.suggestions("cam")[0] == "Camille Durand"
    assert {"caméra", "caméras"} <= set(index.suggestions("cam"))
    assert index.suggestions("")[:2] == ["CAF", "Absente"]
    wanted = {"ELO": ["Élodie Noël"], "caf": ["CAF"], "zzz": []}
    wanted |= {"eco": ["Les écoles", "école"], "les éco": ["Les écoles", "les école"]}
    check((typed, index.suggestions(typed), names) for typed, names in wanted.items())


def test_suggestions_do_not_depend_on_the_order_of_indexing(tmp_path: Path) -> None:
    forth, back = begun(tmp_path / "forth", "La Machine"), begun(tmp_path / "back", "La Machine")
    for archive, turns in ((forth, (1, 2, 3)), (back, (3, 2, 1))):
        for turn in turns:
            people = (Person(f"Personne {turn}"), Person(f"Autre {turn}"))
            put(archive, f"202{turn}-01-01-x", "bonsoir", people=people, title=f"Titre {turn}")
            Index(archive).refresh()
    given = Index(forth).suggestions("")
    assert given == Index(back).suggestions("") and len(given) == 9
    assert given[-3:] == ["Titre 3", "Titre 2", "Titre 1"]


def test_words_to_try_are_said_and_are_no_secret(archive: Archive) -> None:
    assert indexed(archive).examples() == []
    for day, (title, said) in enumerate(TALKS.items(), 1):
        put(archive, f"2024-01-{day:02d}-x", said, title=title)
    index = indexed(archive)
    assert {"CAF", "Linky", "caméras", "Polichinelle"} <= set(index.examples(9))
    assert not {"Absente", "licorne", "jardin"} & set(index.examples(9))
    secret = archive.episode(f"{SHOW}/2024-01-04-x")
    archive.write_episode(dataclasses.replace(secret, status="withdrawn"))  # not refreshed yet
    words = index.examples(9)
    assert not {"Polichinelle", "secret"} & set(words)
    assert all(index.search(word).episodes[0].hits for word in words)
    assert len(index.examples()) == 4


def test_passages_are_counted_by_month(archive: Archive) -> None:
    for day, times in (("2023-11-30", 1), ("2023-12-05", 2), ("2023-12-06", 1), ("2024-02-01", 1)):
        put(archive, f"{day}-x", *["une caméra", *FILLER] * times, title="caméra")
    index, months = indexed(archive), [(2023, 11), (2023, 12), (2024, 2)]
    counted = index.mentions("caméra")
    assert list(counted) == [dt.date(*month, 1) for month in months]
    assert list(counted.values()) == [1, 3, 1], "passages, not titles"
    assert index.mentions("caméra", SearchOptions(show="autre")) == index.mentions("") == {}


TOPICS = {
    "2024-01-01-cameras": "les caméras de vidéosurveillance filment la place publique jour et nuit",
    "2024-02-01-algorithmes": "un algorithme de vidéosurveillance trie les passants de la place",
    "2024-03-01-pain": "la farine et le levain donnent un pain au goût de noisette",
    "2024-04-01-four": "au four, le levain et la farine deviennent du pain doré",
}


def test_related_episodes_speak_of_the_same(archive: Archive) -> None:
    assert Index(archive).related(put(archive, "2023-01-01-seule", "bonsoir")) == ()
    for slug, said in TOPICS.items():
        put(archive, slug, *[said, *FILLER] * 3)
    index = indexed(archive)
    alike = {slug: index.related(f"{SHOW}/{slug}", 1)[0] for slug in TOPICS}
    cameras, algorithms, bread, oven = TOPICS
    found = {slug: each.key.partition("/")[2] for slug, each in alike.items()}
    assert found == {cameras: algorithms, algorithms: cameras, bread: oven, oven: bread}
    assert {"levain", "farine"} <= set(marked(alike[bread]))
    assert index.related(f"{SHOW}/2024-01-01-nulle") == ()


def test_a_jingle_and_words_of_any_subject_relate_nothing(archive: Archive) -> None:
    jingle = "Bienvenue sur nos ondes libres et sonores, chers auditeurs fidèles."
    own = {
        "a": "du levain, de la farine",
        "b": "des drones, la préfecture",
        "c": "le train de nuit",
    }
    for place, (name, said) in enumerate([*own.items(), *zip("defgh", "vwxyz", strict=True)]):
        has_been = "cela a été dit, il a été là" if name in own else "bonsoir"
        put(archive, f"2024-01-{place + 1:02d}-{name}", jingle, *FILLER, said, has_been, *FILLER)
    index = indexed(archive)
    related = {name: index.related(f"{SHOW}/2024-01-0{n}-{name}") for n, name in enumerate(own, 1)}
    assert related == dict.fromkeys(own, ())


FIRST = "2024-01-16-un"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    made = begun(Path(tmp_path_factory.mktemp("mended")), "La Machine")
    said = "La maison des caméras, au mois de mai, avec des marts et des mares."
    put(made, FIRST, said, title="§")
    said = "Au printemps de mars 2025, la loi de 2023 et la loi 78-17."
    put(made, "2025-03-18-deux", said, title="§")
    put(made, "2025-06-17-trois", "Treize drones, seize voisins, le G7 et la 5G.", title="§")
    return indexed(made)


def test_a_month_is_never_taken_for_a_word_that_is_written_almost_so(archive: Archive) -> None:
    put(archive, FIRST, "Maison, un marais, un moi, une plume, un jeu, une livre, douce, sente.")
    index = indexed(archive)
    assert index.search("maisom").interpretation.instead == "maison"
    check((word, index.search(word).interpretation.instead, "") for word in EXACT_ONLY)
    known = [set(forms(month)) for month in MONTHS["fr"]]
    assert all(not one & other for one in known for other in known if one is not other)


def test_a_whole_query_is_mended_and_no_number_answers_for_another(index: Index) -> None:
    for typed, instead, found, without in rows("mended", "asked"):
        answer = index.search(typed)
        told = answer.interpretation.instead, " ".join(answer.interpretation.without)
        assert told == (instead, without), typed
        assert [slug[11:] for slug in slugs(answer)] == found.split(), typed
        assert all(each.hits for each in answer.episodes), typed


def test_each_page_tells_it_and_the_query_as_typed_is_one_link_away(index: Index) -> None:
    site = create_app(index._archive, index, base_url="https://radio.example").test_client()
    nothing, views = "Rien n’a été trouvé", ("", "/listen", "/words", "/months")
    for page, query, mended, place, none in (
        *((f"/search{view}", "camras+maison", "cameras maison", "", nothing) for view in views),
        (f"/shows/{SHOW}/{FIRST}", "camras", "cameras »", "#found", "n’a pas été trouvé"),
    ):
        given = site.get(f"{page}?q={query}")
        assert f"Résultats pour « {mended}" in text(given), page
        assert f'"{page}?q={query}&amp;exact=1{place}"' in given.text, page
        typed = text(site.get(f"{page}?q={query}&exact=1"))
        assert "Mot introuvable" not in typed and none in typed, page
    feed = feedparser.parse(site.get("/search.xml?q=camras").data)
    assert "Résultats pour «\N{NO-BREAK SPACE}cameras" in feed.feed.description
    assert "https://radio.example/search.xml?q=camras&amp;exact=1" in feed.feed.description
    exact = feedparser.parse(site.get("/search.xml?q=camras&exact=1").data)
    assert (len(feed.entries), len(exact.entries)) == (1, 0)
    answer = site.get("/api/v1/search?q=camras&sort=newest").get_json()
    assert (answer["instead"], answer["total"]) == ("cameras", 1)
    assert site.get(answer["as_typed"]).get_json()["total"] == 0
    said = site.get("/api/v1/search?q=maison").get_json()
    assert (said["instead"], said["as_typed"]) == (None, None)
