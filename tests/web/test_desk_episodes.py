"""Keepers publish and withdraw an episode at the desk, delete it, bring it back, forget it."""

import datetime as dt

import pytest

from radio.actions.deletion import forget_episode
from radio.archive import Archive, journal
from radio.ingest import uploads
from radio.search import Index
from radio.system.errors import SearchError
from tests.samples import CITY, DEMO, STREET, put, snapshot
from tests.visits import text
from tests.web.desks import hidden, send, signed_in, when_over

KEY = f"emission/{STREET}"
HERE, STANDING = f"/desk/delete/{KEY}", f"/desk/episodes/{KEY}"
ASKED = {"fate": "trash", "reason": "Doublon <ici>.", "note": "lettre"}


def test_an_episode_is_deleted_twice_asked_and_brought_back(archive: Archive) -> None:
    put(archive, STREET)
    client, before = signed_in(archive), snapshot(archive)
    shown = send(client, client.get(HERE), **ASKED)
    assert "3 fichiers" in text(shown) and "Doublon &lt;ici&gt;." in shown.text
    done = send(client, shown, **ASKED, sure="1", again="trash")
    assert (done.status_code, done.location) == (303, "/desk/deleted?gone=1")
    gone = client.get(f"/shows/{KEY}")
    assert (gone.status_code, "Doublon &lt;ici&gt;." in gone.text) == (410, True)
    assert client.get(HERE).status_code == 410
    (entry, *_) = journal.entries(archive.root)
    told = (entry.who, entry.what, entry.key, entry.line, entry.note)
    assert told == ("Noé", "delete", KEY, "Doublon <ici>.", "lettre")
    page = client.get("/desk/deleted")
    assert KEY in page.text
    assert send(client, page, act="x").status_code == 409
    assert send(client, page).status_code == 303
    assert client.get(f"/shows/{KEY}").status_code == 200
    after = snapshot(archive)
    assert {name: after.get(name) for name in before if not name.startswith("desk/")} == {
        name: content for name, content in before.items() if not name.startswith("desk/")
    }
    assert "Rien." in text(client.get("/desk/deleted"))


def test_deleted_before_search_follows(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(archive, STREET)
    client = signed_in(archive)

    def full(*_asked: object, **_told: object) -> None:
        raise SearchError("index: no space left on device")

    monkeypatch.setattr(Index, "refresh", full)
    sure = send(client, client.get(HERE), **ASKED)
    done = send(client, sure, **ASKED, sure="1", again="trash")
    assert (done.status_code, done.location) == (303, "/desk/deleted?gone=1")
    assert send(client, client.get("/desk/deleted")).status_code == 303
    assert archive.episode(KEY)


def test_another_copy_that_waits_is_forgotten_with_its_episode(archive: Archive) -> None:
    """It has other tags, so other bytes; what sounds otherwise stays."""
    sound = archive.audio_path(put(archive, STREET)).read_bytes()
    tags = b"TAG" + b"x" * 125
    city = (DEMO / f"{CITY}.mp3").read_bytes()
    for name, content in (("copie.mp3", sound + tags), ("autre.mp3", city + tags)):
        uploads.store(archive, name, "emission", "Zoé", [content])
    copy, other = sorted(uploads.uploads(archive), key=lambda each: each.name != "copie.mp3")
    forget_episode(archive, KEY)
    assert [each.id for each in uploads.uploads(archive)] == [other.id]
    traces = [path for path in archive.root.rglob("*") if copy.sha256 in path.name]
    assert traces == []


def test_an_episode_is_forgotten_without_a_trace(archive: Archive) -> None:
    put(archive, STREET)
    put(archive, CITY)
    client = signed_in(archive)
    journal.note(archive.root, "withdraw", key=KEY, note="à sa demande")
    notes = archive.root / "notes.txt"  # which only a keeper can judge
    notes.write_text(STREET)
    asked = ASKED | {"fate": "forget"}
    shown = send(client, client.get(HERE), **asked)
    assert "Rien ne le ramènera." in text(shown)
    assert send(client, shown, **asked, sure="1", again="forget").status_code == 303
    page = when_over(client, "/desk/deleted", "est en train d’être oublié")
    assert "L’épisode est oublié" in page and "notes.txt" in page
    notes.unlink()
    assert client.get(f"/shows/{KEY}").status_code == 404
    (entry,) = (each for each in journal.entries(archive.root) if each.what != "password")
    assert (entry.who, entry.what, entry.key, entry.note) == ("Noé", "forget", "", "")
    for place in archive.root.rglob("*"):
        assert STREET not in place.name
        assert not place.is_file() or STREET.encode() not in place.read_bytes()


def test_keepers_publish_embargo_and_withdraw(archive: Archive) -> None:
    put(archive, STREET, title="Les micros")
    put(archive, CITY, status="withdrawn")
    client = signed_in(archive)
    public, page = client.application.test_client(), f"/shows/{KEY}"
    listed = text(client.get("/desk/episodes"))
    assert "2 épisodes" in listed and "retiré" in listed
    assert "Les micros" not in text(client.get("/desk/episodes?q=intelligente+2024"))
    asked = {"act": "withdraw", "reason": "À  sa demande", "note": "Par courrier.", "hidden": "1"}
    done = send(client, client.get(STANDING), **asked)
    assert "À sa demande" in client.get(done.location).text
    gone = public.get(page)
    assert (gone.status_code, "À sa demande" in text(gone)) == (410, True)
    (entry, *_) = journal.entries(archive.root)
    assert (entry.who, entry.what, entry.note) == ("Noé", "withdraw", "Par courrier.")
    coming = dt.date.today() + dt.timedelta(40)
    send(client, client.get(STANDING), act="embargo", until=coming.isoformat())
    assert public.get(page).status_code == 404
    listed = text(client.get("/desk/episodes?q=micros"))
    assert f"{coming.day}" in listed.partition("attend le")[2]
    send(client, client.get(STANDING), act="publish")
    assert public.get(page).status_code == 200
    assert client.get("/desk/episodes/x/y").status_code == 404
    assert '"noindex": true' not in archive.sidecar_path(KEY).read_text(encoding="utf-8")


def test_the_journal_is_read_page_by_page(archive: Archive) -> None:
    for number in range(60):
        who = "Zoé" if number % 2 else ""
        journal.note(archive.root, "reply", key=f"emission/e{number}", who=who, note=f"<{number}>")
    client = signed_in(archive)
    first, second = (text(client.get(f"/desk/journal?page={each}")) for each in (1, 2))
    assert "61 entrées." in first and "page 1 sur 2" in first and "emission/e59" in first
    assert "emission/e5 " in second and "&lt;5&gt;" in second and "emission/e59" not in second
    assert "30 entrées." in text(client.get("/desk/journal?who=Zoé&what=reply"))
    assert "30 entrées." in text(client.get("/desk/journal?who=-&what=reply"))
    found = text(client.get("/desk/journal?episode=E42&page=9"))
    assert "1 entrée." in found and "emission/e42" in found
    assert hidden(client.get("/desk/journal?who=<x>")).get("token")
