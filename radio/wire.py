"""One connection to another site: no cookie, no proxy, nothing followed, nothing decompressed.

`http.client` sends what it is told and no more.
"""

import contextlib
import http.client
from collections.abc import Iterator, Mapping

from radio.errors import NoAnswerError

PATIENCE = 30.0  # seconds without a byte


class Wire:
    """A connection to a site (scheme, host, port), kept from one question to the next."""

    def __init__(self, scheme: str, host: str, port: int | None, name: str):
        kind = http.client.HTTPSConnection if scheme == "https" else http.client.HTTPConnection
        self._connection = kind(host, port, timeout=PATIENCE)
        self._headers = {"User-Agent": name, "Accept": "*/*", "Accept-Encoding": "identity"}

    @contextlib.contextmanager
    def ask(self, address: str, headers: Mapping[str, str]) -> Iterator[http.client.HTTPResponse]:
        """Ask for an address within the site; what is not read of the answer ends the connection.

        Raises NoAnswerError, also while the answer is read.
        """
        try:
            with self._ask(address, {**self._headers, **headers}) as response:
                yield response
                if not response.isclosed() and response.length != 0:
                    self._connection.close()
        except (http.client.HTTPException, OSError, UnicodeError) as error:
            self._connection.close()
            raise NoAnswerError(str(error) or type(error).__name__) from error
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, address: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        kept = self._connection.sock is not None
        try:
            return self._send(address, headers)
        except (http.client.RemoteDisconnected, ConnectionError):
            if not kept:
                raise
            self._connection.close()  # the site ended a connection that it had kept
            return self._send(address, headers)

    def _send(self, address: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        self._connection.request("GET", address, headers=dict(headers))
        return self._connection.getresponse()
