"""The forms of a transcript, each read back by a program that isn't ours."""

import base64
import datetime as dt
import hashlib
import html
import json

import pytest
import srt
import webvtt
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Audio, Episode
from radio.search import Index
from radio.text.transcript import Cue
from radio.web.site import create_app
from tests.heard import write_cues

SLUG = "2024-01-16-x"
ADDRESS = f"/transcripts/emission/{SLUG}"
HOSTILE = "<script>alert('x')</script> & --> ]]> « é » 🎙"
WHO = "Camille & <Noé>"
CUES = (
    *(Cue(0.0, 2.15, "Bonjour à toutes et à tous."), Cue(2.5, 4.0, HOSTILE, WHO)),
    *(Cue(4.0, 4.5, "  ", WHO), Cue(4.5, 6.0, "Deux\nlignes.", WHO), Cue(3661.25, 3662.0, "Fin.")),
)
TEXTS = [CUES[0].text, HOSTILE, "Deux lignes.", "Fin."]
TIMES = [(0.0, 2.15), (2.5, 4.0), (4.5, 6.0), (3661.25, 3662.0)]


@pytest.fixture
def archive(archive: Archive) -> Archive:
    audio = Audio(f"{SLUG}.mp3", "00" * 32, 1234, "audio/mpeg", 3700.0)
    episode = Episode("emission", SLUG, "Titre <b>", dt.date(2024, 1, 16), audio, "guid")
    archive.write_episode(episode)
    write_cues(archive, episode.key, *CUES, status="machine")
    return archive


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    """A visitor of a site that has no index, which would miss a text that goes."""
    return create_app(archive, Index(archive), base_url="https://radio.example").test_client()


def test_webvtt_subrip_and_text(client: FlaskClient) -> None:
    read = webvtt.from_string(client.get(f"{ADDRESS}.vtt").text)
    spoken = [each for each in read.captions if each.text.strip()]
    assert [" ".join(html.unescape(each.text).split()) for each in spoken] == TEXTS
    assert [each.start for each in spoken][-1] == "01:01:01.250"
    assert html.unescape(spoken[1].voice or "") == WHO
    written = list(srt.parse(client.get(f"{ADDRESS}.srt").text, ignore_errors=False))
    assert [each.index for each in written] == [1, 2, 3, 4]
    assert [(each.start.total_seconds(), each.end.total_seconds()) for each in written] == TIMES
    contents = [TEXTS[0], f"{WHO}: {HOSTILE}", f"{WHO}: Deux\nlignes."]
    assert [each.content for each in written[:3]] == contents
    blocks = client.get(f"{ADDRESS}.txt").text.strip().split("\n\n")
    said = [f"[0:00] {TEXTS[0]}", f"[0:02] {WHO} : {HOSTILE}  Deux lignes.", "[1:01:01] Fin."]
    assert [each for each in blocks if each.startswith("[")] == said


def test_podcast_json(client: FlaskClient) -> None:
    response = client.get(f"{ADDRESS}.podcast.json")
    assert response.mimetype == "application/json"
    read = json.loads(response.data)
    assert read["version"] == "1.0.0"
    segments = read["segments"]
    assert [each["body"] for each in segments] == TEXTS
    assert [(each["startTime"], each["endTime"]) for each in segments] == TIMES
    assert [each.get("speaker") for each in segments] == [None, WHO, WHO, None]
    joined = segments[0]["body"]
    for each in segments[1:]:  # as AntennaPod does, which looks at the first letter of the next
        joined += each["body"] if not each["body"][0].isalnum() else f" {each['body']}"
    assert joined.startswith("Bonjour à toutes et à tous.<script>")


def test_the_machine_s_evidence_keeps_its_address(archive: Archive, client: FlaskClient) -> None:
    assert client.get(f"{ADDRESS}.json").status_code == 404
    archive.evidence_path(f"emission/{SLUG}").write_text("{}", encoding="utf-8")
    assert client.get(f"{ADDRESS}.json").data == b"{}"
    assert "segments" in client.get(f"{ADDRESS}.podcast.json").text


def test_a_page_of_the_text_lets_in_its_own_style_and_names_no_other_site(
    client: FlaskClient,
) -> None:
    """`test_answers` has all that it says."""
    response = client.get(f"{ADDRESS}.html?lang=en", headers={"Host": "evil.example"})
    style = response.text.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert response.headers["Content-Security-Policy"].endswith(f"; style-src 'sha256-{digest}'")
    assert "&lt;script&gt;" in response.text and "<script" not in response.text
    assert "<div>Automatic transcript, not proofread</div>" in response.text
    assert "evil" not in response.text


def test_every_form_is_asked_kept_and_missed_alike(archive: Archive, client: FlaskClient) -> None:
    text = archive.vtt_path(f"emission/{SLUG}")
    forms = ("vtt", "srt", "txt", "html", "podcast.json")
    for address in (f"{ADDRESS}.{form}" for form in forms):
        response = client.get(address)
        etag = {"If-None-Match": response.headers["ETag"]}
        assert client.get(address, headers=etag).status_code == 304
        assert client.head(address).headers["ETag"] == response.headers["ETag"]
        kept = client.get(f"{address}?download=1").headers["Content-Disposition"]
        name, _dot, form = address.rpartition("/")[2].partition(".")
        assert kept.startswith(f'attachment; filename="{name}-machine.{form}"')
    text.write_text("WEBVTT\n", encoding="utf-8")
    for form in forms:
        response = client.get(f"{ADDRESS}.{form}")
        assert response.status_code == 200
        assert "Bonjour" not in response.text
    text.unlink()
    assert {client.get(f"{ADDRESS}.{form}").status_code for form in forms} == {404}
