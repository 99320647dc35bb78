"""Recordings and transcripts, byte for byte, and nothing that is not public."""

import hashlib

from flask.testing import FlaskClient

from radio.archive import Archive
from tests.samples import DEMO, SHOW, STREET
from tests.tables import for_each
from tests.visits import text
from tests.web.views.site import CLIP, MEDIA


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


def test_changed_audio_never_passes_as_the_original(archive: Archive, client: FlaskClient) -> None:
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.audio_path(episode).write_bytes(b"something else")
    headers = {"If-None-Match": f'"{episode.audio.sha256}"'}
    with client.get(MEDIA, headers=headers) as response:
        assert (response.status_code, response.data) == (200, b"something else")


@for_each(("slug", "status"), [("2024-04-16-retire", 410), ("2024-05-21-demain", 404)])
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
