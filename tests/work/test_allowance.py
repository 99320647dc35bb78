"""Books take some minutes of each hour, and no more while episodes wait for a text."""

import time

import pytest

from radio.archive import Archive
from radio.system.disk import write_whole
from radio.work import allowance
from radio.work.allowance import BUSY, FREE, HOUR, Allowance, books_left
from radio.work.queue import Queue
from radio.work.rest import UNFINISHED
from tests.processes import call
from tests.samples import CITY, STREET, put


@pytest.fixture(autouse=True)
def half_past(monkeypatch: pytest.MonkeyPatch) -> float:
    """The clock stands in the middle of this hour: none ends while it is tested."""
    now = (time.time() // HOUR + 0.5) * HOUR
    monkeypatch.setattr("time.time", lambda: now)
    return now


def test_what_was_spent_counts_until_the_hour_ends(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, half_past: float
) -> None:
    put(archive, STREET)
    books = Allowance(archive)
    assert (books.most, books.left) == (FREE, FREE)
    told = list[float]()
    monkeypatch.setattr("time.monotonic", lambda: 1000.0)
    watched = books.watch(told.append)
    monkeypatch.setattr("time.monotonic", lambda: 1500.0)
    watched(0.5)
    assert Allowance(archive).left == pytest.approx(FREE - 500.0, abs=1)
    assert books.again == pytest.approx(half_past, abs=1)
    monkeypatch.setattr("time.monotonic", lambda: 6000.0)
    watched(1.0)
    assert (told, books.left) == ([0.5, 1.0], 0.0)
    assert 0 < books.again - half_past <= HOUR
    monkeypatch.setattr("time.time", lambda: half_past + HOUR)
    assert books.left == FREE
    archive.vtt_path(f"emission/{STREET}").unlink()
    assert Allowance(archive).left == BUSY


def test_what_is_left_is_told_and_made_in_the_next_hour(archive: Archive, half_past: float) -> None:
    put(archive, STREET)
    put(archive, CITY)
    root = ("--root", str(archive.root))
    spent = f'{{"hour": {int(half_past // HOUR)}, "spent": 99999}}'
    write_whole(archive.cache / allowance.FILE, spent.encode())
    ended = call("index", "--rest", *root, check=False)
    assert ended.returncode == UNFINISHED
    assert books_left(archive) >= 2  # a book of each episode
    assert "books" in {each.kind for each in Queue(archive).left(None, {})}
    assert "books and booklets" in call("status", *root).stdout
    assert call("index", "--rest", "--booklets", *root).returncode == 0
    assert books_left(archive) == 0
