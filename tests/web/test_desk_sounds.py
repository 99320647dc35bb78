"""Who looks after an episode hears it at the desk, whoever may elsewhere; a better copy comes."""

import datetime as dt
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.rights import Rights
from radio.ingest import uploads
from radio.ingest.uploads import SentFile
from radio.sound.samples import RATE, decode
from radio.system.errors import ArchiveError
from radio.web.views import desk_sounds
from tests.heard import KEY, hear
from tests.samples import CITY, DEMO, STREET, put
from tests.sounds import encode
from tests.visits import words
from tests.web.desks import OWN, noted, send, signed_in, when_over

SOUND, HEARD = f"/desk/sound/{KEY}.mp3", f"/media/{KEY}.mp3"
PLACE, SURE = f"/desk/recording/{KEY}", 'name="sure" value="1"'
LATER = dt.date.today() + dt.timedelta(days=30)
EMBARGOED: dict[str, Any] = {"status": "embargoed", "until": LATER}
KEPT_BACK = (EMBARGOED, {"status": "withdrawn"}, {"rights": Rights(listen=False)})


def test_the_desk_hears_withheld_sound(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    episode = put(archive, STREET)
    content = archive.audio_path(episode).read_bytes()
    keeper, client = signed_in(archive), signed_in(archive, "rereader", "Zoé")
    stranger, stale = (client.application.test_client() for _ in range(2))
    stale.set_cookie("__Host-desk", "none-of-ours")
    elsewhere = [{"Sec-Fetch-Site": each} for each in ("cross-site", "same-site")]
    elsewhere += [{"Origin": each} for each in ("https://other.example", "null")]
    expected = {"Content-Range": f"bytes 1000-2999/{len(content)}", "Cache-Control": "no-store"}
    expected["Cross-Origin-Resource-Policy"] = "same-origin"
    for fields in KEPT_BACK:
        archive.write_episode(replace(episode, **fields))
        caplog.clear()
        with caplog.at_level(logging.DEBUG):
            for each in (keeper, client):
                some = each.get(SOUND, headers=OWN | {"Range": "bytes=1000-2999"})
                assert (some.status_code, some.data) == (206, content[1000:3000])
                assert expected.items() <= dict(some.headers).items()
                assert each.get(SOUND, headers=OWN).data == content
                beyond = each.get(SOUND, headers=OWN | {"Range": "bytes=99999999-"})
                assert beyond.status_code == 416
            for each in (stranger, stale):
                refused = each.get(SOUND, headers=OWN)
                assert (refused.status_code, len(refused.data) < 1000) == (303, True)
                assert refused.location.startswith("/desk?then=")
            for each in (keeper, client, stranger, stale):  # the site knows no desk
                assert each.get(HEARD).status_code in (403, 404, 410)
            for headers in elsewhere:
                assert client.get(SOUND, headers=headers).status_code == 403
        assert caplog.records == []  # nothing is noted
    for name in (f"{KEY}.json", f"{KEY}.ogg", "emission/none.mp3", "emission/show.json"):
        assert client.get(f"/desk/sound/{name}", headers=OWN).status_code == 404
    path = archive.audio_path(episode)
    path.rename(path.with_suffix(".away"))
    assert client.get(SOUND, headers=OWN).status_code == 404
    path.symlink_to(path.with_suffix(".away"))  # no link is followed
    assert client.get(SOUND, headers=OWN).status_code == 404


def test_its_pages_play_it_to_who_rereads_it(archive: Archive) -> None:
    hear(archive)
    client = signed_in(archive)
    episode = archive.episode(KEY)
    for held, address in ((replace(episode, status="withdrawn"), SOUND), (episode, HEARD)):
        archive.write_episode(held)
        for page in (f"reread/{KEY}/1", f"chapters/{KEY}", f"redact/{KEY}", f"voices/{KEY}"):
            assert f'src="{address}' in client.get(f"/desk/{page}").text, page


def sent(archive: Archive, path: Path) -> str:
    kept = uploads.store(archive, path.name, "emission", "Noé", [path.read_bytes()])
    assert isinstance(kept, SentFile)
    return kept.id


def when_done(client: FlaskClient) -> str:
    return when_over(client, PLACE, "compare les deux sons")


@pytest.mark.long
def test_a_better_copy_takes_the_place_and_goes_back(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = put(archive, STREET)
    client = signed_in(archive)
    words(client.get(PLACE), 200, "Déposez d’abord le fichier")
    sound = np.concatenate(list(decode(DEMO / f"{STREET}.mp3")))
    silent = np.zeros(round(1.5 * RATE), np.float32)
    better = sent(archive, encode(np.concatenate([silent, sound]), tmp_path / "m.flac", RATE))
    other = sent(archive, DEMO / f"{CITY}.mp3")
    same = sent(archive, DEMO / f"{STREET}.mp3")
    page = client.get(PLACE)
    words(page, 200, "m.flac", "(Noé)")
    assert send(client, page, file=same).status_code == 422

    def full(*_asked: object) -> None:
        raise ArchiveError("cache/x: no space left on device")

    shown = send(client, page, file=other)
    with monkeypatch.context() as patch:
        patch.setattr(desk_sounds, "listen", full)
        assert send(client, shown, file=other, sure="1").status_code == 303
        told = when_done(client)  # a file that was not read is no other show
    assert "no space left" in told and "pas à l’épisode" not in told
    shown = send(client, page, file=other)
    unseen = send(client, page, file=other, sure="1", seen="0")
    assert unseen.status_code == 409  # it is shown first
    assert SURE in shown.text
    assert send(client, shown, file=other, sure="1").status_code == 303
    told = when_done(client)
    assert "ne ressemble pas à l’épisode" in told and "rien n’est remplacé" in told
    assert archive.episode(KEY) == before
    shown = send(client, page, file=better, note="lettre")
    assert SURE in shown.text
    assert send(client, shown, sure="1", note="lettre").status_code == 303
    assert "Le son est remplacé. Tout y est dit 1,50 s plus tard" in when_done(client)
    english = client.get(PLACE, headers={"Accept-Language": "en"})
    words(english, 200, "Everything is said 1.50 s later in it")
    assert archive.episode(KEY).audio.file == f"{STREET}.flac"
    assert better not in {each.id for each in uploads.uploads(archive)}
    assert noted(archive) == ("Noé", "replace", "lettre")
    page = client.get(PLACE)
    assert send(client, page, act="back", name="x").status_code == 409
    assert send(client, page, act="back").status_code == 303
    assert archive.episode(KEY) == before
    assert send(client, page, act="back").status_code == 409
    assert send(client, page, act="trim").status_code == 303
    assert "Il n’y a pas de silence à couper." in when_done(client)
    page = client.get(PLACE)  # with the recording as it is now
    for wrong in (["demain", "1:00"], ["1:00"], []):
        assert send(client, page, act="borders", time=wrong).status_code == 422
    assert send(client, page, act="borders", time=["0", "9"], sound="autre").status_code == 409
    assert send(client, page, act="borders", time=["0:05", "0:40,5"]).status_code == 303
    assert "Gardé de 0:05 à 0:40" in when_done(client)
    assert archive.episode(KEY).audio.duration == pytest.approx(35.5, abs=0.1)
    assert send(client, client.get(PLACE), act="wider").status_code == 303
    assert "la pige n’a plus ces heures" in when_done(client)
