"""Connections of listeners, by waitress: how many, how long, and what they may send. If there are
too many, or they send too much for the disk, those that waited longest are closed."""

import contextlib
import logging
import resource
import socket
import struct
import sys
import time
from collections.abc import Iterable
from typing import Any, Protocol, cast
from wsgiref.types import WSGIApplication

import waitress
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from radio.system.errors import RadioError, place_of

log = logging.getLogger(__name__)

THREADS = 72  # most of them wait at the doors of the site, which hold fewer (`radio.web.limits`)
SHORT = 0.001  # seconds that a thread may work while another has to
MOST = 1000  # connections
FILES = 4  # that are opened for a connection, at most
BODY = 16 << 20  # bytes of a request beyond its headers: more than a piece or a picture has
FORM = 16 << 10  # bytes that are held in memory of it; what is more lies on the disk
HELD = 256 << 20  # bytes there, of all requests on their way in
HEADERS = 32 << 10  # bytes
TURN = 512 << 10  # bytes that are sent to one listener before the next has a turn
BLOCK = 64 << 10  # bytes that are read at a time of what is sent: what is left is read again
IDLE = 60  # seconds without a byte, in either direction
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: a connection that is closed is broken off


class Server(Protocol):
    """What answers."""

    def run(self) -> None:
        """Answer until the process is told to stop."""


def listen(application: WSGIApplication, host: str, port: int, path: str = "") -> Server:
    """Listen; connections wait until the server runs. An address may begin with `path`, where the
    site lies (without a final slash). Raises OSError if the address can't be had."""
    Channel.most = _room()
    logging.getLogger("waitress").addFilter(_nameless)
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
        inbuf_overflow=FORM,
        max_request_header_size=HEADERS,
        asyncore_use_poll=True,
        ident=None,
    )
    for each in (getattr(server, "map", None) or {0: server}).values():  # a name may have several
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Channel
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

    def __init__(self, server: Any, *rest: Any, **more: Any):
        self.waiting_since = time.monotonic()
        super().__init__(server, *rest, **more)
        self.sendbuf_len = BLOCK
        if len(server.active_channels) > self.most:
            _make_room(server.active_channels.values())

    def received(self, data: bytes) -> bool:
        """Take some bytes of a request; where too much lies on the disk, somebody has to go."""
        is_taken = bool(super().received(data))
        if self.coming > FORM:
            others = [*self.server.active_channels.values()]
            if sum(each.coming for each in others) > HELD:
                _make_room(each for each in others if each.coming > FORM)
        return is_taken

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
    def coming(self) -> int:
        """The bytes that are here of a request on its way in, beyond its headers."""
        return int(self.request.body_bytes_received) if self.request is not None else 0

    @property
    def is_waiting(self) -> bool:
        """Whether nothing was asked yet, or all that was asked is answered."""
        return not self.requests and not self.total_outbufs_len and not self.will_close


def _nameless(record: logging.LogRecord) -> bool:
    """Take what was asked for out of a line of waitress; where it failed in the program stays."""
    if record.exc_info:
        error, record.exc_info = record.exc_info[1], None
        record.msg, record.args = "%s", (place_of(error),)
    return True


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
