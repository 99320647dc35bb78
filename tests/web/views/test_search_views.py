"""What is found, in other views: players, playlists, words in context, months."""

import csv
import dataclasses
import datetime as dt
import itertools
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.sound import probe
from radio.web.views.search import draw
from tests.visits import text
from tests.web.views.site import CLIP, FOUND, MEDIA, Canned, said, visit

MONTHS = {
    "radio": {dt.date(2023, 12, 1): 3, dt.date(2024, 2, 1): 6},
    "ville": {dt.date(2024, 1, 1): 2},
}


def test_passages_have_a_player_each(archive: Archive) -> None:
    page = visit(archive, Canned(FOUND)).get("/search/listen?q=radio+dio").text
    assert f'src="{MEDIA}#t=10,22"' in page
    assert "<mark>Radio</mark>" in page
    assert 'href="/search.m3u?q=radio+dio"' in page


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


def test_words_in_context(archive: Archive) -> None:
    client = visit(archive, Canned(FOUND))
    page = client.get("/search/words?q=radio+dio")
    assert (
        '<bdi>écoutez </bdi></td><td class="word"><mark>Radio</mark></td><td> &amp; co</td>'
        in page.text
    )
    assert 'href="/search/words.csv?q=radio+dio' in page.text
    rows = list(csv.reader(client.get("/search/words.csv?q=radio+dio").text.splitlines()))
    assert rows[0][5:8] == ["before", "word", "after"]
    assert rows[1][4:8] == ["12", "écoutez ", "Radio", " & co"]


def test_no_cell_is_a_formula(archive: Archive) -> None:
    hit = said(1.0, ("=cmd|'/c'!A0 ", False), ("+1", True))
    found = dataclasses.replace(FOUND.episodes[0], title="@SUM(1)", hits=(hit,))
    answer = dataclasses.replace(FOUND, episodes=(found,), pages=1)
    text = visit(archive, Canned(answer)).get("/search/words.csv?q=a").text
    (_, row) = csv.reader(text.splitlines())
    assert [row[1], row[5], row[6]] == ["'@SUM(1)", "'=cmd|'/c'!A0 ", "'+1"]


def test_months_are_drawn_and_tabled(archive: Archive) -> None:
    canned = Canned()
    canned.counted = MONTHS
    answer = visit(archive, canned).get("/search/months?q=radio&and=ville")
    page, shown = answer.text, text(answer)
    assert page.count('<rect class="series-a" x=') == 2
    assert page.count('<rect class="series-b" x=') == 1
    assert "février 2024 6 0" in shown
    assert "janvier 2024 0 2" in shown
    assert page.count('"/search?q=radio+apr%C3%A8s:2024-01+avant:2024-03"') == 2  # bar and table
    assert ">février 2024\xa0: 6 passages pour «\xa0radio\xa0»</title>" in page
    assert "Rien n’a été trouvé" in visit(archive, canned).get("/search/months?q=zzz").text


def test_a_single_month_is_a_bar_and_not_a_block() -> None:
    chart = draw([{dt.date(2024, 3, 1): 2}])
    assert chart
    (bar,) = chart.bars
    assert bar.width < 80
    assert bar.x + bar.width / 2 == 360  # in the middle


def test_many_months_are_drawn_as_years() -> None:
    chart = draw([{dt.date(1990, 5, 1): 1, dt.date(1990, 7, 1): 2, dt.date(2020, 1, 1): 4}])
    assert chart
    assert chart.by_year
    assert [row.counts[0] for row in chart.rows if row.counts[0]] == [3, 4]
    assert len(chart.rows) == 31
    gaps = [b - a for (a, _), (b, _) in itertools.pairwise(chart.years)]
    assert min(gaps) >= 40
