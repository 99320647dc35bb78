"""Who encoded a recording, where and on which machine is not published with it."""

import json
import shutil
import struct
from pathlib import Path

import mutagen
import pytest

from radio.archive import Archive
from radio.ingest.description import Description
from radio.ingest.files import ingest
from radio.search import Index
from radio.sound import tags
from radio.sound.tags.private import is_private, publishable, read_private
from radio.web.site import create_app
from tests.processes import call
from tests.sounds import KINDS
from tests.tables import for_each
from tests.tagged import HOME, TAGGERS, WHO


@pytest.fixture(params=KINDS)
def marked(request: pytest.FixtureRequest, sounds: dict[str, Path], tmp_path: Path) -> Path:
    path = tmp_path / f"parole{request.param}"
    shutil.copy(sounds[request.param], path)
    TAGGERS[request.param][0](path)
    assert WHO.encode() in path.read_bytes()
    return path


def test_no_page_feed_or_download_tells_who_encoded_it(archive: Archive, marked: Path) -> None:
    episode = ingest(archive, marked, "emission", Description("Un jour"))
    assert WHO not in archive.sidecar_path(episode.key).read_text()
    done = call("check", "--root", str(archive.root), check=True)
    (line,) = done.stdout.splitlines()
    names = TAGGERS[marked.suffix][1]
    assert line.startswith(f"private: {archive.audio_path(episode)}: its tags contain ")
    assert {name for name in names if name.lower() in line.lower()} == names
    assert "All is as it was." in done.stderr
    told = json.loads(call("check", "--json", "--root", str(archive.root)).stdout)
    assert [each["kind"] for each in told] == ["private"]
    client = create_app(archive, Index(archive), base_url="https://radio.example").test_client()
    key = episode.key
    for page in ("/", f"/shows/{key}", "/shows/emission/feed.xml", f"/api/v1/episodes/{key}"):
        with client.get(page) as answer:
            assert WHO.encode() not in answer.data
    with client.get(f"/download/emission/{episode.audio.file}") as answer:
        assert answer.status_code == 200
        assert WHO.encode() not in answer.data
        marked.write_bytes(answer.data)
    again = mutagen.File(marked)
    assert again.info.length == pytest.approx(4.0, abs=0.1)
    if marked.suffix != ".wav":
        assert "Collectif" in str(again.tags)
    assert list(read_private([marked])) == []


def test_sounds_without_private_data_are_not_named(sounds: dict[str, Path]) -> None:
    assert list(read_private([*sounds.values(), Path("/missing.mp3")])) == []


@for_each(
    "text",
    [
        *("C:\\Users\\camille\\a.wav", "file:///srv/a.wav", "\\\\nas\\sons\\a.wav", HOME),
        *("/Users/camille/Desktop", "+45.4397+004.3872/", "fait sur DESKTOP-4F2K9QX", "nas.local"),
    ],
)
def test_what_names_a_path_a_machine_or_a_place_is_private(text: str) -> None:
    assert is_private(text)
    assert publishable(f"Avant\n{text}\naprès") == "Avant\naprès"


@for_each(
    "text",
    [
        *("Saint-Étienne / Lyon, 12.03", "écrire à lmad@radio.example", "https://a.example/home/x"),
        *("Avant/après : le local", "20 h / 21 h", "radio locale", "C'est : la rue", "12,5 + 3,25"),
    ],
)
def test_what_people_write_is_published(text: str) -> None:
    assert publishable(text) == text


def test_a_lying_tag_at_the_end_takes_no_sound(sounds: dict[str, Path], tmp_path: Path) -> None:
    path, head = tmp_path / "a.mp3", tmp_path / "head"
    for end in (
        b"APETAGEX" + struct.pack("<4I8x", 2000, 20_000, 0, 0),
        b"009999LYRICS200",
        b"APETAGEX" + struct.pack("<4I8x", 2000, 1 << 31, 0, 1 << 31),
    ):
        path.write_bytes(sounds[".mp3"].read_bytes() + end)
        label = tags.Label(title="x")
        tags.write_head(path, head, label)
        with head.open("rb") as file:
            assert tags.read_head(file).stored_stop == path.stat().st_size
