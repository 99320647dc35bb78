"""Keepers have the work pause and go on, and have what failed be tried again at once."""

import threading
import time

import pytest

from radio.archive import Archive
from radio.work.options import WorkOptions
from radio.work.orders import Orders, pause, try_again
from radio.work.status import WorkStatus, read_status, write_status
from radio.work.troubles import Troubles
from radio.work.worker import Worker
from tests.patience import until
from tests.processes import call
from tests.samples import STREET, put


def test_what_failed_is_tried_at_once_and_waits_again_if_it_fails_again(archive: Archive) -> None:
    troubles = Troubles(orders=Orders(archive))
    first = troubles.note("transcribe", "a/b", "state", "no sound")
    other = troubles.note("voices", "a/b", "state", "no voice")
    assert troubles.hold("transcribe", "a/b", "state")
    write_status(archive, WorkStatus(troubles=(first,)))
    told = call("work", "--retry", "--root", str(archive.root)).stdout
    assert "1 thing is tried again" in told
    assert not troubles.hold("transcribe", "a/b", "state")
    assert troubles.hold("voices", "a/b", "state")
    later = Troubles([first, other], Orders(archive))  # another process
    assert not later.hold("transcribe", "a/b", "state")
    time.sleep(0.01)
    troubles.note("transcribe", "a/b", "state", "no sound")
    assert troubles.hold("transcribe", "a/b", "state")
    try_again(archive, [first, other])
    assert not troubles.hold("voices", "a/b", "state")
    (archive.cache / "orders.json").write_text("{", encoding="utf-8")
    assert troubles.hold("voices", "a/b", "state")


def test_a_pause_is_kept_and_told(archive: Archive) -> None:
    orders = Orders(archive)
    assert not orders.is_paused
    assert "paused" in call("work", "--pause", "--root", str(archive.root)).stdout
    assert orders.is_paused
    assert "It is paused" in call("status", "--root", str(archive.root)).stdout
    try_again(archive, ())
    call("work", "--resume", "--root", str(archive.root))
    assert not orders.is_paused


@pytest.mark.long
def test_nothing_long_begins_in_a_pause(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radio.work.worker.RESTING", 1)  # the first look imports much
    put(archive, STREET)
    pause(archive, on=True)
    worker = Worker(archive, WorkOptions(follow=False), lambda _: None)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        until(lambda: bool(read_status(archive).left))
        time.sleep(1.0)
        assert read_status(archive).current is None
        pause(archive, on=False)
        until(lambda: read_status(archive).current is not None)
    finally:
        worker.stop()
        thread.join()
