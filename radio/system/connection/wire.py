"""One connection to another site: no cookie, no proxy of the system, nothing followed or opened.

`http.client` sends what it is told and no more.
"""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from radio.system.connection.dial import Dial
from radio.system.errors import NoAnswerError
from radio.system.messages import _

PATIENCE = 30.0  # seconds without a byte
LONGEST = 300  # characters of what another site says of an error
BROKEN = (http.client.HTTPException, OSError, ValueError, OverflowError)
"""What is raised where a site does not answer in the way of HTTP."""
Call = Callable[[str, int, ssl.SSLContext | None], socket.socket]
"""Makes the socket to a host and port."""


class Wire:
    """A connection to a site (scheme, host, port), kept from one question to the next."""

    def __init__(self, scheme: str, host: str, port: int | None, name: str, dial: Dial):
        self._connection = _Connection(scheme, host, port, self._call)
        self._dial = dial
        self._socket: socket.socket | None = None  # of the answer under way
        self._until = 0.0  # when the answer under way must be whole, on the monotonic clock
        self._headers = {"User-Agent": name, "Accept": "*/*", "Accept-Encoding": "identity"}

    @contextlib.contextmanager
    def ask(
        self, address: str, headers: Mapping[str, str], seconds: float
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask for an address within the site; what is not read of the answer ends the connection.

        Raises NoAnswerError, also while the answer is read, and if all of it takes longer than
        `seconds` (or than was granted since): a site could send a byte now and then for ever.
        RefusedError means that the site may not be called.
        """
        late, done = threading.Event(), threading.Event()
        self.grant(seconds)
        threading.Thread(target=self._watch, args=(late, done), daemon=True).start()
        try:
            with self._ask(address, {**self._headers, **headers}) as response:
                yield response
                if not response.isclosed() and response.length != 0:
                    self._connection.close()
            if late.is_set():
                raise NoAnswerError(_("longer than {seconds:.0f} s").format(seconds=seconds))  # noqa: TRY301
        except Exception as error:
            self._connection.close()
            if late.is_set():
                raise NoAnswerError(
                    _("longer than {seconds:.0f} s").format(seconds=seconds)
                ) from error
            if isinstance(error, BROKEN):
                raise NoAnswerError(_printable(str(error)) or type(error).__name__) from error
            raise
        except BaseException:
            self._connection.close()
            raise
        finally:
            done.set()

    def grant(self, seconds: float) -> None:
        """Let the answer under way take so many seconds from now on, where that is longer."""
        self._until = time.monotonic() + seconds

    def _watch(self, late: threading.Event, done: threading.Event) -> None:
        """End the answer under way when its time is over, whatever it waits for."""
        while not done.wait(max(0.0, self._until - time.monotonic())):
            if time.monotonic() >= self._until:
                late.set()
                if self._socket is not None:
                    with contextlib.suppress(OSError):
                        self._socket.shutdown(socket.SHUT_RDWR)
                return

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _call(self, host: str, port: int, context: ssl.SSLContext | None) -> socket.socket:
        """Dial; the socket is held before TLS begins, so that it can be ended then too."""
        left = max(0.1, self._until - time.monotonic())
        wire = self._hold(self._dial(host, port, min(PATIENCE, left)))
        wire.settimeout(PATIENCE)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is None:
            return wire
        secure = context.wrap_socket(wire, server_hostname=host, do_handshake_on_connect=False)
        try:
            self._hold(secure).settimeout(PATIENCE)
            secure.do_handshake()
        except BaseException:
            secure.close()
            raise
        return secure

    def _hold(self, wire: socket.socket) -> socket.socket:
        """Hold a socket, so that it is ended in time; where that is over, nobody would end it."""
        self._socket = wire
        if time.monotonic() >= self._until:
            wire.close()
            raise TimeoutError("timed out")
        return wire

    def _ask(self, address: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        is_reused = self._connection.sock is not None
        try:
            return self._send(address, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            if not is_reused:
                raise
            self._connection.close()  # the site ended a connection that it had kept
            return self._send(address, headers)

    def _send(self, address: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        self._connection.request("GET", address, headers=dict(headers))
        return self._connection.getresponse()


class _Connection(http.client.HTTPConnection):
    """A connection whose socket is made in our way, with TLS where the scheme says so."""

    def __init__(self, scheme: str, host: str, port: int | None, call: Call):
        self._context = ssl.create_default_context() if scheme == "https" else None
        self.default_port = 443 if self._context else 80
        super().__init__(host, port or self.default_port, timeout=PATIENCE)
        self._call = call

    def connect(self) -> None:
        """Make the socket."""
        self.sock = self._call(self.host, self.port, self._context)


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in text[:LONGEST])
