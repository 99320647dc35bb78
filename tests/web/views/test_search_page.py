"""The answers to a search: marked, paged, heard one after the other, counted by month."""

import csv
import dataclasses
import datetime as dt
import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from radio.archive import Archive
from radio.sound import probe
from radio.system.errors import SearchError
from radio.web.charts import draw_months
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.visits import Links
from tests.web import sites
from tests.web.views.site import CLIP, FOUND, HERE, PAGE, Canned, found, hits, said, visit


def test_a_sentence_that_was_quoted_is_not_quoted_again(client: FlaskClient, index: Canned) -> None:
    jingle = (("Vous écoutez ", False), ("Radio Dio", True))
    again = found(CITY, jingle)
    again = dataclasses.replace(again, hits=(dataclasses.replace(again.hits[0], again=True),))
    index.answer = hits(found(STREET, jingle), again)
    page = client.get("/search?q=radio+dio").text
    assert page.count("<mark>Radio Dio</mark>") == 1
    assert page.count("la même phrase que plus haut") == 1
    assert f'href="/shows/{SHOW}/{CITY}?t=12.5&amp;q=radio+dio#t"' in page


def test_search_passes_on_what_is_asked(client: FlaskClient, index: Canned) -> None:
    client.get("/search", query_string={"q": "  la   ville\t", "show": SHOW, "page": "3"})
    assert index.asked == ["la ville", SHOW, 3]
    for page in ("0", "-1", "x", "", "99999999", "²"):
        client.get("/search", query_string={"q": "y" * 999, "show": "../etc", "page": page})
        assert index.asked == ["y" * 200, "../etc", 1]


def test_search_has_pages(client: FlaskClient, index: Canned) -> None:
    index.answer = hits(found(STREET, (("a", True),)), page=2, pages=3)
    page = client.get(f"/search?q=a&show={SHOW}&page=2&lang=fr").text
    links = [link for link in Links(page).found if "page=" in link]
    assert f"/search?q=a&show={SHOW}&page=1&lang=fr" in links
    assert f"/search?q=a&show={SHOW}&page=3&lang=fr" in links


def test_search_gives_no_episode_that_was_withdrawn_since(archive: Archive) -> None:
    client = sites.visit(archive, HERE)
    addresses = [f"/search{each}?q=lampadaires" for each in ("", ".xml", "/words")]
    for address in addresses:
        assert STREET in client.get(address).text
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(dataclasses.replace(episode, status="withdrawn", reason="x"))
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert STREET not in response.text


def test_the_real_index_answers(archive: Archive) -> None:
    client = sites.visit(archive, HERE)
    page = client.get("/search?q=lampadaire").text
    assert "<mark>lampadaires</mark>" in page
    links = [link for link in Links(page).found if link.endswith("#t")]
    assert {link.partition("?t=")[0] for link in links} == {PAGE, f"/shows/{SHOW}/{MEMORY}"}
    assert all('<span id="t">' in client.get(link).text for link in links)
    assert client.get("/search?q=lampadaire&page=9").status_code == 404


def test_the_api(archive: Archive, client: FlaskClient) -> None:
    given = visit(archive, Canned(FOUND)).get("/api/v1/search?q=radio+dio").get_json()
    assert given["total"] == 21
    years = [(each["value"], each["episodes"]) for each in given["facets"]["years"]]
    assert years == [(2024, 2), (2023, 1)]
    passage = {"start": 12.0, "text": "écoutez Radio & co", "marked": ["Radio"]}
    passage["url"] = f"{PAGE}?t=12&q=radio+dio#t"
    assert given["episodes"][0]["passages"] == [passage]
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    described = {"$ref": "#/components/schemas/Results", "components": {"schemas": schemas}}
    Draft202012Validator(described).validate(given)
    past = visit(archive, Canned(dataclasses.replace(FOUND, episodes=())))
    assert past.get("/api/v1/search?q=radio&page=9").status_code == 404
    broken = visit(archive, Canned(SearchError("broken")))
    assert broken.get("/api/v1/search?q=radio").status_code == 503
    assert client.get("/api/v1/search").get_json()["total"] == 0


def test_suggestions_with_and_without_a_script(archive: Archive, client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<option value="dit &#34;oui&#34; &amp; &lt;non&gt;">' in page
    assert client.get("/suggest?q=caf").get_json()[0] == "café"
    broken = visit(archive, Canned(SearchError("broken")))
    assert broken.get("/").status_code == 200
    assert broken.get(PAGE).status_code == 200


def test_a_playlist_is_of_clips_that_play(archive: Archive, tmp_path: Path) -> None:
    once = dataclasses.replace(FOUND, pages=1)
    client = visit(archive, Canned(once), "https://radio.example")
    lines = client.get("/search.m3u?q=radio+dio").text.splitlines()
    assert lines[:2] == ["#EXTM3U", "#EXTINF:12,Les micros : de la rue – 0:12"]
    assert lines[2] == f"https://radio.example{CLIP.partition('?')[0]}?t=10,22"
    tracks = ET.fromstring(client.get("/search.xspf?q=radio+dio").data)  # noqa: S314 (our own)
    names = {"x": "http://xspf.org/ns/0/"}
    assert [each.text for each in tracks.iterfind(".//x:location", names)] == lines[2:]
    clip = tmp_path / "clip.mp3"
    clip.write_bytes(client.get(lines[2].removeprefix("https://radio.example")).data)
    assert probe(clip).duration == pytest.approx(12, abs=0.1)


def test_no_cell_is_a_formula(archive: Archive) -> None:
    hit = said(1.0, ("=cmd|'/c'!A0 ", False), ("+1", True))
    found = dataclasses.replace(FOUND.episodes[0], title="@SUM(1)", hits=(hit,))
    answer = dataclasses.replace(FOUND, episodes=(found,), pages=1)
    text = visit(archive, Canned(answer)).get("/search/words.csv?q=a").text
    (_, row) = csv.reader(text.splitlines())
    assert [row[1], row[5], row[6]] == ["'@SUM(1)", "'=cmd|'/c'!A0 ", "'+1"]


def test_a_single_month_is_a_bar_and_many_are_drawn_as_years() -> None:
    single = draw_months([{dt.date(2024, 3, 1): 2}])
    assert single
    (bar,) = single.bars
    assert bar.width < 80
    assert bar.x + bar.width / 2 == 360  # in the middle
    chart = draw_months([{dt.date(1990, 5, 1): 1, dt.date(1990, 7, 1): 2, dt.date(2020, 1, 1): 4}])
    assert chart
    assert chart.by_year
    assert [row.counts[0] for row in chart.rows if row.counts[0]] == [3, 4]
    assert len(chart.rows) == 31
    gaps = [b - a for (a, _), (b, _) in itertools.pairwise(chart.years)]
    assert min(gaps) >= 40
