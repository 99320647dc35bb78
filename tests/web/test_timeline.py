"""The timeline: each episode is a bar, each year leads to its own, and all is light."""

import datetime as dt
import gzip
import random
import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import render_template_string
from flask.testing import FlaskClient
from playwright.sync_api import Page

from radio.archive import Archive
from radio.archive.episode import Show
from radio.search.results import table
from radio.search.syntax import aired, read
from radio.web.queries import narrowed
from radio.web.timeline import HEIGHT, WIDTH, Bars, Timeline, Way
from tests.search.episodes import put
from tests.tables import for_each
from tests.visits import answer_by
from tests.web.sites import visit

SHOWS = {"contretemps": 4, "machine": 9, "nuits": 2}
SAID = [f"{n} caméras sur la place, et la rue. " + "Il pleut. " * 9 for n in range(9)]


def air(archive: Archive, show: str, day: dt.date, minutes: int, **known: bool) -> None:
    title, seconds = f"Les caméras du {day.day}", minutes * 60.0
    put(archive, f"{day}-cameras", *SAID, show=show, title=title, seconds=seconds, **known)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made, chances = Archive(tmp_path_factory.mktemp("years")), random.Random(7)
    made.create()
    for show, number in SHOWS.items():
        made.write_show(Show(show, show.title(), station="Radio Dio"))
        for _ in range(number):
            day = dt.date(chances.choice((2012, 2013, 2016, 2018)), chances.randint(1, 12), 1)
            air(made, show, day + dt.timedelta(chances.randint(0, 27)), chances.randint(4, 90))
    air(made, "nuits", dt.date(2014, 1, 1), 30, date_sure=False)
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return visit(archive)


def test_each_episode_is_a_bar_where_it_was_aired_as_high_as_it_is_long() -> None:
    bars = Bars(table([("2020-01-01", 1800.0), ("2021-01-01", 900.0), ("2021-12-31", 3600.0)]))
    half, year = HEIGHT // 2, WIDTH // 2
    drawn = f"m0 {HEIGHT}v-{half}m{year} {half}v-{half // 2}m{year - 2} {half // 2}v-{HEIGHT}"
    assert bars.path == drawn
    days = [("2020-01-01", 1800.0), ("2020-06-01", 1800.0), ("2021-01-01", 360_000.0)]
    heights = re.findall(r"v-(\d+)", Bars(table(days)).path)  # an endless one hides no other
    assert list(map(int, heights)) == [HEIGHT // 3, HEIGHT // 3, HEIGHT]


def test_no_day_is_drawn_that_nobody_knows() -> None:
    dated = [("2019-01-01", 60.0), ("2020-12-31", 60.0)]
    both = Bars(table([*dated, ("2020", 60.0), ("", 60.0)]))
    assert (both.number, both.undated) == (3, 1)
    own = both.path.removeprefix(Bars(table(dated)).path)
    first, row, width = map(int, re.fullmatch(r"M(\d+) (\d+)h(\d+)", own).groups())  # type: ignore[union-attr]
    assert WIDTH // 2 <= first < first + width <= WIDTH
    assert row > HEIGHT
    assert [step.number for step in both.steps] == [1, 2]


def test_a_timeline_of_many_episodes_stays_light(client: FlaskClient) -> None:
    chances, first = random.Random(10_000), dt.date(2012, 1, 1).toordinal()
    days = (dt.date.fromordinal(first + chances.randrange(5300)) for _ in range(10_000))
    rows = table((day.isoformat(), chances.uniform(200, 7000)) for day in days)
    bars = Bars(rows)
    ways = [Way(str(s.first.year), s.number, f"/search?q={s.first.year}") for s in bars.steps]
    with client.application.test_request_context("/"):
        template = '{% from "parts.html" import bars_of %}{{ bars_of(timeline) }}'
        timeline = Timeline(bars, ways, (), bars.draw(rows[::3]))
        page = render_template_string(template, timeline=timeline)
    assert "épisodes, de 2012 à 2026" in page
    assert len(gzip.compress(page.encode(), 4)) < 4_000  # bytes


def found(client: FlaskClient, address: str) -> set[str]:
    page = client.get(address).text.partition("<main")[2]
    listed = re.findall(r'href="/shows/(\w+/\d[\w-]+)[?"#]', page)
    following = re.search(r'href="([^"]+)" rel="next"', page)
    return set(listed) | (found(client, unescape(following[1])) if following else set())


def ways(client: FlaskClient, address: str) -> Iterator[tuple[str, str]]:
    years = re.search(r'<ul class="steps .*?</ul>', client.get(address).text)
    assert years
    for link, year in re.findall(r'<a href="([^"]+)"[^>]*>(\d+)<', years[0]):
        yield year, unescape(link)


@for_each("path", ["/", "/shows/machine/", "/search?q=cam%C3%A9ras"])
def test_a_year_leads_to_its_episodes(archive: Archive, client: FlaskClient, path: str) -> None:
    expected: dict[str, set[str]] = {}
    for each in archive.episodes("machine" if "machine" in path else None):
        if each.date_sure:
            expected.setdefault(str(each.date.year), set()).add(each.key)
    latest = archive.episodes("machine")[0].key if "machine" in path else ""
    shown = dict(ways(client, path))
    assert shown.keys() == expected.keys()
    for year, address in shown.items():
        assert found(client, address) - {latest} == expected[year] - {latest}, year


def test_filters_are_told_in_words_and_taken_off(client: FlaskClient) -> None:
    page = client.get("/search?q=cam%C3%A9ras+apr%C3%A8s:2015+avant:2017").text
    assert re.search(r"<h1[^>]*>\d+ épisodes? pour «\xa0caméras\xa0», en 2016<", page)
    assert 'href="/search?q=cam%C3%A9ras" aria-label="Enlever\xa0: en 2016"' in page
    with client.application.test_request_context("/"):
        said = [text for text, _ in narrowed('personne:"Zoé" durée:>=30 durée:<15 rue')]
    assert said == ["avec Zoé", "30 min ou plus", "moins de 15 min"]
    assert aired(read("avant:0001 rue")) == (None, dt.date.min)


def test_the_first_hit_is_in_sight_on_a_phone(phone: Page, client: FlaskClient) -> None:
    answer_by(client, phone)
    phone.goto("http://localhost/search?q=cam%C3%A9ra")
    box = phone.locator(".results h2").first.bounding_box()
    assert box and box["y"] < 400
    for selector in (".find", ".facets summary", "#all", ".steps a", ".hits a"):
        sizes = phone.locator(selector).first.bounding_box()
        assert sizes and min(sizes["width"], sizes["height"]) >= 44, selector
