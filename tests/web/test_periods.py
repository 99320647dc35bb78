"""Times said in a query: the filter that the site, the API and the command offer."""

import datetime as dt
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.web.queries import span
from tests.search.episodes import SHOW, begun, put
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
    (offered,) = answer["periods"]
    told = {"first": "2024-03-01", "last": "2024-03-31", "episodes": 1}
    assert offered == told | {"query": "caméras après:2024-02 avant:2024-04"}
    narrowed = client.get("/api/v1/search", query_string={"q": offered["query"]}).get_json()
    assert [each["key"] for each in narrowed["episodes"]] == [f"{SHOW}/2024-03-05-place"]
    answer = client.get("/api/v1/search", query_string={"q": "caméras en 1998"}).get_json()
    assert answer["periods"] == []


SPANS = [
    ("2024-03-01", "2024-03-31", "en mars 2024", "in March 2024"),
    ("2024-01-01", "2024-01-31", "en janvier 2024", "in January 2024"),
    ("2023-01-01", "2023-12-31", "en 2023", "in 2023"),
    ("2019-01-01", "2021-12-31", "de 2019 à 2021", "from 2019 to 2021"),
    ("2020-05-19", "2020-05-19", "le 19 mai 2020", "on May 19, 2020"),
    (
        "2026-03-02",
        "2026-06-02",
        "du 2 mars 2026 au 2 juin 2026",
        "from March 2, 2026 to June 2, 2026",
    ),
    ("2021-01-01", None, "depuis 2021", "since 2021"),
    ("2021-03-01", None, "depuis mars 2021", "since March 2021"),
    ("2020-05-19", None, "depuis le 19 mai 2020", "since May 19, 2020"),
    (None, "2018-12-31", "avant 2019", "before 2019"),
    (None, "2019-02-28", "avant mars 2019", "before March 2019"),
    (None, "2019-02-10", "avant le 11 février 2019", "before February 11, 2019"),
]


def test_a_time_is_told_as_people_say_it(client: FlaskClient) -> None:
    for first, last, *told in SPANS:
        days = [day and dt.date.fromisoformat(day) for day in (first, last)]
        for lang, words in zip(("fr", "en"), told, strict=True):
            with client.application.test_request_context(f"/search?lang={lang}"):
                assert span(*days) == words  # type: ignore[arg-type]
