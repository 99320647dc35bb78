"""Time and memory of a command, and of nothing else.

The system's peak of a process begins with the size of the one that started it, and a measure is
large: engines, archives, words. So a small Python, this file, starts the command and waits for it.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path


def start(command: Sequence[str]) -> "subprocess.Popen[str]":
    """Start a command, its program given by its path; what it prints goes to standard error."""
    watched = [sys.executable, "-I", "-S", __file__, *command]
    return subprocess.Popen(watched, stdout=subprocess.PIPE, text=True)


def finish(process: "subprocess.Popen[str]") -> tuple[float, int]:
    """Wait for a command that was started: its seconds, and its peak memory in kB."""
    with process:
        output, _ = process.communicate()
    status, seconds, peak, _processor = json.loads(output)
    if status:
        raise RuntimeError(f"{process.args!r}: exit {status}")
    return seconds, peak


def used(command: Sequence[str]) -> tuple[float, float, int]:
    """Run a command: its seconds, those of the processor, its peak in kB, all with its children."""
    process = start(command)
    status, seconds, peak, processor = json.loads(process.communicate()[0])
    if status:
        raise RuntimeError(f"{process.args!r}: exit {status}")
    return seconds, processor, peak


def timed(command: Sequence[str]) -> tuple[float, int]:
    """Run a command: its seconds, and its peak memory in kB."""
    return finish(start(command))


def memory(process: int | str, *names: str) -> list[int]:
    """Read what the system says of a process: its own memory, that with files mapped… in kB."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    values = dict(line.split(":\t", 1) for line in lines)
    return [int(values[name].split()[0]) for name in names]


def _watch(command: list[str]) -> tuple[int, float, int, float]:
    """Run a command: how it ended, its seconds, its peak in kB, seconds of the processor."""
    began = time.monotonic()
    to_error = [(os.POSIX_SPAWN_DUP2, sys.stderr.fileno(), sys.stdout.fileno())]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=to_error)
    _, status, usage = os.wait4(child, 0)
    processor = usage.ru_utime + usage.ru_stime
    return status, time.monotonic() - began, usage.ru_maxrss, processor


if __name__ == "__main__":
    print(json.dumps(_watch(sys.argv[1:])))  # noqa: T201 (for `finish`)
