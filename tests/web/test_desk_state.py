"""The desk says what waits, what is done and what failed; keepers pause the work, or try again."""

import datetime as dt
import os
import re
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive, fixity_log
from radio.archive.check import read_report, write_report
from radio.ingest.inbox import take_drops
from radio.ingest.looks import LOOKS, Look, Looks, due, read_looks
from radio.mirror.origin import Origin, write_origin
from radio.preservation.copies import PLACES, BackupPlaces, Backups
from radio.proposals.twins.prints import COMPARED, _Compared
from radio.search import Index, SearchOptions
from radio.sound.likeness import Likeness
from radio.system.errors import ArchiveError
from radio.web.views import desk_status
from radio.work.status import Current, Remainder, Trouble, WorkStatus, write_status
from radio.work.tries import ORDERS
from radio.work.waiting import DEAD, State, list_waiting
from tests.patience import until
from tests.samples import MEMORY, ROOT, STREET, put
from tests.visits import text, words
from tests.web.busy_desk import FEED, HELD, fill, tell_state
from tests.web.desks import OWN, follow, signed_in, when_over

HERE = "/desk/status"
AGAIN = 'value="again"'


@pytest.fixture
def failed(archive: Archive) -> Archive:
    tell_state(archive)
    return archive


def order(client: FlaskClient, act: str, **fields: str) -> TestResponse:
    return client.post(HERE, data={"act": act, **fields}, headers=OWN)


def test_what_failed_is_tried_and_what_is_followed_looked_at_again(failed: Archive) -> None:
    client = signed_in(failed)
    page = client.get(HERE)
    assert page.text.count(AGAIN) == 3  # each of both, and both together
    assert "&lt;breaks off&gt;" in page.text
    assert FEED in page.text and "&lt;i&gt;Ancien 4, … (7)" in page.text and "404" in page.text
    done = order(client, "again", kind="transcribe", key=f"autre/{STREET}")
    assert done.location == f"{HERE}?done=again"
    told = client.get(done.location)
    assert ("C’est demandé" in told.text, told.text.count(AGAIN)) == (True, 2)
    order(client, "again")
    assert client.get(HERE).text.count("demandé\N{NO-BREAK SPACE}: nouvel essai") == 2
    assert due(failed) == []
    with failed.lock("follow"):
        follow(client, order(client, "look", address=FEED), "réessayez")
    for address in (FEED, "https://other.example"):
        order(client, "look", address=address)
    assert [each.address for each in due(failed)] == [FEED]
    assert list(read_looks(failed)) == [FEED]
    rereader = signed_in(failed, "rereader", "Zoé")
    assert "<button" not in rereader.get(HERE).text.partition("<main")[2].partition("</main")[0]
    assert order(rereader, "look", address=FEED).status_code == 403


