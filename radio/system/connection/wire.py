"""One connection to another site: no cookie, no proxy of the system, nothing followed or opened. A
name is looked up once, each of its addresses is judged, and one of these is dialled: a second
look-up could answer otherwise. With a proxy (`RADIO_PROXY`, as Tor's; SOCKS 5, RFC 1928) the proxy
looks names up, so that nobody around here learns them; only addresses are judged then."""

import contextlib
import http.client
import ipaddress
import os
import re
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from radio.system.connection.place import is_public, read_ip, shown
from radio.system.errors import NoAnswerError, RefusedError
from radio.system.messages import _, reason

PATIENCE = 30.0  # seconds without a byte
# raised if a site does not speak HTTP
BROKEN = (http.client.HTTPException, OSError, ValueError, OverflowError)
NEARBY = ("localhost", "local", "internal", "lan", "home.arpa")  # ends of names around here

HELLO, NOTHING_ASKED = b"\x05\x01\x00", b"\x05\x00"
CONNECT = b"\x05\x01\x00"
SIZES = {1: 4, 4: 16}  # bytes of an address, by its kind
REASONS = {
    1: _("échec général"),
    2: _("interdit"),
    3: _("réseau hors d’atteinte"),
    4: _("hôte hors d’atteinte"),
    5: _("connexion refusée"),
    6: _("délai dépassé"),
}


@dataclass(frozen=True)
class Dial:
    """The hosts that a part of the program may call, and how."""

    hosts: frozenset[str] = frozenset()  # allowed wherever they are
    proxy: tuple[str, int] | None = None
    typed: str = ""  # a host that a keeper typed: one around here is as good as any other

    def __call__(self, host: str, port: int, seconds: float) -> socket.socket:
        """Connect to a host within `seconds`, without the look-up. Raises RefusedError if it may
        not be called, OSError or NoAnswerError if it can't."""
        is_trusted = host in self.hosts or host == self.typed
        if not is_trusted and _is_nearby(host):
            raise _refused(host)
        if host.endswith(".onion") and not self.proxy:
            message = _("{host} : service onion ; réglez RADIO_PROXY=socks5h://127.0.0.1:9050")
            raise RefusedError(message, host=host)
        if self.proxy and host not in self.hosts and not (is_trusted and _is_nearby(host)):
            return _through(self.proxy, host, port, seconds)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        for *_kind, address in found:
            if not is_trusted and not is_public(ipaddress.ip_address(address[0])):
                raise _refused(f"{host} ({address[0]})" if host != address[0] else host)
        return _connect([(each[0], each[4]) for each in found], seconds)


def dial_of(environment: Mapping[str, str] = os.environ, *, typed: str = "") -> Dial:
    """Read who may be called, from the environment and a `typed` host. Raises RefusedError."""
    named = set[str]()
    for host in re.split(r"[\s,]+", environment.get("RADIO_ALLOW_HOSTS", "").strip().lower()):
        named.add(host)
        with contextlib.suppress(ValueError):  # neither an address nor a name
            named.add(str(read_ip(host.strip("[]")) or host))
    named -= {""}
    proxy, text = None, environment.get("RADIO_PROXY", "")
    with contextlib.suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme == "socks5h" and parts.hostname and parts.port and "@" not in text:
            proxy = parts.hostname, parts.port
    if text and not proxy:
        message = _(
            "RADIO_PROXY : proxy d’une forme inconnue ; écrivez-le comme socks5h://127.0.0.1:9050"
        )
        raise RefusedError(message)
    return Dial(frozenset(named), proxy, typed)


def _is_nearby(host: str) -> bool:
    ip = read_ip(host)
    if ip:
        return not is_public(ip)
    return "." not in host or any(host.endswith(f".{end}") for end in NEARBY)


def _refused(host: str) -> RefusedError:
    message = _(
        "{host} : pas une adresse publique ; si c’est voulu, nommez-la dans RADIO_ALLOW_HOSTS"
    )
    return RefusedError(message, host=host)


def _connect(found: list[tuple[int, Any]], seconds: float) -> socket.socket:
    until, failure = time.monotonic() + seconds, OSError("no address")
    for number, (family, address) in enumerate(found):
        left = max(0.1, (until - time.monotonic()) / (len(found) - number))
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.settimeout(left)
            wire.connect(address)
        except OSError as error:
            wire.close()
            failure = error
        else:
            return wire
    raise NoAnswerError(reason(failure)) from failure


