"""Readers of foreign bytes, each run in a child process with limits.

A tag of 400 kB can ask for a gigabyte, and a decoder can crash: the child dies, the archive does
not. The child answers with lines of JSON: `{"progress": 0.5}` on the way, `{"value": …}` at last.
"""

import importlib
import json
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import IO, Any

from radio import errors
from radio.errors import RadioError, ReaderError

Progress = Callable[[float], None]
"""Is told which fraction, 0 to 1, is done."""


def call(
    target: str,
    path: str,
    *given: str,
    memory: int,
    seconds: int,
    writes: int = 0,
    progress: Progress = lambda _: None,
) -> Any:
    """Run `module:function` on a file, in a child with that much memory (bytes) and CPU time.

    The function takes the path, a `Progress` and what else is `given`, and returns what JSON can
    hold. No file that it writes may pass `writes` bytes. Raises what the function raises of
    RadioError, and ReaderError if the child fails in any other way.
    """
    limits = [str(limit) for limit in (memory, seconds, writes)]
    child = [sys.executable, "-P", "-m", "radio.sandbox", target, path, *limits]
    answer: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile() as question,
        subprocess.Popen(
            child, stdin=_asked(question, given), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process,
    ):
        for line in process.stdout or ():
            answer = json.loads(line)
            if "progress" in answer:
                progress(answer["progress"])
    if "error" in answer:
        raise getattr(errors, answer["error"])(answer["message"])
    if process.returncode or "value" not in answer:
        raise ReaderError(f"{path}: its reader failed or passed its limits; is the file sound?")
    return answer["value"]


def _asked(question: IO[bytes], given: Sequence[str]) -> IO[bytes]:
    question.write(json.dumps(given).encode())
    question.seek(0)
    return question


def main() -> None:
    """Be the child: set the limits, import the reader, run it."""
    target, path, memory, seconds, writes = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(writes), int(writes)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(4 * int(seconds))
    module, _, function = target.partition(":")
    reader = getattr(importlib.import_module(module), function)
    try:
        _say({"value": reader(path, lambda done: _say({"progress": done}), *json.load(sys.stdin))})
    except RadioError as error:
        _say({"error": type(error).__name__, "message": str(error)})


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
