"""How much may come at once, and how soon there is room again: from nobody in particular.

Nobody is told apart from anybody, so what is limited is what the words are about. One sentence and
one episode take a part of it; some is left for the other episodes, and some is not for words that
have little to do with their sentence. Room comes back steadily: after a flood nobody waits an hour.
"""

import threading
import time
from collections.abc import Callable, Iterator

HOUR = 3600.0  # seconds in which all of the room comes back
OF_ALL, OF_EPISODE, OF_SENTENCE = 60, 30, 6  # proposals
OF_BUSY = 40  # of all, for episodes of which one came lately: the rest is for the others
OF_FAR = 20  # of all, for words that have little to do with those that stand there
ALL = ""
HAIR = 1e-6  # of a proposal


class Budget:
    """How much may come; kept in memory, for an hour, without any name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._taken: dict[str, tuple[float, float]] = {}  # by what: when, and how much by then
        self._lock = threading.Lock()

    def has_room(self, key: str, seen: str, *, far: bool = False) -> bool:
        """Whether something more may come for a sentence of an episode."""
        with self._lock:
            return self._has_room(key, seen, far)

    def take(self, key: str, seen: str, *, far: bool = False) -> bool:
        """Count something more; False where there is no room for it."""
        with self._lock:
            has_room = self._has_room(key, seen, far)
            if has_room:
                now, limits = self._clock(), _limits(key, seen)
                self._taken.update(
                    {name: (now, self._load(name, limit) + 1) for name, limit in limits}
                )
                # All of it is taken slower than one sentence comes back: this stays small.
                old = [name for name, (at, _load) in self._taken.items() if at < now - HOUR]
                for name in old:
                    del self._taken[name]
            return has_room

    def _has_room(self, key: str, seen: str, far: bool) -> bool:
        is_quiet = self._load(key, OF_EPISODE) < HAIR
        most = OF_FAR if far else OF_ALL if is_quiet else OF_BUSY
        own = all(self._load(name, limit) + 1 <= limit + HAIR for name, limit in _limits(key, seen))
        return own and self._load(ALL, OF_ALL) + 1 <= most + HAIR

    def _load(self, name: str, limit: int) -> float:
        """Tell how much of a limit is still taken: all of it comes back in an hour."""
        at, load = self._taken.get(name, (0.0, 0.0))
        return max(0.0, load - (self._clock() - at) * limit / HOUR)


def _limits(key: str, seen: str) -> Iterator[tuple[str, int]]:
    yield from ((ALL, OF_ALL), (key, OF_EPISODE), (seen, OF_SENTENCE))
