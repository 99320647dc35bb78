"""The signs that a search knows, and filters: by person, tag, show, day, voice and length."""

from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient

from radio.archive.episode import Person, Show
from radio.search import Index, SearchOptions
from radio.search.results import Order
from radio.web.site import create_app
from tests.search.debate import DEBATE, write_voices
from tests.search.episodes import SHOW, begun, indexed, put, slugs
from tests.search.lists import rows
from tests.visits import Links, text

SAID = {
    "2021-03-02-rue": ("Les caméras de la rue. La police écoute le quartier.", "Camille", "ville"),
    "2022-06-10-place": ("Les micros de la place. Le quartier se réunit.", "Noé", "micros"),
    "2023-01-15-gare": ("La vidéosurveillance de la gare, et la CNIL.", "Camille", "ville"),
    "2023-09-30-radio": ("Une radio libre émet depuis le quartier.", "Zoé", "radios libres"),
}
RUE, PLACE, GARE, RADIO = SAID


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = begun(Path(tmp_path_factory.mktemp("signs")), "La Machine à découdre")
    archive.write_show(Show("autre", "Une autre émission"))
    for slug, (said, person, tag) in SAID.items():
        people, show = (Person(f"{person} Durand"),), "autre" if slug == RADIO else SHOW
        put(archive, slug, said, title="§", show=show, people=people, tags=(tag,))
    return indexed(archive)


def found(index: Index, query: str, order: Order = "oldest") -> list[str]:
    return slugs(index.search(query, SearchOptions(order=order)))


def test_signs(index: Index) -> None:
    for query, *wanted in rows("signs", "asked"):
        assert [slug[11:] for slug in found(index, query)] == wanted, query


def test_orders_and_facets(index: Index) -> None:
    assert found(index, "quartier", "newest") == [RADIO, PLACE, RUE]
    assert set(found(index, "quartier", "best")) == {RUE, PLACE, RADIO}
    facets = index.search("quartier").facets
    assert facets.shows == ((SHOW, 2), ("autre", 1))
    assert facets.years == ((2023, 1), (2022, 1), (2021, 1))
    assert facets.people == (("Camille Durand", 1), ("Noé Durand", 1), ("Zoé Durand", 1))
    assert dict(index.search("la").facets.tags) == {"ville": 2, "micros": 1}


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return indexed(write_voices(Path(tmp_path_factory.mktemp("voices"))))


@pytest.fixture(scope="module")
def client(voices: Index) -> FlaskClient:
    return create_app(voices._archive, voices, base_url="https://radio.example").test_client()


def test_a_voice_is_found_by_what_it_says_and_an_episode_by_its_length(voices: Index) -> None:
    for query, *wanted in rows("voices", "asked"):
        results = voices.search(query, SearchOptions(as_typed=True, order="oldest"))
        times = [[f"{hit.start:.0f}" for hit in each.hits] for each in results.episodes]
        found = zip(slugs(results), times, strict=True)
        assert [" ".join([slug, *each]) for slug, each in found] == wanted, query
    (episode,) = voices.search("caméras voix:camille", SearchOptions(whole=True)).episodes
    marks = [[mark.cue for mark in hit.marks] for hit in episode.hits]
    assert marks == [[1]], "no word of another voice"


def test_the_page_offers_voices_and_lengths(client: FlaskClient) -> None:
    page = client.get("/search?q=caméras")
    assert "Dit par Noé Camille Durand Durée moins de 15 min 1 de 15 min à 30 min 1" in text(page)
    links = [link for link in Links(page.text).found if "dur%C3%A9e" in link or "voix" in link]
    assert len(links) == 5
    for link in links:
        assert "1 épisode pour" in text(client.get(link)), link


def test_the_api_and_the_feed_filter_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", query_string={"q": "caméras voice:camille"}).get_json()
    assert [each["key"] for each in answer["episodes"]] == [f"{SHOW}/{DEBATE}"]
    assert answer["facets"]["lengths"] == [{"value": 900, "episodes": 1}]
    assert {"value": "Noé", "episodes": 1} in answer["facets"]["voices"]
    feed = feedparser.parse(client.get("/search.xml?q=caméras+durée:>30").data)
    assert [each.title.partition(" –")[0] for each in feed.entries] == ["Le titre long"]


def test_a_voice_stays_with_its_episode_when_that_moves(tmp_path: Path) -> None:
    archive = write_voices(tmp_path)
    index = indexed(archive)
    archive.write_show(Show("autre", "Autre"))
    for path in [*archive.media.glob(f"{SHOW}/{DEBATE}*"), archive.vtt_path(f"{SHOW}/{DEBATE}")]:
        target = path.parent.parent / "autre" / path.name
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
    index.refresh()
    for query in ("voix:camille", "caméras voix:camille"):
        assert [each.key for each in index.search(query).episodes] == [f"autre/{DEBATE}"]
