"""An address on the web, read strictly: what two programs could read in two ways is refused."""

import contextlib
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from radio.system.connection.public import read_ip
from radio.system.errors import RefusedError
from radio.system.messages import _

PORTS = {"http": 80, "https": 443}
LEAST_FREE_PORT = 1024  # from here on, as radios choose them: 8000, 8443…
LONGEST = 4096  # characters of an address
KEPT = "%/:@!$&'()*+,;=~-._?"  # beside letters and digits; what is encoded already stays so
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


@dataclass(frozen=True)
class Place:
    """Where something lies on the web."""

    scheme: str  # http or https
    host: str  # in small letters of ASCII; an address in its usual form
    port: int
    target: str  # path and query, percent-encoded

    @property
    def url(self) -> str:
        """Write it as an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.target}"


def read_place(text: str) -> Place:
    """Read an address of http or https, on port 80, 443 or one above 1023.

    Raises RefusedError where it is none, or one that is not read.

    >>> read_place("HTTP://Écoute.example:8000/à propos?x=1#y").url
    'http://xn--coute-9ra.example:8000/%C3%A0%20propos?x=1'
    >>> read_place("https://[0:0::1]/").host, read_place("https://127.1/").host
    ('::1', '127.0.0.1')
    """
    try:
        return _read(text.strip())
    except ValueError as error:
        raise RefusedError(
            _("{address}: not an address of the web; give it as https://…").format(
                address=shown(text)
            )
        ) from error


def follow(place: Place, location: str) -> Place:
    """Give the address that an answer of a place sends on to. Raises RefusedError."""
    with contextlib.suppress(UnicodeError):  # as it was sent: UTF-8, read as Latin-1
        location = location.encode("latin-1").decode()
    try:
        return read_place(urljoin(place.url, location))
    except ValueError as error:
        raise RefusedError(
            _("{address}: sends on to {target!r}, which is no address").format(
                address=place.url, target=location[:200]
            )
        ) from error


def shown(text: str) -> str:
    """Give an address as a line can show it."""
    return "".join(each if each.isprintable() else "�" for each in text[:300])


def _read(text: str) -> Place:
    if len(text) > LONGEST or not text.isprintable() or "\\" in text:
        raise ValueError(text)
    parts = urlsplit(text)
    host = parts.hostname or ""
    if parts.scheme not in PORTS or "@" in parts.netloc or ("[" in parts.netloc) != (":" in host):
        raise ValueError(text)
    port = PORTS[parts.scheme] if parts.port is None else parts.port
    if port not in PORTS.values() and port < LEAST_FREE_PORT:
        raise RefusedError(
            _("{address}: port {port} is not one of the web; only 80, 443, 1024 and above").format(
                address=shown(text), port=port
            )
        )
    target = quote(parts.path or "/", safe=KEPT)
    if parts.query:
        target += "?" + quote(parts.query, safe=KEPT)
    return Place(parts.scheme, _host(host), port, target)


def _host(host: str) -> str:
    """Write a host in the one form that is judged, looked up and sent."""
    if not host.isascii():
        host = host.encode("idna").decode().lower()
    if "%" in host:  # a zone of this machine
        raise ValueError(host)
    host = host.removesuffix(".")
    if ":" not in host and not HOST.fullmatch(host):
        raise ValueError(host)
    ip = read_ip(host)
    return host if ip is None else str(ip)


def is_address(text: str) -> bool:
    """Whether a page may lead there: no `javascript:`, no path of this site.

    >>> is_address("https://example.org/"), is_address("javascript:alert(1)"), is_address("//x")
    (True, False, False)
    """
    return text.startswith(("http://", "https://"))
