"""A maker: it has what is missing made, the most urgent first, each in a process of its own.
Between messages a run gives way to recipes before its own. It may be killed at any moment, and dies
with its parent; finished things stay. An engine that crashes or is killed costs one episode."""

import hashlib
import math
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from radio.archive import Archive
from radio.archive.imprint import state_of
from radio.bags.payload import told_beside
from radio.derived.recipe import Begun, Failed, Made, Making, Means, Message, Reached, Recipe, Stale
from radio.system import process
from radio.system.disk import stamp
from radio.system.errors import BusyError, RadioError
from radio.system.messages import _
from radio.work.queue import files_of
from radio.work.tries import Tries

LEAST, LONGEST = 5.0, 600.0  # seconds of a pause after a run that may not take all of the time
BUSY = 30.0  # seconds until another try where another process was at it
ROUND = 5.0  # seconds between two looks for what is missing while no file changes, at least
RESTING = 40  # times as long as such a look takes is waited
PATIENCE = 6 * 3600.0  # seconds in which any run says a word
NICE = 10  # of processes that listeners do not wait for


def pause_after(took: float, share: float) -> float:
    """Give the seconds to wait after a run that may take a share of the time.

    >>> pause_after(60.0, 0.5), pause_after(0.1, 0.1), pause_after(3600.0, 0.1)
    (60.0, 5.0, 600.0)
    """
    return min(max(LEAST, took * (1 / share - 1)), LONGEST) if share < 1 else 0.0


