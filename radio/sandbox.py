"""Readers of foreign bytes, each run in a child process with limits.

A tag of 400 kB can ask for a gigabyte, and a decoder can crash: the child dies, the archive does
not. The child answers with lines of JSON: `{"progress": 0.5}` on the way, `{"value": …}` at last,
or with an error: `{"error": …, "message": …}` for a RadioError, `{"failure": …}` for any other
exception, `{"limit": …}` for the limit that it met.
"""

import errno
import importlib
import json
import resource
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from typing import IO, Any

from radio import errors
from radio.errors import RadioError, ReaderError
from radio.messages import _
from radio.progress import Progress

PATIENCE = 4  # times its CPU time that a child may live
LONGEST = 200  # characters of an exception that are quoted


def call(
    target: str,
    path: str,
    *arguments: str,
    memory: int,
    seconds: int,
    writes: int = 0,
    progress: Progress = lambda _: None,
) -> Any:
    """Run `module:function` on a file, in a child with that much memory (bytes) and CPU time.

    The function takes the path, a `Progress` and the further `arguments`, and returns a value for
    JSON. Files that it writes may have at most `writes` bytes. Raises a RadioError of the function
    again. Raises ReaderError if the child fails in any other way, with the exception, limit or
    signal that ended it.
    """
    limits = [str(limit) for limit in (memory, seconds, writes)]
    child = [sys.executable, "-P", "-m", "radio.sandbox", target, path, *limits]
    answer: dict[str, Any] = {}
    with (
        tempfile.TemporaryFile() as question,
        subprocess.Popen(
            child,
            stdin=_write_question(question, arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        for line in process.stdout or ():
            answer = json.loads(line)
            if "progress" in answer:
                progress(answer["progress"])
    return _result(answer, path, process.returncode, seconds)


def _result(answer: dict[str, Any], path: str, code: int, seconds: int) -> Any:
    """Give what a child answered. Raises what it raised, or ReaderError with why it failed."""
    if "error" in answer:
        raise getattr(errors, answer["error"])(answer["message"])
    if "failure" in answer:
        raise ReaderError(
            _(
                "{path}: its reader failed ({answer}); if other files fail in the same "
                "way, please report it"
            ).format(path=path, answer=answer["failure"])
        )
    if code or "value" not in answer:
        why = answer.get("limit") or _describe_end(code, seconds)
        raise ReaderError(
            _("{path}: its reader {why}; is the file sound?").format(path=path, why=why)
        )
    return answer["value"]


def _describe_end(code: int, seconds: int) -> str:
    """Describe the end of a child that gave no answer."""
    if code == -signal.SIGXCPU:
        return _("took over {seconds} s of computing").format(seconds=seconds)
    if code == -signal.SIGALRM:
        return _("took over {seconds} s").format(seconds=PATIENCE * seconds)
    if code < 0:
        return _("was ended by a signal ({code})").format(code=signal.strsignal(-code))
    return _("ended without an answer (exit {code})").format(code=code)


def _write_question(question: IO[bytes], arguments: Sequence[str]) -> IO[bytes]:
    question.write(json.dumps(arguments).encode())
    question.seek(0)
    return question


def main() -> None:
    """Be the child: set the limits, import the reader, run it."""
    target, path, memory, seconds, writes = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1)
    )  # one second more, so that SIGXCPU comes first
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(writes), int(writes)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(PATIENCE * int(seconds))
    module, _rest, function = target.partition(":")
    try:
        reader = getattr(importlib.import_module(module), function)
        _write_answer(
            {
                "value": reader(
                    path, lambda done: _write_answer({"progress": done}), *json.load(sys.stdin)
                )
            }
        )
    except RadioError as error:
        _write_answer({"error": type(error).__name__, "message": str(error)})
    except Exception as error:  # noqa: BLE001  a person must be able to read any error
        _write_answer(_failure(error, int(memory), int(writes)))


def _failure(error: Exception, memory: int, writes: int) -> dict[str, str]:
    """Name the limit that a reader met, or quote its exception in one short line."""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        return {"limit": _("needed over {memory} MB of memory").format(memory=memory >> 20)}
    if number == errno.EFBIG:
        return {"limit": _("wrote a file of over {writes:g} MB").format(writes=writes / 1000000.0)}
    text = "".join(each if each.isprintable() else " " for each in str(error)[: 10 * LONGEST])
    return {"failure": textwrap.shorten(f"{type(error).__name__}: {text}", LONGEST)}


def _write_answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
