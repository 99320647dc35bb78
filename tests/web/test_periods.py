"""Times said in a query: the filter that the site, the API and the command apply or offer."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

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
    put(made, "2025-03-04-gare", "Des caméras à la gare depuis mars.", "Manif du 11 septembre.")
    put(
        made, "2019-07-02-tomates", "Les tomates de 2005, et celles de 1984.", "Le 49.3, mars 2024."
    )
    put(made, "2024-03-20-retiree", CAMERAS, status="withdrawn", reason="Demande")
    return visit(made, "https://radio.example")


def test_a_time_is_applied_and_told_and_what_may_be_spoken_of_is_words(client: FlaskClient) -> None:
    for query, told, *wanted in rows("periods", "applied"):
        page = client.get("/search", query_string={"q": query})
        found = (each for each in Links(page.text).found if each.startswith(f"/shows/{SHOW}/"))
        found_slugs = dict.fromkeys(re.split("[?#]", each)[0].rpartition("/")[2] for each in found)
        assert list(found_slugs) == wanted, query
        assert told in text(page)
        assert any("exact=1" in each for each in Links(page.text).found) == bool(told), query


def test_without_its_date_a_search_is_of_the_words_as_typed(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "mars 2024"})
    assert "Chercher sans la date" in text(page)
    (link,) = (each for each in Links(page.text).found if "exact=1" in each and "sort" not in each)
    (found,) = (each for each in Links(client.get(link).text).found if each.endswith("#t"))
    assert found.startswith(f"/shows/{SHOW}/2019-07-02-tomates")


def test_other_words_stay_in_the_filter_and_none_is_for_nothing(client: FlaskClient) -> None:
    def ask(query: str) -> Any:
        return client.get("/api/v1/search", query_string={"q": query}).get_json()

    query = "caméras après:2024-02 avant:2024-04"
    told = {"first": "2024-03-01", "last": "2024-03-31", "query": query}
    for typed in ("caméras en mars 2024", query):
        (found,) = ask(typed)["episodes"]
        assert found["key"] == f"{SHOW}/2024-03-05-place"
    assert ask("caméras en mars 2024")["time"] == told
    assert ask("caméras de mars 2024")["periods"] == [{**told, "episodes": 1}]
    assert (ask("caméras en 1998")["periods"], ask("caméras en 1998")["time"]) == ([], None)


def test_a_time_is_told_as_people_say_it(client: FlaskClient) -> None:
    for *days, french, english in rows("periods", "spans"):
        first, last = (None if day == "-" else dt.date.fromisoformat(day) for day in days)
        for lang, words in (("fr", french), ("en", english)):
            with client.application.test_request_context(f"/search?lang={lang}"):
                assert span(first, last) == words
