"""The answers to a search: marked, paged, heard one after the other, counted by month, and how
little work that is, however much is said: it is counted, not timed."""

import dataclasses
import datetime as dt
import itertools
import pkgutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Hit, SearchOptions
from radio.search.passage import CharacterRange, Passage
from radio.sound import probe
from radio.system.errors import SearchError
from radio.web.charts import draw_months
from radio.web.site import create_app
from tests.described import ask
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.search.episodes import indexed, put
from tests.visits import Links
from tests.web import sites
from tests.web.views.site import CLIP, FOUND, HERE, PAGE, Canned, found, hits, visit


def test_search_passes_on_what_is_asked_and_has_pages(client: FlaskClient, index: Canned) -> None:
    client.get("/search", query_string={"q": "  la   ville\t", "show": SHOW, "page": "3"})
    assert index.asked == ["la ville", SHOW, 3]
    for page in ("0", "-1", "x", "", "99999999", "²"):
        client.get("/search", query_string={"q": "y" * 999, "show": "../etc", "page": page})
        assert index.asked == ["y" * 200, "../etc", 1]
    jingle = (("Vous écoutez ", False), ("Radio Dio", True))
    again = found(CITY, jingle)
    again = dataclasses.replace(again, hits=(dataclasses.replace(again.hits[0], again=True),))
    index.answer = hits(found(STREET, jingle), again, page=2, pages=3)
    told = client.get(f"/search?q=radio+dio&show={SHOW}&page=2&lang=fr").text
    assert told.count("<mark>Radio Dio</mark>") == 1  # quoted once
    assert told.count("la même phrase que plus haut") == 1
    links, asked = Links(told).found, f"/search?q=radio+dio&show={SHOW}"
    assert {f"{asked}&page={number}&lang=fr" for number in (1, 3)} <= {*links}
    assert f"/shows/{SHOW}/{CITY}?lang=fr&t=12.5&q=radio+dio#t" in links


def test_a_word_that_is_passed_over_is_told_and_looked_for_where_that_is_asked(
    archive: Archive,
) -> None:
    client, told = sites.visit(archive, HERE), "Laissé de côté, car dit partout\u00a0: faire."
    page = client.get("/search?q=faire+lampadaire").text
    assert told in page and "<mark>lampadaires</mark>" in page
    assert told not in client.get("/search?q=faire").text
    typed = next(
        each for each in Links(page).found if "faire+lampadaire" in each and "exact=" in each
    )
    assert told not in client.get(typed).text


def test_the_real_index_answers_without_what_was_withdrawn_since(archive: Archive) -> None:
    client = sites.visit(archive, HERE)
    page = client.get("/search?q=lampadaire").text
    assert "<mark>lampadaires</mark>" in page
    links = [link for link in Links(page).found if link.endswith("#t")]
    assert {link.partition("?t=")[0] for link in links} == {PAGE, f"/shows/{SHOW}/{MEMORY}"}
    assert all('<span id="t">' in client.get(link).text for link in links)
    assert client.get("/search?q=lampadaire&page=9").status_code == 404
    for status in ("published", "withdrawn"):
        episode = archive.episode(f"{SHOW}/{STREET}")
        archive.write_episode(dataclasses.replace(episode, status=status, reason="x"))
        for each in ("", ".xml", "/words"):
            response = client.get(f"/search{each}?q=lampadaires")
            is_given = STREET in response.text
            assert (response.status_code, is_given) == (200, status == "published"), each


def test_the_api(archive: Archive, client: FlaskClient) -> None:
    given = ask(visit(archive, Canned(FOUND)), "/api/v1/search?q=radio+dio", schema="Results")
    assert given["total"] == 21
    years = [(each["value"], each["episodes"]) for each in given["facets"]["years"]]
    assert years == [(2024, 2), (2023, 1)]
    passage = {"start": 12.0, "text": "écoutez Radio & co", "marked": ["Radio"]}
    passage["url"] = f"{PAGE}?t=12&q=radio+dio#t"
    assert given["episodes"][0]["passages"] == [passage]
    past = visit(archive, Canned(dataclasses.replace(FOUND, episodes=())))
    assert past.get("/api/v1/search?q=radio&page=9").status_code == 404
    assert client.get("/api/v1/search").get_json()["total"] == 0
    for wrong in ("sort=newst", "exact=2", "exact=1&exact=non"):  # no other order, unsaid
        told = ask(client, f"/api/v1/search?q=radio&{wrong}", 400)["error"]
        assert told.startswith(f"{wrong.partition('=')[0]} is one of: ")
    assert ask(client, "/api/v1/search?q=radio&page=0", 404)["error"]


