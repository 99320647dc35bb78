"""Memory: how much there is, in a container or a service too, and what the site at work takes."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from radio.static_site import PAGES
from radio.system import process
from radio.system.process import Memory
from radio.work.upkeep import Upkeep
from tests.patience import LONG

MEMINFO = "MemTotal:       8000000 kB\nMemFree:  1000000 kB\nMemAvailable:   5000000 kB\n"
WHOLE = Memory(8_000_000 << 10, 5_000_000 << 10)
STAT = "anon 5\ninactive_file 200000000\n"
OUTER = {"max": "2000000000\n", "current": "900000000\n", "stat": STAT}
INNER = {"max": "max\n", "current": "1\n", "stat": STAT}
OLDER = {"limit_in_bytes": "1000000000\n", "usage_in_bytes": "1100000000\n", "stat": STAT}
FEW, NONE = Memory(2_000_000_000, 1_300_000_000), Memory(1_000_000_000, 100_000_000)
SERVICE = "radio.slice/site.service"


@pytest.mark.parametrize(
    ("group", "folders", "memory"),
    [
        ("0::/\n", {}, WHOLE),  # no limit
        (f"0::/{SERVICE}\n", {"radio.slice": OUTER, SERVICE: INNER}, FEW),  # one further up
        ("5:memory:/docker/abc\n1:name=systemd:/x\n", {"memory/docker/abc": OLDER}, NONE),
    ],
)
def test_the_narrowest_limit_counts(
    tmp_path: Path, group: str, folders: dict[str, dict[str, str]], memory: Memory
) -> None:
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/meminfo").write_text(MEMINFO, encoding="ascii")
    (tmp_path / "proc/self/cgroup").write_text(group, encoding="ascii")
    for folder, files in folders.items():
        place = tmp_path / "sys/fs/cgroup" / folder
        place.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (place / f"memory.{name}").write_text(text, encoding="ascii")
    assert process.memory(tmp_path) == memory


def test_where_the_system_tells_nothing_all_memory_counts(tmp_path: Path) -> None:
    found, here = process.memory(tmp_path), process.memory()
    assert found.total == found.free > 0
    assert 0 < here.free <= here.total


def test_a_site_that_only_serves_holds_nothing_to_decode_or_to_take_in_with() -> None:
    late = {"av", "feedparser", "onnxruntime", "torch", "weasyprint"}
    code = f"import sys, radio.cli, radio.server; print(*{late!r} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


class Circle:
    """What only a search for circles frees."""

    itself: "Circle"


@pytest.fixture(autouse=True)
def unsettled() -> Iterator[None]:
    yield
    gc.unfreeze()


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


def test_what_was_held_while_the_archive_changed_is_freed_after_the_next_change() -> None:
    circle = Circle()
    circle.itself, there = circle, weakref.ref(circle)
    process.settle()
    del circle
    gc.collect()
    assert there()
    process.settle()
    assert not there()
