"""The child: a process that does one job with Whisper, and takes its memory with it when it ends.

An engine that crashes, or that the system kills for want of memory, costs its episode and no more.
A child dies with who started it; what it had done lies in the checkpoint.
"""

import multiprocessing
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from radio.archive import Archive
from radio.system import process
from radio.system.errors import BusyError, ModelError, RadioError
from radio.system.messages import _
from radio.transcribe import engines
from radio.transcribe.jobs import Job, work
from radio.transcribe.pool import local_pool
from radio.work.passes import Pass

LOCK = "transcribe"  # that every process holds which transcribes
LOADING = 1800.0  # seconds in which weights are surely read, and a first chunk decoded
SLACK = 5  # times as long as a show should take, a child may be silent


@dataclass(frozen=True)
class Reached:
    """A chunk is done and kept."""

    seconds: float  # of the episode, from its start


@dataclass(frozen=True)
class Done:
    """The job is done."""

    is_another: bool  # the text is another one now


@dataclass(frozen=True)
class Failed:
    """The job can't be done for now."""

    message: str
    concerns_all: bool = False  # the engine or its model, so every episode
    is_busy: bool = False  # another process transcribes


Message = Reached | Done | Failed


@dataclass(frozen=True)
class Means:
    """What a job is done with."""

    engine: str  # or `auto`
    model: str
    threads: int | None = None  # all cores by default


class Child:
    """A job under way."""

    def __init__(self, archive: Archive, task: Pass, key: str, means: Means, patience: float):
        """Begin it; after `patience` seconds without a word it counts as hung."""
        self.task, self.key, self.means = task, key, means
        self._patience, self._heard = patience, time.monotonic()
        context = multiprocessing.get_context("spawn")
        self._hearing, speaking = context.Pipe(duplex=False)
        arguments = archive.root, Job(task, key), means, speaking
        self._process = context.Process(target=_do, args=arguments, daemon=True)
        self._process.start()
        speaking.close()

    def messages(self) -> Iterator[Message]:
        """Give what it said since the last time; at the end Done or Failed, however it ended."""
        try:
            while self._hearing.poll():
                message: Message = self._hearing.recv()
                self._heard = time.monotonic()
                yield message
            if time.monotonic() - self._heard > self._patience:
                yield Failed(_("{key}: the engine hangs; it is ended").format(key=self.key))
        except (EOFError, OSError):
            self._process.join()
            yield Failed(_ended(self.key, self._process.exitcode or 0))

    def end(self) -> None:
        """End it now; what is decoded and not kept yet is lost."""
        self._process.kill()
        self._process.join()
        self._hearing.close()


def patience(length: float, speed: float | None) -> float:
    """Tell for how long a child may be silent, in seconds; only one that hangs ever is.

    `length` is that of the show, in seconds; `speed` its seconds in a second, None where unknown.

    >>> patience(3600.0, 5.0), patience(3600.0, None)
    (5400.0, 19800.0)
    """
    return LOADING + SLACK * length / (speed or 1.0)


def _ended(key: str, code: int) -> str:
    """Say that a process ended without a word."""
    if code == -signal.SIGKILL:
        return _("{key}: the system ended the engine; is there too little memory?").format(key=key)
    return _("{key}: the engine broke down ({code})").format(key=key, code=code)


def _do(root: Path, job: Job, means: Means, speaking: Connection) -> None:
    """Do a job in this process, and say how far it is."""
    process.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    process.spare(heaps=2)
    archive = Archive(root)
    try:
        with archive.lock(LOCK, wait=False):
            engine = engines.load(means.engine, means.model, means.threads)
            with local_pool(engine) as pool:
                done = Done(work(archive, job, pool, lambda end: speaking.send(Reached(end))))
    except RadioError as error:
        is_model, is_busy = isinstance(error, ModelError), isinstance(error, BusyError)
        speaking.send(Failed(str(error), is_model, is_busy))
    else:
        speaking.send(done)
