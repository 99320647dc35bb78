"""The memory of the site at work."""

import gc
from collections.abc import Iterator

import pytest

from radio import process
from radio.archive import Archive
from radio.search import Index
from radio.work.upkeep import Upkeep


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
    upkeep = Upkeep(stocked, index)
    upkeep.start()
    try:
        assert upkeep.is_fresh.wait(60)
    finally:
        upkeep.stop(60)
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
