"""Archives that older versions wrote: all that was to be heard is, and what was closed stays so."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Episode, Show, render_episode, render_show
from radio.archive.protection import Protection
from radio.archive.rights import Rights
from tests.processes import command
from tests.samples import ROOT, files_in
from tests.tables import for_each
from tests.web.sites import visit

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
GIVING[Show] = {"contact", "producers", "numbers", "formerly"}
GIVING[Show] |= {"claims", "grid", "funding", "image_shows", "location", "owner", "uncounted"}
"""The fields since then that an older program may pass over: it gives nothing that is refused."""


@pytest.fixture(params=["0.1.0", "0.2.0"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    """A copy of an archive of an older version, with its index and its caches."""
    return Archive(Path(shutil.copytree(GOLDEN / request.param, tmp_path / "old")))


def truth(archive: Archive) -> dict[str, bytes]:
    """All files but what is derived, locks, and what tells when files were read."""
    derived = re.compile(r"(cache|index|desk/fixity)/|(.*/)?\.")
    files = files_in(archive.root)
    return {path: files[path] for path in files if not derived.match(path)}


@pytest.fixture
def before(old: Archive) -> Iterator[dict[str, bytes]]:
    was = truth(old)
    yield was
    assert truth(old) == was


@pytest.mark.usefixtures("before")
def test_a_keeper_finds_an_older_archive_as_it_was(old: Archive) -> None:
    listed = command(old, "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == sorted(HEARD | CLOSED, reverse=True)
    assert listed.count("transcribed") == 5
    assert CAMERAS in command(old, "search", "caméras").stdout
    assert "All is as it was." in command(old, "check").stderr


def test_a_listener_hears_and_reads_what_was_kept(old: Archive, before: dict[str, bytes]) -> None:
    client = visit(old, "https://radio.example")
    feed = client.get("/shows/la-machine/feed.xml").text
    for key, suffix in HEARD.items():
        sound = before[f"media/{key}.{suffix}"]
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
    client = visit(old, "https://radio.example")
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


ACTS = (
    *(("edit", STREET, "title=Autre titre"), ("edit", CITY, "rights=sans téléchargement")),
    *(("move", "--rename", STREET, "2024-01-16-un-autre-nom"), ("delete", STREET, "--yes")),
    *(("merge", STREET, CITY, "--yes"), ("protect", "withdraw", STREET, "--reason", "Plus tard.")),
    *(("protect", "embargo", STREET, "2099-01-01"), ("protect", "publish", EMBARGOED)),
    *(("protect", "noindex", STREET), ("protect", "draft", STREET, CAMERAS)),
    ("protect", "pseudonym", STREET, "Zoé", "Léa", "--yes"),
)


def test_what_a_keeper_does_to_an_older_archive_is_taken_back_whole(old: Archive) -> None:
    told = re.compile(r"history/|trash/|desk/journal")

    def kept() -> dict[str, bytes]:
        return {path: each for path, each in truth(old).items() if not told.match(path)}

    was = kept()
    for words in ACTS:
        command(old, *words)
        assert kept() != was, words
        command(old, "undo")
        assert kept() == was, words


@for_each("record", [Episode, Rights, Protection, Show])
def test_each_field_that_older_versions_pass_over_is_judged(record: type) -> None:
    """No show refuses what they would give."""
    path = GOLDEN / f"0.2.0/media/{'la-machine/show' if record is Show else STREET}.json"
    known = {"show", "slug", "extra", *json.loads(path.read_bytes())}
    new = {field.name for field in fields(record)} - (known if record in (Episode, Show) else set())
    assert new == REFUSING.get(record, set()) | GIVING[record]