class Maker:
    """Has things made by some recipes, the most urgent first."""

    def __init__(
        self,
        archive: Archive,
        recipes: Sequence[Recipe],
        tries: Tries,
        means: Callable[[Recipe], Means | None] = lambda _: Means(),
        report: Callable[[Recipe, Message], None] = lambda *_: None,
        patience: Callable[[Recipe, Sequence[str], Means], float] = lambda *_: PATIENCE,
    ):
        """`means` gives what to make a recipe with, or None for not now; `report` says messages."""
        self._archive, self._recipes, self._tries = archive, recipes, tries
        self._means, self._report, self._patience = means, report, patience
        self.run: Child | None = None
        self._files: Mapping[str, str] = {}  # the states of what the run makes
        self._rested = dict[str, float]()  # when each recipe may run again, by its kind
        self._stamps: object = None  # the states of the public files
        self._idle: object = None  # the state of the archive in which there was nothing to do
        self._next = -math.inf  # when to look again in any case

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being made, and there was nothing to do at the last look."""
        return self.run is None and self._idle is not None

    def keep_up(self, state: object = "", stamps: object = None) -> None:
        """Receive what was made, and begin what is most urgent. `state` is that of the archive,
        `stamps` are those of its public files. Raises RadioError or OSError if the disk refuses."""
        self._stamps = stamps
        if self.run:
            self._hear(self.run)
        if self.run is None and (state != self._idle or time.monotonic() >= self._next):
            self._begin(state)

    def end(self) -> None:
        """End the run, if there is one."""
        if self.run:
            self.run.end()
            self._rest(self.run)
        self.run = self._idle = None

    def _begin(self, state: object) -> None:
        began = time.thread_time()
        self._idle, self._next = state, time.monotonic() + ROUND  # where the disk refuses, too
        for recipe in self._recipes:
            means, files = self._ready(recipe)
            if means and files:
                keys = tuple(files)
                self._files, self._idle, self._next = files, None, -math.inf
                self._report(recipe, Begun(keys))
                patience = self._patience(recipe, keys, means)
                self.run = Child(self._archive, recipe, keys, means, patience)
                return
        self._next = time.monotonic() + max(ROUND, RESTING * (time.thread_time() - began))

    def _ready(self, recipe: Recipe) -> tuple[Means | None, dict[str, str]]:
        """Give the means to make some things now, and their states by key."""
        means, kind, hold = self._means(recipe), recipe.kind, self._tries.hold
        is_held = not recipe.of_all and hold(kind, "", "")
        if means is None or is_held or time.monotonic() < self._rested.get(kind, 0.0):
            return None, {}
        found = {key: self._state(recipe, key) for key in recipe.missing(self._archive)}
        return means, {key: files for key, files in found.items() if not hold(kind, key, files)}

    def _state(self, recipe: Recipe, key: str) -> str:
        """Name the state of what a thing is made of; "" where no file tells."""
        archive = self._archive
        if recipe.of_all:
            shows = [(show, stamp(archive.media / show.slug)) for show in archive.shows()]
            site = state_of(archive.root), told_beside(archive)
            state = self._stamps, shows, site, date.today()
            return hashlib.sha256(repr(state).encode()).hexdigest()
        try:
            return files_of(archive, archive.episode(key))
        except RadioError:  # not an episode's, or its sidecar can't be read
            return ""

    def _hear(self, run: "Child") -> None:
        """Receive messages; end a run if its hours are over, or something is more urgent."""
        messages = 0
        for message in run.messages():
            messages += 1
            self._take(run.recipe, message)
        if not run.is_running:
            self._rest(run)
            self.run = None
        elif messages and self._means(run.recipe) is None:
            self.end()
        elif messages and time.monotonic() >= self._next:
            began = time.thread_time()
            before = 1 if run.recipe.is_steady else self._recipes.index(run.recipe)
            if any(all(self._ready(each)) for each in self._recipes[:before]):
                self.end()
            self._next = time.monotonic() + RESTING * (time.thread_time() - began)

    def _take(self, recipe: Recipe, message: Message) -> None:
        match message:
            case Made(key) if key in self._files:
                self._tries.make(recipe.kind, key, self._files[key], recipe.again)
            case Failed(is_busy=True):
                self._rested[recipe.kind] = time.monotonic() + BUSY
            case Failed(key, text) if not recipe.tells_itself:
                key = key if key in self._files else ""
                self._tries.fail(recipe.kind, key, self._files.get(key, ""), text)
            case Stale(kind):
                self._tries.forget(kind)
        self._report(recipe, message)

    def _rest(self, run: "Child") -> None:
        if not run.means.is_hurried:
            now, kind = time.monotonic(), run.recipe.kind
            until = now + pause_after(now - run.began, run.recipe.share)
            self._rested[kind] = max(self._rested.get(kind, 0.0), until)


class Child:
    """A process that makes things of one kind, and frees its memory when it ends."""

    def __init__(
        self,
        archive: Archive,
        recipe: Recipe,
        keys: Sequence[str],
        means: Means,
        patience: float = math.inf,
    ):
        """Begin; after `patience` seconds without a message it counts as hung."""
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
        """Give new messages; Failed where it ended without one."""
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
                yield self._failed(_("{key} : le moteur ne répond plus ; il est arrêté"))
        except (EOFError, OSError):
            self._process.join()
            code = self._process.exitcode or 0
            self.end()
            fault = _("{key} : le moteur s’est arrêté net ({code})")
            if code == -signal.SIGKILL:
                fault = _("{key} : le système a arrêté le moteur ; la mémoire manque-t-elle ?")
            if code != -signal.SIGTERM:  # else who ends it ends us, too
                yield self._failed(fault, code)

    def _failed(self, message: str, code: int = 0) -> Failed:
        return Failed(self.key, _(message, key=self.key or self.recipe.kind, code=code))

    def end(self) -> None:
        """End it now; what is half made is lost."""
        self.is_running = False
        self._process.kill()
        self._process.join()
        self._hearing.close()


def _do(
    root: Path, make: Any, keys: Sequence[str], means: Means, seconds: float, speaking: Connection
) -> None:
    process.die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it
    process.spare(heaps=2)
    os.setpriority(os.PRIO_PROCESS, 0, max(NICE, os.getpriority(os.PRIO_PROCESS, 0)))
    try:
        make(Archive(root), keys, Making(speaking.send, means, seconds))
    except RadioError as error:
        speaking.send(Failed("", str(error), isinstance(error, BusyError)))
    speaking.send(None)
