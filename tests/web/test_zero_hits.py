"""Queries that nothing meets as they stand: what the page and the API offer all the same."""

import html
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.themes import FILE
from radio.search import Index
from radio.web.site import create_app
from tests.processes import call
from tests.search.episodes import SHOW
from tests.search.unmet import URGENCES, write_corpus
from tests.tables import for_each
from tests.visits import Links, text

THEMES = [
    {"name": "Reconnaissance biométrique", "words": ["reconnaissance faciale"]},
    {"name": "Mal-logement", "words": ["loyers", "logement"]},
    {"name": "Claude Bernier", "kind": "person", "words": ["préfet"]},
    {"name": "Hippogriffes"},  # of which nobody speaks
]
GLOSSARY = ("CLIP = collectif des locataires", "LDH = reconnaissance faciale")


class Offer(NamedTuple):
    """What must be offered for a query."""

    query: str
    told: str  # on the page
    link: str  # a beginning of its address
    answer: dict[str, Any]  # of the API, among others
    near: dict[str, list[str]] = {}  # names  # noqa: RUF012


AT_HAND = ["santé", "algorithmes", "écologie", "logement", "musique"]
NEWEST = f"/shows/{SHOW}/{URGENCES}"
OFFERS = [
    # Misspelt, joined, split: mended, and told.
    Offer("fanffarree", "Voici les passages pour « fanfare »", NEWEST[:7], {"instead": "fanfare"}),
    Offer("reconnaissancefaciale", "1 épisode pour", f"/shows/{SHOW}/2024", {"total": 1}),
    Offer("com post", "1 épisode pour", f"/shows/{SHOW}/2018-04-03-jardins", {"total": 1}),
    # The name of a person, mended where its letters are enough, else near; one that a keeper tells.
    Offer("Kamille Dupond", "« camille dupont »", f"/shows/{SHOW}", {"instead": "camille dupont"}),
    Offer("Belkacerts", "Personnes : Inès Belkacem", "/people?", {}, {"people": ["Inès Belkacem"]}),
    Offer(
        "personne:belkacerts",
        "Personnes : Inès Belkacem",
        "/people?",
        {"total": 0},
        {"people": ["Inès Belkacem"]},
    ),
    Offer(
        "Bernié",
        "Personnes : Claude Bernier",
        "/people/claude-bernier",
        {"total": 0},
        {"dossiers": ["Claude Bernier"], "people": [], "tags": []},
    ),
    # Themes of a keeper that are no tags.
    Offer(
        "biométriques",
        "Thèmes : Reconnaissance biométrique",
        "/themes/reconnaissance-biometrique",
        {"total": 0},
        {"dossiers": ["Reconnaissance biométrique"]},
    ),
    Offer(
        "mallogement",
        "Thèmes : Mal-logement",
        "/themes/mal-logement",
        {"total": 0},
        {"dossiers": ["Mal-logement"]},
    ),
    Offer(
        "mal logement",
        "Thèmes : Mal-logement",
        "/themes/mal-logement",
        {"without": ["mal"]},
        {"dossiers": ["Mal-logement"]},
    ),
    # Acronyms: by their words, else told.
    Offer("LDH", "Aussi : « reconnaissance faciale »", f"/shows/{SHOW}/2024", {"total": 1}),
    Offer("CLIP", "Aussi : « collectif des locataires »", NEWEST, {"total": 0}, {"tags": AT_HAND}),
    # What nobody says, and what is no word.
    Offer("licorne", "Dans l’archive", NEWEST, {"total": 0}, {"tags": AT_HAND}),
    Offer("hippogriffe", "Dans l’archive", NEWEST, {"total": 0}, {"dossiers": []}),
    Offer("où", "Dans l’archive", NEWEST, {"total": 0}, {"tags": AT_HAND}),
    Offer("§§§", "Dans l’archive", NEWEST, {"total": 0}, {"tags": AT_HAND}),
    Offer("-fanfare", "Dans l’archive", NEWEST, {"total": 0}, {"tags": AT_HAND}),
    # English, and a time in which there is nothing.
    Offer("housing", "essayez « logement »", "/search?q=logement", {"french": "logement"}),
    Offer("fanfare avant:2010", "Sans les filtres : 1 épisode", "/search?q=fanfare", {"beyond": 1}),
    Offer("après:2030", "Dans l’archive", NEWEST, {"total": 0}, {"tags": AT_HAND}),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    made = Archive(Path(tmp_path_factory.mktemp("zero")))
    write_corpus(made)
    made.write_show(Show(SHOW, "La Machine à découdre", glossary=GLOSSARY))
    told = json.dumps({"version": 1, "themes": THEMES})
    (made.root / FILE).write_text(told, encoding="utf-8")
    Index(made).refresh()
    return made


@pytest.fixture(scope="module")
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, Index(archive)).test_client()


@for_each("offer", OFFERS)
def test_no_query_is_a_dead_end(client: FlaskClient, offer: Offer) -> None:
    page = client.get("/search", query_string={"q": offer.query})
    assert offer.told in text(page)
    links = [link for link in Links(page.text).found if link.startswith(offer.link)]
    assert links
    assert client.get(html.unescape(links[0]), follow_redirects=True).status_code == 200
    answer = client.get("/api/v1/search", query_string={"q": offer.query}).get_json()
    assert answer | offer.answer == answer
    for kind, names in offer.near.items():
        found = [each if isinstance(each, str) else each["name"] for each in answer["near"][kind]]
        assert found == names


def test_the_command_tells_by_which_words_a_theme_is_found(archive: Archive) -> None:
    told = call("search", "biométriques", RADIO_ROOT=str(archive.root), LC_ALL="C")
    assert 'near: "reconnaissance faciale"' in told.stderr


def test_themes_that_cannot_be_read_stop_no_search(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    write_corpus(archive)
    (archive.root / FILE).write_text("{", encoding="utf-8")
    index = Index(archive)
    index.refresh()
    page = create_app(archive, index).test_client().get("/search?q=belkacerts")
    assert page.status_code == 200
    assert "Inès Belkacem" in page.text
