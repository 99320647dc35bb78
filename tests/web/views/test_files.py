"""Recordings and transcripts, byte for byte, and nothing that is not public."""

import dataclasses
import hashlib
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from tests.samples import CITY, DEMO, MEMORY, SHOW, STREET
from tests.tables import for_each
from tests.visits import text
from tests.web.views.site import CLIP, HERE, MEDIA, PAGE, TEXTS


def test_media_are_the_bytes_received(archive: Archive, client: FlaskClient) -> None:
    content = (DEMO / f"{STREET}.mp3").read_bytes()
    with client.get(MEDIA) as response:
        assert response.data == content
        assert response.mimetype == "audio/mpeg"
        assert response.headers["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'
        assert "Content-Disposition" not in response.headers
        etag = response.headers["ETag"]
    with client.get(MEDIA, headers={"Range": "bytes=1000-1999", "If-Range": etag}) as response:
        assert (response.status_code, response.data) == (206, content[1000:2000])
    with client.get(MEDIA, headers={"If-None-Match": etag}) as response:
        assert response.status_code == 304
    with client.get(MEDIA, headers={"Range": "bytes=9999999-"}) as response:
        assert response.status_code == 416


def test_changed_audio_does_not_pass_for_the_original(
    archive: Archive, client: FlaskClient
) -> None:
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.audio_path(episode).write_bytes(b"something else")
    headers = {"If-None-Match": f'"{episode.audio.sha256}"'}
    with client.get(MEDIA, headers=headers) as response:
        assert (response.status_code, response.data) == (200, b"something else")


def test_downloads_have_a_name_for_people(client: FlaskClient) -> None:
    with client.get(f"{MEDIA}?download=1") as response:
        name = quote("La Machine à découdre – 2024-01-16 – Les micros de la rue")
        assert response.headers["Content-Disposition"] == (
            f"attachment; filename=\"{STREET}.mp3\"; filename*=UTF-8''{name}.mp3"
        )


def test_transcripts_in_four_forms(archive: Archive, client: FlaskClient) -> None:
    vtt = client.get(f"{TEXTS}.vtt")
    assert vtt.data == archive.vtt_path(f"{SHOW}/{STREET}").read_bytes()
    assert vtt.content_type == "text/vtt; charset=utf-8"
    assert vtt.headers["Cache-Control"] == "no-cache"
    again = client.get(f"{TEXTS}.vtt", headers={"If-None-Match": vtt.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{TEXTS}.srt").text.startswith("1\n00:00:00,000 --> 00:00:02,150\nBonjour")
    head, _, said = client.get(f"{TEXTS}.txt").text.partition("\n\n")
    assert head.endswith("\nTranscription automatique non relue")
    assert said.startswith("[0:00] Bonjour")
    assert client.get(f"{TEXTS}.json").json == {"version": 1}
    for form in ("vtt", "srt", "txt", "json"):
        assert client.get(f"/transcripts/{SHOW}/{CITY}.{form}").status_code == 404
    disposition = client.get(f"{TEXTS}.txt?download=1").headers["Content-Disposition"]
    assert disposition.endswith("rue.txt")


@pytest.mark.parametrize(
    ("slug", "status"), [("2024-04-16-retire", 410), ("2024-05-21-demain", 404)]
)
def test_what_is_not_public_is_not_given(client: FlaskClient, slug: str, status: int) -> None:
    addresses = [f"/shows/{SHOW}/{slug}", f"/media/{SHOW}/{slug}.mp3"]
    addresses += [f"/transcripts/{SHOW}/{slug}.{form}" for form in ("vtt", "srt", "txt", "json")]
    for address in addresses:
        response = client.get(address, headers={"Range": "bytes=0-9"})
        assert response.status_code == status
        assert ("À sa demande." in response.text) == (status == 410)
        assert "Bonjour" not in response.text
        assert response.mimetype == "text/html"


def test_english_subtitles_are_given(archive: Archive, client: FlaskClient) -> None:
    address = f"/transcripts/{SHOW}/{STREET}.en.vtt"
    assert client.get(address).status_code == 404
    assert "sous-titres en anglais" not in text(client.get(f"/shows/{SHOW}/{STREET}"))
    archive.translation_path(f"{SHOW}/{STREET}").write_text("WEBVTT\n", encoding="utf-8")
    given = client.get(f"{address}?download=1")
    assert (given.status_code, given.text) == (200, "WEBVTT\n")
    assert given.content_type == "text/vtt; charset=utf-8"
    assert given.headers["Content-Disposition"].endswith("de%20la%20rue.en.vtt")
    assert "sous-titres en anglais" in text(client.get(f"/shows/{SHOW}/{STREET}"))
    assert client.get(f"/transcripts/{SHOW}/2024-04-16-retire.en.vtt").status_code == 410


@for_each("span", ["", "2", "5,2", "-1,4", "0,301", "2,x", "nan,3", "70,75", "2,2"])
def test_what_is_no_stretch_of_an_episode_is_no_clip(client: FlaskClient, span: str) -> None:
    address = CLIP.partition("?")[0]
    assert client.get(address, query_string={"t": span}).status_code == 404
    assert client.get(address.replace(".mp3", ".ogg"), query_string={"t": "2,3"}).status_code == 404


def test_a_text_that_is_taken_away_says_who_answers_and_its_licence(
    archive: Archive, client: FlaskClient
) -> None:
    archive.write_show(dataclasses.replace(archive.show(SHOW), license="CC BY-SA 4.0"))
    head = client.get(f"{TEXTS}.txt").text.partition("\n\n")[0].splitlines()
    assert head[0].endswith(f"{HERE}{PAGE}")
    assert head[1:] == [
        "Transcription automatique non relue",
        "Licence\N{NO-BREAK SPACE}: CC BY-SA 4.0",
    ]
    reread = client.get(f"/transcripts/{SHOW}/{MEMORY}.txt").text.splitlines()
    assert reread[1] == "Transcription relue"
    page = client.get(f"{TEXTS}.html").text
    assert "Licence\N{NO-BREAK SPACE}: CC BY-SA 4.0" in page
    assert f'<div class="print">{HERE}{PAGE}</div>' in page
