"""Runs that take no process, for a maker and a worker; and a worker in a thread."""

import contextlib
import dataclasses
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from radio.archive import Archive
from radio.derived.recipe import Failed, Kind, Making, Means, Message, Recipe
from radio.static_site import PAGES
from radio.system.errors import RadioError
from radio.work.worker import Worker, WorkOptions
from tests.patience import LONG


class ScriptedChild:
    begun: list["ScriptedChild"] = []  # noqa: RUF012 (emptied by the fixture)

    def __init__(
        self, archive: Archive, recipe: Recipe, keys: Sequence[str], means: Means, patience: float
    ):
        self.archive, self.recipe, self.keys, self.means = archive, recipe, keys, means
        self.is_running, self.began, self.said = True, 0.0, list[Message]()
        ScriptedChild.begun.append(self)

    def ends(self, *messages: Message) -> None:
        self.said, self.is_running = list(messages), False

    def messages(self) -> Iterator[Message]:
        while self.said:
            yield self.said.pop(0)

    def end(self) -> None:
        self.is_running = False


class InsideChild(ScriptedChild):
    """A run that makes all in this process, before anything else goes on."""

    def messages(self) -> Iterator[Message]:
        making = Making(self.said.append, self.means)
        try:
            self.recipe.make(self.archive, self.keys, making)
        except RadioError as error:
            self.said.append(Failed("", str(error)))
        self.is_running = False
        return super().messages()


def recipe(kind: Kind, missing: list[str], **more: object) -> Recipe:
    return dataclasses.replace(Recipe(kind, lambda _: list(missing), lambda *_: None), **more)  # type: ignore[arg-type]


def worker(archive: Archive, say: Callable[[str], None] = print, **options: object) -> Worker:
    return Worker(archive, WorkOptions(**options), say, PAGES)  # type: ignore[arg-type]


@contextlib.contextmanager
def working(here: Worker) -> Iterator[Worker]:
    thread = threading.Thread(target=here.run)
    thread.start()
    try:
        yield here
    finally:
        here.stop()
        thread.join(LONG)


@contextlib.contextmanager
def process(root: Path, *options: str, **variables: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "radio", "work", "--root", str(root), *options]
    environment, pipe = {**os.environ, **variables}, subprocess.PIPE
    with subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True
    ) as run:
        try:
            yield run
        finally:
            run.kill()
