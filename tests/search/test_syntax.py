"""The signs that search knows; whatever else is typed is words."""

import datetime as dt
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Person, Show
from radio.search import Index, Order, SearchOptions
from radio.search.syntax import items, period
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.search.episodes import indexed
from tests.tables import for_each

CAMILLE = "Camille Durand"
SAID = {
    "2021-03-02-rue": (
        "Les caméras de la rue. La police écoute le quartier.",
        "Camille Durand",
        "ville",
    ),
    "2022-06-10-place": ("Les micros de la place. Le quartier se réunit.", "Noé", "micros"),
    "2023-01-15-gare": ("La vidéosurveillance de la gare, et la CNIL.", "Camille Durand", "ville"),
    "2023-09-30-radio": ("Une radio libre émet depuis le quartier.", "Zoé", "radios libres"),
}
RUE, PLACE, GARE, RADIO = SAID


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = Archive(Path(tmp_path_factory.mktemp("syntax")))
    archive.create()
    archive.write_show(Show("machine", "La Machine à découdre"))
    archive.write_show(Show("autre", "Une autre émission"))
    for slug, (text, person, tag) in SAID.items():
        show = "autre" if slug == RADIO else "machine"
        audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
        day = dt.date.fromisoformat(slug[:10])
        episode = Episode(show, slug, "§", day, audio, slug, people=(Person(person),), tags=(tag,))
        archive.write_episode(episode)
        half = text.index(" ", len(text) // 2)
        cues = (Cue(0.0, 4.0, text[:half]), Cue(4.0, 8.0, text[half + 1 :]))
        write_whole(archive.vtt_path(episode.key), render_vtt(Transcript(cues)).encode())
    return indexed(archive)


def found(index: Index, query: str, order: Order = "oldest") -> list[str]:
    return [
        each.key.partition("/")[2]
        for each in index.search(query, SearchOptions(order=order)).episodes
    ]


@for_each(
    ("query", "expected"),
    [
        ("quartier", [RUE, PLACE, RADIO]),
        ("quartier -police", [PLACE, RADIO]),
        ('quartier -"radio libre"', [RUE, PLACE]),
        ("caméras OU micros", [RUE, PLACE]),
        ("caméras OR micros OU radio", [RUE, PLACE, RADIO]),
        ('"la place" OU "la gare"', [PLACE, GARE]),
        ("quartier caméras OU micros", [RUE, PLACE]),
        ("vid*", [GARE]),
        ("vidéosurv*", [GARE]),
        ("camé* OU mic*", [RUE, PLACE]),
        ("personne:camille", [RUE, GARE]),
        ("personne:CAMILLE quartier", [RUE]),
        ('personne:"Camille Durand" gare', [GARE]),
        ("person:zoe", [RADIO]),
        ('mot-clé:"radios libres"', [RADIO]),
        ("tag:ville", [RUE, GARE]),
        ("émission:autre", [RADIO]),
        ("emission:decoudre quartier", [RUE, PLACE]),
        ("émission:nulle quartier", []),
        ("quartier avant:2022", [RUE]),
        ("quartier avant:2023-09", [RUE, PLACE]),
        ("quartier avant:2023-10", [RUE, PLACE, RADIO]),
        ("quartier après:2021", [PLACE, RADIO]),
        ("quartier apres:2021-03", [PLACE, RADIO]),
        ("après:2022-06-09 avant:2022-06-11", [PLACE]),
        ("quartier après:2023-09-29", [RADIO]),
        ('"police écoute"', [RUE]),
        ('"micros de la place" -gare', [PLACE]),
    ],
)
def test_signs(index: Index, query: str, expected: list[str]) -> None:
    assert found(index, query) == expected


@for_each(
    "query",
    [
        *("OU", "quartier OU", "OU quartier", "- quartier", "quartier *", "truc:quartier"),
        *("avant:hier", "personne:", '"quartier', "quartier -", "-- quartier", "a:b:c"),
        *(":quartier", "OU OU OU"),
    ],
)
def test_what_is_no_sign_is_words(index: Index, query: str) -> None:
    answer = index.search(query)
    assert answer.page == 1
    if "quartier" in query and ":" not in query:
        assert answer.total in (0, 3)


def test_orders(index: Index) -> None:
    assert found(index, "quartier", "newest") == [RADIO, PLACE, RUE]
    assert found(index, "quartier", "oldest") == [RUE, PLACE, RADIO]
    assert set(found(index, "quartier", "best")) == {RUE, PLACE, RADIO}


def test_facets(index: Index) -> None:
    facets = index.search("quartier").facets
    assert facets.shows == (("machine", 2), ("autre", 1))
    assert facets.years == ((2023, 1), (2022, 1), (2021, 1))
    assert facets.people == (("Camille Durand", 1), ("Noé", 1), ("Zoé", 1))
    assert dict(index.search("la").facets.tags) == {"ville": 2, "micros": 1}


@for_each(
    ("typed", "instead", "expected"),
    [
        ("camreas", "cameras", [RUE]),
        ("quartierr", "quartier", [RUE, PLACE, RADIO]),
        ("cammeras", "cameras", [RUE]),
        ("quartier", "", [RUE, PLACE, RADIO]),
        ("xylophone", "", []),
        ("gaer", "gare", [GARE]),
    ],
)
def test_a_word_that_is_nowhere_said(
    index: Index, typed: str, instead: str, expected: list[str]
) -> None:
    answer = index.search(typed, SearchOptions(order="oldest"))
    assert answer.instead == instead
    assert [each.key.partition("/")[2] for each in answer.episodes] == expected
    assert all(each.hits for each in answer.episodes)


def test_items() -> None:
    (group,) = items("personne:noé")
    assert [(each.field, each.text) for each in group] == [("person", "noé")]
    assert [each.is_negated for (each,) in items("saint-étienne -rue")] == [False, True]
    assert [each.is_quoted for (each,) in items("« la rue » “une place”")] == [True, True]


@for_each("text", ["2023-13", "0000", "2023-02-30", "hier", "12023", "2023-6-31"])
def test_no_dates(text: str) -> None:
    assert period(text) is None
