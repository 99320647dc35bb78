"""Filters by voice and by length: who says it, and how long the episode lasts."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show
from radio.search import Index, SearchOptions
from radio.search.syntax import lengths
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt
from radio.web.site import create_app
from tests.search.episodes import indexed
from tests.tables import for_each
from tests.visits import Links, text

TALK, SHORT, LONG = "2024-01-10-debat", "2024-02-10-court", "2024-03-10-long"
SAID: dict[str, tuple[float, Sequence[tuple[str, str]]]] = {  # seconds, voice and text
    TALK: (
        1500.0,
        (
            ("Camille Durand", "Les caméras filment la place."),
            ("Noé", "Et le parloir de la prison ?"),
            ("Camille Durand", "Je ne sais pas."),
            ("Voix 3", "Un drone passe au-dessus des caméras."),
        ),
    ),
    SHORT: (300.0, (("Noé", "Des caméras partout, dit Noé."), ("", "Le drone, dit quelqu’un."))),
    LONG: (5400.0, (("", "Personne ne nomme qui parle des caméras ni du drone."),)),
}


BY_VOICE: list[tuple[str, dict[str, list[float]]]] = [
    ("caméras voix:camille", {TALK: [0]}),
    ('caméras voix:"camille durand"', {TALK: [0]}),
    ("caméras voix:durand", {TALK: [0]}),
    ("cameras voice:CAMILLE", {TALK: [0]}),
    ("caméras voix:noe", {SHORT: [0]}),
    ("parloir voix:noé", {TALK: [5]}),
    ("parloir voix:camille", {}),  # in a passage in which she speaks, but he says it
    ("drone voix:camille", {}),
    ("caméras prison voix:noé", {}),
    ("place voix:camille caméras", {TALK: [0]}),
    ('"la prison" voix:noé', {TALK: [6]}),
    ('"la place" voix:noé', {}),
    ('drone voix:"voix 3"', {TALK: [12]}),
    ("titre parloir voix:noé", {TALK: [5]}),
    ("titre voix:noé", {}),
    ("caméras voix:zoé", {}),
    ("voix:camille", {TALK: []}),
    ("voix:noé", {TALK: [], SHORT: []}),
    ("voix:noé durée:<10", {SHORT: []}),
]
BY_LENGTH: list[tuple[str, list[str]]] = [
    ("caméras durée:>30", [LONG]),
    ("caméras durée:<10", [SHORT]),
    ("caméras durée:20-40", [TALK]),
    ("caméras duree:40-20", [TALK]),
    ("caméras length:>1h", [LONG]),
    ("caméras durée:1h30", [LONG]),
    ("caméras durée:>1h30", []),
    ("caméras durée:>=1h30", [LONG]),
    ("caméras durée:>2 durée:<30min", [TALK, SHORT]),
    ("durée:<30", [TALK, SHORT]),
    ("caméras durée:longue", []),  # two words, of which nobody says one
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return write_voices(Path(tmp_path_factory.mktemp("filters")))


def write_voices(root: Path) -> Archive:
    made = Archive(root)
    made.create()
    made.write_show(Show("machine", "La Machine"))
    for slug, (seconds, lines) in SAID.items():
        audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", seconds)
        day = dt.date.fromisoformat(slug[:10])
        episode = Episode("machine", slug, f"Le titre {slug[11:]}", day, audio, slug)
        made.write_episode(episode)
        cues = [Cue(4.0 * n, 4.0 * n + 3.5, said, voice) for n, (voice, said) in enumerate(lines)]
        write_whole(made.vtt_path(episode.key), render_vtt(Transcript(tuple(cues))).encode())
    return made


@pytest.fixture(scope="module")
def index(archive: Archive) -> Index:
    return indexed(archive)


@pytest.fixture(scope="module")
def client(archive: Archive, index: Index) -> FlaskClient:
    return create_app(archive, index, base_url="https://radio.example").test_client()


def found(index: Index, query: str) -> dict[str, list[float]]:
    """Give the second of each passage, by episode."""
    options = SearchOptions(as_typed=True, order="oldest")
    episodes = index.search(query, options).episodes
    return {each.key.partition("/")[2]: [round(h.start) for h in each.hits] for each in episodes}


@for_each(("query", "seconds"), BY_VOICE)
def test_a_voice_is_found_by_what_it_says(
    index: Index, query: str, seconds: dict[str, list[float]]
) -> None:
    starts = found(index, query)
    assert starts.keys() == seconds.keys()
    for slug, wanted in seconds.items():
        assert starts[slug] == pytest.approx(wanted, abs=1)


def test_no_word_of_another_voice_is_marked(index: Index) -> None:
    (episode,) = index.search("caméras voix:camille", SearchOptions(whole=True)).episodes
    assert [[mark.cue for mark in hit.marks] for hit in episode.hits] == [[1]]


@for_each(("query", "slugs"), BY_LENGTH)
def test_episodes_are_found_by_their_length(index: Index, query: str, slugs: list[str]) -> None:
    assert sorted(found(index, query)) == sorted(slugs)


@for_each("text", ["", ">", "<", "-", "20-", "-20", "x", "10-x", "9" * 40, "1h99h"])
def test_what_is_no_length_is_words(text: str) -> None:
    assert lengths(text) is None


def test_the_page_offers_voices_and_lengths(client: FlaskClient) -> None:
    page = client.get("/search?q=caméras")
    assert "Dit par Noé Camille Durand Durée moins de 15 min 1 de 15 min à 30 min 1" in text(page)
    links = [link for link in Links(page.text).found if "dur%C3%A9e" in link or "voix" in link]
    assert len(links) == 5
    for link in links:
        assert "1 épisode pour" in text(client.get(link)), link


def test_the_api_and_the_feed_filter_too(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", query_string={"q": "caméras voice:camille"}).get_json()
    assert [each["key"] for each in answer["episodes"]] == [f"machine/{TALK}"]
    assert answer["facets"]["lengths"] == [{"value": 900, "episodes": 1}]
    assert {"value": "Noé", "episodes": 1} in answer["facets"]["voices"]
    feed = feedparser.parse(client.get("/search.xml?q=caméras+durée:>30").data)
    assert [each.title.partition(" –")[0] for each in feed.entries] == ["Le titre long"]


def test_a_voice_stays_with_its_episode_when_that_moves(archive: Archive, index: Index) -> None:
    archive.write_show(Show("autre", "Autre"))
    for path in [*archive.media.glob(f"machine/{TALK}*"), archive.vtt_path(f"machine/{TALK}")]:
        target = path.parent.parent / "autre" / path.name
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
    index.refresh()
    try:
        assert [each.key for each in index.search("voix:camille").episodes] == [f"autre/{TALK}"]
        assert found(index, "caméras voix:camille").keys() == {TALK}
    finally:
        for path in [*archive.media.glob(f"autre/{TALK}*"), archive.vtt_path(f"autre/{TALK}")]:
            path.rename(path.parent.parent / "machine" / path.name)
        index.refresh()
