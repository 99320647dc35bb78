"""A maker: it has what is missing made, the most urgent first, one run after the other.

A run gives way, between two of its messages, to whatever stands before it in the list of recipes.
It may be killed at any moment.
"""

import hashlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from radio.archive import Archive
from radio.archive.imprint import state_of
from radio.derived.recipe import Begun, Failed, Made, Means, Message, Recipe, Stale
from radio.system.disk import stamp
from radio.system.errors import RadioError
from radio.work.child import Child
from radio.work.queue import files_of
from radio.work.tries import Tries

LEAST, LONGEST = 5.0, 600.0  # seconds of a pause after a run that may not take all of the time
BUSY = 30.0  # seconds until another try where another process was at it
ROUND = 5.0  # seconds between two looks for what is missing while no file changes, at least
RESTING = 40  # times as long as such a look takes is waited
PATIENCE = 6 * 3600.0  # seconds in which any run says a word


def pause_after(took: float, share: float) -> float:
    """Tell how long to wait after a run that may take a share of the time; in seconds.

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
        told: Callable[[Recipe, Message], None] = lambda *_: None,
        patience: Callable[[Recipe, Sequence[str], Means], float] = lambda *_: PATIENCE,
    ):
        """Take with what to make something now (None for not now), and who is told how it goes.

        `patience` tells for how many seconds a run that makes some things may be silent.
        """
        self._archive, self._recipes, self._tries = archive, recipes, tries
        self._means, self._told, self._patience = means, told, patience
        self.run: Child | None = None
        self._files: Mapping[str, str] = {}  # the states of what the run makes
        self._rested = dict[str, float]()  # when each recipe may run again, by its kind
        self._stamps: object = None  # the states of the public files
        self._idle: object = None  # the state of the archive in which there was nothing to do
        self._next = -math.inf  # when to look again in any case

    @property
    def is_idle(self) -> bool:
        """Whether nothing is made, and nothing could be when it was last looked for."""
        return self.run is None and self._idle is not None

    def keep_up(self, state: object = "", stamps: object = None) -> None:
        """Take in what is made, and begin what is most urgent.

        `state` is that of the archive, `stamps` are those of its public files. Raises RadioError
        or OSError if the disk refuses.
        """
        self._stamps = stamps
        if self.run:
            self._hear(self.run)
        if self.run is None and (state != self._idle or time.monotonic() >= self._next):
            self._begin(state)

    def end(self) -> None:
        """End the run, if one is going on."""
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
                self._files, self._idle = files, None
                self._told(recipe, Begun(keys))
                patience = self._patience(recipe, keys, means)
                self.run = Child(self._archive, recipe, keys, means, patience)
                return
        self._next = time.monotonic() + max(ROUND, RESTING * (time.thread_time() - began))

    def _ready(self, recipe: Recipe) -> tuple[Means | None, dict[str, str]]:
        """Tell with what some things may be made now, and their states by key."""
        means = self._means(recipe)
        is_held = not recipe.of_all and self._tries.hold(recipe.kind, "", "")
        if means is None or is_held or time.monotonic() < self._rested.get(recipe.kind, 0.0):
            return None, {}
        found = {key: self._state(recipe, key) for key in recipe.missing(self._archive)}
        return means, {
            key: files
            for key, files in found.items()
            if not self._tries.hold(recipe.kind, key, files)
        }

    def _state(self, recipe: Recipe, key: str) -> str:
        """Name the state of what a thing is made of; nothing where no file tells."""
        archive = self._archive
        if recipe.of_all:
            shows = [(show, stamp(archive.media / show.slug)) for show in archive.shows()]
            state = self._stamps, shows, state_of(archive.root), date.today()
            return hashlib.sha256(repr(state).encode()).hexdigest()
        try:
            return files_of(archive, archive.episode(key))
        except RadioError:  # not an episode's, or its sidecar can't be read
            return ""

    def _hear(self, run: Child) -> None:
        """Take in what a run says; it may have to give way."""
        is_told = False
        for message in run.messages():
            is_told = True
            self._take(run, message)
        if not run.is_running:
            self._rest(run)
            self.run = None
        elif is_told and self._must_give_way(run):
            self.end()

    def _must_give_way(self, run: Child) -> bool:
        """Whether a run must end: something more urgent came, or its hours are over."""
        before = 1 if run.recipe.is_steady else self._recipes.index(run.recipe)
        return self._means(run.recipe) is None or any(
            means and files for means, files in map(self._ready, self._recipes[:before])
        )

    def _take(self, run: Child, message: Message) -> None:
        recipe = run.recipe
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
        self._told(recipe, message)

    def _rest(self, run: Child) -> None:
        if not run.means.is_hurried:
            pause = pause_after(time.monotonic() - run.began, run.recipe.share)
            kind = run.recipe.kind
            self._rested[kind] = max(self._rested.get(kind, 0.0), time.monotonic() + pause)
