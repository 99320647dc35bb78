"""What listeners may not do with a recording, they can't: by no address, in no file."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.actions.merging import united
from radio.archive import Archive
from radio.archive.episode import Show, Soundbite
from radio.archive.gone import hidden
from radio.archive.protection import Protection
from radio.archive.rights import OPEN, RESTRICTED, Rights
from radio.mirror.manifest import render_manifest
from radio.static_site.export import export
from radio.system.errors import ArchiveError
from tests.samples import CITY, DEMO, ROOT, STREET, put, unpacked
from tests.web.sites import visit

KEY = f"emission/{STREET}"
RECORDING = (DEMO / f"{STREET}.mp3").read_bytes()
SIGN = RECORDING[len(RECORDING) // 2 :][:200]  # of the sound, some thirty seconds on
REASON = "Contrat de musique; jusqu’en 2030."
MEDIA = "/media/<show>/<slug>.<suffix>"
CLIP, TAGGED = "/clips/<show>/<slug>.<suffix>", "/download/<show>/<slug>.<suffix>"
BOOK, ALL = "/download/<show>/<slug>.epub", "/download/archive.zip"
HEARD = {(MEDIA, ""), (CLIP, "?t=20,45")}
TAKEN = {
    *{(MEDIA, "?download=1"), (CLIP, "?t=20,45&download=1")},
    *{(rule, end) for rule in (TAGGED, BOOK, ALL) for end in ("", "?download=1")},
}
NONE = Rights(listen=False, reason=REASON)
NO_DOWNLOAD = Rights(download=False, reason=REASON)
NO_FEED = Rights(feed=False, reason=REASON)
RADIOS = Rights(radios_only=True, reason=REASON)
BASE = "https://radio.example"


@pytest.fixture
def app(archive: Archive) -> Flask:
    archive.write_show(Show("emission", "Émission", contact="machine@radio.example"))
    (archive.root / "site.json").write_text('{"proposals": true}', encoding="utf-8")
    put(archive, STREET, soundbites=(Soundbite(3.0, 5.0, "Un mot"),))
    return visit(archive, BASE).application


def grant(archive: Archive, rights: Rights) -> None:
    archive.write_episode(replace(archive.episode(KEY), rights=rights))


def places(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Each address of the site that may give sound, as the map and as a browser write it."""
    show, _slash, slug = KEY.partition("/")
    values = {"show": show, "slug": slug, "suffix": "mp3", "form": "txt", "name": slug}
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        address = re.sub(r"<(?:[^:>]+:)?(\w+)>", lambda m: values.get(m[1], "x"), rule.rule)
        for end in ("", "&download=1"):  # less than a whole clip is no clip
            asked = f"?t=20,45{end}" if rule.rule == CLIP else end.replace("&", "?")
            yield rule.rule, asked, address + asked


def sounding(app: Flask) -> set[tuple[str, str]]:
    client = app.test_client()
    return {(rule, end) for rule, end, address in places(app) if SIGN in client.get(address).data}


def test_no_address_gives_what_is_refused(archive: Archive, app: Flask) -> None:
    nothing = set[tuple[str, str]]()
    expected = ((Rights(), HEARD | TAKEN), (NO_DOWNLOAD, HEARD), (RADIOS, HEARD), (NONE, nothing))
    for rights, addresses in expected:
        grant(archive, rights)
        assert sounding(app) == addresses, rights


@pytest.mark.parametrize("rights", [NO_FEED, NO_DOWNLOAD, RADIOS, NONE], ids=str)
def test_no_list_leads_to_what_is_refused(archive: Archive, app: Flask, rights: Rights) -> None:
    client, sound = app.test_client(), f"/media/{KEY}.mp3"
    for feed in ("/feed.xml", "/shows/emission/feed.xml"):
        assert sound in client.get(feed).text
    grant(archive, rights)
    for feed in ("/feed.xml", "/shows/emission/feed.xml"):
        text = client.get(feed).text
        assert sound not in text and "soundbite" not in text
        assert f"/transcripts/{KEY}.vtt" in text
    for page in ("catalogue.csv", "catalogue.jsonl", "api/v1/episodes", "search.m3u?q=bonjour"):
        listed = client.get(f"/{page}").text
        assert (sound in listed or "/clips/" in listed) == rights.allows("listen"), page
    listed = "".join(render_manifest(archive))
    assert (hidden(KEY) in listed) == (not rights.allows("download"))
    assert (f"media/{KEY}.mp3" in listed) == rights.allows("download")


