"""A better copy that was sent takes the place of a recording at the desk, and goes back."""

from pathlib import Path

import numpy as np
import pytest
from flask.testing import FlaskClient

from radio.archive import Archive, journal
from radio.ingest import uploads
from radio.ingest.uploads import SentFile
from radio.sound.samples import RATE, decode
from radio.system.errors import ArchiveError
from radio.web.views import desk_sounds
from tests.samples import CITY, DEMO, STREET, put
from tests.sounds import encode
from tests.visits import text
from tests.web.desks import send, signed_in, when_over

KEY = f"emission/{STREET}"
HERE = f"/desk/recording/{KEY}"


def sent(archive: Archive, path: Path) -> SentFile:
    kept = uploads.store(archive, path.name, "emission", "Noé", [path.read_bytes()])
    assert isinstance(kept, SentFile)
    return kept


def when_done(client: FlaskClient) -> str:
    return when_over(client, HERE, "sont écoutés, puis")


@pytest.mark.long
def test_a_better_copy_takes_the_place_and_goes_back(archive: Archive, tmp_path: Path) -> None:
    before = put(archive, STREET)
    client = signed_in(archive)
    assert "Déposez d’abord le fichier" in text(client.get(HERE))
    sound = np.concatenate(list(decode(DEMO / f"{STREET}.mp3")))
    silent = np.zeros(round(1.5 * RATE), np.float32)
    better = sent(archive, encode(np.concatenate([silent, sound]), tmp_path / "m.flac", RATE))
    other = sent(archive, DEMO / f"{CITY}.mp3")
    same = sent(archive, DEMO / f"{STREET}.mp3")
    page = client.get(HERE)
    assert "m.flac" in page.text and "(Noé)" in text(page)
    for wrong in ({"file": ""}, {"file": same.id}, {"file": better.id, "note": "x" * 301}):
        assert send(client, page, **wrong).status_code == 422
    shown = send(client, page, file=other.id)
    assert (
        send(client, page, file=other.id, sure="1", seen="0").status_code == 409
    )  # it is shown first
    assert 'name="sure" value="1"' in shown.text
    assert send(client, shown, file=other.id, sure="1").status_code == 303
    told = when_done(client)
    assert "ne ressemble pas à l’épisode" in told and "rien n’est remplacé" in told
    assert archive.episode(KEY) == before

    shown = send(client, page, file=better.id, note="lettre")
    assert 'name="sure" value="1"' in shown.text
    assert send(client, shown, sure="1", note="lettre").status_code == 303
    told = when_done(client)
    assert "Le son est remplacé. Tout y est dit 1,50 s plus tard" in told
    assert archive.episode(KEY).audio.file == f"{STREET}.flac"
    assert better.id not in {each.id for each in uploads.uploads(archive)}
    (entry, *_) = journal.entries(archive.root)
    assert (entry.who, entry.what, entry.note) == ("Noé", "replace", "lettre")
    page = client.get(HERE)
    assert send(client, page, act="back", name="x").status_code == 409
    assert send(client, page, act="back").status_code == 303
    assert archive.episode(KEY) == before
    assert send(client, page, act="back").status_code == 409


def test_a_file_that_can_not_be_read_is_not_told_to_be_another_broadcast(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(archive, STREET)
    client, other = signed_in(archive), sent(archive, DEMO / f"{CITY}.mp3")

    def full(*_asked: object) -> None:
        raise ArchiveError("cache/x: no space left on device")

    monkeypatch.setattr(desk_sounds, "listen", full)
    shown = send(client, client.get(HERE), file=other.id)
    assert 'name="sure" value="1"' in shown.text
    assert send(client, shown, file=other.id, sure="1").status_code == 303
    told = when_done(client)
    assert ("no space left" in told, "pas à l’épisode" in told) == (True, False)
