"""What others quote, embed and index."""

import dataclasses
import html
import json
import re
import xml.etree.ElementTree as ET

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person
from tests.samples import SHOW, STREET
from tests.web.views.site import CUES, MEDIA, PAGE, Canned, make_episode, visit


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


def test_what_is_said_is_quoted_with_its_second(archive: Archive) -> None:
    client = visit(archive, Canned(), "https://radio.example")
    episode = archive.episode(f"{SHOW}/{STREET}")
    people = (Person("Camille Durand"), Person("Noé {x}"))
    archive.write_episode(dataclasses.replace(episode, people=people))
    said = archive.transcript(episode.key)
    assert said
    cue = said.cues[1]
    at = f"?t={cue.start:g}"
    address = f"https://radio.example{PAGE}{at}"
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt{at}").text
    assert f"«\N{NO-BREAK SPACE}{cue.text}\N{NO-BREAK SPACE}»" in quoted
    assert f", 00:00:{int(cue.start):02}. {address}\n" in quoted
    bib = client.get(f"/cite/{SHOW}/{STREET}.bib{at}").text
    assert r"author = {Camille Durand and Noé \textbraceleft{}x\textbraceright{}}," in bib
    assert f"url = {{{address}}}," in bib
    (item,) = json.loads(client.get(f"/cite/{SHOW}/{STREET}.json{at}").data)
    assert item["type"] == "broadcast"
    assert item["issued"] == {"date-parts": [[2024, 1, 16]]}
    assert item["URL"] == address
    page = client.get(f"{PAGE}{at}").text
    assert f"https://radio.example/embed/{SHOW}/{STREET}{at}" in page
    assert "download=1" in page
    whole = client.get(f"/cite/{SHOW}/{STREET}.txt").text
    assert whole.endswith(f"2024-01-16. https://radio.example{PAGE}\n")


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


def test_what_browsers_and_search_engines_ask_for(archive: Archive) -> None:
    make_episode(archive, "2024-05-01-cache", "Caché", status="withdrawn", reason="x")
    client = visit(archive, Canned(), "https://radio.example")
    assert "Sitemap: https://radio.example/sitemap.xml" in client.get("/robots.txt").text
    pages = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 (our own)
    listed = [
        each.text or "" for each in pages.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert f"https://radio.example{PAGE}" in listed
    assert not any("cache" in each for each in listed)
    for address in listed:
        assert client.get(address.removeprefix("https://radio.example")).status_code == 200
    search = client.get("/opensearch.xml").text
    assert 'template="https://radio.example/search?q={searchTerms}"' in search
    manifest = client.get("/manifest.webmanifest").get_json(force=True)
    assert client.get(manifest["start_url"]).status_code == 200
    for icon in manifest["icons"]:
        with client.get(icon["src"]) as given:
            assert given.mimetype == icon["type"]
    purposes = {(icon["sizes"], icon.get("purpose")) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "maskable")} <= purposes
    assert 'rel="apple-touch-icon" href="/icons/180.png"' in client.get("/").text


def test_a_broken_transcript_costs_a_citation_its_words_alone(
    archive: Archive, client: FlaskClient
) -> None:
    archive.vtt_path(f"{SHOW}/{STREET}").write_text("not a transcript", encoding="utf-8")
    quoted = client.get(f"/cite/{SHOW}/{STREET}.txt?t=3")
    assert quoted.status_code == 200
    assert ", 00:00:03." in quoted.text
