"""Parts of pages that many ask for: made once for each state of the archive, and never too old."""

from pathlib import Path

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Index
from tests.search.episodes import SHOW, begun, put
from tests.web.sites import visit

PARTS = {"/people/noe": "chronicle.html", "/catalogue": "names.html"}
PARTS[f"/shows/{SHOW}/"] = "shelves.html"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = begun(tmp_path, "La Machine")
    for year in range(2011, 2015):
        said = [f"Noé passe, numéro {n}." for n in range(20)]
        put(archive, f"{year}-05-05-noe", *said, people=(Person("Noé"),), title=f"Noé en {year}")
    return archive


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return visit(archive)


def asked(client: FlaskClient, address: str) -> tuple[bytes, list[str | None]]:
    """What is answered, and which templates it was made of."""
    names = list[str | None]()

    def note(_app: Flask, template: object, **_context: object) -> None:
        names.append(getattr(template, "name", None))

    with template_rendered.connected_to(note, client.application):
        return client.get(address).data, names


def test_what_many_ask_for_is_made_once_until_an_episode_comes(
    client: FlaskClient, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio.archive.holdings.TICK", 0)  # else what was just written has no state
    before = {address: client.get(address).data for address in PARTS}
    for address, part in PARTS.items():
        given, names = asked(client, address)
        assert (given == before[address], bool(names), part in names) == (True, True, False)
    put(archive, "2015-05-05-noe", "Noé part.", people=(Person("Noé"),))
    Index(archive).refresh()
    for address, part in PARTS.items():
        given, names = asked(client, address)
        assert (given == before[address], part in names) == (False, True), address


def test_each_address_has_its_own_links(client: FlaskClient) -> None:
    plain = client.get("/people/noe").text
    assert "lang=en" in client.get("/people/noe?lang=en").text.partition("<footer")[0]
    assert "exact=1" in client.get("/people/noe?exact=1").text
    assert client.get("/people/noe").text == plain
    below = client.get("/catalogue", base_url="http://localhost/radio").text
    assert 'href="/radio/people/noe' in below
    assert 'href="/people/noe' in client.get("/catalogue").text
