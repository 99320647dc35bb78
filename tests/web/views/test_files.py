"""Recordings and transcripts, byte for byte, and what others quote, embed and index of them."""

import dataclasses
import hashlib
import html
import json
import re

from flask.testing import FlaskClient

from radio.archive import Archive, holdings
from radio.archive.rights import Rights
from radio.text.transcript import Cue
from tests.samples import DEMO, SHOW, STREET
from tests.tables import for_each
from tests.web.views.site import CLIP, CUES, MEDIA, PAGE, Canned, visit, write_transcript


def test_media_are_the_bytes_received(archive: Archive, client: FlaskClient) -> None:
    content = (DEMO / f"{STREET}.mp3").read_bytes()
    whole = client.get(MEDIA)
    assert (whole.data, whole.mimetype) == (content, "audio/mpeg")
    etag = whole.headers["ETag"]
    assert etag == f'"{hashlib.sha256(content).hexdigest()}"'
    assert "Content-Disposition" not in whole.headers
    for headers, code, data in (
        ({"Range": "bytes=1000-1999", "If-Range": etag}, 206, content[1000:2000]),
        ({"If-None-Match": etag}, 304, b""),
    ):
        response = client.get(MEDIA, headers=headers)
        assert (response.status_code, response.data) == (code, data)
    assert client.get(MEDIA, headers={"Range": "bytes=9999999-"}).status_code == 416
    episode = archive.episode(f"{SHOW}/{STREET}")
    archive.audio_path(episode).write_bytes(b"something else")  # never passes as the original
    changed = client.get(MEDIA, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.data) == (200, b"something else")


def test_the_name_of_a_kept_text_says_that_a_machine_wrote_it(
    archive: Archive, client: FlaskClient
) -> None:
    archive.evidence_path(f"{SHOW}/{STREET}").unlink()  # it is of another text
    for status, end in (("machine", "-machine"), ("reread", "")):
        write_transcript(archive, STREET, [Cue(0, 5, "Bonjour")], status=status)
        for form in ("vtt", "srt", "txt", "html"):
            answer = client.get(f"/transcripts/{SHOW}/{STREET}.{form}?download=1")
            named = answer.headers["Content-Disposition"]
            assert f'filename="{STREET}{end}.{form}"' in named, form
            assert named.endswith(f"{end}.{form}")


@for_each("span", ["", "2", "5,2", "-1,4", "0,301", "2,x", "nan,3", "70,75", "2,2"])
def test_what_is_no_stretch_of_an_episode_is_no_clip(client: FlaskClient, span: str) -> None:
    address = CLIP.partition("?")[0]
    assert client.get(address, query_string={"t": span}).status_code == 404
    assert client.get(address.replace(".mp3", ".ogg"), query_string={"t": "2,3"}).status_code == 404


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
    here = "https://radio.example"
    client = visit(archive, Canned(), here)
    (discovery,) = re.findall(rf'href="{here}(/oembed[^"]*)"', client.get(PAGE).text)
    told = client.get(discovery.replace("&amp;", "&")).get_json()
    assert told["version"] == "1.0"
    assert f'src="{here}/embed/{SHOW}/{STREET}"' in told["html"]
    assert "<audio" in client.get(f"/embed/{SHOW}/{STREET}?t=12").text
    others = (f"{here}/", f"{here}{PAGE}x", f"https://a.example{PAGE}", "http://[", "/shows/a/b")
    for url in ("", *others):
        assert client.get("/oembed", query_string={"url": url}).status_code == 404


def test_a_site_pastes_what_shows_the_newest_episode_for_ever(archive: Archive) -> None:
    here, show = "https://radio.example", f"/shows/{SHOW}/"
    client = visit(archive, Canned(), here)
    page = client.get(f"/share?show={SHOW}&episode={STREET}&theme=dark").text
    pasted = re.findall(r"readonly>(.*?)</textarea>", page, re.DOTALL)
    one, latest, search = map(html.unescape, pasted[::2])
    within = f'[radio_archive show="{SHOW}"'
    shorts = [f'[radio_archive episode="{SHOW}/{STREET}"]', f'{within} number="5"]']
    shorts.append(f'{within} view="search"]')
    assert [*map(html.unescape, pasted[1::2])] == shorts
    assert f'src="{here}/embed/{SHOW}/{STREET}?theme=dark"' in one
    assert f'src="{here}/embed/{SHOW}/?theme=dark"' in latest
    assert f'<form action="{here}/search"' in search and f'name="show" value="{SHOW}"' in search
    (discovery,) = re.findall(rf'href="{here}(/oembed[^"]*)"', client.get(show).text)
    told = client.get(html.unescape(discovery)).get_json()
    assert f'src="{here}/embed/{SHOW}/"' in told["html"]
    narrow = client.get(f"{html.unescape(discovery)}&maxwidth=300").get_json()
    assert (told["width"], narrow["width"], 'width="300"' in narrow["html"]) == (480, 300, True)
    newest = holdings.episodes(archive)[0]  # not what is to come
    silent = dataclasses.replace(newest, rights=Rights(listen=False))
    for address in ("/embed/", f"/embed/{SHOW}/"):
        assert f"{newest.slug}." in client.get(address).text
    archive.write_episode(silent)
    assert f"{newest.slug}." not in client.get("/embed/").text  # what can be heard
