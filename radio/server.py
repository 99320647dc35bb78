"""The site at work under waitress, its index and checksums kept fresh. Imports waitress."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial

import waitress

from radio import memory
from radio.archive import Archive
from radio.errors import RadioError
from radio.publish.bags import measure_all
from radio.publish.chapters import keep_proposals, unproposed
from radio.search import Index
from radio.web.site import create_app

log = logging.getLogger(__name__)

FRESH = 5.0  # seconds between two looks for changed files, at least
RESTING = 9  # times as long as an episode takes is waited before the next
PATIENCE = 3.0  # seconds that a site which is told to stop gives its own work to end
GLANCE = 0.2  # seconds between two looks at a child
NICE = 10  # of processes that listeners do not wait for
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
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    looks = (index.refresh, partial(measure_all, archive), _pages(archive, index, stopped))
    works = [partial(_keep_fresh, look) for look in looks] + [partial(keep_proposed, archive)]
    workers = [threading.Thread(target=work, args=(stopped,), daemon=True) for work in works]
    for worker in workers:
        worker.start()
    try:
        ready(base_url or f"http://{host}:{port}")
        server.run()
    finally:
        stopped.set()
        limit = time.monotonic() + PATIENCE
        for worker in workers:
            worker.join(max(0.0, limit - time.monotonic()))


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


def _pages(archive: Archive, index: Index, stopped: threading.Event) -> Callable[[], None]:
    """Write the pages that go with the whole archive whenever something changed.

    A process of its own does it, for it takes some 300 MB meanwhile; it ends with the site.
    """
    command = [sys.executable, "-m", "radio", "index", "--pages", "--root", str(archive.root)]
    written = None

    def look() -> None:
        nonlocal written
        state = index.state(), date.today()
        if state != written:
            with subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
                while process.poll() is None and not stopped.wait(GLANCE):
                    pass
                process.terminate()
            written = state

    return look


def keep_proposed(archive: Archive, stopped: threading.Event) -> None:
    """Propose chapters where nobody wrote any, one episode at a time."""
    took = 0.0
    while not stopped.wait(max(FRESH, LOOKING * took)):
        began = time.monotonic()
        missing = unproposed(archive)
        took = time.monotonic() - began
        for episode in missing:
            began = time.monotonic()
            try:
                keep_proposals(archive, episode)
            except RadioError as error:
                log.warning("%s", error)
                break
            if stopped.wait(RESTING * (time.monotonic() - began)):
                return
