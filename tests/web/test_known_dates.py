"""What is known of a date is shown, and no more: a guess is shown as no day."""

import dataclasses
import json

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from tests.samples import STREET, put
from tests.web.sites import visit

KEY = f"emission/{STREET}"


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    put(archive, STREET)
    return visit(archive, "https://radio.example")


def tell(archive: Archive, **date: str | bool) -> None:
    archive.write_episode(dataclasses.replace(archive.episode(KEY), **date))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "shown", "known"),
    [
        ({}, "16 janvier 2024", "2024-01-16"),
        ({"date_precision": "month"}, "janvier 2024", "2024-01"),
        ({"date_precision": "year"}, "2024", "2024"),
        ({"date_sure": False}, "date inconnue", ""),
    ],
)
def test_a_date_is_shown_as_far_as_it_is_known(
    archive: Archive, client: FlaskClient, date: dict[str, str | bool], shown: str, known: str
) -> None:
    tell(archive, **date)
    title = archive.episode(KEY).title
    moment = f'<time datetime="{known}">{shown}</time>' if known else f"<span>{shown}</span>"
    search = f"/search?q={title}&show=emission"
    for page in ("/", "/shows/emission/", f"/shows/{KEY}", f"/embed/{KEY}", search):
        text = client.get(page).text.replace(">mardi ", ">")  # lists name no weekday
        assert moment in text, page
        assert known == "2024-01-16" or "16 janvier 2024" not in text, page
    cited = client.get(f"/shows/{KEY}").text
    assert (f'"datePublished": "{known}"' in cited.replace('":"', '": "')) == bool(known)


def test_a_guess_is_given_to_programs_as_a_guess(archive: Archive, client: FlaskClient) -> None:
    tell(archive, date_sure=False)
    found = client.get("/api/v1/search", query_string={"q": archive.episode(KEY).title}).json
    assert found
    assert found["episodes"][0]["date"] == "2024-01-16"
    assert found["episodes"][0]["date_sure"] is False
    feed = client.get("/shows/emission/feed.xml").text
    assert "<pubDate>Tue, 16 Jan 2024" in feed
    assert json.dumps("16 janvier 2024") not in feed
    assert client.get("/search", query_string={"q": "après:2023"}).text.count(KEY)
