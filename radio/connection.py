"""One connection to another site: no cookie, no proxy, nothing followed, nothing decompressed.

`http.client` sends what it is told and no more.
"""

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator, Mapping

from radio.errors import NoAnswerError
from radio.messages import _

PATIENCE = 30.0  # seconds without a byte
LONGEST = 300  # characters of what another site says of an error
BROKEN = (http.client.HTTPException, OSError, ValueError, OverflowError)
"""What is raised where a site does not answer in the way of HTTP."""


class Wire:
    """A connection to a site (scheme, host, port), kept from one question to the next."""

    def __init__(self, scheme: str, host: str, port: int | None, name: str):
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        self._connection = kind(host, port, timeout=PATIENCE)
        self._socket: socket.socket | None = None  # of the answer under way
        self._headers = {"User-Agent": name, "Accept": "*/*", "Accept-Encoding": "identity"}

    @contextlib.contextmanager
    def ask(
        self, address: str, headers: Mapping[str, str], seconds: float
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask for an address within the site; what is not read of the answer ends the connection.

        Raises NoAnswerError, also while the answer is read, and if all of it takes longer than
        `seconds`: a site could send a byte now and then for ever.
        """
        late = threading.Event()
        timer = threading.Timer(seconds, self._hang_up, [late])
        timer.daemon = True
        timer.start()
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
            timer.cancel()

    def _hang_up(self, late: threading.Event) -> None:
        """End the answer under way, whatever it waits for."""
        late.set()
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

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
        self._socket = self._connection.sock
        return self._connection.getresponse()


def _printable(text: str) -> str:
    return "".join(each if each.isprintable() else "�" for each in text[:LONGEST])
