"""How a host becomes a socket: judged before it is dialled, and through a proxy if there is one.

A name is looked up once, each address that it has is judged, and one of these is dialled: a second
look-up could answer otherwise. With a proxy (`RADIO_PROXY`, as Tor's) the proxy looks names up,
so that nobody around here learns them; then what is an address already is judged.
"""

import contextlib
import ipaddress
import os
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from radio.system.connection import socks
from radio.system.connection.public import is_public, read_ip
from radio.system.errors import NoAnswerError, RefusedError
from radio.system.messages import _, reason

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
            return socks.connect(self.proxy, host, port, seconds)
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