def test_damage_is_told(failed: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    failed.audio_path(put(failed, STREET)).write_bytes(b"another sound")
    monkeypatch.setenv("RADIO_BACKUP", str(tmp_path))
    write_origin(failed.root, Origin("https://o.example", "https://o.example", "2020-01-01"))
    client = signed_in(failed)
    old = (
        "Aucune copie ailleurs depuis",
        "Aucune copie n’a encore",
        "L’original n’a pas été consulté",
    )
    words(client.get(HERE), 200, *old, "Il est temps de vérifier")
    assert order(client, "check").status_code == 303
    until(lambda: read_report(failed))
    assert list(fixity_log.damaged(failed.root)) == [f"media/emission/{STREET}.mp3"]
    page = client.get(HERE)
    assert f"<code>media/emission/{STREET}.mp3</code>" in page.text
    words(page, 200, "Fichiers abîmés ou manquants")
    (tmp_path / f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H%M%SZ}").mkdir()
    told = text(client.get(HERE))
    assert "copie ailleurs : aujourd’hui" in told and "Aucune copie" not in told
    assert "Jamais essayée" in told and "Les copies n’ont pas été essayées" in told
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    place = Backups("/media/disque", "rsync", made=now, tried=now)
    PLACES.write(failed.root, BackupPlaces((place,)))
    told = text(client.get(HERE))
    assert "Essayée aujourd’hui" in told and "Les copies n’ont pas été essayées" not in told
    PLACES.write(failed.root, BackupPlaces((replace(place, faults=1),)))
    assert "ou l’essai a échoué" in text(client.get(HERE))


def test_work_is_paused_and_goes_on(failed: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    client, orders = signed_in(failed), partial(ORDERS.recall, failed.root)
    words(client.get(HERE), 200, "Mettre en pause")
    order(client, "pause")
    assert orders().is_paused
    words(client.get(HERE), 200, "En pause", "Reprendre")
    words(client.get("/desk/journal"), 200, "a mis le travail en pause")
    order(client, "resume")
    assert not orders().is_paused

    def full(_archive: Archive, *, on: bool) -> None:
        raise ArchiveError(f"orders.json: no space left on device, {on}")

    monkeypatch.setattr(desk_status, "pause", full)
    words(order(client, "pause"), 409, "no space left on device")


def test_the_first_page_leads_to_all_that_waits(archive: Archive) -> None:
    words(signed_in(archive, name="Lou").get("/desk"), 200, "Rien n’attend.")
    fill(archive)
    put(archive, MEMORY, title="Un jour de 1998", date_precision="year")
    likeness = Likeness(0.9, 0.0, 60.0, 0.5, 0.9)
    first, second = (archive.episode(each).audio.sha256 for each in (f"emission/{MEMORY}", HELD))
    COMPARED.write(archive.root, _Compared((first, second), ((first, second, likeness),)))
    LOOKS.write(archive.root, Looks({FEED: Look(trouble="404", times=DEAD)}))
    (archive.root / "inbox").mkdir()
    (archive.root / "inbox" / "bruit.mp3").write_bytes(b"no sound" * 99)
    os.utime(archive.root / "inbox" / "bruit.mp3", (0, 0))
    take_drops(archive, 0.0, print)
    client = signed_in(archive, name="Anne")
    page = client.get("/desk").text.partition("Travailler")[0]
    lines = re.findall(r'<a href="([^"]+)">([^<]+)</a>(?: <span class="facts">([^<]*))?', page)
    told = {
        line.replace("\N{NO-BREAK SPACE}", " "): (address, names) for address, line, names in lines
    }
    for line, place, names in (
        ("Ce qui a échoué : 2", "/desk/status#failed", "the disk is full"),
        ("Il est temps de vérifier tous les fichiers", "/desk/status#disk", ""),
        ("Fichiers refusés à l’arrivée : 1", "/desk/status#inbox", "bruit.mp3 — "),
        ("Sources qui ne répondent plus : 1", "/desk/status#sources", f"{FEED} — 404"),
        ("Enregistrements déposés, pas encore dans l’archive : 2", "/desk/uploads#plan", "Le"),
        ("Propositions du public à juger : 3", "/desk/proposals", "Les micros de la rue"),
        ("Épisodes dont le jour est inconnu ou deviné : 1", "/desk/episodes?state=undated", "1998"),
        (
            "Épisodes qui sonnent comme un autre : 2",
            "/desk/twins",
            "Un jour de 1998",
        ),
        ("Textes à relire : 5", "/desk/reread?order=doubt", "Un jour de 1998"),
    ):
        assert told[line][0] == place and names in told[line][1], told
        answer, mark = client.get(place), place.partition("#")[2]
        assert answer.status_code == 200 and f'id="{mark}"' * bool(mark) in answer.text
        assert "state=" not in place or f"{line[-1]} épisode" in answer.text
    rereader = signed_in(archive, "rereader", "Jean").get("/desk")
    alone = words(rereader, 200, "Propositions du public à juger : 3", "Textes à relire : 5")
    assert "déposés" not in alone and "sonnent comme un autre" not in alone


def test_a_draft_waits_until_it_has_a_day(archive: Archive) -> None:
    status: Any = "draft"
    draft = replace(archive.episode(put(archive, STREET).key), status=status)
    for day, number in ((None, 1), (dt.datetime(2030, 1, 1), 0)):
        state = State(archive)
        state.episodes = [replace(draft, until=day)]
        found = [each.things for each in list_waiting(state) if each.kind.name == "drafts"]
        assert found == [[draft.key]] * number


def test_the_state_is_told_in_words_and_of_episodes_by_their_titles(archive: Archive) -> None:
    put(archive, STREET, title="Les micros")
    client, key = signed_in(archive, "rereader"), f"emission/{STREET}"
    words(client.get(HERE), 200, "Les fichiers n’ont pas encore tous été vérifiés")
    left = Remainder("transcribe", 2, work=7200.0)
    trouble = Trouble("voices", key, f"{key}: <b>: no sound", "", 3, 1_900_000_000.0)
    now = Current("transcribe", "emission/x", "base", 0.42, 75.0)
    write_status(archive, WorkStatus(current=now, left=(left,), troubles=(trouble,)))
    write_report(archive, 1)
    told = "2 épisodes — environ 2 h", "3 essais", "1 chose ne va pas", "ne tourne pas"
    assert key not in words(client.get(HERE), 200, *told, "Les micros", "&lt;b&gt;: no sound")
    with archive.lock("work"):
        assert "ne tourne pas" not in words(client.get(HERE), 200, "emission/x", "42")


def test_the_search_is_made_again_and_never_without_what_a_disk_took_away(three: Archive) -> None:
    client = signed_in(three)
    Index(three).refresh()
    follow(client, order(client, "rebuild"))
    assert "La recherche est refaite : 3 épisodes." in when_over(client, HERE, "Voir l’avancement")
    shutil.move(three.media / "emission", three.root / "away")
    order(client, "rebuild")
    assert "Cela a échoué" in when_over(client, HERE, "Voir l’avancement")
    assert Index(three).search("voici", SearchOptions()).total == 3


def test_who_looks_again_at_what_goes_on_gets_the_page_anew() -> None:
    """To a place of the page that one sees, no browser loads anything."""
    link, found = re.compile(r'href="([^"]*)"[^>]*>\{\{ _\("Voir l’avancement"\)'), list[str]()
    for page in (ROOT / "radio" / "web" / "templates").glob("desk*.html"):
        found += link.findall(page.read_text(encoding="utf-8"))
    assert found
    assert not [address for address in found if "}}#" in address]


def test_keepers_see_how_the_machine_is_and_no_word_of_a_terminal(archive: Archive) -> None:
    client = signed_in(archive)
    page = client.get(HERE)
    machine = page.text.partition('id="machine"')[2].partition("<h2")[0]
    assert "bibliothèques" in machine and "va bien" in machine and "Vu du dehors" not in machine
    assert order(client, "outside").status_code == 303
    until(lambda: "Vu du dehors" in client.get(HERE).text)
    machine = client.get(HERE).text.partition('id="machine"')[2].partition("<h2")[0]
    assert "aucune adresse publique" in machine and "Dites à qui gère la machine" in machine
    assert not re.search(r"`|radio doctor|systemctl|/etc/|--", machine), machine
    assert 'id="machine"' not in signed_in(archive, "rereader", "Zoé").get(HERE).text
