"""The title of an episode says one word, and its talk the other: both together find it."""

import datetime as dt
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Index, SearchOptions
from tests.search.episodes import begun, indexed, put
from tests.search.unmet import TITLE_AND_TALK, Expected, write_corpus
from tests.tables import for_each

FILLER = ["et pendant ce temps la musique continue doucement dans le studio"] * 8
PRISON, SCHOOL, TRAM = "2024-01-10-prison", "2024-02-10-ecole", "2024-03-10-tram"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = begun(Path(tmp_path_factory.mktemp("sidecars")), "La Machine")
    put(
        archive,
        PRISON,
        "Elle écrit des poèmes la nuit.",
        *FILLER,
        "Le parloir ferme à midi.",
        *FILLER,
        title="Ce que dit la prison",
        people=(Person("Camille Durand"),),
        tags=("justice",),
        description="Une visite à la maison d’arrêt de La Talaudière, avec des livres.",
    )
    put(
        archive,
        SCHOOL,
        "Les poèmes des enfants, et un mot sur la prison.",
        *FILLER,
        "La cantine ouvre à midi.",
        title="À l’école",
        people=(Person("Noé Martin"),),
    )
    put(archive, TRAM, "Le tram passe à midi.", title="Le tram et la prison de Bellevue")
    return indexed(archive)


def found(index: Index, query: str) -> dict[str, list[list[str]]]:
    """Give the words that are marked in each passage, by episode, best first."""
    return {
        each.key.partition("/")[2]: [
            [text for text, is_match in hit.snippet if is_match] for hit in each.hits
        ]
        for each in index.search(query, SearchOptions(as_typed=True)).episodes
    }


@for_each(
    ("query", "marked"),
    [
        ("prison parloir", {PRISON: [["parloir"]]}),
        ("parloirs prisons", {PRISON: [["parloir"]]}),
        ("camille parloir", {PRISON: [["parloir"]]}),
        ("justice parloir", {PRISON: [["parloir"]]}),
        ("talaudière parloir", {PRISON: [["parloir"]]}),
        ("camille prison parloir midi", {PRISON: [["parloir", "midi"]]}),
        ("école cantine", {SCHOOL: [["cantine"]]}),
        ("prison poèmes", {SCHOOL: [["poèmes", "prison"]], PRISON: [["poèmes"]]}),
        ("prison midi", {PRISON: [["midi"]], TRAM: [["midi"]]}),
        ("prison écrire -cantine", {PRISON: [["écrit"]]}),
        ('"la prison" parloir', {PRISON: [["parloir"]]}),
        ("prison parloir personne:noé", {}),
        ("prison camille", {PRISON: []}),  # all in the sidecar: no passage says any of it
        ("tram bellevue", {TRAM: [["tram"]]}),  # all too, and a passage says some of it
        ("école parloir", {}),
    ],
)
def test_title_and_talk_are_met_together(
    index: Index, query: str, marked: dict[str, list[list[str]]]
) -> None:
    assert found(index, query) == marked


def test_passages_that_say_every_word_come_first(index: Index) -> None:
    assert list(found(index, "prison poèmes")) == [SCHOOL, PRISON]


def test_the_words_of_the_title_are_marked_in_it(index: Index) -> None:
    (episode,) = index.search("prison parloir").episodes
    assert episode.heading == (("Ce que dit la ", False), ("prison", True))
    assert episode.told == ()


@for_each(
    ("query", "told"),
    [
        ("camille parloir", "Camille Durand"),
        ("justice parloir", "justice"),
        ("livres parloir", "Une visite à la maison d’arrêt de La Talaudière, avec des livres."),
        ("talaudière", "Une visite à la maison d’arrêt de La Talaudière, avec des livres."),
    ],
)
def test_what_else_of_the_sidecar_matches_is_quoted(index: Index, query: str, told: str) -> None:
    (episode,) = index.search(query).episodes
    (snippet,) = episode.told
    assert "".join(text for text, _ in snippet) == told
    assert [text.lower() for text, is_match in snippet if is_match] == [query.split(maxsplit=1)[0]]


def test_every_view_agrees(index: Index) -> None:
    query = "prison parloir"
    (episode,) = index.search(query, SearchOptions(whole=True)).episodes
    assert [each.start for each in episode.hits] == [
        each.start for each in index.search(query).episodes[0].hits
    ]
    assert list(index.mentions(query)) == [dt.date(2024, 1, 1)]
    batches = list(index.batches(query, SearchOptions(whole=True), 10))
    assert batches == [(episode,)]


def test_a_word_in_too_many_titles_tells_none_from_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = begun(tmp_path, "La Machine")
    for number in range(1, 6):
        put(archive, f"2024-01-0{number}-x", "On parle de tout.", title="Émission du soir")
    put(archive, "2024-02-01-y", "Un hérisson traverse.", title="Émission sur la nuit")
    index = indexed(archive)
    assert list(found(index, "émission hérisson")) == ["2024-02-01-y"]
    monkeypatch.setattr("radio.search.compiler.MOST_EPISODES", 4)
    assert found(index, "émission hérisson") == {}
    assert list(found(index, "nuit hérisson")) == ["2024-02-01-y"]


@pytest.mark.parametrize("expected", TITLE_AND_TALK, ids=lambda each: each.query)
def test_a_title_counts_where_words_are_left_out(tmp_path: Path, expected: Expected) -> None:
    archive = Archive(tmp_path)
    write_corpus(archive)
    index = indexed(archive)
    results = index.search(expected.query)
    assert results.episodes[0].key.endswith(expected.first)
    assert results.interpretation.without == expected.without
