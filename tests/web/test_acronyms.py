"""What the site says of an acronym and its words: on each page, in the feed, API and command."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.search.episodes import SHOW, begun, put
from tests.visits import Links, text
from tests.web.sites import visit

KEY, WORDS = f"{SHOW}/2024-01-01-dit", "vidéosurveillance algorithmique"
SAID = f"Aussi : « {WORDS} » (dit dans « Un mot à la loupe » à 0:05)."


def shown(page: TestResponse) -> str:
    return text(page).replace("( ", "(").replace(" )", ")")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder, glossary = Path(tmp_path_factory.mktemp("acronyms")), ("CRA = centre de rétention",)
    made = begun(folder, "La Machine", glossary=glossary)
    title = "Un mot à la loupe"
    put(made, "2024-01-01-dit", "Bonsoir.", f"Ici, la {WORDS}, la VSA, revient.", title=title)
    put(made, "2024-01-02-sigle", "Encore la VSA dans les rues.")
    put(made, "2024-01-03-mots", f"On filme par {WORDS}.")
    put(made, "2024-01-04-cra", "Un CRA rouvre.")
    put(made, "2024-01-05-caf", "La CAF, la caisse d’allocations familiales, ferme.")
    put(made, "2024-01-06-caf", "La CAF, le centre d’art fantôme, ouvre.")
    return visit(made, "https://radio.example")


def test_what_was_looked_for_too_is_said_with_its_source_and_taken_off(client: FlaskClient) -> None:
    answer = client.get("/search?q=VSA")
    assert SAID in shown(answer)
    part = answer.text.partition("Aussi")[2].partition("</p>")[0]
    words, source, typed = Links(part).found
    assert f"« {WORDS} »" not in shown(client.get(words)).partition("Aussi")[2]
    assert "/shows/machine/2024-01-01-dit?t=5.632" in source
    assert "<mark>VSA</mark>" in client.get(source).text
    assert "exact=1" in typed
    assert "Aussi" not in shown(client.get(typed))
    for view in ("listen", "words", "months"):
        assert SAID in shown(client.get(f"/search/{view}?q=VSA"))


def test_each_of_two_meanings_is_a_link_to_its_words_alone(client: FlaskClient) -> None:
    part = client.get("/search?q=CAF").text.partition("Aussi")[2].partition("</p>")[0]
    first, _, second, _, _typed = Links(part).found
    pages = [shown(client.get(each)) for each in (first, second)]
    assert sum("familiales" in page for page in pages) == 1
    assert sum("fantôme" in page for page in pages) == 1


def test_a_page_marks_the_words_that_its_results_promise(client: FlaskClient) -> None:
    links = Links(client.get("/search?q=VSA").text).found
    for slug, marked in (("03-mots", "algorithmique"), ("02-sigle", "VSA")):
        link = next(link for link in links if f"{slug}?t=" in link)
        page = client.get(link)
        assert f"<mark>{marked}</mark>" in page.text
        assert SAID in shown(page)


def test_the_api_gives_it(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search?q=VSA").get_json()
    (also,) = answer["also"]
    assert also.pop("start") == pytest.approx(5.6, abs=0.3)
    assert client.get(also.pop("url")).status_code == 200
    known = {"text": WORDS, "acronym": "VSA", "words": WORDS, "show": None, "episode": KEY}
    assert also == known | {"title": "Un mot à la loupe"}
    assert client.get(answer["as_typed"]).get_json()["also"] == []
    (told,) = client.get("/api/v1/search?q=CRA").get_json()["also"]
    assert (told["show"], told["episode"], told["start"]) == (SHOW, None, None)
    assert client.get(told["url"]).status_code == 200
