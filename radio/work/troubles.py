"""Troubles: what failed is tried again after waits that grow, or as soon as its files change."""

import time
from collections.abc import Iterable

from radio.work.orders import Orders
from radio.work.status import Kind, Trouble

FIRST = 300.0  # seconds until the second try
GROWTH = 4  # times as long until each further one
LONGEST = 86_400.0  # seconds


def wait_after(times: int) -> float:
    """Tell how long to wait after so many tries, in seconds.

    >>> wait_after(1), wait_after(2), wait_after(9)
    (300.0, 1200.0, 86400.0)
    """
    return min(FIRST * float(GROWTH ** (times - 1)), LONGEST)


def noted(trouble: Trouble) -> float:
    """Tell when something failed last, in seconds since the epoch."""
    return trouble.until - wait_after(trouble.times)


class Troubles:
    """What failed in an archive."""

    def __init__(self, earlier: Iterable[Trouble] = (), orders: Orders | None = None):
        """Take those of an earlier run, and what keepers ask to try again."""
        self._known = {(each.kind, each.key): each for each in earlier}
        self._orders = orders

    def note(self, kind: Kind, key: str, files: str, message: str) -> Trouble:
        """Note that something failed with its files in a state."""
        earlier = self._known.get((kind, key))
        times = earlier.times + 1 if earlier and earlier.files == files else 1
        trouble = Trouble(kind, key, message, files, times, time.time() + wait_after(times))
        self._known[kind, key] = trouble
        return trouble

    def forget(self, kind: Kind, key: str) -> None:
        """Forget what failed, for it went well."""
        self._known.pop((kind, key), None)

    def hold(self, kind: Kind, key: str, files: str) -> bool:
        """Whether something must still wait."""
        known = self._known.get((kind, key))
        if known is None or known.files != files or time.time() >= known.until:
            return False
        return not self.is_wished(kind, key)

    def is_wished(self, kind: Kind, key: str) -> bool:
        """Whether a keeper asked to try again what failed."""
        known = self._known.get((kind, key))
        if known is None or self._orders is None:
            return False
        return self._orders.is_wished(known, noted(known))

    def list(self) -> tuple[Trouble, ...]:
        """List them, the last one first."""
        return tuple(sorted(self._known.values(), key=lambda each: each.until, reverse=True))
