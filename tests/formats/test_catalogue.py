"""What there is, for other programs and for libraries: tables, lines, Dublin Core, hashes."""

import csv
import dataclasses
import datetime as dt
import hashlib
import io
import json
import subprocess
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator

from radio.archive import Archive
from radio.archive.episode import Episode, Person, Show
from radio.formats.dublin_core import DC, OAI_DC, describe_episode, render_record
from radio.mirror.origin import Origin, write_origin
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.processes import call
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
    note = {"status": "reread", "audio": made.audio.sha256}
    text = render_vtt(Transcript((Cue(0, 1, "Bonjour."),), note))
    write_whole(archive.vtt_path(made.key), text.encode())
    return made


@pytest.fixture
def other(archive: Archive, episode: Episode) -> Episode:
    archive.write_show(Show("autre", "Autre"))
    made = put(archive, CITY, "autre")
    archive.vtt_path(made.key).unlink()
    return made


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return visit(archive, SITE)


def table(client: FlaskClient, query: str = "") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/catalogue.csv{query}").text)))


def lines(client: FlaskClient, path: str = "/catalogue.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.get(path).text.split("\n")[:-1]]


def test_the_table_tells_all_of_an_episode(client: FlaskClient, episode: Episode) -> None:
    (row,) = table(client)
    text = f"{SITE}/transcripts/{episode.key}"
    assert row == {
        "key": episode.key,
        "show": "emission",
        "show_title": "Émission",
        "station": "Radio Dio",
        "title": f"'{TITLE}",  # no formula
        "date": "2024-01-16",
        "date_sure": "true",
        "date_precision": "day",
        "language": "fr",
        "people": "Camille (présentation); Noé",
        "producers": "",
        "tags": "police; ville",
        "description": "Un.\n\nDeux.",
        "license": "CC BY 4.0",
        "page": f"{SITE}/shows/{episode.key}",
        "audio": f"{SITE}/media/emission/{episode.audio.file}",
        "mime": "audio/mpeg",
        "duration": str(episode.audio.duration),
        "size": str(episode.audio.size),
        "sha256": episode.audio.sha256,
        "transcript": "reread",
        "vtt": f"{text}.vtt",
        "srt": f"{text}.srt",
        "txt": f"{text}.txt",
    }
    for name in ("page", "audio", "vtt", "srt", "txt"):
        with client.get(row[name].removeprefix(SITE)) as answer:
            assert answer.status_code == 200


def test_lines_follow_their_schema(client: FlaskClient, episode: Episode, other: Episode) -> None:
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
    archive.write_episode(dataclasses.replace(episode, status="embargoed", until=dt.date.max))
    archive.write_episode(dataclasses.replace(other, status="withdrawn", reason="x"))
    for path in LISTS:
        given = client.get(path).text
        assert episode.slug not in given
        assert other.slug not in given
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


class Metas(HTMLParser):
    """The `meta` elements of a page, and its links that only name."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.names: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta" and given.get("name", "").startswith("DC."):
            self.found.append((given["name"][3:], given["content"]))
        if tag == "link" and given["rel"].startswith("schema."):
            self.names[given["rel"]] = given["href"]


def test_pages_describe_themselves_in_dublin_core(client: FlaskClient, episode: Episode) -> None:
    page = Metas(client.get(f"/shows/{episode.key}").text)
    assert page.names == {"schema.DC": DC}
    assert page.found == [
        ("title", TITLE),
        ("creator", "Le collectif"),
        ("contributor", "Camille"),
        ("contributor", "Noé"),
        ("publisher", "Radio Dio"),
        ("date", "2024-01-16"),
        ("description", "Un.\n\nDeux."),
        ("subject", "police"),
        ("subject", "ville"),
        ("type", "Sound"),
        ("format", "audio/mpeg"),
        ("language", "fr"),
        ("rights", "CC BY 4.0"),
        ("identifier", f"{SITE}/shows/{episode.key}"),
        ("identifier", episode.guid),
        ("identifier", f"sha256:{episode.audio.sha256}"),
        ("relation", f"{SITE}/shows/emission/"),
    ]
    answer = client.get(f"/cite/{episode.key}.xml")
    assert answer.mimetype == "application/xml"
    record = ET.fromstring(answer.data)  # noqa: S314 (our own)
    assert record.tag == f"{{{OAI_DC}}}dc"
    assert [(each.tag.removeprefix(f"{{{DC}}}"), each.text) for each in record] == page.found
    show = dict(Metas(client.get("/shows/emission/").text).found)
    assert (show["title"], show["type"]) == ("Émission", "Collection")
    assert show["identifier"] == f"{SITE}/shows/emission/"


def test_no_address_is_given_without_one(archive: Archive, episode: Episode) -> None:
    page = visit(archive).get(f"/shows/{episode.key}", headers={"Host": "evil.example"})
    assert "evil.example" not in str(Metas(page.text).found)


def test_what_xml_cannot_write_is_left_out(episode: Episode) -> None:
    strange = dataclasses.replace(episode, title="a\x00\x1b\ud800<b>&", tags=("", " "))
    elements = describe_episode(Show("emission", "Émission"), strange)
    record = ET.fromstring(render_record(elements))  # noqa: S314 (our own)
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
        with client.get(f"/{row['path']}") as answer:
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
    assert "jamais été relus" in words(client)
    call("check", "--root", str(archive.root))
    assert "soit 2 enregistrements et" in words(client)
    assert "Rien ne manque, rien n’a changé." in words(client)
    archive.audio_path(other).write_bytes(b"x")
    assert call("check", "--root", str(archive.root), check=False).returncode == 1
    assert "et 1 défaut a été trouvé." in words(client)
    assert other.slug not in words(client)
    (archive.cache / "fixity.json").write_text("{")
    assert "jamais été relus" in words(client)


def test_one_hash_stands_for_all(archive: Archive, client: FlaskClient, episode: Episode) -> None:
    sums = client.get("/fixity.sha256").data
    assert hashlib.sha256(sums).hexdigest() in words(client)
    assert "1 enregistrement, 4 fichiers" in words(client)
    archive.vtt_path(episode.key).write_text("WEBVTT\n")
    assert hashlib.sha256(sums).hexdigest() not in words(client)
    archive.audio_path(episode).write_bytes(b"cut")  # what is not there is not promised
    assert episode.slug not in client.get("/fixity.sha256").text


def test_a_copy_says_of_what_it_is_one(archive: Archive, client: FlaskClient) -> None:
    assert "opie de" not in words(client)
    write_origin(archive.root, Origin("http://10.0.0.2", "https://original.example", "2026-11-25"))
    assert "Cette archive est une copie de https://original.example , à jour du 25" in words(client)
    assert 'rel="canonical" href="https://original.example/"' in client.get("/").text
    (archive.root / "mirror.json").write_text("{")
    assert client.get("/").status_code == 200
