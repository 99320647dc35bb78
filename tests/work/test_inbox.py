"""The inbox: what people drop into a shared folder is taken whole and once, or refused."""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import soundfile

from radio.archive import Archive
from radio.archive.episode import Show
from radio.ingest.inbox import INBOX, look
from radio.system.checksums import hash_file
from tests.patience import until
from tests.processes import command
from tests.recipes import make
from tests.samples import files_in
from tests.work.runs import process

pytestmark = pytest.mark.long

TEXT = "Bonjour à toutes et à tous."
WAITING = {"a.mp3.part", ".b.mp3.Xa3", "c.mp3.filepart", "d.mp3~", "Thumbs.db"}


@pytest.fixture
def inbox(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RADIO_INBOX_WAIT", "0")
    place = archive.root / "inbox"
    place.mkdir()
    return place


TAKE = """
import sys, pathlib
from radio.archive import Archive
from radio.derived.recipe import Making
from radio.ingest.inbox import INBOX
archive = Archive(pathlib.Path(sys.argv[1]))
INBOX.make(archive, INBOX.missing(archive), Making(lambda message: None))
"""
"""What `radio work` does to take what is ready."""


def left(place: Path) -> set[str]:
    return {*files_in(place)}


def cut(sound: Path, place: Path, number: int) -> Path:
    samples, rate = soundfile.read(sound, dtype="int16")
    samples[0] = number
    path = place / f"Émission du {number + 1} mai 2023.flac"
    soundfile.write(place / ".new", samples, rate, format="FLAC")
    (place / ".new").rename(path)
    return path


def test_what_is_dropped_is_taken_with_its_text_and_the_rest_is_told(
    archive: Archive, inbox: Path, sounds: dict[str, Path], tmp_path: Path
) -> None:
    day = inbox / "2019" / "03 - mars"
    day.mkdir(parents=True)
    shutil.copy(sounds[".mp3"], day / "mardi 12.mp3")
    (day / "mardi 12.txt").write_text(TEXT, encoding="utf-8")
    (inbox / "cassé.mp3").write_bytes(b"nothing of a sound" * 99)
    (inbox / "film.mkv").write_bytes(b"x")
    shutil.copy(sounds[".mp3"], inbox / "copie.mp3")
    shutil.copy(sounds[".ogg"], inbox / os.fsdecode(b"caf\xe9 2 juin 2021.ogg"))
    (tmp_path / "secret.flac").write_bytes(sounds[".flac"].read_bytes())
    (inbox / "lien.flac").symlink_to(tmp_path / "secret.flac")
    for name in WAITING:
        (inbox / name).write_bytes(sounds[".wav"].read_bytes())
    refused = inbox / "refused"
    refused.mkdir()
    (refused / "film.mkv").write_bytes(b"another one")
    said = make(archive, INBOX)
    titles = {each.source.original_name for each in archive.episodes() if each.source}
    assert "café 2 juin 2021.ogg" in titles
    assert [each.status for each in archive.episodes()] == ["draft"] * 2, said
    assert (refused / "film.mkv").read_bytes() == b"another one"
    assert (refused / "film (2).mkv").read_bytes() == b"x"
    assert (refused / "lien.flac").is_symlink()
    for name, words in (
        ("film (2).mkv", "film.mkv n’a pas été ajouté à l’archive.\n\nPourquoi : une vidéo"),
        ("copie.mp3", "Pourquoi : le même enregistrement que emission/"),
        ("cassé.mp3", "Pourquoi : "),
    ):
        assert words in (refused / f"{name}.txt").read_text(encoding="utf-8")
    assert [path.read_text() for path in archive.transcripts.rglob("*.source.txt")] == [TEXT]
    assert {name for name in left(inbox) if not name.startswith("refused")} == WAITING
    told = command(archive, "status", check=False).stdout
    for line in (
        "waiting: 3 files (a.mp3.part, c.mp3.filepart, d.mp3~)",
        "added so far: 2 files",
    ):
        assert f"inbox: {line}" in told
    assert "- Files refused on arrival: 4 — repair them" in told
    assert "  copie.mp3 — le même enregistrement que emission/" in told


@pytest.mark.torture
def test_growing_files_are_whole(archive: Archive, inbox: Path, sounds: dict[str, Path]) -> None:
    content = sounds[".mp3"].read_bytes()
    with process(archive.root, RADIO_INBOX_WAIT="3"):
        place, part = inbox / "12 mai 2023.mp3", inbox / ".13 mai 2023.flac.part"
        part.write_bytes(sounds[".flac"].read_bytes())
        os.utime(part, (0, 0))  # a copy that keeps its old date
        part.rename(inbox / "13 mai 2023.flac")
        with place.open("wb", buffering=0) as file:
            for start in range(0, len(content), len(content) // 8 + 1):
                file.write(content[start : start + len(content) // 8 + 1])
                time.sleep(1)
            until(lambda: not (inbox / "13 mai 2023.flac").exists())
            time.sleep(6)  # it is whole and still, but not closed
            assert place.exists()
            assert len(archive.episodes()) == 1
        until(lambda: not place.exists())
    taken = {hash_file(archive.audio_path(each)) for each in archive.episodes()}
    assert taken == {hash_file(sounds[".mp3"]), hash_file(sounds[".flac"])}
    assert left(inbox) == set()


@pytest.mark.torture
def test_a_kill_at_any_moment_loses_nothing_and_takes_nothing_twice(
    archive: Archive, inbox: Path, sounds: dict[str, Path]
) -> None:
    hashes = {hash_file(cut(sounds[".flac"], inbox, number)) for number in range(12)}
    (inbox / "cassé.mp3").write_bytes(b"nothing of a sound" * 99)
    chance, kills = random.Random(15), 0
    for _number in range(20):
        taking = [sys.executable, "-c", TAKE, str(archive.root)]
        with subprocess.Popen(taking, stdout=subprocess.DEVNULL) as run:
            before = set(archive.media.rglob("*"))
            while run.poll() is None and set(archive.media.rglob("*")) == before:
                time.sleep(0.002)  # until it begins to take one
            time.sleep(chance.random() * 0.05)
            kills += run.poll() is None
            run.kill()
        held = {hash_file(path) for path in archive.media.rglob("*.flac")}
        assert hashes <= held | {hash_file(path) for path in inbox.rglob("*.flac")}
    make(archive, INBOX)
    assert kills > 3
    episodes = archive.episodes()
    assert sorted(each.audio.sha256 for each in episodes) == sorted(hashes)
    assert {hash_file(archive.audio_path(each)) for each in episodes} == hashes
    assert left(inbox) == {"refused/cassé.mp3", "refused/cassé.mp3.txt"}


def test_the_folder_tells_the_show(archive: Archive, inbox: Path, sounds: dict[str, Path]) -> None:
    archive.write_show(Show("radio-libre", "Radio libre"))
    for folder, suffix in (("radio-libre", ".mp3"), ("ailleurs", ".ogg"), (".", ".flac")):
        (inbox / folder).mkdir(exist_ok=True)
        shutil.copy(sounds[suffix], inbox / folder / f"3 mai 2023{suffix}")
    make(archive, INBOX)
    assert [each.key for each in archive.episodes()] == ["radio-libre/2023-05-03-emission"]
    note = (inbox / "refused" / "3 mai 2023.ogg.txt").read_text(encoding="utf-8")
    assert "emission, radio-libre" in note
    assert "ailleurs/3 mai 2023.ogg" in note


def test_a_text_and_an_empty_file_are_waited_for(
    archive: Archive, inbox: Path, sounds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(sounds[".mp3"], inbox / "a.mp3")
    (inbox / "seul.txt").write_text("Bonjour", encoding="utf-8")
    (inbox / "b.mp3").touch()
    later = (inbox / "b.mp3").stat().st_ctime + 60
    monkeypatch.setattr("radio.ingest.inbox.time", SimpleNamespace(time=lambda: later))
    assert [each.path.name for each in look(archive, 59).ready] == ["a.mp3"]
    time.sleep(0.1)
    (inbox / "a.txt").write_text("Bonjour", encoding="utf-8")  # its text is still on its way
    later = (inbox / "a.txt").stat().st_ctime + 60
    assert later - (inbox / "a.mp3").stat().st_ctime > 60.05
    assert look(archive, 60.05).ready == ()
