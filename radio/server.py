"""The site at work by itself and for its listeners."""

import contextlib
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from radio.archive import Archive
from radio.french import lexicon
from radio.search import Index
from radio.static_site import PAGES
from radio.system import process
from radio.system.edition import edition
from radio.system.errors import RadioError
from radio.system.messages import _, reason
from radio.web.listening import Server, listen
from radio.web.site import create_app
from radio.work.upkeep import Upkeep

if TYPE_CHECKING:
    from radio.web.metrics import Metrics

PATIENCE = 3.0  # seconds that a site which is told to stop gives its own work to end
FRESH = 5.0  # seconds that the first answer waits for the index to follow the files


def serve(
    archive: Archive,
    host: str,
    port: int,
    ready: Callable[[str], None],
    *,
    base_url: str = "",
    desk: int | None = None,
    metrics: int | None = None,
) -> None:
    """Serve the site until the process is told to stop; `ready` is told its address.

    With a port of its own for the `desk`, the site itself has none. At that of `metrics` this
    machine is told what is counted.

    `base_url` is the address that listeners use; a proxy in front may keep its path or take it
    away. Who comes before the index is up to date waits a moment; if that takes long, because there
    is none yet or another process is at it, the site answers without. Raises RadioError if the
    address can't be had."""
    process.spare(heaps=1)
    lexicon.pack()
    edition()  # of the sources that run here, before an upgrade puts others in their place
    index = Index(archive)
    counts = _counting(archive, metrics) if metrics else None
    server = _open(archive, index, (host, port), base_url, counts, with_desk=not desk)
    if desk:
        behind = _open(archive, index, (host, desk), base_url, counts, with_desk=True)
        threading.Thread(target=behind.run, daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    upkeep = Upkeep(archive, index, PAGES, base_url)
    upkeep.start()
    try:
        ready(base_url or f"http://{host}:{port}")
        upkeep.is_fresh.wait(FRESH)
        server.run()
    finally:
        upkeep.stop(PATIENCE)


def _open(
    archive: Archive,
    index: Index,
    place: tuple[str, int],
    base_url: str,
    counts: "Metrics | None",
    *,
    with_desk: bool,
) -> Server:
    """Listen at a host and port, for whoever runs the server then."""
    with _had(*place):
        app = create_app(archive, index, base_url=base_url, with_desk=with_desk)
        if counts:
            counts.count(app)
        return listen(app, *place, app.config["APPLICATION_ROOT"].rstrip("/"))


def _counting(archive: Archive, port: int) -> "Metrics":
    """Give this machine what is counted."""
    from radio.web.metrics import HOST, Metrics

    metrics = Metrics(archive)
    with _had(HOST, port):
        metrics.listen(port)
    return metrics


@contextlib.contextmanager
def _had(host: str, port: int) -> Iterator[None]:
    """Explain why an address can't be had."""
    try:
        yield
    except OSError as error:
        message = _("{host}:{port} : {strerror} ; choisissez-en un autre par --port")
        raise RadioError(message, host=host, port=port, strerror=reason(error)) from error
