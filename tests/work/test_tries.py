"""What failed is tried again later and later, when its files change, or when a keeper asks."""

import dataclasses
import time
from functools import partial

import pytest

from radio.archive import Archive
from radio.work.status import WorkStatus, read_status, write_status
from radio.work.tries import FIRST, LONGEST, ORDERS, Tries, try_again
from tests.processes import command
from tests.samples import STREET, put
from tests.work.runs import ScriptedChild, worker


def test_waits_grow_until_change_and_last_over_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)
    tries, waits = Tries(), []
    for _ in range(8):
        trouble = tries.fail("transcribe", "a/b", "state", "no sound")
        waits.append(round(trouble.until - now))
        assert tries.hold("transcribe", "a/b", "state")
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (FIRST, LONGEST)
    assert not tries.hold("transcribe", "a/b", "another state")
    trouble = tries.fail("transcribe", "a/b", "another state", "no sound")
    assert trouble.times == 1
    assert Tries([trouble]).hold("transcribe", "a/b", "another state")
    tries = Tries([dataclasses.replace(trouble, until=now - 1)])
    assert not tries.hold("transcribe", "a/b", "another state")
    assert tries.fail("transcribe", "a/b", "another state", "no sound").times == 2
    tries.forget("transcribe", "a/b")
    assert tries.troubles() == ()


def test_what_was_made_is_not_made_again_of_the_same_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else one that nobody can make, and that nobody calls failed, is tried in a circle."""
    tries, now = Tries(), time.time()
    monkeypatch.setattr("time.time", lambda: now)
    tries.fail("pages", "", "", "the disk is full")
    tries.make("pages", "", "state")
    assert tries.troubles() == ()
    assert tries.hold("pages", "", "state")
    assert not tries.hold("pages", "", "another state")
    tries.forget("pages")
    assert not tries.hold("pages", "", "state")
    tries.make("inbox", "a.mp3", "", 300.0)
    assert tries.hold("inbox", "a.mp3", "")
    now += 301
    assert not tries.hold("inbox", "a.mp3", "")


def test_what_failed_is_tried_at_once_and_waits_again_if_it_fails_again(archive: Archive) -> None:
    orders = partial(ORDERS.recall, archive.root)
    tries = Tries(orders=orders)
    first = tries.fail("transcribe", "a/b", "state", "no sound")
    other = tries.fail("voices", "a/b", "state", "no voice")
    assert tries.hold("transcribe", "a/b", "state")
    write_status(archive, WorkStatus(troubles=(first,)))
    told = command(archive, "work", "--retry").stdout
    assert "1 thing will be tried again" in told
    assert not tries.hold("transcribe", "a/b", "state")
    assert tries.hold("voices", "a/b", "state")
    later = Tries([first, other], orders)  # another process
    assert not later.hold("transcribe", "a/b", "state")
    time.sleep(0.01)
    tries.fail("transcribe", "a/b", "state", "no sound")
    assert tries.hold("transcribe", "a/b", "state")
    try_again(archive, [first, other])
    assert not tries.hold("voices", "a/b", "state")
    (archive.cache / "orders.json").write_text("{", encoding="utf-8")
    assert tries.hold("voices", "a/b", "state")


@pytest.mark.long
def test_a_pause_is_told_and_nothing_long_begins_in_it(
    archive: Archive, begun: list[ScriptedChild]
) -> None:
    put(archive, STREET)
    orders = partial(ORDERS.recall, archive.root)
    assert not orders().is_paused
    here = worker(archive, follow=False)
    for option, paused in (("--pause", True), ("--resume", False)):
        assert paused == ("paused" in command(archive, "work", option).stdout)
        try_again(archive, ())
        assert orders().is_paused == paused
        assert paused == ("Paused;" in command(archive, "status").stdout)
        here._follower.follow()
        here._step()
        here._tell()
        assert read_status(archive).left
        assert (read_status(archive).current is None, begun == []) == (paused, paused)
