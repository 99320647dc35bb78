"""How much memory there is: of the machine, and of the container or service around us."""

from pathlib import Path

import pytest

from radio.system import process
from radio.system.process import Memory

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
        ("0::/\n", {}, WHOLE),
        (f"0::/{SERVICE}\n", {"radio.slice": OUTER, SERVICE: INNER}, FEW),
        ("5:memory:/docker/abc\n1:name=systemd:/x\n", {"memory/docker/abc": OLDER}, NONE),
    ],
    ids=["no limit", "a limit further up", "the older kind"],
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
