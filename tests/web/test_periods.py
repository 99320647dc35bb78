"""Times said in a query: the filter that the site, the API and the command offer."""

import datetime as dt
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.web.queries import span
from tests.search.episodes import SHOW, begun, put
from tests.search.lists import rows
from tests.visits import Links, text
from tests.web.sites import visit

CAMERAS = "Les caméras de la place filment tout le monde."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    made = begun(Path(tmp_path_factory.mktemp("periods")), "La Machine")
    put(made, "2024-03-05-place", CAMERAS)
    put(made, "2024-03-19-ecole", "Une école occupée par ses élèves.")
    put(made, "2025-03-04-gare", "Des caméras à la gare depuis mars.")
    put(made, "2024-03-20-retiree", CAMERAS, status="withdrawn", reason="Demande")
    return visit(made, "https://radio.example")


def test_a_month_is_offered_as_a_filter_with_its_count(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "mars 2024"})
    assert "Diffusés en mars 2024 : 2 épisodes" in text(page)
    link = next(link for link in Links(page.text).found if "2024-04" in link)
    found = Links(client.get(link).text).found
    assert {f"/shows/{SHOW}/2024-03-05-place", f"/shows/{SHOW}/2024-03-19-ecole"} <= set(found)
    assert not [each for each in found if "2025-03-04-gare" in each]


def test_other_words_stay_in_the_filter_and_none_is_for_nothing(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", query_string={"q": "caméras en mars 2024"}).get_json()
    query = "caméras après:2024-02 avant:2024-04"
    told = {"first": "2024-03-01", "last": "2024-03-31", "episodes": 1, "query": query}
    assert answer["periods"] == [told]
    narrowed = client.get("/api/v1/search", query_string={"q": query}).get_json()
    assert [each["key"] for each in narrowed["episodes"]] == [f"{SHOW}/2024-03-05-place"]
    answer = client.get("/api/v1/search", query_string={"q": "caméras en 1998"}).get_json()
    assert answer["periods"] == []


def test_a_time_is_told_as_people_say_it(client: FlaskClient) -> None:
    for *days, french, english in rows("periods", "spans"):
        first, last = (None if day == "-" else dt.date.fromisoformat(day) for day in days)
        for lang, words in (("fr", french), ("en", english)):
            with client.application.test_request_context(f"/search?lang={lang}"):
                assert span(first, last) == words
