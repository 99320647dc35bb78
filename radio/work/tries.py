"""Tries: what was made or failed, in which state of its files, and when it is tried again. What
failed waits longer after each try, until its files change or a keeper asks for it. Orders of
keepers, also to pause, are in `cache/orders.json`. What failed is in `work.status`."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from radio.archive import Archive
from radio.derived.recipe import Kind
from radio.system.records import RecordFile
from radio.work.status import Trouble

FIRST = 300.0  # seconds until the second try
GROWTH = 4  # times as long until each further one
LONGEST = 86_400.0  # seconds
LOCK = "orders"
KEPT = 7 * 86_400.0  # seconds that a wish is remembered


def wait_after(times: int) -> float:
    """Give the seconds to wait after so many tries.

    >>> wait_after(1), wait_after(2), wait_after(9)
    (300.0, 1200.0, 86400.0)
    """
    return min(FIRST * float(GROWTH ** (times - 1)), LONGEST)


@dataclass(frozen=True)
class Wish:
    """A wish that something is tried again at once."""

    kind: str
    key: str
    when: float  # seconds since the epoch


@dataclass(frozen=True)
class Orders:
    """What keepers ask of the work on an archive."""

    is_paused: bool = False  # nothing that takes long is to begin
    wishes: tuple[Wish, ...] = ()

    def has_wish(self, trouble: Trouble) -> bool:
        """Whether somebody asked to try that again after it failed last."""
        failed, meant = trouble.until - wait_after(trouble.times), (trouble.kind, trouble.key)
        wishes = (each for each in self.wishes if (each.kind, each.key) == meant)
        return any(each.when > failed for each in wishes)


ORDERS = RecordFile("cache/orders.json", Orders, version=None)


def pause(archive: Archive, *, on: bool) -> None:
    """Let nothing that takes long begin; what is under way stops soon."""
    with archive.lock(LOCK):
        ORDERS.write(archive.root, replace(ORDERS.recall(archive.root), is_paused=on))


def try_again(archive: Archive, troubles: Sequence[Trouble]) -> None:
    """Try again at once what failed."""
    now = time.time()
    with archive.lock(LOCK):
        asked = ORDERS.recall(archive.root)
        wishes = {(each.kind, each.key): each for each in asked.wishes if each.when > now - KEPT}
        wishes |= {(each.kind, each.key): Wish(each.kind, each.key, now) for each in troubles}
        ORDERS.write(archive.root, replace(asked, wishes=tuple(wishes.values())))


class Tries:
    """What was tried on an archive."""

    def __init__(self, earlier: Iterable[Trouble] = (), orders: Callable[[], Orders] = Orders):
        """`earlier` failed in a former run; `orders` gives those of keepers as they are now."""
        self._failed = {(each.kind, each.key): each for each in earlier}
        self._made = dict[tuple[Kind, str], tuple[str, float]]()  # files, when to try again
        self._orders = orders

    def fail(self, kind: Kind, key: str, files: str, message: str) -> Trouble:
        """Note that something failed with its files in a state."""
        earlier = self._failed.get((kind, key))
        times = earlier.times + 1 if earlier and earlier.files == files else 1
        trouble = Trouble(kind, key, message, files, times, time.time() + wait_after(times))
        self._failed[kind, key] = trouble
        return trouble

    def make(self, kind: Kind, key: str, files: str, again: float = math.inf) -> None:
        """Note that something was made of its files, and need not be for so many seconds."""
        self._failed.pop((kind, key), None)
        self._failed.pop((kind, ""), None)
        self._made[kind, key] = files, time.time() + again

    def forget(self, kind: Kind, key: str = "") -> None:
        """Forget that something was tried."""
        self._failed.pop((kind, key), None)
        self._made.pop((kind, key), None)

    def hold(self, kind: Kind, key: str, files: str) -> bool:
        """Whether something need not be tried now."""
        if (failed := self._failed.get((kind, key))) and failed.files == files:
            return time.time() < failed.until and not self._orders().has_wish(failed)
        made, again = self._made.get((kind, key), (None, 0.0))
        return made == files and time.time() < again

    def troubles(self) -> tuple[Trouble, ...]:
        """List what failed, the last one first."""
        return tuple(sorted(self._failed.values(), key=lambda each: each.until, reverse=True))
