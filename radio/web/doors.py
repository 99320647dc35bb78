"""Doors to slow work: a few requests may wait there, the others are told to come back."""

import contextlib
import threading
from collections.abc import Iterator

from werkzeug.exceptions import ServiceUnavailable


class Door:
    """Lets a few requests in at a time, so that the others are answered meanwhile."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Hold a place. Raises ServiceUnavailable where there is none left."""
        if not self._places.acquire(blocking=False):
            raise ServiceUnavailable
        try:
            yield
        finally:
            self._places.release()
