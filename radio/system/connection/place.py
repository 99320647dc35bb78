"""An address on the web, read strictly: what two programs could read in two ways is refused.
Python's `is_global` allows addresses that lead back here: NAT64, 6to4, `::127.0.0.1`, multicast. So
only what IANA's registries give out to everybody counts, without what is set aside."""

import contextlib
import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from radio.system.errors import RefusedError
from radio.system.messages import _

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

EVERYBODY = ipaddress.IPv6Network("2000::/3")  # all that was given out of IPv6 so far
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # where only IPv6 is, resolvers wrap IPv4 in it
SET_ASIDE = tuple(  # private networks, this machine, examples, multicast, tunnels (IANA)
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)


def is_public(ip: Ip) -> bool:
    """Whether an address is that of a machine which everybody can reach.

    >>> [is_public(ipaddress.ip_address(text)) for text in ("9.9.9.9", "64:ff9b::7f00:1")]
    [True, False]
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return is_public(ipaddress.IPv4Address(ip.packed[-4:]))
        if ip not in EVERYBODY or ip.scope_id:
            return False
    return not any(ip in network for network in SET_ASIDE)


def read_ip(host: str) -> Ip | None:
    """Read a host that is an address, in any spelling; None for a name. Raises ValueError if it is
    neither: a name never ends with a number.

    >>> read_ip("0x7f.1")
    IPv4Address('127.0.0.1')
    """
    if ":" in host:
        return ipaddress.IPv6Address(host)
    last = host.rpartition(".")[2]
    if not last.isdigit() and not last.startswith("0x"):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError as error:
        raise ValueError(host) from error


PORTS = {"http": 80, "https": 443}
LEAST_FREE_PORT = 1024  # from here on, as radios choose them: 8000, 8443…
LONGEST = 4096  # characters of an address
KEPT = "%/:@!$&'()*+,;=~-._?"  # beside letters and digits; what is encoded already stays so
HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


@dataclass(frozen=True)
class Place:
    """A place on the web."""

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
    """Read an address of http or https, on port 80, 443 or above 1023. Raises RefusedError for
    others.

    >>> read_place("HTTP://Écoute.example:8000/à propos?x=1#y").url
    'http://xn--coute-9ra.example:8000/%C3%A0%20propos?x=1'
    >>> read_place("https://[0:0::1]/").host, read_place("https://127.1/").host
    ('::1', '127.0.0.1')
    """
    try:
        return _read(text.strip())
    except ValueError as error:
        message = _("{address} : pas une adresse du web ; donnez-la comme https://…")
        raise RefusedError(message, address=shown(text)) from error


def follow(place: Place, location: str) -> Place:
    """Give the address that an answer of a place sends on to. Raises RefusedError."""
    with contextlib.suppress(UnicodeError):  # as it was sent: UTF-8, read as Latin-1
        location = location.encode("latin-1").decode()
    try:
        return read_place(urljoin(place.url, location))
    except ValueError as error:
        message = _("{address} : renvoie à {target!r}, qui n’est pas une adresse")
        raise RefusedError(message, address=place.url, target=location[:200]) from error


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
        message = _(
            "{address} : le port {port} n’est pas permis ; seulement 80, 443, 1024 et au-delà"
        )
        raise RefusedError(message, address=shown(text), port=port)
    query = "?" + parts.query if parts.query else ""
    target = quote(parts.path or "/", safe=KEPT) + quote(query, safe=KEPT)
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
