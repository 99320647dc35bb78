"""SOCKS 5 (RFC 1928), as Tor speaks it: the proxy looks the name up and connects."""

import ipaddress
import socket
import struct

from radio.system.connection.public import read_ip
from radio.system.errors import NoAnswerError
from radio.system.messages import _

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
