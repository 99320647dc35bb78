"""Listening copies: who finds no place in an Ogg gets an MP3, and nobody what was withdrawn."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived import copies
from radio.derived.cache import forget
from radio.derived.copies import copy_path, find_copy, uncopied
from radio.sound import probe
from radio.work.recipes import SOUND
from tests.processes import serving
from tests.recipes import make
from tests.samples import keep_episode
from tests.visits import wait_until
from tests.web.sites import visit

REAL = 4.0  # seconds of the sounds


@pytest.fixture
def ogg(archive: Archive, sounds: dict[str, Path]) -> Episode:
    """An episode in Ogg, with the copy that `radio work` makes where nothing else is to do."""
    keep_episode(archive, sounds[".mp3"])
    episode = keep_episode(archive, sounds[".opus"])
    make(archive, SOUND)
    return episode


def test_the_copy_is_whole(archive: Archive, ogg: Episode, monkeypatch: pytest.MonkeyPatch) -> None:
    before = archive.audio_path(ogg).read_bytes()
    path = find_copy(archive, ogg)
    assert path
    assert probe(path).duration == pytest.approx(probe(archive.audio_path(ogg)).duration, abs=0.06)
    assert archive.audio_path(ogg).read_bytes() == before
    assert len(list(path.parent.iterdir())) == 1  # none of the MP3
    assert uncopied(archive) == []
    path.unlink()
    assert uncopied(archive) == [ogg]
    monkeypatch.setattr(copies, "FREE", 1.0)
    assert uncopied(archive) == []  # a full disk gets none


def test_no_copy_is_kept_of_what_was_replaced_meanwhile(
    archive: Archive, sounds: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passage may have been taken out of the recording while it was copied."""
    episode = keep_episode(archive, sounds[".opus"])

    def recode(_how: object, _source: Path, part: Path, **_more: object) -> None:
        part.write_bytes(b"old sound")
        archive.write_episode(replace(episode, audio=replace(episode.audio, sha256="00" * 32)))

    monkeypatch.setattr(copies, "recode", recode)
    copies.make_copy(archive, episode)
    assert list((archive.cache / "copies").iterdir()) == []


def test_a_copy_is_given_by_range_and_goes_with_the_episode(archive: Archive, ogg: Episode) -> None:
    client, address = visit(archive), f"/media/{ogg.key}.listen.mp3"
    copy = copy_path(archive, ogg)
    part = client.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, copy.read_bytes()[100:200])
    assert part.content_type == "audio/mpeg"
    assert f'href="{address}"' in client.get(f"/shows/{ogg.key}").text  # without JavaScript
    archive.write_episode(replace(ogg, status="withdrawn"))
    assert client.get(address).status_code == 410
    assert uncopied(archive) == []
    forget(archive, {each.key for each in archive.episodes() if each.status == "published"})
    assert not copy.exists()


def test_browsers_that_misjudge_play_the_copy(archive: Archive, ogg: Episode, page: Page) -> None:
    """What it judges rightly stays the recording; so it is where the copy is lost."""
    with serving("serve", "--root", str(archive.root), idle=archive.root) as server:
        address = f"{server.address}/shows/{ogg.key}"
        page.goto(address)
        wait_until(page, "return audio.readyState > 0")
        page.wait_for_load_state()
        wait_until(page, "return audio.currentSrc.endsWith('.opus')")
        longer = replace(ogg.audio, duration=REAL + 1)  # it takes it to be shorter than it is
        archive.write_episode(replace(ogg, audio=longer))
        page.goto(f"{address}?t=2.5")
        wait_until(page, "return audio.currentSrc.includes('.listen.mp3#') && audio.readyState > 2")
        wait_until(page, "return Math.abs(audio.currentTime - 2.5) < 0.1")
        page.route("**/*.listen.mp3", lambda route: route.abort())
        page.goto(address)
        wait_until(page, "return audio.currentSrc.includes('.opus') && audio.readyState > 2")
