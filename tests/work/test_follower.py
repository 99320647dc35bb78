"""What a site sees of files that change, and how seldom it looks at each of them."""

import time
from pathlib import Path

import pytest

from radio.archive import Archive, holdings, removal
from radio.search import Index
from radio.system.disk import write_whole
from radio.work import upkeep
from radio.work.upkeep import Follower
from tests.samples import CITY, STREET, put

ROUND = 0.1  # seconds


@pytest.fixture
def follower(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Follower:
    monkeypatch.setattr(upkeep, "ROUND", ROUND)
    put(archive, STREET)
    follower = Follower(archive, Index(archive), lambda: None)
    time.sleep(2 * holdings.TICK / 1e9)
    follower.follow()
    return follower


def test_answers_seldom_wait_for_looks(follower: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    follower.follow()
    monkeypatch.setattr("radio.work.upkeep.time.monotonic", lambda: follower._round - ROUND / 2)
    follower._forgetting = 0.0
    looks = list[float]()
    monkeypatch.setattr(follower, "_follow_each", looks.append)
    for _each in range(20):
        follower.follow()
    assert looks == []


def test_an_editor_is_followed(follower: Follower, archive: Archive) -> None:
    """What is written whole at the next look, what is written in its place a round later."""
    for rounds, write in enumerate((write_whole, Path.write_bytes)):
        follower._forgetting = 0.0
        follower.follow()
        before, path = dict(follower.stamps), archive.vtt_path(f"emission/{STREET}")
        write(path, b"WEBVTT\n\n00:00.000 --> 00:04.000\nUn mot rare%d.\n" % rounds)
        time.sleep(rounds * ROUND)
        follower.follow()
        assert follower.stamps != before


def test_a_site_follows_files_beside_an_unread_log(follower: Follower, archive: Archive) -> None:
    log = archive.root / "history" / ".begun.json"
    log.parent.mkdir()
    log.write_text("{")
    put(archive, CITY)
    follower.follow()
    assert f"emission/{CITY}" in follower.stamps
    assert log.read_text() == "{"


def test_an_act_that_was_cut_short_is_finished_by_a_site(
    follower: Follower, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive.vtt_path(f"emission/{STREET}").relative_to(archive.root).as_posix()
    with monkeypatch.context() as patched, archive.lock():
        patched.setattr(removal, "_carry_out", lambda *_: None)
        removal.perform(archive.root, removal.Removal(written={path: None}))
    time.sleep(ROUND)
    follower.follow()
    assert not (archive.root / path).exists()
    assert not removal.is_cut_short(archive.root)
