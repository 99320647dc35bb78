"""A child: a process that makes things of one kind, and takes its memory with it when it ends.

An engine that crashes, or that the system kills for want of memory, costs its episode and no more.
A child dies with who started it; what it had made is kept.
"""

import math
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from radio.archive import Archive
from radio.derived.recipe import Failed, Made, Make, Making, Means, Message, Reached, Recipe
from radio.system import process
from radio.system.errors import BusyError, RadioError
from radio.system.messages import _

NICE = 10  # of processes that listeners do not wait for


class Child:
    """Things that are being made."""

    def __init__(
        self,
        archive: Archive,
        recipe: Recipe,
        keys: Sequence[str],
        means: Means,
        patience: float = math.inf,
    ):
        """Begin to make them; after `patience` seconds without a word it counts as hung."""
        self.recipe, self.key, self.means = recipe, keys[0], means
        self.is_running, self.began = True, time.monotonic()
        self._patience, self._heard = patience, self.began
        context = multiprocessing.get_context("spawn")
        self._hearing, speaking = context.Pipe(duplex=False)
        seconds = math.inf if means.is_hurried else recipe.slice
        arguments = archive.root, recipe.make, list(keys), means, seconds, speaking
        self._process = context.Process(target=_do, args=arguments, daemon=True)
        self._process.start()
        speaking.close()

    def messages(self) -> Iterator[Message]:
        """Give what it said since the last time; Failed where it ended without a word."""
        try:
            while self._hearing.poll():
                message: Message | None = self._hearing.recv()
                self._heard = time.monotonic()
                if message is None:
                    self.end()
                    return
                if isinstance(message, Reached | Made):
                    self.key = message.key
                yield message
            if time.monotonic() - self._heard > self._patience:
                self.end()
                told = _("{key}: the engine hangs; it is ended")
                yield Failed(self.key, told.format(key=self._name))
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode or 0
            self.end()
            if code != -signal.SIGTERM:  # else who ends it ends us, too
                yield Failed(self.key, _ended(self._name, code))

    def end(self) -> None:
        """End it now; what is made by half is lost."""
        self.is_running = False
        self._process.kill()
        self._process.join()
        self._hearing.close()

    @property
    def _name(self) -> str:
        return self.key or self.recipe.kind


def _ended(key: str, code: int) -> str:
    """Say that a process ended without a word."""
    if code == -signal.SIGKILL:
        return _("{key}: the system ended the engine; is there too little memory?").format(key=key)
    return _("{key}: the engine broke down ({code})").format(key=key, code=code)


def _do(
    root: Path, make: Make, keys: Sequence[str], means: Means, seconds: float, speaking: Connection
) -> None:
    """Make things in this process, and say how it goes; None at the end."""
    process.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    process.spare(heaps=2)
    os.setpriority(os.PRIO_PROCESS, 0, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    try:
        make(Archive(root), keys, Making(speaking.send, means, seconds))
    except RadioError as error:
        speaking.send(Failed("", str(error), isinstance(error, BusyError)))
    speaking.send(None)
