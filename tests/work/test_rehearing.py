"""What is in doubt is heard again by itself, when there is nothing else to do, or by hand."""

import threading
from pathlib import Path

import pytest

from radio.archive import Archive, hearings
from radio.static_site.making import PAGES
from radio.work.queue import Passes, Queue
from radio.work.status import Asked
from radio.work.worker import Worker, WorkOptions
from tests.heard import KEY, hear
from tests.patience import LONG, until
from tests.processes import call, radio


def test_what_is_left_to_hear_again_is_told_unless_nobody_wants_it(archive: Archive) -> None:
    hear(archive)
    queue = Queue(archive)
    told = {each.kind: each.number for each in queue.left(Passes("base", "base"), {})}
    assert told["rehear"] == 1
    off = Passes("base", "base", rehear=False)
    assert "rehear" not in {each.kind for each in queue.left(off, {})}
    assert "rehear" not in {each.kind for each in queue.left(None, {})}


def test_a_keeper_has_one_episode_heard_again(
    archive: Archive, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    hear(archive)
    text = archive.vtt_path(KEY).read_bytes()
    assert "hearing again what is in doubt: 1 episode" in told(archive)
    with archive.lock("hearings"):
        assert "another `radio` is at it" in rehear(archive, 1)
    rehear(archive, 0)
    assert {each.start for each in hearings.read(archive, KEY)} <= {10.0, 20.0}
    assert hearings.is_whole(archive, KEY) and archive.vtt_path(KEY).read_bytes() == text
    assert "hearing again" not in told(archive)


def told(archive: Archive) -> str:
    return call("status", "--root", str(archive.root)).stdout


def rehear(archive: Archive, code: int) -> str:
    done = radio("text", "rehear", KEY, "--root", str(archive.root), check=False)
    assert done.returncode == code, done.stderr
    return done.stderr


@pytest.mark.torture
@pytest.mark.long
def test_it_is_heard_again_once_all_else_is_done(
    archive: Archive, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    hear(archive)
    options = WorkOptions(Asked(first="base", better="base"), follow=False)
    worker = Worker(archive, options, lambda _: None, PAGES)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        until(lambda: hearings.is_whole(archive, KEY))
    finally:
        worker.stop()
        thread.join(LONG)
    assert list((archive.cache / "quality").glob("*.json"))  # loudness went first
