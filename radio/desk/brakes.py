"""Brakes on guessing: tries for each account and for all of them, counted in memory.

No address is looked at: behind an onion service all come from one, and none is to be kept. So a
brake never locks: a minute after the last guess at an account its keeper comes in. Whoever guesses
on and on keeps a keeper out as long, but for the browsers in which that account signed in before
(`radio.desk.devices`); a desk at a port apart (`radio serve --desk`) keeps guesses away.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from radio.system.errors import BrakedError
from radio.system.messages import _

FREE = 5  # tries for an account before the first delay
LONGEST = 60.0  # seconds
CALM = 3600.0  # seconds without a try, after which all is forgotten
AT_ONCE = 30.0  # tries for all accounts together
REFILL = 1.0  # seconds until there is one more
SLOTS = 1024  # names share them, so that no flood of invented names fills the memory


@dataclass
class _Slot:
    failures: int = 0
    free_at: float = 0.0
    last: float = 0.0


class Brakes:
    """How many tries there may be, and when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._key = secrets.token_bytes(16)
        self._slots: dict[int, _Slot] = {}
        self._left, self._at = AT_ONCE, clock()
        self._lock = threading.Lock()

    def enter(self, name: str) -> None:
        """Count a try. Raises BrakedError with the seconds until one may be."""
        with self._lock:
            now = self._clock()
            slot = self._slots.setdefault(self._number(name), _Slot())
            if now - slot.last > CALM:
                slot.failures = 0
            self._left = min(AT_ONCE, self._left + (now - self._at) / REFILL)
            self._at = now
            wait = max(slot.free_at - now, (1.0 - self._left) * REFILL)
            if wait > 0:
                raise BrakedError(_("too many tries; wait a moment"), wait)
            self._left -= 1.0
            slot.failures += 1
            slot.last = now
            slot.free_at = now + _delay(slot.failures)

    def release(self, name: str) -> None:
        """Forget the tries for an account: its password was right."""
        with self._lock:
            self._slots.pop(self._number(name), None)

    def _number(self, name: str) -> int:
        hashed = hashlib.blake2b(name.encode("utf-8", "replace"), key=self._key, digest_size=4)
        return int.from_bytes(hashed.digest(), "big") % SLOTS


def _delay(failures: int) -> float:
    """Tell how long to wait after so many tries.

    >>> [_delay(tries) for tries in (4, 5, 6, 7, 12, 1000)]
    [0.0, 1.0, 2.0, 4.0, 60.0, 60.0]
    """
    return min(LONGEST, 2.0 ** min(failures - FREE, 10)) if failures >= FREE else 0.0
