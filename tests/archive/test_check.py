"""Fixity: a flipped bit, a lost file, a stray one are each named; a sound archive is silent."""

import dataclasses
import datetime as dt
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.check import check
from radio.archive.episode import Episode
from radio.ingest.description import Day, Description
from radio.ingest.files import ingest
from radio.text.transcript import Cue
from radio.transcribe.versions import set_aside
from tests.heard import write_cues


@pytest.fixture
def episode(archive: Archive, sounds: dict[str, Path]) -> Episode:
    made = ingest(archive, sounds[".mp3"], "emission", Description(day=Day(dt.date(2024, 1, 16))))
    own = {"status": "reread", "audio": made.audio.sha256}
    write_cues(archive, made.key, Cue(0, 1, "Bonjour."), **own)
    return made


def found(archive: Archive) -> list[tuple[str, str]]:
    return [(finding.kind, finding.path.name) for finding in check(archive)]


def change(path: Path, before: str, after: str) -> None:
    path.write_text(path.read_text().replace(before, after))


def leave_evidence(archive: Archive, episode: Episode) -> None:
    archive.vtt_path(episode.key).unlink()
    archive.evidence_path(episode.key).write_text("{}")


Harm = Callable[[Archive, Episode], object]
HARMS: list[tuple[Harm, list[tuple[str, str]]]] = [
    (lambda a, e: a.audio_path(e).unlink(), [("missing", ".mp3")]),
    (lambda a, e: a.sidecar_path(e.key).unlink(), [("orphaned", ".mp3"), ("orphaned", ".vtt")]),
    (lambda a, e: a.sidecar_path(e.key).write_text("{"), [("unreadable", ".json")]),
    (lambda a, e: a.vtt_path(e.key).write_text("Bonjour"), [("unreadable", ".vtt")]),
    (lambda a, e: change(a.vtt_path(e.key), e.audio.sha256, "00" * 32), [("orphaned", ".vtt")]),
    (leave_evidence, [("unreadable", ".vtt")]),
    (lambda a, e: set_aside(a, e.key, b"WEBVTT\n", None), []),
]


def test_each_harm_is_named_and_nothing_else(archive: Archive, episode: Episode) -> None:
    for number, (harm, findings) in enumerate(HARMS):
        copy = Archive(shutil.copytree(archive.root, archive.root.parent / str(number)))
        harm(copy, episode)
        named = [(kind, f"{episode.slug}{suffix}") for kind, suffix in findings]
        assert found(copy) == named, number


def test_a_flipped_bit_is_found(archive: Archive, episode: Episode) -> None:
    shares: list[float] = []
    assert list(check(archive, shares.append)) == []  # a sound archive is silent
    assert shares[-1] == 1.0
    path = archive.audio_path(episode)
    content = path.read_bytes()
    for place in (0, 1000, len(content) - 1):
        flipped = bytes([content[place] ^ 1])
        path.write_bytes(content[:place] + flipped + content[place + 1 :])
        assert found(archive) == [("damaged", path.name)]


def test_pictures_are_no_orphans_and_are_missed(archive: Archive, episode: Episode) -> None:
    image = f"{episode.slug}.webp"
    archive.write_episode(dataclasses.replace(episode, image=image))
    archive.write_show(dataclasses.replace(archive.show("emission"), image="Affiche.png"))
    assert found(archive) == [("missing", "Affiche.png"), ("missing", image)]
    for name in (image, "Affiche.png"):
        (archive.media / "emission" / name).touch()
    assert found(archive) == []
    archive.show_path("emission").write_text('{"title": "X", "image": "../x.png"}')
    assert ("unreadable", "show.json") in found(archive)


def test_what_a_killed_writer_left_is_named(archive: Archive, episode: Episode) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        dead.wait()
    half = archive.media / "emission" / f".incoming.{dead.pid}.part"
    half.write_bytes(bytes(2_000_000))
    (archive.media / "emission" / f".incoming.{os.getpid()}.part").touch()  # of one that lives
    work = archive.transcripts / "emission" / ".2024-01-17-x.checkpoint.json"
    work.write_text("{}")
    archive.checkpoint_path(episode.key).write_text("{}")
    assert found(archive) == [("leftover", half.name), ("leftover", work.name)]
    told = next(check(archive)).detail
    assert told == "2.0 MB left by an interrupted run; the next command that writes will remove it"
    with archive.lock():
        assert not half.exists()
