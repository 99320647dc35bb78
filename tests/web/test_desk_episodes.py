"""Keepers publish and withdraw an episode at the desk, delete it, bring it back, forget it."""

import datetime as dt
import re

import pytest

from radio.actions import protecting
from radio.archive import Archive, journal
from radio.archive.episode import Source
from radio.ingest import uploads
from radio.ingest.run import IngestRun
from radio.search import Index
from radio.system.errors import SearchError
from tests.samples import CITY, MEMORY, STREET, holding, put, snapshot
from tests.visits import text, words
from tests.web.desks import OWN, do, form_of, hidden, noted, send, signed_in, when_over

KEY = f"emission/{STREET}"
HERE, STANDING = f"/desk/delete/{KEY}", f"/desk/fields/{KEY}"
ASKED = {"fate": "trash", "reason": "Doublon <ici>.", "note": "lettre"}


def test_a_deleted_episode_comes_back(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    put(archive, STREET)
    client, before = signed_in(archive), snapshot(archive)
    shown = send(client, client.get(HERE), **ASKED)
    words(shown, 200, "3 fichiers", "Doublon &lt;ici&gt;.")
    done = send(client, shown, **ASKED, sure="1", again="trash")
    assert (done.status_code, done.location) == (303, "/desk/deleted?gone=1")
    words(client.get(f"/shows/{KEY}"), 410, "Doublon &lt;ici&gt;.")
    assert client.get(HERE).status_code == 410
    told = ("Noé", "delete", KEY, "Doublon <ici>.", "lettre")
    assert noted(archive, "who what key line note") == told
    page = client.get("/desk/deleted")
    words(page, 200, KEY)
    assert send(client, page, act="x").status_code == 409
    assert send(client, page).status_code == 303
    assert client.get(f"/shows/{KEY}").status_code == 200
    after = snapshot(archive)
    changed = {name for name, content in before.items() if after.get(name) != content}
    assert [name for name in changed if not name.startswith("desk/")] == []
    words(client.get("/desk/deleted"), 200, "Rien.")

    def full(*_asked: object, **_told: object) -> None:
        raise SearchError("index: no space left on device")

    monkeypatch.setattr(Index, "refresh", full)  # the search follows when it can
    shown = send(client, client.get(HERE), **ASKED)
    done = send(client, shown, **ASKED, sure="1", again="trash")
    assert (done.status_code, done.location) == (303, "/desk/deleted?gone=1")
    assert send(client, client.get("/desk/deleted")).status_code == 303
    assert archive.episode(KEY)


def test_an_episode_is_forgotten_without_a_trace(archive: Archive) -> None:
    """With a copy that waits, of other tags, so of other bytes; what sounds otherwise stays."""
    sound, tags = archive.audio_path(put(archive, STREET)).read_bytes(), b"TAG" + b"x" * 125
    city = archive.audio_path(put(archive, CITY)).read_bytes()
    for name, content in (("copie.mp3", sound + tags), ("autre.mp3", city + tags)):
        uploads.store(archive, name, "emission", "Zoé", [content])
    copy, other = sorted(uploads.uploads(archive), key=lambda each: each.name != "copie.mp3")
    client = signed_in(archive)
    journal.note(archive.root, "withdraw", key=KEY, note="à sa demande")
    notes = archive.root / "notes.txt"  # which only a keeper can judge
    notes.write_text(STREET)
    asked = ASKED | {"fate": "forget"}
    shown = send(client, client.get(HERE), **asked)
    words(shown, 200, "Rien ne le ramènera.")
    assert send(client, shown, **asked, sure="1", again="forget").status_code == 303
    page = when_over(client, "/desk/deleted", "est en train d’être oublié")
    assert "L’épisode est oublié" in page and "notes.txt" in page
    notes.unlink()
    assert client.get(f"/shows/{KEY}").status_code == 404
    (entry,) = (each for each in journal.entries(archive.root) if each.what != "password")
    assert (entry.who, entry.what, entry.key, entry.note) == ("Noé", "forget", "", "")
    assert [each.id for each in uploads.uploads(archive)] == [other.id]
    assert not [each for name in (STREET, copy.sha256) for each in archive.root.rglob(f"*{name}*")]
    assert holding(archive.root, STREET) == set()


def test_keepers_publish_embargo_and_withdraw(archive: Archive) -> None:
    put(archive, STREET, title="Les micros")
    put(archive, CITY, status="withdrawn")
    client = signed_in(archive)
    public, page = client.application.test_client(), f"/shows/{KEY}"
    words(client.get("/desk/episodes"), 200, "2 épisodes", "retiré")
    assert "Les micros" not in text(client.get("/desk/episodes?q=intelligente+2024"))
    asked = {"act": "withdraw", "reason": "À  sa demande", "note": "Par courrier.", "hidden": "1"}
    assert "À sa demande" in client.get(send(client, client.get(STANDING), **asked).location).text
    words(public.get(page), 410, "À sa demande")
    send(client, client.get(STANDING), act="publish")
    bare = send(client, client.get(STANDING), act="withdraw")
    words(bare, 422, "sans raison, sa page dira seulement", "Cet épisode a été publié puis retiré.")
    assert public.get(page).status_code == 200
    assert send(client, bare, act="withdraw", reason="Un procès").status_code == 303
    words(public.get(page), 410, "Un procès")
    send(client, client.get(STANDING), act="publish")
    assert send(client, bare, act="withdraw").status_code == 303
    words(public.get(page), 410, "Cet épisode a été publié puis retiré.")
    send(client, client.get(STANDING), **asked)
    assert noted(archive) == ("Noé", "withdraw", "Par courrier.")
    coming = dt.date.today() + dt.timedelta(40)
    send(client, client.get(STANDING), act="embargo", until=coming.isoformat(), hidden="")
    assert public.get(page).status_code == 404
    assert f"{coming.day}" in text(client.get("/desk/episodes?q=micros")).partition("à venir le")[2]
    send(client, client.get(STANDING), act="publish")
    assert public.get(page).status_code == 200
    assert client.get("/desk/fields/x/y").status_code == 404
    assert '"noindex": true' not in archive.sidecar_path(KEY).read_text(encoding="utf-8")


def test_the_journal_is_read_page_by_page(archive: Archive) -> None:
    for number in range(60):
        who = "Zoé" if number % 2 else ""
        journal.note(archive.root, "reply", key=f"emission/e{number}", who=who, note=f"<{number}>")
    client = signed_in(archive)
    words(client.get("/desk/journal?page=1"), 200, "61 entrées.", "page 1 sur 2", "emission/e59")
    second = words(client.get("/desk/journal?page=2"), 200, "emission/e5 ", "&lt;5&gt;")
    assert "emission/e59" not in second
    for query, *told in (
        ("who=Zoé&what=reply", "30 entrées."),
        ("who=-&what=reply", "30 entrées."),
        ("episode=E42&page=9", "1 entrée.", "emission/e42"),
    ):
        words(client.get(f"/desk/journal?{query}"), 200, *told)
    assert hidden(client.get("/desk/journal?who=<x>")).get("token")


def test_what_is_ticked_of_an_ingest_is_undone_from_the_journal(archive: Archive) -> None:
    run, other = IngestRun(archive.root, "source"), f"emission/{CITY}"
    for slug in (STREET, CITY):
        taken = dt.datetime.now(dt.UTC).isoformat("T", "seconds")
        run.note(put(archive, slug, title=slug[:10], source=Source(retrieved=taken)).key)
    client = signed_in(archive)
    words(client.get("/desk/journal"), 200, "ajout, 2024-01-16 et 1 autre", "Défaire")
    protecting.withdraw(archive, [KEY], who="Zoé")
    page = client.get(f"/desk/journal?run={run.name}")
    words(page, 200, "2024-01-16 quelqu’un y a travaillé depuis")
    assert re.findall(r'value="(emission/\S+)" checked', page.text) == [other]
    protecting.withdraw(archive, [other], who="Zoé")
    words(send(client, page, key=other), 409, "quelque chose a changé")
    done = send(client, client.get(f"/desk/journal?run={run.name}"), key=other)
    assert (done.status_code, done.location) == (303, "/desk/journal?undone=1")
    words(client.get(done.location), 200, "C’est défait", "a défait : ajout")
    assert [each.key for each in archive.episodes()] == [KEY]
    many = {"key": [f"{KEY}-{number}" for number in range(3000)], **hidden(page)}
    words(client.post("/desk/journal", data=many, headers=OWN), 409, "au moins un")
    words(client.get("/desk/journal?run=../../x"), 200, "Journal")


def test_drafts_are_published_by_one_press_several_at_once_at_an_hour(archive: Archive) -> None:
    for slug in (STREET, CITY, MEMORY):
        put(archive, slug, status="draft")
    client = signed_in(archive)
    public, several = client.application.test_client(), [f"emission/{CITY}", f"emission/{MEMORY}"]
    words(client.get("/desk"), 200, "Brouillons à publier : 3")
    page = client.get(STANDING)
    written = form_of(page.text, 'id="fields"') | {"act": "publish", "title": "À nous la rue"}
    assert client.post(STANDING, data=written | {"date": "x"}, headers=OWN).status_code == 422
    assert archive.episode(KEY).status == "draft"
    client.post(STANDING, data=written, headers=OWN)  # one press, and what was written stays
    words(public.get(f"/shows/{KEY}"), 200, "À nous la rue")
    assert [public.get(f"/shows/{key}").status_code for key in (KEY, *several)] == [200, 404, 404]
    listed = client.get("/desk/episodes?state=drafts")
    words(listed, 200, "2 épisodes.", "brouillon")
    do(client, "publish", several, until="2090-12-31T20:00")
    words(client.get("/desk/episodes"), 200, "à venir le 31 décembre 2090 à 20:00")
    assert {archive.episode(key).opens for key in several} == {dt.datetime(2090, 12, 31, 20)}
    do(client, "publish", several[1:])
    assert public.get(f"/shows/{several[1]}").status_code == 200
    assert noted(archive) == ("Noé", "publish", "")