def test_suggestions_with_and_without_a_script(archive: Archive, client: FlaskClient) -> None:
    assert '<option value="dit &#34;oui&#34; &amp; &lt;non&gt;">' in client.get("/").text
    assert client.get("/suggest?q=caf").get_json()[0] == "café"
    broken = visit(archive, Canned(SearchError("broken")))
    for address, code in (("/", 200), (PAGE, 200), ("/api/v1/search?q=radio", 503)):
        assert broken.get(address).status_code == code


def test_a_playlist_is_of_clips_that_play(archive: Archive, tmp_path: Path) -> None:
    here = "https://radio.example"
    cues = ((2.0, 4.0, "Bonsoir."), (8.0, 14.0, "Ici, on dit Radio."), (14.0, 16.0, "Voilà."))
    place = " ".join(text for *_, text in cues).index("Radio")
    hit = Hit(Passage(0, cues), [CharacterRange(place, place + 5)])
    episode = dataclasses.replace(FOUND.episodes[0], hits=(hit,))
    client = visit(archive, Canned(dataclasses.replace(FOUND, episodes=(episode,), pages=1)), here)
    lines = client.get("/search.m3u?q=radio+dio").text.splitlines()
    assert lines[:2] == ["#EXTM3U", "#EXTINF:6,Les micros : de la rue – 0:12"]
    assert lines[2] == f"{here}{CLIP.partition('?')[0]}?t=8,14", "a whole sentence"
    tracks = ET.fromstring(client.get("/search.xspf?q=radio+dio").data)  # noqa: S314 (our own)
    locations = tracks.iterfind(".//{http://xspf.org/ns/0/}location")
    assert [each.text for each in locations] == lines[2:]
    clip = tmp_path / "clip.mp3"
    clip.write_bytes(client.get(lines[2].removeprefix(here)).data)
    assert probe(clip).duration == pytest.approx(6, abs=0.1)
    twice = dataclasses.replace(FOUND, episodes=(dataclasses.replace(episode, hits=(hit, hit)),))
    client = visit(archive, Canned(twice))
    clip.write_bytes(client.get("/search/passages.mp3?q=radio+dio").data)
    assert probe(clip).duration == pytest.approx(12, abs=0.2)
    assert client.get("/search/passages.ogg?q=radio+dio").status_code == 404


def test_a_single_month_is_a_bar_and_many_are_drawn_as_years() -> None:
    single = draw_months([{dt.date(2024, 3, 1): 2}])
    assert single
    (bar,) = single.bars
    assert bar.width < 80
    assert bar.x + bar.width / 2 == 360  # in the middle
    chart = draw_months([{dt.date(1990, 5, 1): 1, dt.date(1990, 7, 1): 2, dt.date(2020, 1, 1): 4}])
    assert chart and chart.by_year
    assert [row.counts[0] for row in chart.rows if row.counts[0]] == [3, 4]
    assert len(chart.rows) == 31
    assert min(b - a for (a, _), (b, _) in itertools.pairwise(chart.years)) >= 40


EPISODES = 12


def test_a_page_of_results_looks_at_little_and_counts_at_once(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(1, EPISODES + 1):
        people = (Person(f"Prénom{day} Nom{day}"),)
        said = [" ".join(f"m{n * i + day}" for i in range(45)) for n in range(80)]
        said = [f"La caméra {each}." if n % 5 == 0 else each for n, each in enumerate(said)]
        put(archive, f"2024-01-{day:02}-bavard", *said, people=people)
    index = indexed(archive)

    def watch(place: str) -> list[object]:
        asked, function = list[object](), pkgutil.resolve_name(place)

        def call(*arguments: object, **named: object) -> object:
            asked.append(arguments)
            return function(*arguments, **named)

        monkeypatch.setattr(place, call)
        return asked

    client = create_app(archive, index).test_client()
    assert client.get("/search?q=caméra").status_code == 200
    shows, episodes = (watch(f"radio.archive.Archive.{each}") for each in ("shows", "episode"))
    passages, again = watch("radio.search.reader.unpack"), watch("radio.search.ranking.numbers_in")
    assert "Prénom3 Nom3" in client.get("/search?q=caméra").text
    assert len(shows) <= 3
    assert len(episodes) <= 30
    assert len(passages) <= 60
    found = index.search("caméra")
    assert (found.total, len(found.facets.people), again) == (EPISODES, EPISODES, [])
    monkeypatch.setattr("radio.search.answers.MANY", 1)
    few = index.search("caméra", SearchOptions(size=1))
    assert (few.total, few.facets, len(again)) == (found.total, found.facets, 1)
