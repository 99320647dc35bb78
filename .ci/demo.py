"""Run `make run` with what else is given, wait until it answers, search, and stop it.

The archive is made in a folder of its own and transcribed anew.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from urllib.request import urlopen

SECONDS = 900  # for the weights, and for transcribing some three minutes


def answer(address: str, process: "subprocess.Popen[bytes]") -> str:
    """Give what an address answers, as soon as it does."""
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit and process.poll() is None:
        try:
            with urlopen(address, timeout=10) as page:  # noqa: S310 (of this machine)
                return str(page.read().decode())
        except OSError:
            time.sleep(0.5)
    sys.exit(f"{address} did not answer")


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
with tempfile.TemporaryDirectory() as folder:
    command = ["make", "run", f"PORT={port}", f"DEMO={folder}", *sys.argv[1:]]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        found = answer(f"http://127.0.0.1:{port}/search?q=cassette", process)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()
if "<mark>cassettes</mark>" not in found:
    sys.exit("the demonstration does not find what was said")
sys.stdout.write("The demonstration answers, and finds what was said.\n")
