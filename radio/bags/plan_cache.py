"""The plans of bags to download, kept while the archive is as it was: `cache/bags/`, derived.

A plan is named by the state of all that goes into it, so an archive that changes makes another, and
the old one goes.
"""

import contextlib
import hashlib
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from radio.archive import Archive
from radio.bags.payload import Selection, Stored, public_files
from radio.bags.plans import write_plan
from radio.derived.cache import BAGS
from radio.system.disk import explained, unfinished
from radio.system.edition import edition
from radio.system.messages import _

MOST = 50  # looks that are remembered
LONG = 0.1  # seconds of work, for a look at the files
RECENT = 10  # times as long as such a look takes is it good for,
AT_MOST = 1.0  # seconds: what was withdrawn must go


@dataclass(frozen=True)
class _Look:
    """A look at the files that took long."""

    plan: Path  # that it named
    until: float  # seconds of the monotonic clock: it is good so long


class PlanCache:
    """The plans of an archive; one cache serves all threads of a site."""

    def __init__(self, archive: Archive):
        self._archive, self._folder = archive, BAGS.folder(archive)
        self._looks: dict[tuple[Selection, str, date], _Look] = {}

    def find(self, selection: Selection, address: str) -> IO[bytes] | None:
        """Open the plan of a selection if it is there and up to date.

        `address` is that of the site, where it is known.
        """
        try:
            return self._current(selection, address).open("rb")
        except FileNotFoundError:
            return None

    def make(self, selection: Selection, address: str) -> IO[bytes]:
        """Make the plan of a selection, measuring what is not measured yet, and open it.

        Raises ArchiveError if the disk refuses, or a file changes meanwhile.
        """
        state = _State(address)
        remedy = _("check the free space and the rights of the folder")
        with explained(self._folder, remedy), unfinished(self._folder / selection.name) as part:
            with part.open("wb") as file:
                files = state.noted(public_files(self._archive, selection))
                write_plan(self._archive, selection, address, files, file)
            path = self._path(selection, state)
            with contextlib.ExitStack() as undone:
                made = undone.enter_context(part.open("rb"))
                BAGS.keep(self._archive, part, path)
                undone.pop_all()
        return made

    def _current(self, selection: Selection, address: str) -> Path:
        """Name the plan of a selection as it is now, or was a moment ago where a look is long."""
        asked = selection, address, date.today()
        look = self._looks.get(asked)
        if look and time.monotonic() < look.until:
            return look.plan
        state, began = _State(address), time.thread_time()
        deque(state.noted(public_files(self._archive, selection)), 0)
        plan, took = self._path(selection, state), time.thread_time() - began
        if took > LONG:
            if len(self._looks) > MOST:
                self._looks.clear()
            self._looks[asked] = _Look(plan, time.monotonic() + min(RECENT * took, AT_MOST))
        return plan

    def _path(self, selection: Selection, state: "_State") -> Path:
        return BAGS.path(self._archive, selection.name, state.name())


class _State:
    """The state of all that a plan is made of, as a name."""

    def __init__(self, address: str):
        self._digest = hashlib.sha256(repr((edition(), address)).encode())

    def noted(self, files: Iterable[Stored]) -> Iterator[Stored]:
        """Note each file while it passes."""
        for each in files:
            self._digest.update(repr((each.source, each.stamp, each.day)).encode())
            yield each

    def name(self) -> str:
        """Name what was noted so far."""
        return self._digest.hexdigest()[:32]
