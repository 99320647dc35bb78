"""What others quote, embed and index."""

import dataclasses
import html
import json
import re

from flask.testing import FlaskClient

from radio.archive import Archive
from tests.samples import SHOW, STREET
from tests.web.views.site import CUES, MEDIA, PAGE, Canned, visit


def test_a_stretch_is_quoted_whole(client: FlaskClient) -> None:
    at = "?t=2.65,14.805"
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt{at}").text
    words = " ".join(cue.text for cue in CUES[1:3])
    assert quoted.startswith(f"«\N{NO-BREAK SPACE}{words}\N{NO-BREAK SPACE}» ")
    assert quoted.endswith(f"{PAGE}{at}\n")
    for path in (f"/share/{SHOW}/{STREET}{at}", f"{PAGE}{at}"):
        page = client.get(path).text
        assert html.escape(words, quote=True).replace("&#x27;", "&#39;") in page
        assert f'href="/clips/{SHOW}/{STREET}.mp3?t=2.65,14.805&amp;download=1"' in page
        assert f'value="http://localhost{PAGE}{at}"' in page
    assert f'src="{MEDIA}#t=2.65,14.805"' in page


def test_an_episode_is_described_for_machines(archive: Archive) -> None:
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.write_episode(dataclasses.replace(episode, title="</script><b>"))
    page = visit(archive, Canned(), "https://radio.example").get(PAGE).text
    assert "</script><b>" not in page
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    described = json.loads(data)
    assert described["name"] == "</script><b>"
    assert described["@type"] == ["RadioEpisode", "PodcastEpisode"]
    media = described["associatedMedia"]
    assert media["contentUrl"] == f"https://radio.example{MEDIA}"
    assert media["caption"].endswith(".vtt")
    assert '<meta property="og:audio" content="https://radio.example/media/' in page
    assert "og:" not in visit(archive, Canned(), "").get(PAGE).text


def test_an_episode_is_embedded_elsewhere(archive: Archive) -> None:
    client = visit(archive, Canned(), "https://radio.example")
    page = client.get(PAGE).text
    (discovery,) = re.findall(r'href="https://radio.example(/oembed[^"]*)"', page)
    told = client.get(discovery.replace("&amp;", "&")).get_json()
    assert told["version"] == "1.0"
    assert f'src="https://radio.example/embed/{SHOW}/{STREET}"' in told["html"]
    assert "<audio" in client.get(f"/embed/{SHOW}/{STREET}?t=12").text
    for url in (
        "",
        "https://radio.example/",
        f"https://radio.example{PAGE}x",
        f"https://a.example{PAGE}",
        "http://[",
        "/shows/a/b",
    ):
        assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_a_broken_text_costs_a_citation_its_words(archive: Archive, client: FlaskClient) -> None:
    archive.vtt_path(f"{SHOW}/{STREET}").write_text("not a transcript", encoding="utf-8")
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt?t=3")
    assert quoted.status_code == 200
    assert ", 00:00:03." in quoted.text
