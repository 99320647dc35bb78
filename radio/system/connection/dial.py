"""How a host becomes a socket: judged before it is dialled, and through a proxy if there is one.

A name is looked up once, each address that it has is judged, and one of these is dialled: a second
look-up could answer otherwise. With a proxy (`RADIO_PROXY`, as Tor's) the proxy looks names up,
so that nobody around here learns them; then what is an address already is judged.

The proxy speaks SOCKS 5 (RFC 1928): it looks the name up and connects.
"""

import contextlib
import ipaddress
import os
import re
import socket
import struct
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from radio.system.connection.place import is_public, read_ip
from radio.system.errors import NoAnswerError, RefusedError
from radio.system.messages import _, reason

HELLO, NOTHING_ASKED = b"\x05\x01\x00", b"\x05\x00"
CONNECT = b"\x05\x01\x00"
SIZES = {1: 4, 4: 16}  # bytes of an address, by its kind
REASONS = {
    1: _("general failure"),
    2: _("not allowed"),
    3: _("network unreachable"),
    4: _("host unreachable"),
    5: _("connection refused"),
    6: _("time over"),
}


def connect(proxy: tuple[str, int], host: str, port: int, seconds: float) -> socket.socket:
    """Connect to a host through a proxy, without a name or password.

    Raises NoAnswerError with what the proxy says, or OSError if it isn't there.
    """
    wire = socket.create_connection(proxy, seconds)
    try:
        wire.sendall(HELLO)
        if _receive(wire, 2) != NOTHING_ASKED:
            raise NoAnswerError(_("the proxy wants a password, or is none of SOCKS 5"))  # noqa: TRY301
        wire.sendall(CONNECT + _packed(host) + struct.pack(">H", port))
        _version, code, _reserved, kind = _receive(wire, 4)
        if code:
            told = REASONS.get(code, str(code))
            raise NoAnswerError(_("the proxy can’t reach it ({told})").format(told=told))  # noqa: TRY301
        _receive(wire, (SIZES[kind] if kind in SIZES else _receive(wire, 1)[0]) + 2)
    except BaseException:
        wire.close()
        raise
    return wire


def _packed(host: str) -> bytes:
    ip = read_ip(host)
    if ip is None:
        name = host.encode()
        return bytes([3, len(name)]) + name
    return bytes([1 if isinstance(ip, ipaddress.IPv4Address) else 4]) + ip.packed


def _receive(wire: socket.socket, size: int) -> bytes:
    """Receive just so many bytes, for what follows is not the proxy's."""
    content = b""
    while len(content) < size:
        if not (more := wire.recv(size - len(content))):
            raise NoAnswerError(_("the proxy hung up"))
        content += more
    return content


NEARBY = ("localhost", "local", "internal", "lan", "home.arpa")  # ends of names around here

Found = tuple[int, tuple[Any, ...]]
"""The family and the address of a socket."""


@dataclass(frozen=True)
class Dial:
    """Whom a part of the program may call, and how."""

    hosts: frozenset[str] = frozenset()  # allowed wherever they are
    proxy: tuple[str, int] | None = None
    typed: str = ""  # a host that a keeper typed: one around here is as good as any other

    def __call__(self, host: str, port: int, seconds: float) -> socket.socket:
        """Connect to a host within so many seconds, look-up aside.

        Raises RefusedError if it may not be called, OSError or NoAnswerError if it can't.
        """
        trusted = host in self.hosts or host == self.typed
        if not trusted:
            _judge_name(host)
        if host.endswith(".onion") and not self.proxy:
            raise RefusedError(
                _("{host}: an onion service; set RADIO_PROXY=socks5h://127.0.0.1:9050").format(
                    host=host
                )
            )
        if self.proxy and not (trusted and (host in self.hosts or _is_nearby(host))):
            return connect(self.proxy, host, port, seconds)
        return _connect(_look_up(host, port, trusted=trusted), seconds)


def dial_of(environment: Mapping[str, str] = os.environ, *, typed: str = "") -> Dial:
    """Read who may be called from `RADIO_ALLOW_HOSTS` and `RADIO_PROXY`, beside a `typed` host.

    Raises RefusedError if the proxy is none that is understood.
    """
    hosts = re.split(r"[\s,]+", environment.get("RADIO_ALLOW_HOSTS", "").strip().lower())
    named = frozenset(_usual(host) for host in hosts if host)
    return Dial(named, _proxy(environment.get("RADIO_PROXY", "")), typed)


def _usual(host: str) -> str:
    with contextlib.suppress(ValueError):
        return str(read_ip(host.strip("[]")) or host)
    return host


def _proxy(text: str) -> tuple[str, int] | None:
    if not text:
        return None
    with contextlib.suppress(ValueError):
        parts = urlsplit(text)
        if parts.scheme == "socks5h" and parts.hostname and parts.port and "@" not in text:
            return parts.hostname, parts.port
    raise RefusedError(
        _("RADIO_PROXY: not a proxy that is understood; give it as socks5h://127.0.0.1:9050")
    )


def _judge_name(host: str) -> None:
    """Refuse what is not public even before it is looked up."""
    if _is_nearby(host):
        raise _refused(host, host)


def _is_nearby(host: str) -> bool:
    ip = read_ip(host)
    if ip:
        return not is_public(ip)
    return "." not in host or any(host.endswith(f".{end}") for end in NEARBY)


def _look_up(host: str, port: int, *, trusted: bool) -> list[Found]:
    """Give the addresses of a host, once; unless it is trusted all of them are public."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for *_kind, address in found:
        if not trusted and not is_public(ipaddress.ip_address(address[0])):
            raise _refused(host, str(address[0]))
    return [(family, address) for family, _type, _proto, _name, address in found]


def _connect(found: list[Found], seconds: float) -> socket.socket:
    """Dial the first address that answers."""
    until, failure = time.monotonic() + seconds, "no address"
    for number, (family, address) in enumerate(found):
        left = max(0.1, (until - time.monotonic()) / (len(found) - number))
        wire = socket.socket(family, socket.SOCK_STREAM)
        try:
            wire.settimeout(left)
            wire.connect(address)
        except OSError as error:
            wire.close()
            failure = reason(error)
        else:
            return wire
    raise NoAnswerError(failure)


def _refused(host: str, ip: str) -> RefusedError:
    where = host if host == ip else f"{host} ({ip})"
    return RefusedError(
        _("{host}: not a public address; if it is meant, name it in RADIO_ALLOW_HOSTS").format(
            host=where
        )
    )
