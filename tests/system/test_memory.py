"""The memory of the site at work."""

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from radio.archive import Archive
from radio.search import Index
from radio.static_site import PAGES
from radio.system import process
from radio.work.upkeep import Upkeep
from tests.patience import LONG

LATE = {"av", "feedparser", "onnxruntime", "torch", "weasyprint"}
"""Libraries that a site needs for what few ask for, or never."""


def test_a_site_that_only_serves_holds_nothing_to_decode_or_to_take_in_with() -> None:
    code = f"import sys, radio.cli, radio.server; print(*{LATE!r} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


class Circle:
    """What only a search for circles frees."""

    freed = 0

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Circle.freed += 1


@pytest.fixture
def unsettled() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("unsettled")
def test_no_listener_waits_while_all_episodes_are_searched_for_garbage(stocked: Archive) -> None:
    index = Index(stocked)
    upkeep = Upkeep(stocked, index, PAGES)
    upkeep.start()
    try:
        assert upkeep.is_fresh.wait(LONG)
    finally:
        upkeep.stop(LONG)
    kept = set(map(id, stocked.episodes()))
    assert kept
    assert not kept & set(map(id, gc.get_objects()))


@pytest.mark.usefixtures("unsettled")
def test_what_was_held_while_the_archive_changed_is_freed_after_the_next_change() -> None:
    circle, before = Circle(), Circle.freed
    process.settle()
    del circle
    gc.collect()
    assert Circle.freed == before
    process.settle()
    assert Circle.freed == before + 1
