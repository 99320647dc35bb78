"""What the site says of a query that nothing meets whole: on each page, in the feed, in the API."""

import json
from pathlib import Path

import feedparser
import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app
from tests.processes import call
from tests.search.episodes import SHOW
from tests.search.unmet import CAMERAS, write_corpus
from tests.tables import for_each
from tests.visits import Links, text

TYPED = {"q": "drones licorne"}
SAID = "Rien ne réunit tous ces mots. Sans : « licorne »."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(Path(tmp_path_factory.mktemp("unmet")))
    write_corpus(made)
    Index(made).refresh()
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, Index(archive), base_url="https://radio.example").test_client()


@for_each("page", ["", "/listen", "/words", "/months"])
def test_every_view_says_which_word_is_left_out(client: FlaskClient, page: str) -> None:
    answer = client.get(f"/search{page}", query_string=TYPED)
    assert SAID in text(answer)
    typed = [link for link in Links(answer.text).found if "exact=1" in link]
    assert len(typed) == 1
    assert SAID not in text(client.get(typed[0]))


def test_a_link_of_the_results_opens_at_the_words_that_are_met(client: FlaskClient) -> None:
    answer = client.get("/search", query_string=TYPED)
    link = next(link for link in Links(answer.text).found if "?t=" in link)
    page = client.get(link)
    assert "<mark>drones</mark>" in page.text
    assert SAID in text(page)


def test_the_api_names_the_words_that_are_left_out(client: FlaskClient) -> None:
    answer = client.get("/api/v1/search", query_string=TYPED).get_json()
    assert answer["without"] == ["licorne"]
    assert [each["key"] for each in answer["episodes"]] == [f"{SHOW}/{CAMERAS}"]
    typed = client.get(answer["as_typed"]).get_json()
    assert (typed["total"], typed["without"], typed["as_typed"]) == (0, [], None)


def test_the_feed_says_what_it_follows(client: FlaskClient) -> None:
    feed = feedparser.parse(client.get("/search.xml", query_string=TYPED).data)
    assert SAID in feed.feed.subtitle.replace("\N{NO-BREAK SPACE}", " ")
    assert len(feed.entries) == 1


def test_a_question_says_by_which_words_it_is_asked(client: FlaskClient) -> None:
    answer = client.get("/search", query_string={"q": "qui a parlé de drones ?"})
    assert "Une question se cherche par ses mots : « drones »." in text(answer)
    english = client.get("/search", query_string={"q": "who talked about drones?", "lang": "en"})
    assert "A question is searched by its words: “drones”." in text(english)


def test_the_command_says_which_word_is_left_out(archive: Archive) -> None:
    told = call("search", "drones", "licorne", RADIO_ROOT=str(archive.root), LC_ALL="C")
    assert "without: licorne" in told.stderr
    assert CAMERAS in told.stdout
    given = call("search", "--json", "qui parle de drones ?", RADIO_ROOT=str(archive.root))
    assert json.loads(given.stdout)["asked"] == "drones"


def test_words_of_the_title_are_marked_where_the_talk_says_the_others(client: FlaskClient) -> None:
    query = {"q": "parcoursup lycéens camille"}
    page = client.get("/search", query_string=query).text
    assert "<mark>Parcoursup</mark> à la loupe</a></h2>" in page
    assert '<p class="summary"><mark>Camille</mark> Dupont</p>' in page
    assert "dossiers des <mark>lycéens</mark>" in page
    (episode,) = client.get("/api/v1/search", query_string=query).get_json()["episodes"]
    assert episode["marked"] == ["Parcoursup"]
    assert episode["told"] == [{"text": "Camille Dupont", "marked": ["Camille"]}]
    assert episode["passages"][0]["marked"] == ["lycéens"]


def test_an_empty_page_leads_on(client: FlaskClient) -> None:
    page = client.get("/search?q=belkacens+camillou&exact=1")
    assert "Proche de ces mots Personnes : Inès Belkacem , Camille Dupont" in text(page)
    links = [link for link in Links(page.text).found if "/people?" in link]
    dossiers = [client.get(link, follow_redirects=True) for link in links]
    assert [each.request.path for each in dossiers] == [
        "/people/ines-belkacem",
        "/people/camille-dupont",
    ]
    assert all("2 épisodes" in text(each) for each in dossiers)
    nothing = client.get("/search?q=zzzzzz")
    assert "Dans l’archive Thèmes : santé" in text(nothing)
    assert "/shows/machine/2025-01-15-urgences" in Links(nothing.text).found
    answer = client.get("/api/v1/search?q=belkacens&exact=1").get_json()
    assert answer["near"]["people"] == ["Inès Belkacem"]


def test_filters_that_leave_nothing_are_one_link_away(client: FlaskClient) -> None:
    page = client.get("/search", query_string={"q": "hôpital avant:2010"})
    assert "Sans les filtres : 2 épisodes" in text(page)
    link = next(link for link in Links(page.text).found if link.endswith("q=h%C3%B4pital"))
    assert "2 épisodes" in text(client.get(link))
    assert client.get("/api/v1/search?q=hôpital avant:2010").get_json()["beyond"] == 2


def test_english_words_lead_to_french_ones(client: FlaskClient) -> None:
    page = client.get("/search?q=facial+recognition&lang=en")
    assert "The shows are in French: try “reconnaissance faciale”." in text(page)
    links = Links(page.text).found
    link = next(link for link in links if "q=reconnaissance+faciale" in link)
    assert "Nothing" not in text(client.get(link))
    answer = client.get("/api/v1/search?q=housing").get_json()
    assert answer["french"] == "logement"
    feed = feedparser.parse(client.get("/search.xml?q=housing").data)
    assert "essayez «\N{NO-BREAK SPACE}logement\N{NO-BREAK SPACE}»" in feed.feed.subtitle


def test_the_command_leads_on(archive: Archive) -> None:
    told = call("search", "--exact", "belkacens", RADIO_ROOT=str(archive.root), LC_ALL="C")
    assert 'near: personne:"Inès Belkacem"' in told.stderr
    told = call("search", "housing", RADIO_ROOT=str(archive.root), LC_ALL="C")
    assert "the shows are in French; try: logement" in told.stderr
