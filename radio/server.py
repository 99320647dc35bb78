"""The site at work under waitress, its index and checksums kept fresh. Imports waitress."""

import logging
import os
import threading
import time
from collections.abc import Callable

import waitress

from radio import memory
from radio.archive import Archive
from radio.errors import RadioError
from radio.publish.bags import measure_all
from radio.search import Index
from radio.web.site import create_app

log = logging.getLogger(__name__)

FRESH = 5.0  # seconds between two looks for changed files, at least
LOOKING = 50  # times as long as a look takes is waited, so that listeners never notice


def serve(archive: Archive, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the site until the process is told to stop; `ready` is told its address.

    Raises RadioError if the address can't be had.
    """
    memory.spare(heaps=1)
    index = Index(archive)
    index.refresh()
    base_url = os.environ.get("RADIO_BASE_URL", "").rstrip("/")
    try:
        server = waitress.create_server(
            create_app(archive, index, base_url=base_url),
            host=host,
            port=port,
            threads=8,
            connection_limit=1000,
            asyncore_use_poll=True,
            ident=None,
        )
    except OSError as error:
        raise RadioError(f"{host}:{port}: {error.strerror}; choose another with --port") from error
    stopped = threading.Event()
    for look in (index.refresh, lambda: measure_all(archive)):
        threading.Thread(target=_keep_fresh, args=(look, stopped), daemon=True).start()
    try:
        ready(base_url or f"http://{host}:{port}")
        server.run()
    finally:
        stopped.set()


def _keep_fresh(look: Callable[[], object], stopped: threading.Event) -> None:
    """Look for what changed on disk, be it by another process or in somebody's editor."""
    took = 0.0
    while not stopped.wait(max(FRESH, LOOKING * took)):
        began = time.monotonic()
        try:
            look()
        except RadioError as error:
            log.warning("%s", error)
        took = time.monotonic() - began
