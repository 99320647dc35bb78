"""How tests wait: for what they want to see, never for a while."""

import time
from collections.abc import Callable
from typing import TypeVar

LONG = 240.0  # seconds in which a busy machine surely does what is waited for
PAUSE = 0.05  # seconds

Found = TypeVar("Found")


def until(
    find: Callable[[], Found], tell: Callable[[], object] = str, seconds: float = LONG
) -> Found:
    """Wait until something is there, and give it; else tell how it stands."""
    limit = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < limit, tell() or "it never came"
        time.sleep(PAUSE)
    return found