def said(client: FlaskClient, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", client.get(address).data.decode()))


def test_the_page_says_what_is_allowed_and_keeps_its_text(archive: Archive, app: Flask) -> None:
    client, page = app.test_client(), f"/shows/{KEY}"
    assert "rights" not in client.get(page).text
    for rights, words in (
        (NO_FEED, "il n’est pas dans le podcast"),
        (NO_DOWNLOAD, "peut être écouté ici, mais pas téléchargé"),
        (RADIOS, "Les radios peuvent demander"),
        (NONE, "ne peut pas être écouté ici"),
    ):
        grant(archive, rights)
        shown, html = said(client, page), client.get(page).text
        assert all(each in shown for each in (words, REASON, "Bonjour, voici"))
        assert ("<audio" in html) == ("listen.js" in html) == ("og:audio" in html) == rights.listen
        assert (f"/download/{KEY}.mp3" in html) == rights.allows("download")
        assert ("Rediffuser" in html) == (rights == RADIOS)
        assert ("<audio" in client.get(f"/embed/{KEY}").text) == rights.listen
    proposing = f"/propose/{KEY}?t=0"
    assert client.get(proposing).status_code == 200
    assert "<audio" not in client.get(proposing).text
    response = client.get(f"/media/{KEY}.mp3")
    assert (response.status_code, REASON in response.data.decode()) == (403, True)
    assert "<audio" not in client.get("/search/listen?q=bonjour").text
    assert client.get(f"/api/v1/episodes/{KEY}").json["rights"]["listen"] is False  # type: ignore[index]


@pytest.mark.long
def test_exported_files_hold_no_refused_sound(archive: Archive, app: Flask, tmp_path: Path) -> None:
    sound = tmp_path / "static" / "media" / f"{KEY}.mp3"
    for rights in (NO_DOWNLOAD, NONE):
        grant(archive, rights)
        export(archive, tmp_path / "static")
        assert sound.exists() == rights.listen
        page = (tmp_path / "static" / "shows" / f"{KEY}.html").read_text(encoding="utf-8")
        assert ("<audio" in page) == rights.listen
        assert ("Télécharger" in page) or not rights.listen
    names = unpacked(app.test_client().get("/download/archive.zip").data)
    assert any(name.endswith(f"{STREET}.vtt") for name in names)
    assert not any(name.endswith(".mp3") for name in names)


def test_an_older_program_is_not_given_what_is_restricted(archive: Archive, app: Flask) -> None:
    plain, path = archive.episode(KEY), archive.sidecar_path(KEY)
    refusing = [replace(plain, rights=rights) for rights in (NONE, NO_DOWNLOAD, NO_FEED, RADIOS)]
    for each in (*refusing, replace(plain, protection=Protection(noindex=True))):
        archive.write_episode(each)
        assert json.loads(path.read_bytes())["version"] == RESTRICTED
        assert app.test_client().get(f"/shows/{KEY}").status_code == 200
        archive.write_episode(plain)
        assert json.loads(path.read_bytes())["version"] == OPEN
    left = replace(plain, slug="2024-01-17-autre", rights=NO_FEED)  # and one made of two
    assert united(replace(plain, rights=RADIOS), left).rights == replace(RADIOS, feed=False)


def test_what_a_newer_program_closed_is_shown_to_nobody(archive: Archive, app: Flask) -> None:
    """Nor what a slip in a switch may have closed."""
    path, client = archive.sidecar_path(KEY), app.test_client()
    told = json.loads(path.read_bytes())
    path.write_text(json.dumps(told | {"rights": {"dowload": False}}), encoding="utf-8")
    with pytest.raises(ArchiveError, match="dowload"):
        archive.episode(KEY)
    assert client.get(f"/media/{KEY}.mp3").status_code == 404
    path.write_text(json.dumps(told | {"version": RESTRICTED + 1}), encoding="utf-8")
    with pytest.raises(ArchiveError, match=rf"{STREET}\.json: version 3, .* newer `radio`"):
        archive.episode(KEY)
    for address in (f"/shows/{KEY}", f"/media/{KEY}.mp3", f"/transcripts/{KEY}.vtt"):
        assert client.get(address).status_code == 404, address
    for address in ("/", "/feed.xml", "/search?q=bonjour", "/api/v1/episodes"):
        response = client.get(address)
        assert (response.status_code, STREET in response.text) == (200, False), address


def test_old_sidecars_are_closed_to_older_programs_by_a_line(archive: Archive, app: Flask) -> None:
    grant(archive, NO_FEED)
    path = archive.sidecar_path(KEY)
    before = path.read_text(encoding="utf-8").replace('"version": 2', '"version": 1')
    path.write_text(before, encoding="utf-8")
    put(archive, CITY)
    open_to_all = archive.sidecar_path(f"emission/{CITY}").read_bytes()
    page = (ROOT / "docs" / "en" / "upgrading.md").read_text(encoding="utf-8")
    (line,) = re.findall(r"^grep -rlE .*$", page, re.MULTILINE)
    here = line.replace("/srv/radio", str(archive.root))
    subprocess.run(["/bin/bash", "-ec", here], check=True)
    assert path.read_text(encoding="utf-8") == before.replace('"version": 1', '"version": 2')
    assert archive.sidecar_path(f"emission/{CITY}").read_bytes() == open_to_all
