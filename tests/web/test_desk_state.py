"""The desk says what waits, what is done and what failed; keepers pause the work, or try again."""

import datetime as dt
import json
import time
from dataclasses import asdict
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.check import read_report, write_report
from radio.archive.follows import Follow, Follows, write_follows
from radio.ingest.looks import VERSION, Look, due, read_looks
from radio.mirror.origin import Origin, write_origin
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError
from radio.web.views import desk_status
from radio.work.status import Current, Remainder, Trouble, WorkStatus, write_status
from radio.work.tries import Orders, wait_after
from tests.samples import STREET, put
from tests.visits import text
from tests.web.busy_desk import fill
from tests.web.desks import OWN, signed_in

HERE = "/desk/status"
ADDRESS = "https://radio.example/feed.xml"


@pytest.fixture
def failed(archive: Archive) -> Archive:
    now = time.time()
    until = now + wait_after(2) - 60
    heard = Trouble("transcribe", "emission/x", "<b>transcribe", "", 2, until)
    rest = Trouble("pages", "", "some of it", "", 2, until)
    write_status(archive, WorkStatus(troubles=(heard, rest)))
    write_follows(archive.root, Follows((Follow(ADDRESS, "emission"),)))
    gone = {str(number): f"<i>Ancien {number}" for number in range(7)}
    look = Look(began=now, next=now + 9999, vanished=gone, trouble="404", times=1)
    kept = {"version": VERSION, "looks": {ADDRESS: asdict(look)}}
    write_whole(archive.cache / "follows.json", json.dumps(kept).encode())
    return archive


def test_what_failed_is_tried_again(failed: Archive) -> None:
    client = signed_in(failed)
    page = client.get(HERE)
    assert page.text.count('value="again"') == 3  # each of both, and both together
    assert "&lt;b&gt;transcribe" in page.text
    fields = {"act": "again", "kind": "transcribe", "key": "emission/x"}
    done = client.post(HERE, data=fields, headers=OWN)
    assert done.location == f"{HERE}?done=again"
    told = client.get(done.location)
    assert "C’est demandé" in told.text
    assert told.text.count('value="again"') == 2
    client.post(HERE, data={"act": "again"}, headers=OWN)
    assert client.get(HERE).text.count("demandé\N{NO-BREAK SPACE}: nouvel essai") == 2


def test_damage_is_told(failed: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    episode = put(failed, STREET)
    failed.audio_path(episode).write_bytes(b"another sound")
    monkeypatch.setenv("RADIO_BACKUP", str(tmp_path))
    write_origin(failed.root, Origin("https://o.example", "https://o.example", "2020-01-01"))
    client = signed_in(failed)
    told = text(client.get(HERE))
    assert "n’est plus copiée ailleurs" in told and "Aucune copie ailleurs" in told
    assert "Il est temps de vérifier" in told and "n’a pas été consultée" in told
    assert client.post(HERE, data={"act": "check"}, headers=OWN).status_code == 303
    while (report := read_report(failed)) is None:
        time.sleep(0.05)
    assert report.findings
    page = client.get(HERE)
    assert f"<code>media/emission/{STREET}.mp3</code>" in page.text
    assert "Des fichiers ne sont plus ce qu’ils étaient" in text(page)
    (tmp_path / f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H%M%SZ}").mkdir()
    assert "copie ailleurs : aujourd’hui" in text(client.get(HERE)).replace("\u00a0", " ")
    assert "n’est plus copiée" not in text(client.get(HERE))


def test_work_is_paused_and_goes_on(failed: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    client, orders = signed_in(failed), Orders(failed)
    assert "Mettre en pause" in text(client.get(HERE))
    client.post(HERE, data={"act": "pause"}, headers=OWN)
    assert orders.is_paused
    told = text(client.get(HERE))
    assert "En pause" in told and "Reprendre" in told
    assert "a mis le travail en pause" in text(client.get("/desk/journal"))
    client.post(HERE, data={"act": "resume"}, headers=OWN)
    assert not orders.is_paused

    def full(_archive: Archive, *, on: bool) -> None:
        raise ArchiveError(f"orders.json: no space left on device, {on}")

    monkeypatch.setattr(desk_status, "pause", full)
    met = client.post(HERE, data={"act": "pause"}, headers=OWN)
    assert (met.status_code, "no space left on device" in text(met)) == (409, True)


def test_what_is_followed_is_told_and_looked_at(failed: Archive) -> None:
    client = signed_in(failed)
    page = client.get(HERE)
    assert ADDRESS in page.text and "&lt;i&gt;Ancien 4, … (7)" in page.text and "404" in page.text
    assert due(failed) == []
    asked = {"act": "look", "address": ADDRESS}
    with failed.lock("follow"):
        busy = client.post(HERE, data=asked, headers=OWN)
        assert "réessayez" in text(client.get(busy.location))
    client.post(HERE, data=asked, headers=OWN)
    client.post(HERE, data=asked | {"address": "https://other.example"}, headers=OWN)
    assert [each.address for each in due(failed)] == [ADDRESS]
    assert list(read_looks(failed)) == [ADDRESS]
    rereader = signed_in(failed, "rereader", "Zoé")
    assert "<button" not in rereader.get(HERE).text.partition("<main")[2].partition("</main")[0]
    assert rereader.post(HERE, data=asked, headers=OWN).status_code == 403


def test_the_first_page_says_what_waits(archive: Archive) -> None:
    assert "Rien n’attend." in text(signed_in(archive, name="Lou").get("/desk"))
    fill(archive)
    page = signed_in(archive, name="Anne").get("/desk").text.partition("Travailler")[0]
    for told, place in (
        ("3 propositions attendent", "/desk/proposals"),
        ("2 enregistrements déposés", "/desk/uploads#plan"),
        ("2 choses ont échoué", "/desk/status#failed"),
    ):
        assert f'<a href="{place}">{told}' in page
    rereader = signed_in(archive, "rereader", "Jean").get("/desk").text
    assert "3 propositions attendent" in rereader and "déposés" not in rereader


def test_the_state_is_told_in_words_and_of_episodes_by_their_titles(archive: Archive) -> None:
    put(archive, STREET, title="Les micros")
    client, key = signed_in(archive, "rereader"), f"emission/{STREET}"
    assert "Les fichiers n’ont pas encore tous été vérifiés" in text(client.get(HERE))
    left = Remainder("transcribe", 2, work=7200.0)
    trouble = Trouble("voices", key, f"{key}: <b>: no sound", "", 3, 1_900_000_000.0)
    now = Current("transcribe", "emission/x", "base", 0.42, 75.0)
    write_status(archive, WorkStatus(current=now, left=(left,), troubles=(trouble,)))
    write_report(archive, 1)
    told = text(client.get(HERE)).replace("\u00a0", " ")
    words = "2 épisodes — environ 2 h", "3 essais", "1 chose ne va pas", "ne tourne pas"
    for each in (*words, "Les micros", "&lt;b&gt;: no sound"):
        assert each in told
    assert key not in told
    with archive.lock("work"):
        told = text(client.get(HERE))
    assert "ne tourne pas" not in told and "emission/x" in told and "42" in told
