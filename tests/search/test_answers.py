"""What search answers beside pages of passages: mishearings, places, months, likenesses, names."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Index, SearchOptions
from tests.search.episodes import SHOW, begun, indexed, put
from tests.tables import for_each

CORRECTIONS = {
    "Bobran": "Beaubrun",
    "beau brin": "Beaubrun",
    "la kni": "la CNIL",
    "quadra tour du net": "Quadrature du Net",
    "Saint Tienne": "Saint-Étienne",
}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return begun(tmp_path, "La Machine", glossary=("CNIL",), corrections=CORRECTIONS)


def slugs(index: Index, query: str, wanted: SearchOptions = SearchOptions()) -> list[str]:  # noqa: B008 (frozen)
    return [each.key.partition("/")[2] for each in index.search(query, wanted).episodes]


@for_each(
    ("query", "said"),
    [
        ("Beaubrun", "le quartier de Bobran ce soir"),
        ("beaubrun quartier", "le quartier de Bobran ce soir"),
        ('"Beaubrun"', "un beau brin de quartier"),
        ("CNIL", "ce que dit la kni là-dessus"),
        ("Saint-Étienne", "on vit à Saint Tienne depuis"),
        ("saint-etienne", "on vit à Saint Tienne depuis"),
        ("Quadrature du Net", "avec la quadra tour du net en direct"),
        ('"quadrature du net"', "avec la quadra tour du net en direct"),
    ],
)
def test_a_name_finds_its_mishearings(archive: Archive, query: str, said: str) -> None:
    put(archive, "2024-01-01-entendu", said)
    put(archive, "2024-01-02-autre", "rien de tout cela, un brin beau, un tour")
    index = indexed(archive)
    assert slugs(index, query) == ["2024-01-01-entendu"]
    (found,) = index.search(query).episodes
    assert any(marked for _, marked in found.hits[0].snippet)


def test_the_name_itself_comes_first(archive: Archive) -> None:
    put(archive, "2024-01-09-entendu", "le quartier de Bobran ce soir")
    put(archive, "2024-01-01-juste", "le quartier de Beaubrun ce soir")
    assert slugs(Index(archive), "Beaubrun") == ["2024-01-01-juste", "2024-01-09-entendu"]


def test_a_mishearing_does_not_find_the_name(archive: Archive) -> None:
    put(archive, "2024-01-01-juste", "le quartier de Beaubrun ce soir")
    assert slugs(Index(archive), "beau brin") == []


FILLER = ["et pendant ce temps la musique continue doucement dans le studio"] * 12


def test_every_place_of_a_word_in_order(archive: Archive) -> None:
    texts = [*FILLER, "une caméra puis deux caméras", *FILLER, "encore des caméras ici", *FILLER]
    key = put(archive, "2024-01-01-longue", *texts)
    (found,) = Index(archive).search("caméra", SearchOptions(whole=True)).episodes
    assert [hit.in_context[1] for hit in found.hits] == ["caméra", "caméras", "caméras"]
    assert [hit.start for hit in found.hits] == pytest.approx([61, 63, 127], abs=1)
    assert found.key == key


def test_several_words_have_one_place_a_passage(archive: Archive) -> None:
    put(archive, "2024-01-01-x", "une caméra dans la ville et une caméra dans la ville")
    (found,) = Index(archive).search("ville caméra", SearchOptions(whole=True)).episodes
    assert len(found.hits) == 1


def test_a_phrase_is_one_place(archive: Archive) -> None:
    put(archive, "2024-01-01-x", "la reconnaissance", "faciale, la reconnaissance faciale")
    query = '"reconnaissance faciale"'
    (found,) = Index(archive).search(query, SearchOptions(whole=True)).episodes
    assert [hit.in_context[1] for hit in found.hits] == ["reconnaissance faciale"] * 2


def test_the_places_of_one_episode(archive: Archive) -> None:
    key = put(archive, "2024-01-01-x", "une caméra")
    put(archive, "2024-01-02-y", "une caméra")
    assert slugs(Index(archive), "caméra", SearchOptions(episode=key)) == ["2024-01-01-x"]


def test_passages_beyond_the_best_are_counted(archive: Archive) -> None:
    put(archive, "2024-01-01-x", *["on parle encore de caméras dans le quartier ce soir"] * 300)
    (found,) = Index(archive).search("caméras").episodes
    assert len(found.hits) <= 10
    assert found.more > 20


def test_months(archive: Archive) -> None:
    for day, times in (("2023-11-30", 1), ("2023-12-05", 2), ("2023-12-06", 1), ("2024-02-01", 1)):
        put(archive, f"{day}-x", *[*["une caméra", *FILLER] * times], title="caméra")
    counted = Index(archive).mentions("caméra")
    months = [(2023, 11), (2023, 12), (2024, 2)]
    assert [(month.year, month.month, month.day) for month in counted] == [
        (*month, 1) for month in months
    ]
    assert list(counted.values()) == [1, 3, 1], "passages, not titles"
    assert Index(archive).mentions("caméra", SearchOptions(show="autre")) == {}
    assert Index(archive).mentions("") == {}


TOPICS = {
    "2024-01-01-cameras": "les caméras de vidéosurveillance filment la place publique jour et nuit",
    "2024-02-01-algorithmes": "un algorithme de vidéosurveillance trie les passants de la place",
    "2024-03-01-pain": "la farine et le levain donnent un pain au goût de noisette",
    "2024-04-01-four": "au four, le levain et la farine deviennent du pain doré",
}


def test_related_episodes_speak_of_the_same(archive: Archive) -> None:
    for slug, text in TOPICS.items():
        put(archive, slug, *[text, *FILLER] * 3)
    index = Index(archive)
    alike = {slug: index.related(f"{SHOW}/{slug}", 1)[0] for slug in TOPICS}
    cameras, algorithms, bread, oven = TOPICS
    found = {slug: each.key.partition("/")[2] for slug, each in alike.items()}
    assert found == {cameras: algorithms, algorithms: cameras, bread: oven, oven: bread}
    marked = {text for text, is_match in alike[bread].hits[0].snippet if is_match}
    assert {"levain", "farine"} <= marked


def test_nothing_is_related_to_what_is_alone(archive: Archive) -> None:
    key = put(archive, "2024-01-01-x", "bonsoir")
    assert Index(archive).related(key) == ()
    assert Index(archive).related("machine/2024-01-01-nulle") == ()


def suggested(archive: Archive, typed: str) -> Sequence[str]:
    return Index(archive).suggestions(typed)


def test_suggestions(archive: Archive) -> None:
    people = (Person("Camille Durand"), Person("Élodie Noël"))
    put(archive, "2024-01-01-x", *["les caméras de l’école"] * 3, people=people, tags=("ville",))
    put(archive, "2024-01-02-y", "une caméra", title="Les écoles", people=people[:1])
    assert suggested(archive, "cam")[0] == "Camille Durand"
    assert {"caméra", "caméras"} <= set(suggested(archive, "cam"))
    assert suggested(archive, "ELO") == ["Élodie Noël"]
    assert suggested(archive, "cni") == ["CNIL"]
    assert suggested(archive, "eco") == ["Les écoles", "école"]
    assert suggested(archive, "les éco") == ["Les écoles", "les école"]
    assert suggested(archive, "zzz") == []
    assert suggested(archive, "")[:2] == ["CNIL", "Camille Durand"]


def test_suggestions_do_not_depend_on_the_order_of_indexing(tmp_path: Path) -> None:
    given = []
    for name, turns in (("forth", (1, 2, 3)), ("back", (3, 2, 1))):
        archive = begun(tmp_path / name, "La Machine")
        for turn in turns:
            people = (Person(f"Personne {turn}"), Person(f"Autre {turn}"))
            put(archive, f"202{turn}-01-01-x", "bonsoir", people=people, title=f"Titre {turn}")
            Index(archive).refresh()
        given.append(suggested(archive, ""))
    assert given[0] == given[1] and len(given[0]) == 9
    assert given[0][-3:] == ["Titre 3", "Titre 2", "Titre 1"]


PHRASES = [
    ("La ville installe la reconnaissance", "faciale sans débat."),
    ("Il y a deux mille", "dix-neuf caméras."),
    ("Ils écoutent l’", "école du quartier."),
    ("Le droit à l’image", "et à l’oubli."),
    ("Le conseil", "d’État a tranché."),
    ("Saint-Étienne", "installe des micros."),
    ("Qui surveille les", "surveillants ?"),
    ("Bonsoir à toutes et à", "tous."),
]


def test_phrases_across_cues(archive: Archive) -> None:
    """The last word of a cue and the first of the next are a phrase, wherever a passage ends."""
    for number, (first, second) in enumerate(PHRASES, 1):
        for ahead in range(7):
            slug = f"2024-{number:02}-0{ahead + 1}-x"
            put(archive, slug, *FILLER[:ahead], first, second, *FILLER)
        put(archive, f"2024-{number:02}-20-non", second, *FILLER[:2], first)
    index = Index(archive)
    for number, (first, second) in enumerate(PHRASES, 1):
        query = f'"{first.rsplit(maxsplit=1)[-1]} {second.split(maxsplit=1)[0]}"'
        found = {each.key[8:18]: each.hits[0].start for each in index.search(query).episodes}
        places = {f"2024-{number:02}-0{ahead + 1}": 5.0 * ahead for ahead in range(7)}
        assert found.keys() == places.keys(), query
        assert all(0 <= found[day] - start < 5 for day, start in places.items()), query
