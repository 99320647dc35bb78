"""Archives that older versions wrote: all that was to be heard is, and what was closed stays so."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Episode, Show, render_episode, render_show
from radio.archive.protection import Protection
from radio.archive.rights import Rights
from radio.search import Index
from radio.web.site import create_app
from tests.processes import call
from tests.samples import ROOT
from tests.tables import for_each

GOLDEN = ROOT / "tests" / "golden"
STREET = "la-machine/2024-01-16-les-micros-de-la-rue"
CITY = "la-machine/2024-02-20-la-ville-intelligente"
CAMERAS = "la-machine/2024-03-19-compter-les-cameras"
HEARD = {STREET: "mp3", CITY: "ogg", CAMERAS: "m4a"}
EMBARGOED, WITHDRAWN = "la-machine/2024-04-16-sous-embargo", "la-machine/2024-05-21-retiree"
CLOSED = {EMBARGOED: 404, WITHDRAWN: 410}

REFUSING = {Episode: {"rights", "protection"}, Protection: {"noindex"}}
REFUSING[Rights] = {"listen", "download", "feed", "radios_only"}
"""The fields since then that refuse listeners something: with them, a sidecar is of version 2."""
GIVING = {Rights: {"music_free", "reason"}, Protection: {"since", "until", "replies", "pseudonyms"}}
GIVING[Episode] = {"date_sure", "date_precision", "producers", "voices", "redactions", "formerly"}
"""The fields since then that an older program may pass over: it gives nothing that is refused."""


@pytest.fixture(params=["0.1.0", "0.2.0"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """A copy of an archive of an older version, with its index and its caches."""
    return Archive(Path(shutil.copytree(GOLDEN / request.param, tmp_path / "old")))


def truth(archive: Archive) -> dict[Path, bytes]:
    """All files but what is derived."""
    paths = (path.relative_to(archive.root) for path in archive.root.rglob("[!.]*"))
    kept = (path for path in paths if path.parts[0] not in ("cache", "index"))
    return {path: (archive.root / path).read_bytes() for path in kept if path.suffix}


@pytest.fixture
def before(old: Archive) -> Iterator[dict[Path, bytes]]:
    was = truth(old)
    yield was
    assert truth(old) == was


def visit(archive: Archive) -> FlaskClient:
    index = Index(archive)
    index.refresh()
    return create_app(archive, index, base_url="https://radio.example").test_client()


@pytest.mark.usefixtures("before")
def test_a_keeper_finds_an_older_archive_as_it_was(old: Archive) -> None:
    root = str(old.root)
    listed = call("list", "--root", root).stdout
    assert [line.split()[0] for line in listed.splitlines()] == sorted(HEARD | CLOSED, reverse=True)
    assert listed.count("transcribed") == 5
    assert CAMERAS in call("search", "--root", root, "caméras").stdout
    checked = call("check", "--root", root)
    assert "All is as it was." in checked.stderr


def test_a_listener_hears_and_reads_what_was_kept(old: Archive, before: dict[Path, bytes]) -> None:
    client = visit(old)
    feed = client.get("/shows/la-machine/feed.xml").text
    for key, suffix in HEARD.items():
        sound = before[Path(f"media/{key}.{suffix}")]
        part = client.get(f"/media/{key}.{suffix}", headers={"Range": "bytes=1000-1999"})
        assert (part.status_code, part.data) == (206, sound[1000:2000])
        assert client.get(f"/shows/{key}").status_code == 200
        assert client.get(f"/transcripts/{key}.vtt").data
        assert f"/media/{key}.{suffix}" in feed
    page = client.get(f"/shows/{STREET}").text
    for told in ("<strong>riverains</strong>", "Zoé", "Capteurs", "Colette Magny", "surveillance"):
        assert told in page
    assert client.get(f"/transcripts/{STREET}.en.vtt").data
    assert "relue" in client.get(f"/shows/{CAMERAS}").text
    assert CAMERAS in client.get("/search?q=caméras").text


@pytest.mark.usefixtures("before")
def test_what_an_older_version_had_closed_stays_closed(old: Archive) -> None:
    client = visit(old)
    for key, status in CLOSED.items():
        for address in (f"/shows/{key}", f"/media/{key}.mp3", f"/transcripts/{key}.vtt"):
            assert client.get(address).status_code == status, address
        slug = key.partition("/")[2]
        for address in ("/", "/feed.xml", "/api/v1/episodes", "/search?q=surveillance"):
            response = client.get(address)
            assert (response.status_code, slug in response.text) == (200, False), address
    assert "À la demande de l’invitée." in client.get(f"/shows/{WITHDRAWN}").text


def test_whoever_edits_an_older_archive_loses_no_word_of_it(old: Archive) -> None:
    for show in old.shows():
        was = json.loads(old.show_path(show.slug).read_bytes())
        assert was.items() <= json.loads(render_show(show)).items()
    for episode in old.episodes():
        was = json.loads(old.sidecar_path(episode.key).read_bytes())
        now = json.loads(render_episode(episode))
        assert was.pop("audio").items() <= now["audio"].items()
        assert was.pop("source").items() <= now["source"].items()
        assert {name: now[name] for name in was} == was


@for_each("record", [Episode, Rights, Protection])
def test_each_field_that_older_versions_pass_over_is_judged(record: type) -> None:
    (sidecar,) = (GOLDEN / "0.2.0").glob(f"media/{STREET}.json")
    known = {"show", "slug", "extra", *json.loads(sidecar.read_bytes())}
    new = {field.name for field in fields(record)} - (known if record is Episode else set())
    assert new == REFUSING[record] | GIVING[record]


def test_no_show_refuses_what_older_versions_would_give() -> None:
    known = json.loads((GOLDEN / "0.2.0/media/la-machine/show.json").read_bytes())
    new = {field.name for field in fields(Show)} - {"slug", "extra", *known}
    assert new == {"contact", "producers", "numbers", "formerly"}
