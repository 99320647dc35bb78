"""Nothing that a source says brings a question to this machine or its neighbours."""

import contextlib
import errno
import ipaddress
import itertools
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import pytest

from radio.system.connection import fetch
from radio.system.connection.fetch import Web
from radio.system.connection.place import is_public
from radio.system.connection.wire import dial_of
from radio.system.errors import NoAnswerError, RefusedError
from tests.servers import OK, answering, serving
from tests.tables import for_each

ALLOWED = "127.0.0.9"  # where the server lives that sends on to the canary
PUBLIC = "9.9.9.9"
CODES = (301, 302, 303, 307, 308)


@dataclass
class Canary:
    """Listens on each address of this machine, of both kinds, and counts who comes."""

    port: int = 0
    heard: int = 0

    def sing(self, peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            self.heard += 1
            peer.sendall(OK + b"Content-Length: 4\r\nConnection: close\r\n\r\ntwit")


@pytest.fixture
def canary() -> Iterator[Canary]:
    bird, is_both = Canary(), socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if is_both else socket.AF_INET
    server = socket.create_server(("", 0), family=family, dualstack_ipv6=is_both)
    with answering(server, bird.sing) as bird.port:
        yield bird


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSES", ())
    monkeypatch.delenv("RADIO_PROXY", raising=False)
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", ALLOWED)


HOSTS = (
    *("127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.255.255.254", "0.0.0.0", "0", "0x0"),  # noqa: S104
    *("2130706433", "2130706433.", "0x7f000001", "0x7F.1", "0x7f.0x0.0x0.0x1", "017700000001"),
    *("0177.0.0.1", "0177.1", "0000000177.0.0.01", "127.0.0.01", "1２7.0.0.1", "①②⑦.⓪.⓪.①"),
    *("127。0。0。1", "%31%32%37.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::0.0.0.1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:FFFF:127.0.0.1]", "[::127.0.0.1]"),
    *("[::7f00:1]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]"),
    *("[2002:7f00:1::]", "[2002:7f00:1::1]", "[2001:0:7f00:1::]", "[fe80::1]", "[fe80::1%25lo]"),
    *("[::1%lo]", "[fec0::1]", "[fd00::1]", "[ff02::1]", "[ff01::1]", "[::ffff:0:127.0.0.1]"),
    *("localhost", "LOCALHOST", "localhost.", "site.localhost", "ip6-localhost", "loopback"),
    *("rebound.example", "mixed.example", "six.example", "mapped.example", "nat.example"),
    *("user@127.0.0.1", "radio.example@127.0.0.1", "127.0.0.1\\@radio.example", "ⓛocalhost"),
)
NAMES = {"rebound.example": [[PUBLIC], ["127.0.0.1"]], "mixed.example": [[PUBLIC, "127.0.0.1"]]}
NAMES |= {"six.example": [["::1"]], "mapped.example": [["::ffff:127.0.0.1"]]}
NAMES["nat.example"] = [["64:ff9b::7f00:1"]]


def deceive(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have names answer as an enemy wants, and no packet leave; give where it would have gone."""
    answers = {name: itertools.cycle(each) for name, each in NAMES.items()}
    honest, connect, dialled = socket.getaddrinfo, socket.socket.connect, list[str]()

    def answer(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in answers:
            return honest(host, port, *rest, **more)
        addresses = next(answers[host])
        return [each for address in addresses for each in honest(address, port, *rest, **more)]

    def dial(wire: socket.socket, address: Any) -> None:
        dialled.append(address[0])
        if address[0] == PUBLIC:
            raise OSError(errno.ENETUNREACH, "no network in tests")
        connect(wire, address)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket.socket, "connect", dial)
    return dialled


def send_on(path: str) -> Iterator[bytes]:
    _empty, code, target = path.split("/", 2)
    yield f"HTTP/1.1 {code} x\r\nContent-Length: 0\r\nLocation: ".encode()
    yield unquote(target).encode() + b"\r\n\r\n"


def test_the_canary_sings_if_allowed(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", f"radio.example, 127.0.0.1 [::1] {ALLOWED}")
    with serving(send_on, host=ALLOWED) as url, Web() as web:
        home = f"http://0x7f.1:{canary.port}/"
        assert web.read(home).content == b"twit"
        assert web.read(f"http://[0::1]:{canary.port}/").content == b"twit"
        assert web.read(f"{url}/302/{quote(home, safe='')}").content == b"twit"
    assert canary.heard == 3


def test_no_address_leads_back_here(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    dialled, attempts = deceive(monkeypatch), 0
    with serving(send_on, host=ALLOWED) as url, Web() as web:
        for host in HOSTS:
            home = f"http://{host}:{canary.port}/x"
            twice = f"{url}/302/{quote(f'{url}/307/' + quote(home, safe=''), safe='')}"
            ways = [f"{url}/{code}/{quote(home, safe='')}" for code in CODES]
            for address in (home, *ways, twice):
                kind = NoAnswerError if host == "rebound.example" else RefusedError
                with pytest.raises(kind):
                    web.read(address)
                attempts += 1
    assert attempts >= 300
    assert canary.heard == 0
    assert set(dialled) == {ALLOWED, PUBLIC}


@for_each(
    "address",
    [
        *("file:///etc/hostname", "gopher://127.0.0.1:70/x", "ftp://radio.example/", "data:,x"),
        *("http:127.0.0.1", "http:///127.0.0.1/", "//127.0.0.1/", "https://", "", "x" * 5000),
        *("http://radio.example:22/", "http://radio.example:0/", "http://radio.example:99999/"),
        *("http://a..example/", f"http://{'a' * 64}.example/", "http://a_b.c d/"),
        *("http://radio.example/\r\nX: y", "http://[::1/", "http://[v1.x]/", "http://1.2.3.4.5/"),
        *("http://hidden.onion/", "http://user:word@radio.example/", "http://256.1.1.1/"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with Web() as web, pytest.raises(RefusedError) as caught:
        web.read(address)
    assert str(caught.value).isprintable()


def test_only_what_everybody_can_reach_is_public() -> None:
    near = (
        *("0.1.2.3", "10.1.2.3", "100.64.0.1", "127.9.9.9", "169.254.169.254", "172.31.0.1"),
        *("192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "203.0.113.9"),
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "fe80::1"),
        *("::ffff:127.0.0.1", "::ffff:9.9.9.9", "64:ff9b::7f00:1", "64:ff9b:1::909:909"),
        *("100::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1"),
        *("fc00::1", "fd12::1", "fec0::1", "ff02::1", "fe80::1%1"),
    )
    far = ("9.9.9.9", "1.1.1.1", "198.17.0.1", "223.255.255.1", "2620:fe::fe", "64:ff9b::909:909")
    assert [text for text in near if is_public(ipaddress.ip_address(text))] == []
    assert [text for text in far if not is_public(ipaddress.ip_address(text))] == []


def test_who_typed_an_address_may_mean_a_neighbour(canary: Canary) -> None:
    with Web(typed=f"http://127.1:{canary.port}/") as web:
        assert web.read(f"http://127.0.0.1:{canary.port}/").content == b"twit"
        with pytest.raises(RefusedError):
            web.read(f"http://127.0.0.2:{canary.port}/")
    with dial_of(typed="127.0.0.1")("127.0.0.1", canary.port, 5.0) as wire:
        assert wire.recv(4) == b"HTTP"


@contextlib.contextmanager
def proxy(
    target: int, greeting: bytes = b"\x05\x00", code: int = 0
) -> Iterator[tuple[int, list[bytes]]]:
    """Be a proxy of SOCKS 5 that leads everybody to a port of this machine."""
    asked: list[bytes] = []

    def lead(peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            peer.recv(3)
            peer.sendall(greeting)
            asked.append(peer.recv(300))
            peer.sendall(bytes([5, code, 0, 3, 4]) + b"here\0\x50")
            with socket.create_connection(("127.0.0.1", target)) as there:
                there.sendall(peer.recv(65536))
                while block := there.recv(65536):
                    peer.sendall(block)

    with answering(socket.create_server(("127.0.0.1", 0)), lead) as port:
        yield port, asked


def test_a_proxy_looks_up_every_name(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> None:
    looked, honest = list[str](), socket.getaddrinfo

    def look(host: Any, *rest: Any, **more: Any) -> Any:
        looked.append(host)
        return honest(host, *rest, **more)

    with proxy(canary.port) as (port, asked):
        monkeypatch.setenv("RADIO_PROXY", f"socks5h://127.0.0.1:{port}")
        monkeypatch.setattr(socket, "getaddrinfo", look)
        with Web() as web:
            assert web.read("http://hidden.onion/").content == b"twit"
            assert web.read("http://radio.example:8000/").content == b"twit"
            assert web.read(f"http://{PUBLIC}/").content == b"twit"
            typed = Web(typed=f"http://127.0.0.1:{canary.port}/")
            assert typed.read(f"http://127.0.0.1:{canary.port}/").content == b"twit"
            typed.close()
            with Web(typed="http://typed.example/") as other:
                assert other.read("http://typed.example/").content == b"twit"
            heard = canary.heard
            for host in ("127.0.0.1", "2130706433", "[::1]", "[64:ff9b::7f00:1]", "localhost"):
                with pytest.raises(RefusedError, match="not a public address"):
                    web.read(f"http://{host}:{canary.port}/")
    assert asked == [
        b"\x05\x01\x00\x03\x0chidden.onion\x00\x50",
        b"\x05\x01\x00\x03\x0dradio.example\x1f\x40",
        b"\x05\x01\x00\x01\x09\x09\x09\x09\x00\x50",
        b"\x05\x01\x00\x03\x0dtyped.example\x00\x50",
    ]
    assert set(looked) == {"127.0.0.1"}
    assert canary.heard == heard == 5


@for_each(("greeting", "code"), [(b"\x05\xff", 0), (b"HTTP", 0), (b"", 0), (b"\x05\0", 4)])
def test_a_proxy_that_refuses_is_told(
    greeting: bytes, code: int, canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wants a password, speaks otherwise, hangs up, or finds no host."""
    with proxy(canary.port, greeting, code) as (port, _asked):
        place = port if greeting else canary.port
        monkeypatch.setenv("RADIO_PROXY", f"socks5h://127.0.0.1:{place}")
        with Web() as web, pytest.raises(NoAnswerError, match="proxy"):
            web.read("http://radio.example/")


@for_each("text", ["127.0.0.1:9050", "http://127.0.0.1:9050", "socks5h://a", "socks5h://u:p@a:1"])
def test_an_odd_proxy_stops_before_any_request(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADIO_PROXY", text)
    with pytest.raises(RefusedError, match="socks5h://"):
        Web()
