"""Recordings come in from browsers: byte by byte, in pieces, within bounds; then they are taken."""

import hashlib
import os
import re
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, Route, expect
from werkzeug.test import TestResponse

from bench.twins import Copy, write_copy
from radio.archive import Archive, journal
from radio.archive.check import check
from radio.archive.distinct import read_distinct
from radio.archive.episode import Show
from radio.archive.protection import Redaction
from radio.desk import sessions
from radio.ingest import uploads
from radio.ingest.files import ingest
from radio.proposals.twins.prints import propose
from radio.sound import decode
from radio.web.views import desk_uploads
from tests.patience import LONG, until
from tests.processes import command
from tests.samples import CITY, DEMO, STREET, put
from tests.visits import faults, text, words
from tests.web.desks import OWN, WIDER, at_desk, chores_of, noted, signed_in, when_over

HERE = "/desk/uploads"
STREET_FILE = DEMO / f"{STREET}.mp3"
SOUND = STREET_FILE.read_bytes()
NAME = "2024-01-16 Les micros de la rue.mp3"


@pytest.fixture(autouse=True)
def small_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FLOOR", 1 << 20)
    monkeypatch.setattr(uploads, "SHARE", 0.0)


@pytest.fixture
def zoe(archive: Archive) -> FlaskClient:
    return signed_in(archive, name="Zoé")


def begin(client: FlaskClient, name: str = NAME, size: object = len(SOUND), **more: str) -> Any:
    form = {"name": name, "size": str(size), "changed": "1700000000.5", "show": "emission"} | more
    answer = client.post(f"{HERE}/begin", data=form, headers=OWN)
    return answer.get_json() | {"status": answer.status_code}


def send(client: FlaskClient, name: str, start: int, piece: bytes, sha256: str = "") -> Any:
    query = urllib.parse.urlencode({"from": start, "sha256": sha256})
    answer = client.post(f"{HERE}/{name}/piece?{query}", data=piece, headers=OWN)
    return (answer.get_json() or {}) | {"status": answer.status_code}


def send_form(client: FlaskClient, *files: tuple[bytes, str], address: str = HERE) -> TestResponse:
    """Send a form as browsers write it; the test client leaves a large one open."""
    body = b'--x\r\nContent-Disposition: form-data; name="show"\r\n\r\nemission\r\n'
    for content, name in files:
        told = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body += told.encode() + content + b"\r\n"
    headers = OWN if address == HERE else {}
    kind = "multipart/form-data; boundary=x"
    return client.post(address, data=body + b"--x--\r\n", headers=headers, content_type=kind)


