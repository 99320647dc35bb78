"""The answers to a search: marked, sorted, narrowed, followed."""

import dataclasses

import feedparser
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from radio.archive import Archive
from radio.search import Index, Interpretation
from radio.system.errors import SearchError
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.tables import for_each
from tests.visits import Links, text
from tests.web.views.site import FOUND, PAGE, Canned, found, hits, visit


def test_search_marks_words_and_links_to_the_second(client: FlaskClient, index: Canned) -> None:
    snippet = (("des ", False), ("lampadaires", True), (" & <b>", False))
    index.answer = hits(found(STREET, snippet), found(CITY))
    response = client.get("/search?q=lampadaires")
    assert response.headers["Cache-Control"] == "no-store"
    assert "2 épisodes pour «\u00a0lampadaires\u00a0»</h1>" in response.text
    assert "des <mark>lampadaires</mark> &amp; &lt;b&gt;" in response.text
    assert f'href="{PAGE}?t=12.5&amp;q=lampadaires#t"' in response.text
    assert f'href="/shows/{SHOW}/{CITY}"' in response.text
    assert '<span id="t">' in client.get(f"{PAGE}?t=12.5").text


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


def test_search_without_words_asks_for_some(client: FlaskClient, index: Canned) -> None:
    response = client.get("/search?q=+")
    assert "Écrivez un ou plusieurs mots" in response.text
    assert index.asked == []


def test_search_that_finds_nothing_gives_advice(client: FlaskClient) -> None:
    response = client.get("/search?q=zzz")
    assert response.status_code == 200
    assert "Aucun épisode pour" in response.text
    assert "Vérifiez l’orthographe" in response.text


def test_search_has_pages(client: FlaskClient, index: Canned) -> None:
    index.answer = hits(found(STREET, (("a", True),)), page=2, pages=3)
    page = client.get(f"/search?q=a&show={SHOW}&page=2&lang=fr").text
    links = [link for link in Links(page).found if "page=" in link]
    assert f"/search?q=a&show={SHOW}&page=1&lang=fr" in links
    assert f"/search?q=a&show={SHOW}&page=3&lang=fr" in links


def test_search_gives_no_episode_that_was_withdrawn_since(archive: Archive) -> None:
    index = Index(archive)
    index.refresh()
    client = visit(archive, index)
    addresses = [
        "/search?q=lampadaires",
        "/search.xml?q=lampadaires",
        "/search/words?q=lampadaires",
    ]
    for address in addresses:
        assert STREET in client.get(address).text
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(dataclasses.replace(episode, status="withdrawn", reason="x"))
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert STREET not in response.text


def test_the_real_index_answers(archive: Archive) -> None:
    index = Index(archive)
    index.refresh()
    client = visit(archive, index)
    page = client.get("/search?q=lampadaire").text
    assert "<mark>lampadaires</mark>" in page
    links = [link for link in Links(page).found if link.endswith("#t")]
    assert {link.partition("?t=")[0] for link in links} == {PAGE, f"/shows/{SHOW}/{MEMORY}"}
    assert all('<span id="t">' in client.get(link).text for link in links)
    assert client.get("/search?q=lampadaire&page=9").status_code == 404


def test_answers_are_sorted_narrowed_and_followed(archive: Archive) -> None:
    canned = Canned(FOUND)
    page = visit(archive, canned).get("/search?q=radio+dio&sort=newest")
    assert "sort=oldest" in page.text
    assert "Filtrer" in text(page)
    assert "q=radio+dio+personne%3A%22No%C3%A9%22&amp;sort=newest" in page.text
    assert "q=radio+dio+apr%C3%A8s%3A2022+avant%3A2024" in page.text
    assert "sort=newest&amp;page=2" in page.text
    assert 'href="/search.xml?q=radio+dio"' in page.text
    visit(archive, canned).get("/search?q=radio&sort=best;drop")
    assert canned.orders == ["newest", "best"]


def test_what_was_looked_for_instead_is_said(archive: Archive) -> None:
    mended = dataclasses.replace(FOUND, interpretation=Interpretation(instead="radio"))
    page = text(visit(archive, Canned(mended)).get("/search?q=raido"))
    assert "Voici les passages pour « radio »" in page


def test_a_feed_of_passages(archive: Archive) -> None:
    archive.evidence_path(f"{SHOW}/{STREET}").unlink()
    canned = Canned(FOUND)
    given = visit(archive, canned, "https://radio.example").get("/search.xml?q=radio+dio")
    assert canned.orders[-1] == "newest"
    feed = feedparser.parse(given.data)
    assert not feed.bozo
    assert feed.feed.title == "Passages pour «\N{NO-BREAK SPACE}radio dio\N{NO-BREAK SPACE}»"
    (entry,) = feed.entries
    assert entry.link == f"https://radio.example{PAGE}?t=12&q=radio+dio#t"
    assert entry.title == "Les micros : de la rue – 0:12"
    assert entry.summary == "écoutez Radio & co [transcription automatique non relue]"
    assert visit(archive, Canned()).get("/search.xml").status_code == 200


def test_the_api(archive: Archive, client: FlaskClient) -> None:
    given = visit(archive, Canned(FOUND)).get("/api/v1/search?q=radio+dio").get_json()
    assert given["total"] == 21
    assert given["facets"]["years"] == [
        {"value": 2024, "episodes": 2},
        {"value": 2023, "episodes": 1},
    ]
    assert given["episodes"][0]["passages"] == [
        {
            "start": 12.0,
            "url": f"{PAGE}?t=12&q=radio+dio#t",
            "text": "écoutez Radio & co",
            "marked": ["Radio"],
        }
    ]
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    described = {"$ref": "#/components/schemas/Results", "components": {"schemas": schemas}}
    Draft202012Validator(described).validate(given)
    past = visit(archive, Canned(dataclasses.replace(FOUND, episodes=())))
    assert past.get("/api/v1/search?q=radio&page=9").status_code == 404
    broken = visit(archive, Canned(SearchError("broken")))
    assert broken.get("/api/v1/search?q=radio").status_code == 503
    assert client.get("/api/v1/search").get_json()["total"] == 0


@for_each("view", ["", "/listen", "/words", "/months"])
def test_only_months_compare_two_searches(client: FlaskClient, view: str) -> None:
    page = client.get(f"/search{view}?q=a").text
    assert ('name="and"' in page) is (view == "/months")
    assert '<meta name="robots" content="noindex">' in page


def test_suggestions_with_and_without_a_script(archive: Archive, client: FlaskClient) -> None:
    page = client.get("/").text
    assert '<option value="dit &#34;oui&#34; &amp; &lt;non&gt;">' in page
    assert client.get("/suggest?q=caf").get_json()[0] == "café"
    broken = visit(archive, Canned(SearchError("broken")))
    assert broken.get("/").status_code == 200
    assert broken.get(PAGE).status_code == 200
