"""How much memory there is: of the machine, and of the container or service around us."""

from pathlib import Path

import pytest

from radio.system import process
from radio.system.process import Memory

MEMINFO = "MemTotal:       8000000 kB\nMemFree:  1000000 kB\nMemAvailable:   5000000 kB\n"
WHOLE = Memory(8_000_000 << 10, 5_000_000 << 10)


def system(root: Path, group: str, **files: str) -> Path:
    """Write what a kernel tells, in files named by their path with `__` for `/`."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(MEMINFO, encoding="ascii")
    (root / "proc/self/cgroup").write_text(group, encoding="ascii")
    for name, text in files.items():
        path = root / "sys/fs/cgroup" / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return root


STAT = "anon 5\ninactive_file 200000000\n"


@pytest.mark.parametrize(
    ("group", "files", "memory"),
    [
        ("0::/\n", {}, WHOLE),
        (
            "0::/radio.slice/site.service\n",
            {
                "radio.slice__memory_DOT_max": "2000000000\n",
                "radio.slice__memory_DOT_current": "900000000\n",
                "radio.slice__memory_DOT_stat": STAT,
                "radio.slice__site.service__memory_DOT_max": "max\n",
                "radio.slice__site.service__memory_DOT_current": "1\n",
                "radio.slice__site.service__memory_DOT_stat": STAT,
            },
            Memory(2_000_000_000, 1_300_000_000),
        ),
        (
            "5:memory:/docker/abc\n1:name=systemd:/x\n",
            {
                "memory__docker__abc__memory_DOT_limit_in_bytes": "1000000000\n",
                "memory__docker__abc__memory_DOT_usage_in_bytes": "1100000000\n",
                "memory__docker__abc__memory_DOT_stat": "inactive_file 0\n",
            },
            Memory(1_000_000_000, 0),
        ),
    ],
    ids=["no limit", "a limit further up", "the older kind"],
)
def test_the_narrowest_limit_counts(
    tmp_path: Path, group: str, files: dict[str, str], memory: Memory
) -> None:
    assert process.memory(system(tmp_path, group, **files)) == memory


def test_where_the_system_tells_nothing_all_memory_counts(tmp_path: Path) -> None:
    found = process.memory(tmp_path)
    assert found.total == found.free > 0


def test_of_this_machine() -> None:
    found = process.memory()
    assert 0 < found.free <= found.total