def take(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(f"{HERE}/take", data=fields, headers=OWN)


def taken(client: FlaskClient, **fields: str) -> str:
    assert take(client, **fields).status_code == 303
    return when_over(client, HERE, "entrent dans l’archive")


def store(archive: Archive, path: Path, name: str) -> str:
    found = uploads.store(archive, name, "emission", "Zoé", [path.read_bytes()])
    assert isinstance(found, uploads.SentFile)
    return found.id


def names(archive: Archive) -> list[str]:
    return [each.name for each in uploads.uploads(archive)]


def test_a_file_that_was_cut_goes_on_where_it_was(archive: Archive, zoe: FlaskClient) -> None:
    sha256, size = hashlib.sha256(SOUND).hexdigest(), len(SOUND)
    told = begin(zoe)
    assert (told["status"], told["received"], told["size"]) == (200, 0, size)
    name, piece = told["id"], SOUND[:100_000]
    first = hashlib.sha256(piece).hexdigest()
    assert send(zoe, name, 0, piece, first)["received"] == 100_000
    changed = send(zoe, name, 100_000, piece[:-1] + b"?", first)
    assert (changed["status"], changed["received"]) == (409, 100_000)
    for start, content in ((0, piece), (99_999, piece), (100_001, b"x"), (100_000, SOUND)):
        assert send(zoe, name, start, content)["received"] == 100_000  # it belongs elsewhere
    words(zoe.get(HERE), 200, "Envois inachevés", "de Zoé")
    assert begin(zoe)["received"] == 100_000  # the same file, chosen again
    assert begin(zoe, size=size + 1)["received"] == 0  # another one
    done = send(zoe, name, 100_000, SOUND[100_000:])
    assert (done["received"], done["sha256"]) == (size, sha256)
    assert begin(zoe)["sha256"] == sha256
    assert send(zoe, name, size, b"x")["received"] == size
    path = archive.root / "desk" / "uploads" / name / "sound" / NAME
    assert (path.read_bytes(), int(path.stat().st_mtime)) == (SOUND, 1700000000)
    assert [each.sha256 for each in uploads.uploads(archive) if each.id == name] == [sha256]
    assert sha256 in zoe.get(HERE).text
    assert list(check(archive)) == []
    assert {each.name for each in archive.media.iterdir()} == {"emission"}


def test_what_waits_is_corrected_and_taken(archive: Archive, zoe: FlaskClient) -> None:
    put(archive, CITY)
    other = (DEMO / f"{CITY}.mp3").read_bytes()
    assert "Choisissez des fichiers" in text(send_form(zoe))
    sent = send_form(zoe, (SOUND, f"C:\\fakepath\\{NAME}"), (other, "b.mp3"), (b"<b>", "x.mp3"))
    assert sent.location == f"{HERE}?here=3"
    street, city, wrong = uploads.uploads(archive)
    assert (street.name, street.row and street.row.date) == (NAME, "2024-01-16")
    page = zoe.get(HERE)
    words(page, 200, f"Le même son est déjà là : {CITY}")
    assert re.findall(r'name="take-(\w+)" value="1" checked', page.text) == [street.id]
    words(page, 200, "une page du web, et pas un son")
    assert str(archive.root) not in page.text
    for fields in ({}, {f"take-{street.id}": "1", f"date-{street.id}": "<hier>"}):
        refused = take(zoe, **fields)
        assert (refused.status_code, 'role="alert"' in refused.text) == (422, True)
    assert 'value="&lt;hier&gt;"' in refused.text
    words(take(zoe, **{f"take-{wrong.id}": "1"}), 422, "une page du web, et pas un son")
    ticked = {f"take-{each.id}": "1" for each in (street, city)}
    corrected = {f"title-{street.id}": "Les <micros>", f"date-{street.id}": "17/01/2024"}
    told = taken(zoe, **ticked, **corrected, **{f"people-{street.id}": "Camille ; Zoé"})
    assert "Certains n’ont pas été ajoutés" in told
    assert f"le même enregistrement que emission/{CITY}" in told
    assert names(archive) == ["b.mp3", "x.mp3"]
    episode = archive.episode("emission/2024-01-17-les-micros")
    assert (episode.title, episode.date_sure, episode.date.day) == ("Les <micros>", True, 17)
    assert episode.status == "draft" and "Les brouillons" in told
    assert [each.name for each in episode.people] == ["Camille", "Zoé"]
    assert archive.audio_path(episode).read_bytes() == SOUND
    assert noted(archive, "who what key") == ("Zoé", "ingest", episode.key)
    command(archive, "delete", f"emission/{CITY}", "--forget", "--yes")
    assert names(archive) == ["x.mp3"]  # the same sound goes with it
    assert zoe.post(f"{HERE}/{wrong.id}/remove", headers=OWN).status_code == 303
    assert names(archive) == []
    assert "ajout, Les" in text(zoe.get("/desk"))


def test_a_guessed_date_made_sure_is_in_the_address(archive: Archive, zoe: FlaskClient) -> None:
    for slug, title in (("autre", "L’autre émission"), ("nuit", "La nuit"), ("soir", "La nuit")):
        archive.write_show(Show(slug, title))
    name = store(archive, STREET_FILE, "rue.mp3")
    (upload,) = uploads.uploads(archive)
    assert upload.row and upload.row.date_sure == "non"
    page = zoe.get(HERE)
    words(page, 200, "Cette date est sûre")
    assert 'list="known-shows"' in page.text
    for show in ("L’autre émission", "nuit", "soir"):  # two have one title: each by its address
        assert f'<option value="{show}">' in page.text
    said = {f"take-{name}": "1", f"title-{name}": "La rue", f"sure-{name}": "1"}
    for wrong, why in (
        ({f"date-{name}": ""}, "ou décochez"),
        ({f"show-{name}": "Une autre"}, "Il n’y a pas d’émission « Une autre »"),
    ):
        refused = take(zoe, **said, **wrong)
        words(refused, 422, why)
        assert f'name="sure-{name}" value="1" checked' in refused.text
    taken(zoe, **said, **{f"show-{name}": " l’autre  Émission"})
    (episode,) = archive.episodes()
    assert episode.date_sure
    assert episode.key == f"autre/{upload.row.date}-la-rue"


def test_a_page_tells_of_no_end_that_its_files_do_not_show(
    archive: Archive, zoe: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looked as files were taken read that they are in, above a list where they wait."""
    assert send_form(zoe, (SOUND, NAME)).status_code == 303
    go_on, look = threading.Event(), uploads.uploads
    known = chores_of(zoe.application)
    known.begin(desk_uploads.CHORE, lambda _: [] if go_on.wait(LONG) else ["not looked at"])

    def look_before_the_end(archive: Archive) -> list[uploads.SentFile]:
        found = look(archive)
        go_on.set()
        until(lambda: not known.running(desk_uploads.CHORE))
        return found

    monkeypatch.setattr(uploads, "uploads", look_before_the_end)
    assert "entrent dans l’archive" in text(zoe.get(HERE))
    assert "C’est ajouté" in text(zoe.get(HERE))


def test_names_lead_nowhere(archive: Archive, zoe: FlaskClient) -> None:
    hostile = ("../../../etc/x.mp3", "..", "<img src=x>.mp3", "a\u202e\x00\n.mp3", "/")
    for name in (*hostile, "é" * 300 + ".mp3"):
        assert send(zoe, begin(zoe, name, 3)["id"], 0, b"abc")["status"] == 200
    found = [each for each in uploads.uploads(archive) if each.sha256]
    assert len(found) == 6
    for each in found:
        path = archive.root / "desk" / "uploads" / each.id / "sound" / each.name
        assert path.read_bytes() == b"abc"
        assert each.name.isprintable() and len(each.name.encode()) < 140
    assert "<img" not in zoe.get(HERE).text
    for wrong in ("../x", "a" * 19, "A" * 20, "%2e%2e", "a" * 20):
        assert send(zoe, wrong, 0, b"abc")["status"] == 404
    assert begin(zoe, show="../x")["status"] == begin(zoe, show="other")["status"] == 422


def test_more_than_there_is_room_for_is_refused(
    archive: Archive, zoe: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = begin(zoe)["id"]
    sizes = (uploads.LARGEST + 1, "nan", "inf", -1, "1e300")
    for name, bound, size, why in (
        ("", 0, 0, "ce fichier est vide"),
        *(("", 0, size, "c’est trop lourd, 4,3 Go") for size in sizes),
        ("MOST", 1, 10, "fichiers attendent déjà"),
        ("TOTAL", len(SOUND) + 5, 10, "ajoutez ou enlevez"),
        ("FLOOR", 1 << 60, 10, "assez de place"),
    ):
        with monkeypatch.context() as patch:
            if name:
                patch.setattr(uploads, name, bound)
                assert send_form(zoe, (bytes(10), "x.mp3")).status_code == 422
            told = begin(zoe, f"{size}.mp3", size)
            assert (told["status"], why in told["fault"]) == (422, True)
            if name == "FLOOR":
                told = send(zoe, known, 0, b"abc")
                assert (told["status"], "faites de la place" in told["fault"]) == (422, True)
            else:
                assert begin(zoe)["status"] == 200  # it is one of them
    assert [each.id for each in uploads.uploads(archive)] == [known]
    assert send(zoe, known, 0, bytes(desk_uploads.PIECE + 2)).get("status") == 413
    assert len(list((archive.root / "desk" / "uploads").iterdir())) == 1


def test_what_nobody_goes_on_with_is_swept(archive: Archive, zoe: FlaskClient) -> None:
    cut, fresh = begin(zoe)["id"], begin(zoe, "b.mp3")["id"]
    page = zoe.get(HERE).text  # of an old browser, which sends a token in the address
    (address,) = re.findall(r'action="(/desk/uploads\?token=\w+)"', page)
    assert send_form(zoe, (b"abc", "whole.mp3"), address=address[:-1]).status_code == 403
    assert send_form(zoe, (b"abc", "whole.mp3"), address=address).status_code == 303
    send(zoe, cut, 0, b"abc")
    place, old = archive.root / "desk" / "uploads", time.time() - (uploads.KEPT_DAYS + 1) * 86400
    for folder in (each for each in place.iterdir() if each.name != fresh):
        for each in (*folder.rglob("*"), folder):
            os.utime(each, (old, old))
    assert names(archive) == ["b.mp3", "whole.mp3"]
    assert not (place / cut).exists()


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the first show in another format: other bytes, the same sound."""
    samples = np.concatenate(list(decode(STREET_FILE)))
    return write_copy(samples, tmp_path_factory.mktemp("copy"), Copy(".m4a", 24_000))


def hear(client: FlaskClient) -> str:
    assert client.post(f"{HERE}/hear", headers=OWN).status_code == 303
    return when_over(client, HERE, "compare les enregistrements")


def test_copies_called_the_same_are_one(archive: Archive, zoe: FlaskClient, copied: Path) -> None:
    first, second = store(archive, STREET_FILE, "a.mp3"), store(archive, copied, "b.m4a")
    assert "1 enregistrement ressemble à un autre" in hear(zoe)
    words(zoe.get(HERE), 200, "Ressemble à a.mp3")
    said = {f"take-{second}": "1", f"twin-{second}": "same"}
    refused = take(zoe, **said)
    words(refused, 422, "Ajoutez aussi « a.mp3 »")
    assert f'name="twin-{second}" value="same" checked' in refused.text
    told = taken(zoe, **said, **{f"take-{first}": "1"})
    (episode,) = archive.episodes()
    assert f"&gt; {episode.key} (" in told, told
    done = [(each.who, each.what) for each in journal.entries(archive.root)[:2]]
    assert done == [("Zoé", "merge"), ("Zoé", "ingest")]
    command(archive, "undo")
    assert len(archive.episodes()) == 2


def test_a_copy_stays_out_or_is_another(archive: Archive, zoe: FlaskClient, copied: Path) -> None:
    (archive.root / "site.json").write_text('{"drafts": []}', encoding="utf-8")
    known = ingest(archive, STREET_FILE, "emission")
    name = store(archive, copied, "b.m4a")
    assert f"Ressemble à {known.title}" in hear(zoe)
    cut = replace(known, redactions=(Redaction(3.0, 5.0, "2026-05-14"),))
    for changed, why in (
        (cut, "Un passage a été retiré de cet épisode"),
        (replace(known, status="withdrawn"), "Cet épisode n’est pas public"),
    ):
        archive.write_episode(changed)
        words(take(zoe, **{f"take-{name}": "1", f"twin-{name}": "same"}), 422, why)
        assert [each.key for each in archive.episodes()] == [known.key]
    archive.write_episode(known)
    told = taken(zoe, **{f"take-{name}": "1", f"twin-{name}": "other"})
    assert "noté, ce ne sont pas les mêmes" in told
    (other,) = (each for each in archive.episodes() if each.key != known.key)
    assert other.status == "published"
    assert read_distinct(archive.root).tells(known.guid, other.guid)
    assert propose(archive) == []  # any more
    assert journal.entries(archive.root)[0].what == "apart"
    words(zoe.get("/desk/journal"), 200, "deux épisodes distincts")


@pytest.fixture
def page(browser: Browser, archive: Archive) -> Iterator[Page]:
    with at_desk(browser, archive, HERE) as page:
        yield page


FAR = 2_000_000  # bytes, then the line is cut


def start_of(url: str) -> int:
    found = re.search(r"/piece\?from=(\d+)", url)
    return int(found[1]) if found else 0


def test_browsers_send_in_pieces_and_go_on(archive: Archive, page: Page, tmp_path: Path) -> None:
    """And say so to who is put out meanwhile."""
    large, small = tmp_path / "long.mp3", tmp_path / NAME
    large.write_bytes(SOUND * 20)
    small.write_bytes(SOUND)
    send_button, sending = page.get_by_role("button", name="Envoyer"), page.locator("#sending li")

    def is_well() -> None:
        assert faults(page) == ""
        assert page.evaluate(WIDER) <= 0

    is_well()
    page.route(lambda url: start_of(url) > FAR, lambda route: route.abort())
    page.locator("#file").set_input_files(large)
    send_button.click()
    expect(sending).to_contain_text("connexion coupée")
    page.reload()
    expect(page.get_by_text("Envois inachevés")).to_be_visible()
    page.unroute_all()
    asked = list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#file").set_input_files([large, small])
    send_button.click()
    sums = [hashlib.sha256(each.read_bytes()).hexdigest() for each in (large, small)]
    for number in range(len(sums)):
        expect(sending.nth(number)).to_contain_text("arrivé")
    expect(page.get_by_text("Envois inachevés")).not_to_be_visible()
    expect(page.locator("#sent")).to_have_text("arrivés : 2 sur 2")
    assert FAR < next(filter(None, map(start_of, asked))) < FAR + 2 * desk_uploads.PIECE
    assert page.evaluate(WIDER) <= 0
    page.get_by_role("link", name="Vérifier d’abord").click()
    expect(page.get_by_text(sums[0])).to_have_count(1)  # for who asks
    is_well()
    assert [each.sha256 for each in uploads.uploads(archive)] == [sums[1], sums[0]]

    def put_out(route: Route) -> None:
        begun = route.fetch()
        sessions.end_all(archive.root, "Zoé", time.time())
        route.fulfill(response=begun)

    page.route("**/desk/uploads/begin", put_out)  # while a file goes
    page.locator("#file").set_input_files(STREET_FILE)
    send_button.click()
    expect(sending).to_contain_text("votre session est finie")
