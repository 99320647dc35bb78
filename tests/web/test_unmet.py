"""What the site says of a query that nothing meets whole: on each page, in the feed, in the API."""

import html
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.themes import FILE
from tests.processes import command
from tests.search.episodes import SHOW
from tests.search.lists import rows
from tests.search.unmet import CAMERAS, URGENCES, write_corpus
from tests.visits import Links, text
from tests.web.sites import visit

THEMES = [
    {"name": "Reconnaissance biométrique", "words": ["reconnaissance faciale"]},
    {"name": "Mal-logement", "words": ["loyers", "logement"]},
    {"name": "Claude Bernier", "kind": "person", "words": ["préfet"]},
    {"name": "Hippogriffes"},  # of which nobody speaks
]
SAID = "Aucun passage ne contient tous ces mots. Résultats sans « licorne »."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(Path(tmp_path_factory.mktemp("unmet")))
    write_corpus(made)
    glossary = ("CLIP = collectif des locataires", "LDH = reconnaissance faciale")
    made.write_show(Show(SHOW, "La Machine à découdre", glossary=glossary))
    (made.root / FILE).write_text(json.dumps({"version": 1, "themes": THEMES}), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return visit(archive, "https://radio.example")


def test_every_view_says_which_word_is_left_out(client: FlaskClient) -> None:
    for view in ("/listen", "/words", "/months", ""):
        page = client.get(f"/search{view}?q=drones+licorne")
        assert SAID in text(page), view
        (exact,) = (link for link in Links(page.text).found if "exact=1" in link)
        assert SAID not in text(client.get(exact))
    hit = client.get(next(link for link in Links(page.text).found if "?t=" in link))
    assert "<mark>drones</mark>" in hit.text
    assert SAID in text(hit)
    answer = client.get("/api/v1/search?q=drones+licorne").get_json()
    assert answer["without"] == ["licorne"]
    assert [each["key"] for each in answer["episodes"]] == [f"{SHOW}/{CAMERAS}"]
    typed = client.get(answer["as_typed"]).get_json()
    assert (typed["total"], typed["without"], typed["as_typed"]) == (0, [], None)


def test_an_empty_page_leads_on(client: FlaskClient) -> None:
    page = client.get("/search?q=belkacens+camillou&exact=1")
    assert "Voir aussi Personnes : Inès Belkacem , Camille Dupont" in text(page)
    links = [link for link in Links(page.text).found if "/people?" in link]
    dossiers = [client.get(link, follow_redirects=True) for link in links]
    led = [each.request.path for each in dossiers]
    assert led == ["/people/ines-belkacem", "/people/camille-dupont"]
    assert all("2 épisodes" in text(each) for each in dossiers)
    nothing = client.get("/search?q=zzzzzz")
    assert "Dans l’archive Thèmes : santé" in text(nothing)
    assert f"/shows/{SHOW}/{URGENCES}" in Links(nothing.text).found


def test_no_query_is_a_dead_end(client: FlaskClient) -> None:
    for query, told, beginning, expected in rows("unmet", "offers"):
        page = client.get("/search", query_string={"q": query})
        assert told in text(page), query
        links = [link for link in Links(page.text).found if link.startswith(beginning)]
        assert links, query
        assert client.get(html.unescape(links[0]), follow_redirects=True).status_code == 200
        answer = client.get("/api/v1/search", query_string={"q": query}).get_json()
        for kind, some in answer["near"].items():
            names = [each if isinstance(each, str) else each.get("name") for each in some]
            answer[f"near.{kind}"] = names
        assert answer | json.loads(expected) == answer, query


def test_themes_that_cannot_be_read_stop_no_search(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    write_corpus(archive)
    (archive.root / FILE).write_text("{", encoding="utf-8")
    page = visit(archive).get("/search?q=belkacerts")
    assert page.status_code == 200
    assert "Inès Belkacem" in page.text


def test_the_command_leads_on(archive: Archive) -> None:
    for words, told in (
        (("drones", "licorne"), "without: licorne"),
        (("biométriques",), 'near: "reconnaissance faciale"'),
        (("--exact", "belkacens"), 'near: personne:"Inès Belkacem"'),
        (("housing",), "the shows are in French; try: logement"),
    ):
        assert told in command(archive, "search", *words, LC_ALL="C").stderr
    given = command(archive, "search", "--json", "qui parle de drones ?")
    assert json.loads(given.stdout)["asked"] == "drones"
