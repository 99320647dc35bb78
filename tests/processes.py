"""The command, and sites and proxies, each in a process of its own."""

import contextlib
import dataclasses
import io
import itertools
import logging
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import IO, Any

import pytest

from radio.archive import Archive
from radio.cli import main
from tests.patience import LONG, until

KILLED = -signal.SIGKILL
LONGEST = 1.2  # times as long as work that lives to its end, until a kill
GROWTH = 1.05  # of that after each kill: the machine may be slower by now
EASE = GROWTH**-10  # of that after each end, as far as it was at first
FIRST_PORT, PORTS = 20_000, 12_000  # below those of `ip_local_port_range`
_NUMBERS = itertools.count(os.getpid() * 101)  # each process of the tests begins elsewhere
Done = subprocess.CompletedProcess[str]


class Mortal:
    """Work on a folder in a process that may be killed and begin again; count in shared memory."""

    def __init__(self, work: "Callable[[Path, Synchronized[int]], None]", root: Path):
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([work.__module__])
        self.counter: Synchronized[int] = self._context.Value("i", 0)
        self._work, self._root = work, root

    def live(self, seconds: float | None = None) -> int | None:
        """Run until the end, or so long; give the exit code, which is KILLED where it was."""
        process = self._context.Process(target=self._work, args=(self._root, self.counter))
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
        return process.exitcode


def radio(*arguments: str, check: bool = True, **variables: str) -> Done:
    words, env = [sys.executable, "-m", "radio", *arguments], {**os.environ, **variables}
    done = subprocess.run(words, capture_output=True, text=True, env=env, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


def call(*arguments: str, check: bool = True, **variables: str) -> Done:
    """Run the `radio` command in this process, where no process is tested: it begins at once."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["radio", *arguments])
        patch.setattr(logging.root, "handlers", [])  # those of pytest: the command makes its own
        patch.setattr(logging.root, "level", logging.root.level)
        for name, value in variables.items():
            patch.setenv(name, value)
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    assert not check or code == 0, err.getvalue()
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def command(archive: Archive, *words: str, **more: Any) -> Done:
    return call(*words, "--root", str(archive.root), **more)


def free_port() -> int:
    """A port that nobody listens on, and that the system gives to nobody who asks for any."""
    for number in _NUMBERS:
        port = FIRST_PORT + number % PORTS
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("there are always more numbers")


@dataclasses.dataclass(frozen=True)
class Server:
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serving(
    *arguments: str,
    base_url: str | None = None,
    under: Sequence[str] = (),
    seconds: float = LONG,
    output: int | IO[bytes] = subprocess.DEVNULL,
    idle: str | Path = "",
    **variables: str,
) -> Iterator[Server]:
    """Run a `radio` command that serves, until it answers and after; `under` another command.
    Listeners use its own address, `base_url`, or none with "". Of an `idle` archive nothing is
    made but the index."""
    port = free_port()
    url = f"http://127.0.0.1:{port}" if base_url is None else base_url
    command = [*under, sys.executable, "-m", "radio", *arguments, "--port", str(port)]
    environment = os.environ | ({"RADIO_BASE_URL": url} if url else {}) | variables
    with (
        Archive(Path(idle)).lock("work") if idle else contextlib.nullcontext(),
        subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process,
    ):
        server = Server(port, process)
        try:
            wait_for(f"{server.address}/healthz", process, seconds)
            yield server
        finally:
            process.terminate()


@contextlib.contextmanager
def running(*arguments: str, **options: Any) -> Iterator[str]:
    """Run a `radio` command that serves (`serving`); give the address of its site."""
    with serving(*arguments, **options) as server:
        yield server.address


@contextlib.contextmanager
def proxied(folder: Path, servers: str, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run nginx with these servers, all its files in a folder, until `url` answers and after."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert path, "install nginx: apt-get install nginx-light"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # or its workers can't read the folder
    config.write_text(
        f"daemon off;\nworker_processes 2;\n{user}pid {folder}/pid;\n"
        f"error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\ninclude /etc/nginx/mime.types;\n{places}{servers}\n}}\n"
    )
    command = [path, "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(config)]
    with subprocess.Popen(command) as process:
        try:
            wait_for(url, process)
            yield process
        finally:
            process.terminate()


def wait_for(url: str, process: "subprocess.Popen[Any]", seconds: float = LONG) -> None:
    def answers() -> bool:
        assert process.poll() is None, "the server ended"
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=10):
            return True
        return False

    until(answers, lambda: f"{url} never answered", seconds)
