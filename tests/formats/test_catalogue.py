"""What there is, for other programs and for libraries: tables, lines, Dublin Core, hashes."""

import csv
import dataclasses
import datetime as dt
import hashlib
import html
import io
import json
import re
import subprocess
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from radio.archive import Archive
from radio.archive.episode import Episode, Person, Show
from radio.formats.dublin_core import DC, OAI_DC, describe_episode, render_record
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.processes import command
from tests.samples import CITY, STREET, put
from tests.tables import for_each
from tests.visits import text as text_of
from tests.web.sites import visit

SITE = "https://radio.example"
LISTS = ("/catalogue.csv", "/catalogue.jsonl", "/fixity.jsonl", "/fixity.sha256")
TITLE = '=SUM(1) « Écoute », "l’œil"\nde la ville'


@pytest.fixture
def episode(archive: Archive) -> Episode:
    about = ("Parler.", "Radio Dio", "Le collectif")
    archive.write_show(Show("emission", "Émission", *about, license="CC BY 4.0"))
    people = (Person("Camille", "présentation"), Person("Noé"))
    told: dict[str, Any] = {"title": TITLE, "description": "Un.\n\nDeux."}
    told["tags"] = ("police", "ville")
    made = put(archive, STREET, people=people, **told)
    write_cues(archive, made.key, Cue(0, 1, "Bonjour."), status="reread", audio=made.audio.sha256)
    return made


@pytest.fixture
def other(archive: Archive, episode: Episode) -> Episode:
    archive.write_show(Show("autre", "Autre"))
    made = put(archive, CITY, "autre")
    archive.vtt_path(made.key).unlink()
    return made


