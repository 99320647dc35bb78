"""The collectives of an episode count more than those of its show; `test_answers` has all pages."""

import json
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.formats.podcast_feed import ITUNES, PODCAST
from radio.search import Index
from tests.samples import CITY, STREET, put
from tests.web.sites import visit

HALTE, DIO, MAD = "Halte au contrôle", "Radio Dio", "Les Couseuses"


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    archive.write_show(Show("emission", "Émission", producers=(MAD, DIO)))
    put(archive, STREET, producers=(HALTE, DIO), people=(Person("Camille"),))
    put(archive, CITY)
    return visit(archive, "https://a.org")


def test_feeds_and_programs_are_told_who_made_an_episode(client: FlaskClient) -> None:
    content = client.get("/shows/emission/feed.xml").data
    channel = ET.fromstring(content).find("channel")  # noqa: S314 (our own)
    assert channel is not None
    assert channel.findtext(f"{{{ITUNES}}}author") == f"{MAD}, {DIO}"
    for slug, author, names in (
        (STREET, f"{HALTE}, {DIO}", ["Camille", HALTE, DIO]),
        (CITY, None, [MAD, DIO]),
    ):
        item = next(each for each in channel.findall("item") if each.findtext("title") == slug)
        assert item.findtext(f"{{{ITUNES}}}author") == author
        assert [each.text for each in item.findall(f"{{{PODCAST}}}person")] == names
        told = json.loads(client.get(f"/api/v1/episodes/emission/{slug}").text)["producers"]
        assert told == [each for each in names if each != "Camille"]


def test_search_finds_and_narrows_by_a_collective(client: FlaskClient, archive: Archive) -> None:
    found = Index(archive).search('personne:"halte au controle" bonjour')
    assert [each.key for each in found.episodes] == [f"emission/{STREET}"]
    assert dict(Index(archive).search("bonjour").facets.people) == {"Camille": 1, HALTE: 1, DIO: 1}
