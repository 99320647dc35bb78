"""The rest is made by a process of its own, with pauses that end."""

import time

from radio.archive import Archive
from radio.work.follower import Stamps
from radio.work.rest import Rest
from tests.samples import STREET, put

LONG = 60.0  # seconds in which a busy machine surely does what is waited for


def make(rest: Rest, stamps: Stamps) -> None:
    """Have the rest made, and take in that it was."""
    rest.keep_up(stamps)
    limit = time.monotonic() + LONG
    while rest.is_running:
        assert time.monotonic() < limit, "it never ended"
        time.sleep(0.1)
    rest.keep_up(stamps)


def test_who_waits_for_the_end_of_a_run_waits_for_no_pause(archive: Archive) -> None:
    """`radio work --once` slept nine times as long as it had worked."""
    put(archive, STREET)
    changed: Stamps = {"emission/x": ((1, 1), (1, 1))}
    polite, quick = Rest(archive), Rest(archive, pauses=False)
    make(polite, {})
    make(quick, {})
    assert not polite.may_begin(changed)
    assert quick.may_begin(changed)
