"""Chores: acts that may take minutes, which the site does beside all else, one at a time. Nothing
of them is saved: a chore ends with its site, and the act itself is done whole or not at all."""

import contextvars
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from radio.system.errors import RadioError
from radio.system.messages import _
from radio.system.progress import Progress

log = logging.getLogger(__name__)


@dataclass
class Chore:
    """An act under way, or how it ended."""

    name: str
    share: float = 0.0  # 0 to 1
    is_running: bool = True
    fault: str = ""  # why it failed, if it did
    found: object = None  # what it found out


class Chores:
    """The chores of a site."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: Chore | None = None
        self.done = set[str]()  # the names of those that were done

    def latest(self) -> Chore | None:
        """Give the last chore as it is now."""
        latest = self._latest  # another thread may forget it meanwhile
        return latest and replace(latest, fault=_(latest.fault))

    def running(self, name: str = "") -> Chore | None:
        """Give the chore under way, perhaps of a name; None where there is none."""
        chore = self.latest()
        return chore if chore and chore.is_running and name in ("", chore.name) else None

    def forget(self, name: str) -> None:
        """Forget the last chore of that name, once it is done."""
        with self._lock:
            if self._latest and self._latest.name == name and not self._latest.is_running:
                self._latest = None

    def begin(self, name: str, act: Callable[[Progress], object]) -> bool:
        """Begin a chore; False while another goes on."""
        with self._lock:
            if self._latest and self._latest.is_running:
                return False
            self._latest = chore = Chore(name)
        here = contextvars.copy_context()
        threading.Thread(target=here.run, args=(self._do, chore, act), daemon=True).start()
        return True

    def _do(self, chore: Chore, act: Callable[[Progress], object]) -> None:
        def tell(share: float) -> None:
            chore.share = share

        try:
            chore.found = act(tell)
            self.done.add(chore.name)
        except RadioError as error:
            chore.fault = str(error)
        except Exception:
            log.exception("%s", chore.name)
            chore.fault = _("cela s’est interrompu ; le journal du site dit comment")
        finally:
            chore.is_running = False
