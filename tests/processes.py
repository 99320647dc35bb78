"""The command, sites and proxies, each in a process of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def radio(
    *arguments: str, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the `radio` command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "radio", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running(*arguments: str, seconds: float = 60, base_url: str = "") -> Iterator[str]:
    """Run a `radio` command that serves; give the address of its site once it answers.

    Listeners use that address, unless there is another `base_url`.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = {**os.environ, "RADIO_BASE_URL": base_url or address}
    command = [sys.executable, "-m", "radio", *arguments, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=variables) as process:
        try:
            wait_for(f"{address}/healthz", process, seconds)
            yield address
        finally:
            process.terminate()


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


def wait_for(url: str, process: "subprocess.Popen[Any]", seconds: float = 60) -> None:
    """Wait until an address answers."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")
