"""Readers of foreign bytes, each in a child process with limits. It answers with lines of JSON:
`{"progress": 0.5}`, at last `{"value": …}` or `{"error": …, "message": …}` for a RadioError,
`{"failure": …}` for another exception, `{"limit": …}` for the limit that it met. For many files, a
`nursery` imports the readers once, and forks a child for each file."""

import contextlib
import errno
import importlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from typing import IO, Any

from radio.system import errors
from radio.system.errors import RadioError, ReaderError
from radio.system.messages import _, as_data, from_data
from radio.system.progress import Progress, silent

CHILD = (sys.executable, "-P", "-m", "radio.system.sandbox")
PATIENCE = 4  # times its CPU time that a child may live
ONE_CORE = {"OPENBLAS_NUM_THREADS": "1"}  # threads that wait for each other take four times as much
LONGEST = 200  # characters of an exception that are quoted


def call(
    target: str,
    path: str,
    *arguments: object,
    memory: int,
    seconds: int,
    writes: int = 0,
    progress: Progress = silent,
) -> Any:
    """Run `module:function` on a file, in a child with `memory` (bytes), CPU `seconds`, files of at
    most `writes` bytes; it takes the path, a `Progress` and the `arguments` (for JSON), and returns
    such a value. Raises its RadioError again, else ReaderError with what ended the child."""
    limits = [str(limit) for limit in (memory, seconds, PATIENCE * seconds, writes)]
    answer, code = dict[str, Any](), -signal.SIGKILL
    with tempfile.TemporaryFile() as question:
        question.write(json.dumps(arguments).encode())
        question.seek(0)
        nurse = _NURSES.get(target.partition(":")[0])
        for line in _answers(nurse, question, target, path, *limits):
            if isinstance(line, int):
                code = line
                break
            answer = json.loads(line)
            if "progress" in answer:
                progress(answer["progress"])
    return _result(answer, path, code, seconds)


Lines = Iterator[bytes | int]  # the lines of a child, then its exit code

_NURSES: dict[str, socket.socket] = {}


@contextlib.contextmanager
def nursery(*modules: str) -> Iterator[None]:
    """Fork the children of some modules from one process that has imported them. Each child has the
    same limits and is as isolated. Nurseries can be nested."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with (
        ours,
        subprocess.Popen(
            [*CHILD, "nursery", str(theirs.fileno()), *modules],
            env=os.environ | ONE_CORE,
            pass_fds=(theirs.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as nurse,
    ):
        theirs.close()
        outer = dict(_NURSES)
        _NURSES.update(dict.fromkeys(modules, ours))
        try:
            yield
        finally:
            _NURSES.clear()
            _NURSES.update(outer)
            ours.shutdown(socket.SHUT_RDWR)  # it ends when it hears no more
            nurse.wait()  # Ctrl-C too: else Popen waits for a moment only


def _answers(nurse: socket.socket | None, question: IO[bytes], *arguments: str) -> Lines:
    """Run a child of the nursery; its own process without one, or if it is gone."""
    if nurse:
        answers, end = os.pipe()
        codes, code = os.pipe()
        with open(answers, "rb") as lines, open(codes, "rb") as ending:  # noqa: PTH123
            descriptors = [question.fileno(), end, code]
            try:
                socket.send_fds(nurse, [json.dumps(arguments).encode()], descriptors)
            except OSError:
                nurse = None
            finally:
                os.close(end)
                os.close(code)
            if nurse:
                yield from lines
                yield int(ending.read() or -signal.SIGKILL)
                return
    yield from _spawned(question, *arguments)


def _spawned(question: IO[bytes], *arguments: str) -> Lines:
    with subprocess.Popen(
        [*CHILD, *arguments],
        env=os.environ | ONE_CORE,
        stdin=question,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        yield from process.stdout or ()
    yield process.returncode


def _result(answer: dict[str, Any], path: str, code: int, seconds: int) -> Any:
    if "error" in answer:
        raise getattr(errors, answer["error"])(from_data(answer["message"]))
    if "failure" in answer:
        message = _(
            "{path} : son lecteur a échoué ({answer}) ; si d’autres fichiers échouent de "
            "même, signalez-le"
        )
        raise ReaderError(message, path=path, answer=answer["failure"])
    if not code and "value" in answer:
        return answer["value"]
    why = from_data(answer.get("limit"))
    if not why and code == -signal.SIGXCPU:
        why = _("a pris plus de {seconds} s de calcul", seconds=seconds)
    elif not why and code == -signal.SIGALRM:
        why = _("a pris plus de {seconds} s", seconds=PATIENCE * seconds)
    elif not why and code < 0:
        why = _("a été arrêté par un signal ({code})", code=signal.strsignal(-code))
    elif not why:
        why = _("s’est terminé sans répondre (code {code})", code=code)
    message = _("{path} : son lecteur {why} ; le fichier est-il sain ?")
    raise ReaderError(message, path=path, why=why)


def _nurse(requests: socket.socket, modules: Sequence[str]) -> None:
    """Fork, for each request, a process that runs the reader and reports its end."""
    for module in modules:
        importlib.import_module(module)
    while True:
        message, descriptors, _flags, _from = socket.recv_fds(requests, 1 << 16, 3)
        with contextlib.suppress(ChildProcessError):  # what those took counts as the command's
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not message:
            return
        if not os.fork():
            _attend(requests, json.loads(message), *descriptors)
        for each in descriptors:
            os.close(each)


def _attend(
    requests: socket.socket, arguments: Sequence[str], question: int, answers: int, codes: int
) -> None:
    """Run a child as `main` does, wait for it, and report how it ended."""
    requests.close()
    code = 1
    try:
        if child := os.fork():
            os.close(answers)
            code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            os.write(codes, str(code).encode())
        else:
            os.close(codes)
            os.dup2(question, 0)
            os.dup2(answers, 1)
            os.close(answers)
            _run(*arguments)
            code = 0
    finally:
        os._exit(max(code, 0))


def _run(target: str, path: str, memory: str, seconds: str, life: str, writes: str) -> None:
    limit, longest, largest = int(memory), int(seconds), int(writes)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CPU, (longest, longest + 1))  # so that SIGXCPU comes first
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(int(life))
    module, _colon, function = target.partition(":")
    try:
        reader = getattr(importlib.import_module(module), function)
        found = reader(path, lambda done: _answer({"progress": done}), *json.load(sys.stdin))
        _answer({"value": found})
    except RadioError as error:
        _answer({"error": type(error).__name__, "message": as_data(str(error))})
    except Exception as error:  # noqa: BLE001  a person must be able to read any error
        _answer(_failure(error, limit, largest))


def _failure(error: Exception, memory: int, writes: int) -> dict[str, object]:
    """Name the limit that a reader met, or quote its exception in one short line."""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        message = _("a demandé plus de {memory} Mo de mémoire", memory=memory >> 20)
        return {"limit": as_data(message)}
    if number == errno.EFBIG:
        message = _("a écrit un fichier de plus de {writes:g} Mo", writes=writes / 1e6)
        return {"limit": as_data(message)}
    text = "".join(each if each.isprintable() else " " for each in str(error)[: 10 * LONGEST])
    return {"failure": textwrap.shorten(f"{type(error).__name__}: {text}", LONGEST)}


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":  # the child, or the nursery
    if sys.argv[1] == "nursery":
        _nurse(socket.socket(fileno=int(sys.argv[2])), sys.argv[3:])
    else:
        _run(*sys.argv[1:])
