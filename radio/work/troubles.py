"""Troubles: what failed is tried again after waits that grow, or as soon as its files change."""

import time
from collections.abc import Iterable

from radio.work.status import Kind, Trouble

FIRST = 300.0  # seconds until the second try
GROWTH = 4  # times as long until each further one
LONGEST = 86_400.0  # seconds


class Troubles:
    """What failed in an archive."""

    def __init__(self, earlier: Iterable[Trouble] = ()):
        self._known = {(each.kind, each.key): each for each in earlier}

    def note(self, kind: Kind, key: str, files: str, message: str) -> Trouble:
        """Note that something failed with its files in a state."""
        earlier = self._known.get((kind, key))
        times = earlier.times + 1 if earlier and earlier.files == files else 1
        wait = min(FIRST * GROWTH ** (times - 1), LONGEST)
        trouble = Trouble(kind, key, message, files, times, time.time() + wait)
        self._known[kind, key] = trouble
        return trouble

    def forget(self, kind: Kind, key: str) -> None:
        """Forget what failed, for it went well."""
        self._known.pop((kind, key), None)

    def hold(self, kind: Kind, key: str, files: str) -> bool:
        """Whether something must still wait."""
        known = self._known.get((kind, key))
        return known is not None and known.files == files and time.time() < known.until

    def list(self) -> tuple[Trouble, ...]:
        """List them, the last one first."""
        return tuple(sorted(self._known.values(), key=lambda each: each.until, reverse=True))
