"""The rest is made by a process of its own, with pauses that end."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest

from radio.archive import Archive
from radio.work import rest, troubles
from radio.work.follower import Stamps
from radio.work.rest import Rest
from radio.work.status import read_status
from radio.work.worker import Worker, WorkOptions
from tests.samples import STREET, put

LONG = 60.0  # seconds in which a busy machine surely does what is waited for


def make(some: Rest, stamps: Stamps) -> None:
    """Have the rest made, and take in that it was."""
    some.keep_up(stamps)
    limit = time.monotonic() + LONG
    while some.is_running:
        assert time.monotonic() < limit, "it never ended"
        time.sleep(0.1)
    some.keep_up(stamps)


def test_who_waits_for_the_end_of_a_run_waits_for_no_pause(archive: Archive) -> None:
    """`radio work --once` slept nine times as long as it had worked."""
    put(archive, STREET)
    changed: Stamps = {"emission/x": ((1, 1), (1, 1))}
    polite, quick = Rest(archive), Rest(archive, pauses=False)
    make(polite, {})
    make(quick, {})
    assert not polite.may_begin(changed)
    assert quick.may_begin(changed)


@contextlib.contextmanager
def working(archive: Archive) -> Iterator[None]:
    """Work on an archive, in a thread."""
    worker = Worker(archive, WorkOptions(), lambda _: None)
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join(LONG)


def wait_until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + LONG
    while not is_so():
        assert time.monotonic() < limit, "it never came"
        time.sleep(0.1)


def test_what_could_not_be_made_is_tried_again_and_then_forgotten(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its status promised another try that never came."""
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "none"))
    monkeypatch.setattr(troubles, "FIRST", 0.5)
    monkeypatch.setattr(troubles, "GROWTH", 1)
    monkeypatch.setattr(rest, "LONGEST", 0.5)
    path = archive.audio_path(put(archive, STREET))
    content = path.read_bytes()
    path.write_bytes(b"noise" * 1000)

    def times() -> int:
        return sum(each.times for each in read_status(archive).troubles if each.kind == "rest")

    with working(archive):
        wait_until(lambda: times() >= 2)
        path.write_bytes(content)
        wait_until(lambda: not times())
