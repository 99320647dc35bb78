"""What the system grants this process: how much memory there is, and how much of it is free now."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/")


@dataclass(frozen=True)
class Memory:
    """Bytes of memory."""

    total: int
    free: int  # now, or given back by the system as soon as somebody asks


def memory(root: Path = ROOT) -> Memory:
    """Measure the memory of this machine, or of the container or service that we run in."""
    everything = _whole(root)
    groups = [everything, *_groups(root)]
    return Memory(min(each.total for each in groups), min(each.free for each in groups))


def _whole(root: Path) -> Memory:
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) << 10 for line in lines}
        return Memory(sizes["MemTotal"], sizes["MemAvailable"])
    except (OSError, KeyError, ValueError, IndexError):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return Memory(size, size)


def _groups(root: Path) -> Iterator[Memory]:
    """Give the limit of each control group around this process, where it has one."""
    names = {"": ("memory.max", "memory.current")}
    names["memory"] = ("memory.limit_in_bytes", "memory.usage_in_bytes")  # the older kind
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _number, kind, path = line.split(":", 2)
        if kind in names:
            top = root / "sys/fs/cgroup" / kind
            inner = top / path.strip("/")
            for folder in (inner, *inner.parents):
                if folder.is_relative_to(top) and (found := _limit(folder, *names[kind])):
                    yield found


def _limit(folder: Path, most: str, used: str) -> Memory | None:
    try:
        total, taken = (int((folder / name).read_text(encoding="ascii")) for name in (most, used))
        lines = (folder / "memory.stat").read_text(encoding="ascii").splitlines()
        stat = dict(line.split(" ", 1) for line in lines)
        given_back = int(stat.get("inactive_file", 0))
    except (OSError, ValueError):  # no limit is written as `max`
        return None
    return Memory(total, max(0, total - taken + given_back))
