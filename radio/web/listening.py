"""Connections of listeners, under waitress: how many, for how long, and what they may send.

Few addresses take a body, of a few words: a larger one is read only where `largest` says so, who is
asked when the headers are there. What is larger still is cut off; but from whom `largest` knows it
is read to its end and left out, for only then do browsers show what is answered. Where there are
more connections than the system allows files for, those that have waited longest go: one that never
ends its request keeps nobody else out. Imports waitress.
"""

import contextlib
import copy
import functools
import io
import logging
import resource
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Any, Protocol, cast
from wsgiref.types import WSGIApplication

import waitress
from waitress.buffers import TempfileBasedBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from radio.system.errors import RadioError

log = logging.getLogger(__name__)

THREADS = 72  # most of them wait at the doors of the site, which hold fewer (`radio.web.limits`)
SHORT = 0.001  # seconds that a thread may work while another has to
MOST = 1000  # connections
FILES = 4  # that are opened for a connection, at most
BODY = 16 << 10  # bytes of a request beyond its headers
HEADERS = 32 << 10  # bytes
TURN = 512 << 10  # bytes that are sent to one listener before the next has a turn
BLOCK = 64 << 10  # bytes that are read at a time of what is sent: what is left is read again
SPARE = 256 << 10  # bytes beyond what is taken that are kept, so that they can be given back
LONGEST = 64 << 30  # bytes that are read to their end, of which nothing is kept
IDLE = 60  # seconds without a byte, in either direction
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a connection that is closed is broken off

Largest = Callable[[str, str, str], int]
"""How many bytes may follow a request, by its method, its path and cookies; 0 of a stranger."""


class Server(Protocol):
    """What answers."""

    def run(self) -> None:
        """Answer until the process is told to stop."""
        ...


def listen(
    application: WSGIApplication,
    host: str,
    port: int,
    path: str = "",
    largest: Largest = lambda *_: 0,
    folder: Path | None = None,
) -> Server:
    """Listen; connections wait until the server runs.

    `path` is where the site lies, without a slash at its end: an address may begin with it or not.
    What is `largest` of a request is asked for more than a few words only, and for the path behind
    that; it lies in a `folder` until it is answered, in a file without a name.

    Raises OSError if the address can't be had.
    """
    Channel.most = _room()
    sys.setswitchinterval(SHORT)
    server = waitress.create_server(
        application,
        host=host,
        port=port,
        url_prefix=path,
        threads=THREADS,
        connection_limit=2 * Channel.most,
        channel_timeout=IDLE,
        cleanup_interval=IDLE // 4,
        max_request_body_size=BODY,
        max_request_header_size=HEADERS,
        asyncore_use_poll=True,
        ident=None,
    )
    for each in _sockets(server):
        each.channel_class = functools.partial(
            Channel, parser=functools.partial(Parser, largest, folder)
        )
    return cast(Server, server)


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """A request that is being answered."""

    channel: Any

    def service(self) -> None:
        """Answer; where the end of an answer can't be had, break off: it is not taken for whole."""
        try:
            super().service()
        except RadioError as error:
            log.warning("%s", error)
            self.close_on_finish = True
            with contextlib.suppress(OSError):  # it is closed already
                self.channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection, which makes room for itself."""

    task_class = Task
    most = MOST
    quota = TURN
    request: Any  # one that is on its way in

    def __init__(self, server: Any, sock: socket.socket, *rest: Any, parser: Any, **more: Any):
        self.waiting_since = time.monotonic()
        self.parser_class = parser
        super().__init__(server, sock, *rest, **more)
        self.sendbuf_len = BLOCK
        if len(server.active_channels) > self.most:
            _make_room(server.active_channels.values())

    def handle_write(self) -> None:
        """Send some of what is ready; then the others have their turn."""
        self.quota = TURN
        super().handle_write()

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send, unless enough was sent in this turn; tell how many bytes."""
        sent = super().send(data, do_close=do_close) if self.quota > 0 else 0
        self.quota -= sent
        return int(sent)

    def service(self) -> None:
        """Answer what was asked."""
        super().service()
        self.waiting_since = time.monotonic()

    def handle_close(self) -> None:
        """End; what came of a request that was cut goes at once."""
        super().handle_close()
        if self.request is not None:
            self.request.close()
            self.request = None

    @property
    def is_waiting(self) -> bool:
        """Whether nothing was asked yet, or all that was asked is answered."""
        return not self.requests and not self.total_outbufs_len and not self.will_close


class Parser(HTTPRequestParser):  # type: ignore[misc]
    """A request on its way in: what may follow its headers depends on them."""

    adj: Any  # the settings, as waitress calls them

    def __init__(self, largest: Largest, folder: Path | None, settings: Any):
        super().__init__(settings)
        self._largest, self._folder = largest, folder

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers; then ask, where more than a few words are to follow."""
        super().parse_header(header_plus)
        if self.chunked or self.content_length >= BODY:
            path = self.path.removeprefix(self.adj.url_prefix) or "/"
            most = self._largest(self.command, path, self.headers.get("COOKIE", ""))
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = max(BODY, most)
            is_known = most > 0 and not self.chunked
            if is_known and self.adj.max_request_body_size <= self.content_length < LONGEST:
                self.adj.max_request_body_size = self.content_length + 1
                if self.content_length >= max(BODY, most) + SPARE:
                    self.body_rcv.buf = Spill()
                    return
            if most > BODY and self._folder:
                self.body_rcv.buf = Body(self._folder)


class Body(TempfileBasedBuffer):  # type: ignore[misc]
    """What follows a request, on the disk where it is to be kept."""

    def __init__(self, folder: Path):
        self._folder = folder
        super().__init__()

    def newfile(self) -> IO[bytes]:
        """Open a file without a name."""
        return cast(IO[bytes], tempfile.TemporaryFile("w+b", dir=self._folder))


class Spill(TempfileBasedBuffer):  # type: ignore[misc]
    """What follows a request and is too much: it is read, and nothing of it is kept."""

    def newfile(self) -> IO[bytes]:
        """Open nothing."""
        return io.BytesIO()

    def append(self, s: bytes) -> None:
        """Leave some of it out."""


def _make_room(channels: Iterable[Channel]) -> None:
    """Close the connection that has waited longest for a request to end."""
    waiting = [each for each in channels if each.is_waiting]
    if waiting:
        min(waiting, key=lambda each: each.waiting_since).will_close = True


def _room() -> int:
    """Tell how many connections there are files for, once the system gave what it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = (MOST + 1) * FILES
    soft = max(soft, wanted if hard == resource.RLIM_INFINITY else min(hard, wanted))
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return min(MOST, soft // FILES)


def _sockets(server: Any) -> list[BaseWSGIServer]:
    """Give the servers behind one address: a name may have several."""
    known = getattr(server, "map", None) or {0: server}
    return [each for each in known.values() if isinstance(each, BaseWSGIServer)]
