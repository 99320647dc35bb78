"""A command of the program that goes on beside all else, in a process at a low priority."""

import os
import subprocess
import sys
from collections.abc import Mapping

NICE = 10  # of processes that listeners do not wait for


class Aside:
    """Runs one command at a time."""

    def __init__(self, output: int | None):
        """Take where its messages go."""
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def has_begun(self) -> bool:
        """Whether a command was begun of which nobody has asked how it ended."""
        return self._process is not None

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self._process is not None and self._process.poll() is None

    def begin(self, *words: str, variables: Mapping[str, str] | None = None) -> None:
        """Begin `radio WORDS`, with some variables of its own."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "radio", *words],
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._output,
            env={**os.environ, **(variables or {})},
        )
        nice = max(NICE, os.getpriority(os.PRIO_PROCESS, 0))
        os.setpriority(os.PRIO_PROCESS, self._process.pid, nice)

    def end(self) -> int | None:
        """End it if it goes on. Gives the exit code of one that ended by itself, else None."""
        process, self._process = self._process, None
        if process is None:
            return None
        if process.poll() is None:
            process.terminate()
            process.wait()
            return None
        return process.returncode
