"""What failed is tried again later and later, or when its files change."""

import dataclasses
import time

import pytest

from radio.work.troubles import FIRST, LONGEST, Troubles


def test_waits_grow_until_files_change(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)
    troubles, waits = Troubles(), []
    for _ in range(8):
        trouble = troubles.note("transcribe", "a/b", "state", "no sound")
        waits.append(round(trouble.until - now))
        assert troubles.hold("transcribe", "a/b", "state")
    assert waits == sorted(waits)
    assert waits[0] == FIRST
    assert waits[-1] == LONGEST
    assert not troubles.hold("transcribe", "a/b", "another state")
    assert troubles.note("transcribe", "a/b", "another state", "no sound").times == 1


def test_a_wait_ends_and_lasts_over_a_restart() -> None:
    trouble = Troubles().note("improve", "a/b", "state", "no sound")
    assert Troubles([trouble]).hold("improve", "a/b", "state")
    over = dataclasses.replace(trouble, until=time.time() - 1)
    troubles = Troubles([over])
    assert not troubles.hold("improve", "a/b", "state")
    assert troubles.note("improve", "a/b", "state", "no sound").times == 2
    troubles.forget("improve", "a/b")
    assert troubles.list() == ()
