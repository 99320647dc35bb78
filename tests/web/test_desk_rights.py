"""A keeper says at the desk what may be done with an episode, and which music it plays."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.rights import Rights
from radio.kit import music_free
from radio.kit import rebroadcast as kit
from radio.text.transcript import Region
from tests.heard import segment, write_evidence
from tests.samples import STREET, put, shorten, unpacked
from tests.visits import words
from tests.web.desks import OWN, noted, send, signed_in, when_over

KEY = f"emission/{STREET}"
HERE, MUSIC = f"/desk/rights/{KEY}", f"/desk/music/{KEY}"
MAKING = f"/desk/making/{KEY}"
PLAYED = ("Colette Magny — Melocoton [CBS]", "Un morceau sans nom 2:12 @12:30")
WHOLE = {"listen": "1", "download": "1", "feed": "1"}


@pytest.fixture
def episode(archive: Archive) -> Episode:
    put(archive, STREET, playlist=PLAYED)
    shorten(archive, KEY)
    return archive.episode(KEY)


def test_what_others_may_do_is_said_by_switches(archive: Archive, episode: Episode) -> None:
    client = signed_in(archive)
    page = client.get(HERE)
    asked = {"listen": "1", "music_free": "1", "reason": "Contrat.", "note": "la Sacem"}
    assert send(client, page, **asked).location == f"{HERE}?done=1"
    given = Rights(listen=True, download=False, feed=False, music_free=True, reason="Contrat.")
    assert archive.episode(KEY).rights == given
    assert noted(archive, "who what line note") == ("Noé", "edit", "rights", "la Sacem")
    words(send(client, page, **WHOLE), 409, "Ce qu’il y a maintenant", "Contrat.")
    assert archive.episode(KEY).rights == given


def test_music_is_written_in_lines_and_shown_as_it_is_read(
    archive: Archive, episode: Episode
) -> None:
    client = signed_in(archive)
    page = client.get(MUSIC)
    words(page, 200, "Melocoton Colette Magny CBS", "Un morceau sans nom 2:12 12:30")
    written = f"{PLAYED[0]}\r\n\r\nZoé – Une autre 3:05 @1:02:30\r\nJingle\r\nJingle"
    done = send(client, page, playlist=written, note="reçu par courriel")
    words(client.get(done.location), 200, "Une autre Zoé 3:05 1:02:30")
    changed = archive.episode(KEY)
    assert changed.playlist == (PLAYED[0], "Zoé – Une autre 3:05 @1:02:30", "Jingle", "Jingle")
    assert changed.rights == episode.rights
    noted_so = ("Noé", "edit", "playlist", "reçu par courriel")
    assert noted(archive, "who what line note") == noted_so
    for place in (MUSIC, HERE):  # as it was called
        table = client.get(f"{place}/playlist.csv").text
        assert '"Une autre";"Zoé";"";"0:03:05";"2024-01-16";"Émission";"1:02:30"' in table
    late = send(client, page, playlist=f"{written}\r\nUn titre de plus")
    words(late, 409, "Zoé – Une autre 3:05 @1:02:30")
    assert "Un titre de plus</textarea>" in late.text  # nobody types forty tunes twice
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
