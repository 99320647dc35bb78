"""What the site says of a query that nothing meets whole: on each page, in the feed, in the API."""

import html
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.themes import FILE
from tests.processes import call
from tests.search.episodes import SHOW
from tests.search.unmet import CAMERAS, URGENCES, write_corpus
from tests.visits import Links, text
from tests.web.sites import visit

THEMES = [
    {"name": "Reconnaissance biométrique", "words": ["reconnaissance faciale"]},
    {"name": "Mal-logement", "words": ["loyers", "logement"]},
    {"name": "Claude Bernier", "kind": "person", "words": ["préfet"]},
    {"name": "Hippogriffes"},  # of which nobody speaks
]
GLOSSARY = ("CLIP = collectif des locataires", "LDH = reconnaissance faciale")


AT_HAND = ["santé", "algorithmes", "écologie", "logement", "musique"]
NEWEST = f"/shows/{SHOW}/{URGENCES}"
OFFERS = """
# A query | what the page tells | a beginning of a link there | what the API answers
# Misspelt, joined, split: mended, and told.
fanffarree | Voici les passages pour « fanfare » | /shows/ | {"instead": "fanfare"}
reconnaissancefaciale | 1 épisode pour | /shows/machine/2024 | {"total": 1}
com post | 1 épisode pour | /shows/machine/2018-04-03-jardins | {"total": 1}
# The name of a person, mended where its letters are enough, else near; one that a keeper tells.
Kamille Dupond | « camille dupont » | /shows/machine | {"instead": "camille dupont"}
Belkacerts | Personnes : Inès Belkacem | /people? | {"near.people": ["Inès Belkacem"]}
personne:belkacerts | Personnes : Inès Belkacem | /people? | {"near.people": ["Inès Belkacem"]}
Bernié | Personnes : Claude Bernier | /people/claude-bernier | {"near.dossiers": ["Claude Bernier"]}
# Themes of a keeper that are no tags.
biométriques | Thèmes : Reconnaissance biométrique | /themes/reconnaissance-bio | {"total": 0}
mallogement | Thèmes : Mal-logement | /themes/mal-logement | {"near.dossiers": ["Mal-logement"]}
mal logement | Thèmes : Mal-logement | /themes/mal-logement | {"without": ["mal"]}
# Acronyms: by their words, else told.
LDH | Aussi : « reconnaissance faciale » | /shows/machine/2024 | {"total": 1}
CLIP | Aussi : « collectif des locataires » | NEWEST | {"near.tags": AT_HAND}
# What nobody says, and what is no word.
licorne | Dans l’archive | NEWEST | {"near.tags": AT_HAND}
hippogriffe | Dans l’archive | NEWEST | {"near.dossiers": []}
où | Dans l’archive | NEWEST | {"near.tags": AT_HAND}
§§§ | Dans l’archive | NEWEST | {"near.tags": AT_HAND}
-fanfare | Dans l’archive | NEWEST | {"near.tags": AT_HAND}
# English, and a time in which there is nothing.
housing | essayez « logement » | /search?q=logement | {"french": "logement"}
fanfare avant:2010 | Sans les filtres : 1 épisode | /search?q=fanfare | {"beyond": 1}
après:2030 | Dans l’archive | NEWEST | {"near.tags": AT_HAND}
""".replace("NEWEST", NEWEST).replace("AT_HAND", json.dumps(AT_HAND))

TYPED = {"q": "drones licorne"}
SAID = "Rien ne réunit tous ces mots. Sans : « licorne »."


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(Path(tmp_path_factory.mktemp("unmet")))
    write_corpus(made)
    made.write_show(Show(SHOW, "La Machine à découdre", glossary=GLOSSARY))
    told = json.dumps({"version": 1, "themes": THEMES})
    (made.root / FILE).write_text(told, encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return visit(archive, "https://radio.example")


def test_every_view_says_which_word_is_left_out(client: FlaskClient) -> None:
    for view in ("/listen", "/words", "/months", ""):
        page = client.get(f"/search{view}", query_string=TYPED)
        assert SAID in text(page), view
        (exact,) = (link for link in Links(page.text).found if "exact=1" in link)
        assert SAID not in text(client.get(exact))
    hit = client.get(next(link for link in Links(page.text).found if "?t=" in link))
    assert "<mark>drones</mark>" in hit.text
    assert SAID in text(hit)
    answer = client.get("/api/v1/search", query_string=TYPED).get_json()
    assert answer["without"] == ["licorne"]
    assert [each["key"] for each in answer["episodes"]] == [f"{SHOW}/{CAMERAS}"]
    typed = client.get(answer["as_typed"]).get_json()
    assert (typed["total"], typed["without"], typed["as_typed"]) == (0, [], None)


def test_an_empty_page_leads_on(client: FlaskClient) -> None:
    page = client.get("/search?q=belkacens+camillou&exact=1")
    assert "Proche de ces mots Personnes : Inès Belkacem , Camille Dupont" in text(page)
    links = [link for link in Links(page.text).found if "/people?" in link]
    dossiers = [client.get(link, follow_redirects=True) for link in links]
    led = [each.request.path for each in dossiers]
    assert led == ["/people/ines-belkacem", "/people/camille-dupont"]
    assert all("2 épisodes" in text(each) for each in dossiers)
    nothing = client.get("/search?q=zzzzzz")
    assert "Dans l’archive Thèmes : santé" in text(nothing)
    assert NEWEST in Links(nothing.text).found


def test_no_query_is_a_dead_end(client: FlaskClient) -> None:
    rows = [row.split(" | ") for row in OFFERS.strip().splitlines() if not row.startswith("#")]
    for query, told, beginning, expected in rows:
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


COMMANDS = {
    ("drones", "licorne"): "without: licorne",
    ("biométriques",): 'near: "reconnaissance faciale"',
    ("--exact", "belkacens"): 'near: personne:"Inès Belkacem"',
    ("housing",): "the shows are in French; try: logement",
}


def test_the_command_leads_on(archive: Archive) -> None:
    for words, told in COMMANDS.items():
        assert told in call("search", *words, RADIO_ROOT=str(archive.root), LC_ALL="C").stderr
    given = call("search", "--json", "qui parle de drones ?", RADIO_ROOT=str(archive.root))
    assert json.loads(given.stdout)["asked"] == "drones"