def table(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/catalogue.csv{query}").text)))


def lines(client: FlaskClient, path: str = "/catalogue.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(path).text.split("\n")[:-1]]


def test_tables_and_lines_tell_all_of_an_episode_and_lead_to_it(
    client: FlaskClient, episode: Episode, other: Episode
) -> None:
    """`test_answers` has each column of a table; its cells are no formulas."""
    told = {row["key"]: row for row in table(client)}[episode.key]
    assert (told["title"], told["description"]) == (f"'{TITLE}", "Un.\n\nDeux.")
    assert (told["people"], told["tags"]) == ("Camille (présentation); Noé", "police; ville")
    for name in ("page", "audio", "vtt", "srt", "txt"):
        assert client.get(told[name].removeprefix(SITE)).status_code == 200
    rows = {row["key"]: row for row in lines(client)}
    assert set(rows) == {episode.key, other.key}
    row = rows[episode.key]
    assert row["title"] == TITLE
    camille = {"name": "Camille", "role": "présentation"}
    assert row["people"] == [camille, {"name": "Noé", "role": ""}]
    assert row["tags"] == ["police", "ville"]
    assert rows[other.key]["transcript"] == rows[other.key]["vtt"] == ""
    schemas = client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    for name, path in (("Row", "/catalogue.jsonl"), ("Fixity", "/fixity.jsonl")):
        described = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": schemas}}
        for each in lines(client, path):
            Draft202012Validator(described).validate(each)
    assert set(schemas["Row"]["required"]) == set(row)


def test_a_catalogue_is_of_what_is_asked_for_and_public(
    archive: Archive, client: FlaskClient, episode: Episode, other: Episode
) -> None:
    assert [row["key"] for row in table(client, "?show=autre")] == [other.key]
    assert table(client, "?show=emission")[0]["key"] == episode.key
    for show in ("nope", "../x"):
        assert client.get("/catalogue.csv", query_string={"show": show}).status_code == 404
    archive.write_episode(
        dataclasses.replace(episode, status="embargoed", until=dt.datetime(2999, 1, 1))
    )
    archive.write_episode(dataclasses.replace(other, status="withdrawn", reason="x"))
    for path in LISTS:
        assert not any(each.slug in client.get(path).text for each in (episode, other))
    assert client.get("/catalogue.csv").text.startswith("key,show,show_title,")
    assert client.get("/catalogue.jsonl").text == ""


@for_each(
    ("text", "status"),
    [
        (b"WEBVTT\n\nNOTE\nstatus: machine\n\n1\n00:00:00.000 --> 00:00:01.000\nA\n", "machine"),
        (b"WEBVTT\r\n\r\nNOTE\r\nstatus: reread\r\n\r\n" + b"x\r\n" * 9000, "reread"),
        (b"WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\nA\n", "unknown"),
        (b"nothing of the kind", "unknown"),
        (b"\xff\xfe", "unknown"),
    ],
)
def test_a_transcript_has_the_status_of_its_note(
    archive: Archive, client: FlaskClient, episode: Episode, text: bytes, status: str
) -> None:
    archive.vtt_path(episode.key).write_bytes(text)
    assert lines(client)[0]["transcript"] == status


def test_a_list_is_sent_once(archive: Archive, client: FlaskClient, episode: Episode) -> None:
    known = {path: {"If-None-Match": client.get(path).headers["ETag"]} for path in LISTS}
    for path in LISTS:
        again = client.get(path, headers=known[path])
        assert (again.status_code, again.data) == (304, b"")
    vtt = archive.vtt_path(episode.key)
    with vtt.open("r+") as file:  # as an editor may: in its place, of the same length
        file.write(vtt.read_text().replace("status: reread", "status: myself"))
    for path in LISTS:
        assert client.get(path, headers=known[path]).status_code == 200


def elements(page: str) -> list[tuple[str, str]]:
    """The elements of Dublin Core that a page has."""
    found = re.findall(r'<meta name="DC\.(\w+)" content="([^"]*)">', page)
    return [(name, html.unescape(value)) for name, value in found]


def test_pages_describe_themselves_in_dublin_core(client: FlaskClient, episode: Episode) -> None:
    """`test_answers` has each element, of a station with a licence too."""
    page = client.get(f"/shows/{episode.key}").text
    assert f'<link rel="schema.DC" href="{DC}">' in page
    found = elements(page)
    assert found[0] == ("title", TITLE)
    assert found[2:4] == [("contributor", "Camille"), ("contributor", "Noé")]
    answer = client.get(f"/cite/{episode.key}.xml")
    assert answer.mimetype == "application/xml"
    record = ET.fromstring(answer.data)  # noqa: S314 (our own)
    assert record.tag == f"{{{OAI_DC}}}dc"
    assert [(each.tag.removeprefix(f"{{{DC}}}"), each.text) for each in record] == found
    show = dict(elements(client.get("/shows/emission/").text))
    assert (show["title"], show["type"]) == ("Émission", "Collection")
    assert show["identifier"] == f"{SITE}/shows/emission/"


def test_no_address_is_given_without_one(archive: Archive, episode: Episode) -> None:
    page = visit(archive).get(f"/shows/{episode.key}", headers={"Host": "evil.example"})
    assert elements(page.text) and "evil.example" not in str(elements(page.text))


def test_what_xml_cannot_write_is_left_out(episode: Episode) -> None:
    strange = dataclasses.replace(episode, title="a\x00\x1b\ud800<b>&", tags=("", " "))
    described = describe_episode(Show("emission", "Émission"), strange)
    record = ET.fromstring(render_record(described))  # noqa: S314 (our own)
    assert record.findtext(f"{{{DC}}}title") == "a<b>&"
    assert record.find(f"{{{DC}}}subject") is None


def words(client: FlaskClient) -> str:
    return text_of(client.get("/fixity"))


def test_the_hashes_are_true(archive: Archive, client: FlaskClient, episode: Episode) -> None:
    listed = [row for row in lines(client, "/fixity.jsonl") if "path" in row]
    names = [row["path"].rpartition("/")[2] for row in listed]
    slug = episode.slug
    assert names == ["show.json", f"{slug}.mp3", f"{slug}.vtt", f"{slug}.json"]
    for row in listed:
        answer = client.get(f"/{row['path']}")
        assert answer.data == (archive.root / row["path"]).read_bytes()
        assert answer.headers["ETag"] == f'"{row["sha256"]}"'
        assert row["size"] == len(answer.data)
        assert row["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert lines(client, "/fixity.jsonl")[-1] == {"lines": len(listed)}


def test_sums_of_strange_names_are_read_by_sha256sum(archive: Archive, client: FlaskClient) -> None:
    name = "Une \\affiche « à l’œil ».jpg"
    (archive.media / "emission" / name).write_bytes(b"a picture")
    archive.write_show(dataclasses.replace(archive.show("emission"), image=name))
    proved = subprocess.run(
        ["sha256sum", "--check", "--strict"],  # noqa: S607
        input=client.get("/fixity.sha256").data,
        cwd=archive.root,
        capture_output=True,
        check=True,
    )
    assert proved.stdout.count(b": OK\n") == 2


def test_the_page_says_how_the_last_check_ended(
    archive: Archive, client: FlaskClient, episode: Episode, other: Episode
) -> None:
    assert "pas encore été vérifiés" in words(client)
    command(archive, "check")
    assert "soit 2 enregistrements et" in words(client)
    assert "Rien ne manque, rien n’a changé." in words(client)
    archive.audio_path(other).write_bytes(b"x")
    assert command(archive, "check", check=False).returncode == 1
    assert "1 enregistrement s’est abîmé, et n’est plus donné" in words(client)
    assert other.slug not in words(client)
    (archive.cache / "fixity.json").write_text("{")
    assert "1 enregistrement vérifié, tous aujourd’hui." in words(client)


def test_one_hash_stands_for_all(archive: Archive, client: FlaskClient, episode: Episode) -> None:
    sums = client.get("/fixity.sha256").data
    assert hashlib.sha256(sums).hexdigest() in words(client)
    assert "1 enregistrement, 4 fichiers" in words(client)
    archive.vtt_path(episode.key).write_text("WEBVTT\n")
    assert hashlib.sha256(sums).hexdigest() not in words(client)
    archive.audio_path(episode).write_bytes(b"cut")  # what is not there is not promised
    assert episode.slug not in client.get("/fixity.sha256").text
