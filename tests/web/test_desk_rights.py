"""A keeper says at the desk what may be done with an episode, and which music it plays."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.rights import Rights
from radio.kit import music_free
from radio.kit import rebroadcast as kit
from radio.text.transcript import Region
from tests.heard import segment, write_evidence
from tests.samples import STREET, put, shorten, unpacked
from tests.visits import words
from tests.web.desks import OWN, noted, signed_in, when_over

KEY = f"emission/{STREET}"
HERE = f"/desk/rights/{KEY}"
MAKING = f"/desk/making/{KEY}"
PLAYED = ("Colette Magny — Melocoton [CBS]", "Un morceau sans nom 2:12 @12:30")
CELLS = ("artist", "title", "label", "length", "start")
MAGNY = ("Colette Magny", "Melocoton", "CBS", "", "")
WHOLE = {"listen": "1", "download": "1", "feed": "1"}


@pytest.fixture
def episode(archive: Archive) -> Episode:
    put(archive, STREET, playlist=PLAYED)
    shorten(archive, KEY)
    return archive.episode(KEY)


def send(client: FlaskClient, seen: str, *rows: tuple[str, ...], **fields: str) -> TestResponse:
    form: MultiDict[str, Any] = MultiDict({"seen": seen, **fields})
    for row in rows:
        for name, cell in zip(CELLS, row, strict=True):
            form.add(name, cell)
    return client.post(HERE, data=form, headers=OWN, content_type="multipart/form-data")


def seen(page: TestResponse) -> str:
    return page.text.partition('name="seen" value="')[2][:16]


def test_switches_and_music_are_changed_by_rows(archive: Archive, episode: Episode) -> None:
    client = signed_in(archive)
    page = client.get(HERE)
    assert page.text.count('<fieldset class="tune"') == 5
    assert 'value="Melocoton"' in page.text and 'value="12:30"' in page.text
    asked = {"listen": "1", "music_free": "1", "reason": "Contrat.", "note": "la Sacem"}
    new = ("Zoé", "Une autre", "", "3:05", "1:02:30")
    assert send(client, seen(page), MAGNY, ("",) * 5, new, **asked).location == f"{HERE}?done=1"
    changed = archive.episode(KEY)
    assert changed.playlist == (PLAYED[0], "Zoé – Une autre 3:05 @1:02:30")  # the first as it was
    given = Rights(listen=True, download=False, feed=False, music_free=True, reason="Contrat.")
    assert changed.rights == given
    table = client.get(f"{HERE}/playlist.csv").text
    assert '"Une autre";"Zoé";"";"0:03:05";"2024-01-16";"Émission";"1:02:30"' in table
    assert noted(archive, "who what line note") == ("Noé", "edit", "playlist, rights", "la Sacem")
    late = send(client, seen(page), MAGNY, ("", "Un titre de plus", "", "", ""), **WHOLE)
    words(late, 409, "Zoé – Une autre 3:05 @1:02:30")
    assert 'value="Un titre de plus"' in late.text  # nobody types forty tunes twice
    assert archive.episode(KEY) == changed


def make(client: FlaskClient, what: str) -> str:
    assert client.post(MAKING, data={"what": what}, headers=OWN).status_code == 303
    return when_over(client, HERE, "Voir l’avancement")


def test_a_kit_and_a_copy_are_made_aside_and_given(archive: Archive, episode: Episode) -> None:
    client = signed_in(archive)
    words(client.get(HERE), 200, "n’ont pas encore été repérées")
    said = segment(("oui", 0.0), ("oui", 7.0), seconds=1.0)
    regions = Region(0.0, 1.0, "speech"), Region(1.0, 7.0, "music"), Region(7.0, 8.0, "speech")
    write_evidence(archive, KEY, said, duration=8.0, regions=regions)
    page = make(client, "copy")
    assert "Télécharger la copie" in page and "Coupé : 0:01–0:06" in page
    copy = client.get(f"{MAKING}/copy")
    assert (copy.status_code, copy.mimetype) == (200, "audio/mpeg")
    assert music_free.find_copy(archive, episode) is None  # it is not offered to listeners
    assert client.get(f"{MAKING}/kit").status_code == 404
    assert "Télécharger le dossier" in make(client, "kit")
    names = unpacked(client.get(f"{MAKING}/kit").data)
    assert any(name.endswith(".-16-LUFS.mp3") for name in names)
    assert client.post(MAKING, data={"what": "x"}, headers=OWN).status_code == 404
    assert "il a été enlevé" not in client.get(HERE).text
    archive.write_episode(replace(episode, title="Autre"))
    words(client.get(HERE), 200, "L’épisode a changé depuis", "il a été enlevé", "Faire le dossier")
    assert kit.find_kit(archive, archive.episode(KEY)) is None  # it is to be made anew
    archive.audio_path(episode).write_bytes(b"no sound")
    assert "Cela a échoué" in make(client, "kit")
