"""Pages while `radio work` transcribes beside the site, as from another terminal. Each that works
goes on through all rounds, but only one at a time: the others are stopped meanwhile."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench import pages
from bench.long import run, write_long
from bench.search import french, served, settle, write_archive
from radio.archive import Archive
from radio.system.process import NICEST
from radio.work.status import read_status

HOURS, LENGTH = 60, 3  # of the archive that is read, of the show that is transcribed
ROUNDS = 7
PAGES = ("episode of two hours", "search")
NICE_ALONE = (
    "import os; from radio.cli import main; from radio.system import process; "
    f"process.lower_priority = lambda: os.nice({NICEST}); main()"
)
WAYS = {"`radio work`": ("-m", "radio"), "the same, nice alone": ("-c", NICE_ALONE)}


@contextlib.contextmanager
def working(program: Sequence[str]) -> Iterator[int]:
    """Have `radio work` transcribe in a session of its own, which is given, and stopped."""
    with tempfile.TemporaryDirectory() as folder:
        archive, sound = Archive(Path(folder) / "archive"), Path(folder) / "2024-02-20-longue.mp3"
        write_long(sound, LENGTH)
        root = ("--root", str(archive.root))
        run("init", *root, "--show", "mesure")
        run("ingest", *root, str(sound))
        command = [sys.executable, *program, "work", *root]
        with subprocess.Popen(command, start_new_session=True) as process:
            try:
                while not getattr(read_status(archive).current, "share", 0):
                    if process.poll() is not None:
                        raise RuntimeError(f"{command}: exit {process.returncode}")
                    time.sleep(0.1)
                os.killpg(process.pid, signal.SIGSTOP)
                yield process.pid
            finally:
                os.killpg(process.pid, signal.SIGKILL)


def measure(port: int, key: str, session: int) -> list[Sequence[float]]:
    """Ask for each page again and again, while a session goes on if one is given."""
    if session:
        os.killpg(session, signal.SIGCONT)
    times = [pages.measure(port, pages.PAGES[page], key).times for page in PAGES]
    if session:
        os.killpg(session, signal.SIGSTOP)
    return times


def table() -> str:
    """Measure without any work and beside each, in turn."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sessions = {name: stack.enter_context(working(way)) for name, way in WAYS.items()}
        sessions = {"no work": 0} | sessions
        archive = write_archive(folder / "archive", HOURS, french(), pages.WORDS)
        key = pages.lengthen(archive).key
        os.environ |= {"RADIO_ROOT": str(archive.root), "RADIO_SENSE": "off"}
        run("index")
        port, site = stack.enter_context(served([sys.executable, "-m", "radio", "serve", "--port"]))
        settle(site.pid)
        rounds = range(ROUNDS)
        times = np.array([[measure(port, key, each) for each in sessions.values()] for _ in rounds])
    head = f"| | {' | '.join(f'{page}, p50 / p95, ms' for page in PAGES)} |\n|---|---|---|"
    rows = (f"| {name} | {_cells(times[:, way])} |" for way, name in enumerate(sessions))
    return "\n".join([head, *rows])


def _cells(times: NDArray[np.float64]) -> str:
    """Write the median of the rounds (times: rounds x pages x answers), and how far they lie."""
    low, middle, high = np.percentile(np.percentile(times, (50, 95), axis=2), (0, 50, 100), axis=1)
    told = np.vectorize("{:.1f} ({:.1f} to {:.1f})".format)(middle, low, high)  # shares x pages
    return " | ".join(map(" / ".join, told.T))