def _through(proxy: tuple[str, int], host: str, port: int, seconds: float) -> socket.socket:
    """Connect through a proxy, without a password. Raises NoAnswerError or OSError."""
    ip = read_ip(host)
    kind, name = (3, host.encode()) if ip is None else (1 if ip.version == 4 else 4, ip.packed)
    packed = bytes([kind, *([len(name)] if ip is None else [])]) + name
    with contextlib.ExitStack() as undone:
        wire = undone.enter_context(socket.create_connection(proxy, seconds))
        wire.sendall(HELLO)
        if _receive(wire, 2) != NOTHING_ASKED:
            raise NoAnswerError(_("le proxy veut un mot de passe, ou ne parle pas SOCKS 5"))
        wire.sendall(CONNECT + packed + struct.pack(">H", port))
        _version, code, _reserved, kind = _receive(wire, 4)
        if code:
            reason = REASONS.get(code, str(code))
            raise NoAnswerError(_("le proxy ne l’atteint pas ({told})", told=reason))
        _receive(wire, (SIZES[kind] if kind in SIZES else _receive(wire, 1)[0]) + 2)
        undone.pop_all()
    return wire


def _receive(wire: socket.socket, size: int) -> bytes:
    """Receive just so many bytes: what follows is the site's."""
    content = b""
    while len(content) < size:
        if not (more := wire.recv(size - len(content))):
            raise NoAnswerError(_("le proxy a raccroché"))
        content += more
    return content


class Wire:
    """A connection to a site (scheme, host, port), open from one request to the next."""

    def __init__(self, scheme: str, host: str, port: int | None, name: str, dial: Dial):
        self._context = ssl.create_default_context() if scheme == "https" else None
        usual = 443 if self._context else 80
        self._connection = http.client.HTTPConnection(host, port or usual, timeout=PATIENCE)
        self._connection.default_port = usual  # which is not named to the site
        self._dial = dial
        self._socket: socket.socket | None = None  # of the answer under way
        self._until = 0.0  # when the answer under way must be whole, on the monotonic clock
        self._headers = {"User-Agent": name, "Accept": "*/*", "Accept-Encoding": "identity"}

    @contextlib.contextmanager
    def ask(
        self, address: str, headers: Mapping[str, str], seconds: float
    ) -> Iterator[http.client.HTTPResponse]:
        """Ask for an address within the site; unread bytes end the connection. Raises RefusedError
        if the site may not be called; NoAnswerError, also during reading and if all takes over
        `seconds` (or than was granted since): a site could send a byte now and then for ever."""
        late, done = threading.Event(), threading.Event()
        too_long = NoAnswerError(_("plus de {seconds:.0f} s", seconds=seconds))
        self.grant(seconds)
        threading.Thread(target=self._watch, args=(late, done), daemon=True).start()
        try:
            with self._ask(address, {**self._headers, **headers}) as response:
                yield response
                if not response.isclosed() and response.length != 0:
                    self._connection.close()
            if late.is_set():
                raise too_long  # noqa: TRY301
        except BaseException as error:
            self._connection.close()
            if late.is_set() and isinstance(error, Exception):
                raise too_long from error
            if isinstance(error, BROKEN):
                raise NoAnswerError(shown(str(error)) or type(error).__name__) from error
            raise
        finally:
            done.set()

    def grant(self, seconds: float) -> None:
        """Give the present answer so many seconds from now, unless it has more."""
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

    def _ask(self, address: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        connection = self._connection
        is_reused = connection.sock is not None
        try:
            connection.sock = connection.sock or self._call(connection.host, connection.port)
            connection.request("GET", address, headers=headers)
            return connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):
            if not is_reused:
                raise
            connection.close()  # the site ended a connection that it had kept
            return self._ask(address, headers)

    def _call(self, host: str, port: int) -> socket.socket:
        """Dial; the socket is held before TLS begins, so that it can be ended then too."""
        left = max(0.1, self._until - time.monotonic())
        wire = self._hold(self._dial(host, port, min(PATIENCE, left)))
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is None:
            return wire
        secure = self._context.wrap_socket(
            wire, server_hostname=host, do_handshake_on_connect=False
        )
        with contextlib.ExitStack() as undone:
            self._hold(undone.enter_context(secure))
            secure.do_handshake()
            undone.pop_all()
        return secure

    def _hold(self, wire: socket.socket) -> socket.socket:
        """Hold a socket to be ended in time; if that is over, refuse it."""
        self._socket = wire
        if time.monotonic() >= self._until:
            wire.close()
            raise TimeoutError("timed out")
        wire.settimeout(PATIENCE)
        return wire

    def certified_until(self) -> float | None:
        """Tell when the certificate of a site that answered ends, in seconds since the epoch."""
        wire = self._socket
        told = wire.getpeercert() if isinstance(wire, ssl.SSLSocket) else None
        return float(ssl.cert_time_to_seconds(str(told["notAfter"]))) if told else None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
