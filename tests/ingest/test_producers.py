"""The collectives that make a show or made an episode are named wherever it is given."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.formats.podcast_feed import ITUNES, PODCAST
from radio.search import Index
from radio.static_site.lexicon import lexicon
from radio.web.site import create_app
from tests.samples import CITY, STREET, put
from tests.visits import text as words

HALTE, DIO, MAD = "Halte au contrôle", "Radio Dio", "Les Couseuses"


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    """A show by two collectives; one episode is by another one, with one of the two."""
    archive.write_show(Show("emission", "Émission", producers=(MAD, DIO)))
    put(archive, STREET, producers=(HALTE, DIO), people=(Person("Camille"),))
    put(archive, CITY)
    index = Index(archive)
    index.refresh()
    return create_app(archive, index, base_url="https://a.org").test_client()


def test_pages_name_the_producers(client: FlaskClient) -> None:
    street = words(client.get(f"/shows/emission/{STREET}"))
    assert f"fait par {HALTE} , {DIO}" in street
    for page in (f"/shows/emission/{CITY}", "/shows/emission/", "/about"):
        assert f"ait par {MAD}, {DIO}" in words(client.get(page))
    assert HALTE in words(client.get("/catalogue"))


def test_feeds_name_the_producers(client: FlaskClient) -> None:
    content = client.get("/shows/emission/feed.xml").data
    channel = ET.fromstring(content).find("channel")  # noqa: S314 (our own)
    assert channel is not None
    assert channel.findtext(f"{{{ITUNES}}}author") == f"{MAD}, {DIO}"
    found = {
        item.findtext("title"): (
            item.findtext(f"{{{ITUNES}}}author"),
            [
                (each.text, each.get("group"), each.get("role"))
                for each in item.findall(f"{{{PODCAST}}}person")
            ],
        )
        for item in channel.findall("item")
    }
    role = ("Creative Direction", "Producer")
    assert found == {
        STREET: (f"{HALTE}, {DIO}", [("Camille", None, None), (HALTE, *role), (DIO, *role)]),
        CITY: (None, [(MAD, *role), (DIO, *role)]),
    }


def test_other_programs_are_told_of_the_producers(client: FlaskClient) -> None:
    api = "/api/v1/episodes/emission"
    assert json.loads(client.get(f"{api}/{STREET}").text)["producers"] == [HALTE, DIO]
    assert json.loads(client.get(f"{api}/{CITY}").text)["producers"] == [MAD, DIO]
    rows = list(csv.DictReader(io.StringIO(client.get("/catalogue.csv").text)))
    assert {row["producers"] for row in rows} == {f"{HALTE}; {DIO}", f"{MAD}; {DIO}"}
    record = client.get(f"/cite/emission/{STREET}.xml").text
    assert re.findall("<dc:creator>(.*?)</dc:creator>", record) == [HALTE, DIO]
    page = client.get(f"/shows/emission/{STREET}").text
    linked = json.loads(page.split('type="application/ld+json">')[1].split("</script>")[0])
    assert [each["name"] for each in linked["producer"]] == [HALTE, DIO]
    assert [each["name"] for each in linked["partOfSeries"]["producer"]] == [MAD, DIO]


def test_search_finds_and_narrows_by_a_collective(client: FlaskClient, archive: Archive) -> None:
    found = Index(archive).search('personne:"halte au controle" bonjour')
    assert [each.key for each in found.episodes] == [f"emission/{STREET}"]
    assert dict(Index(archive).search("bonjour").facets.people) == {"Camille": 1, HALTE: 1, DIO: 1}
    rows = [content for _path, content in lexicon(archive, archive.episodes())]
    assert any(HALTE.encode() in row for row in rows if isinstance(row, bytes))
