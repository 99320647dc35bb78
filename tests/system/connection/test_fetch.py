"""Pages and feeds of sites that lie, dawdle, never end or swell: each has an end and a reason."""

import contextlib
import gzip
import itertools
import socket
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from radio.system.connection import fetch, wire
from radio.system.connection.fetch import Web
from radio.system.errors import NoAnswerError, RefusedError
from tests.patience import LONG
from tests.servers import CHUNKED, OK, PLAIN, Act, byte_by_byte, forever, serving
from tests.tables import for_each

MIB, LIMIT = 1 << 20, 1 << 17


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSES", (0.01, 0.01))
    monkeypatch.delenv("RADIO_PROXY", raising=False)
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")


def sized(content: bytes, *headers: str, length: int | None = None) -> list[bytes]:
    lines = [f"Content-Length: {len(content) if length is None else length}", *headers]
    return [OK + "\r\n".join(lines).encode() + b"\r\n\r\n", content]


def test_a_page_is_read_and_nothing_is_told_of_who_reads() -> None:
    asked: list[str] = []
    with serving(lambda _: iter(sized(b"bonjour")), asked=asked) as url, Web() as web:
        answer = web.read(f"{url}/\u00e9t\u00e9?x=1#y", headers={"If-None-Match": '"1"'})
    assert (answer.status, answer.content) == (200, b"bonjour")
    assert answer.address == f"{url}/%C3%A9t%C3%A9?x=1"
    question, *headers = asked[0].strip().split("\r\n")
    assert question == "GET /%C3%A9t%C3%A9?x=1 HTTP/1.1"
    ours = ["Accept-Encoding: gzip", "Accept: */*", f"Host: {url[7:]}", 'If-None-Match: "1"']
    assert sorted(headers) == [*ours, "User-Agent: radio-archive"]


def test_cookies_are_not_taken_and_redirects_are_followed() -> None:
    asked: list[str] = []

    def act(path: str) -> Iterator[bytes]:
        steps = {"/": "/a/b", "/a/b": "c?d=\u00e9", "/a/c?d=%C3%A9": "//127.0.0.1:{port}/end"}
        if path not in steps:
            return iter(sized(b"here"))
        target = steps[path].replace("{port}", url.rpartition(":")[2])
        head = f"HTTP/1.1 301 x\r\nSet-Cookie: a=b\r\nLocation: {target}\r\n\r\n"
        return iter([head.encode(), b"elsewhere" * 1000])

    with serving(act, asked=asked) as url, Web() as web:
        answer = web.read(url)
    assert (answer.address, answer.content) == (f"{url}/end", b"here")
    assert "Cookie" not in "".join(asked)
    assert "Referer" not in "".join(asked)


@for_each("status", [304, 404, 410])
def test_what_is_gone_or_unchanged_is_an_answer(status: int) -> None:
    head = f'HTTP/1.1 {status} x\r\nETag: "2"\r\nContent-Length: 0\r\n\r\n'.encode()
    with serving(lambda _: iter([head])) as url, Web() as web:
        answer = web.read(url)
    assert (answer.status, answer.headers["ETag"], answer.content) == (status, '"2"', b"")


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(MIB)
    return b"".join(packer.compress(zeros) for _ in range(size // MIB)) + packer.flush()


def moved(target: str) -> Iterator[bytes]:
    return iter([f"HTTP/1.1 302 x\r\nLocation: {target}\r\n\r\n".encode()])


CHUNK = b"1\r\nx\r\n"
ZIPPED = "Content-Encoding: gzip"
GOOD: dict[str, Act] = {
    "no length": lambda _: iter([PLAIN, b"bonjour"]),
    "chunks": lambda _: iter([CHUNKED, b"3\r\nbon\r\n4;x=y\r\njour\r\n0\r\nX: y\r\n\r\n"]),
    "too small a length": lambda _: iter(sized(b"bonjour, et le reste", length=7)),
    "gzip": lambda _: iter(sized(gzip.compress(b"bonjour"), ZIPPED)),
    "gzip in two": lambda _: iter(sized(gzip.compress(b"bon") + gzip.compress(b"jour"), ZIPPED)),
    "gzip, padded": lambda _: iter(sized(gzip.compress(b"bonjour") + bytes(9), ZIPPED)),
}


@for_each("way", GOOD)
def test_ways_of_sending_a_page(way: str) -> None:
    with serving(GOOD[way]) as url, Web() as web:
        assert web.read(url).content == web.read(url).content == b"bonjour"


BAD: dict[str, tuple[Act, str]] = {
    "too large a length": (lambda _: iter(sized(b"bonjour", length=9)), "cut off 2 bytes before"),
    "a length of terabytes": (lambda _: iter(sized(b"x", length=1 << 50)), "larger than"),
    "cut in a chunk": (lambda _: iter([CHUNKED, b"9\r\nbon"]), "IncompleteRead"),
    "cut between chunks": (lambda _: iter([CHUNKED, b"3\r\nbon\r\n"]), "IncompleteRead"),
    "cut in the headers": (lambda _: iter([OK, b"X: y"]), "empty"),
    "nothing at all": (lambda _: iter([]), "."),
    "no HTTP": (lambda _: iter([b"SSH-2.0-\x1b[31mx\r\n"]), "."),
    "cut gzip": (lambda _: iter(sized(gzip.compress(bytes(999))[:-9], ZIPPED)), "gzip"),
    "no gzip": (lambda _: iter(sized(b"bonjour", ZIPPED)), "gzip"),
    "brotli": (lambda _: iter(sized(b"bonjour", "Content-Encoding: br")), "compressed as 'br'"),
    "gzip in gzip": (lambda _: iter(sized(b"x", "Content-Encoding: gzip, gzip")), "compressed"),
    "a bomb": (lambda _: iter(sized(bomb(64 * MIB), ZIPPED)), "larger than"),
    "bombs in a row": (lambda _: iter(sized(bomb(MIB) * 64, ZIPPED)), "larger than"),
    "empty bombs in a row": (
        lambda _: itertools.chain([PLAIN[:-2] + ZIPPED.encode() + b"\r\n\r\n"],
                                  forever(gzip.compress(b"") * 1000)),
        "larger than",
    ),
    "endless chunks": (lambda _: itertools.chain([CHUNKED], forever(CHUNK * 999)), "larger"),
    "a page without end": (lambda _: itertools.chain([PLAIN], forever(b"x" * 9999)), "larger"),
    "headers without end": (lambda _: itertools.chain([OK], forever(b"X: y\r\n" * 99)), "headers"),
    "one endless header": (lambda _: itertools.chain([OK, b"X: "], forever(b"y" * 9999)), "."),
    "403": (lambda _: iter([b"HTTP/1.1 403 x\r\n\r\n"]), "answers 403"),
    "500": (lambda _: iter([b"HTTP/1.1 500 x\r\n\r\n"]), "answers 500; try again later"),
    "999": (lambda _: iter([b"HTTP/1.1 999 x\r\n\r\n"]), "answers 999"),
    "206 unasked": (lambda _: iter([b"HTTP/1.1 206 x\r\n\r\n"]), "answers 206"),
    "a redirect to nowhere": (lambda _: iter([b"HTTP/1.1 302 x\r\n\r\n"]), "answers 302"),
    "to a word": (lambda _: moved("http://["), "not an address"),
    "to a file": (lambda _: moved("file:///etc/x"), "file:"),
    "to itself": (moved, "loop"),
    "in a circle": (lambda path: moved("/" if path == "/a" else "/a"), "in a loop"),
    "on and on": (lambda path: moved(path + "a"), "than 5"),
}  # fmt: skip


@for_each("way", BAD)
def test_a_page_that_cannot_be_had_costs_a_reason(way: str) -> None:
    act, told = BAD[way]
    tracemalloc.start()
    try:
        with serving(act) as url, Web() as web, pytest.raises(NoAnswerError, match=told) as caught:
            web.read(url, limit=LIMIT)
        assert tracemalloc.get_traced_memory()[1] < 20 * MIB
    finally:
        tracemalloc.stop()
    assert str(caught.value).startswith(("http://127.0.0.1:", "file:"))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


SLOW: dict[str, Act] = {
    "headers by the byte": lambda _: byte_by_byte(OK + b"X: " + b"x" * 60_000),
    "a page by the byte": lambda _: itertools.chain([PLAIN], forever(b" ")),
    "chunks by the byte": lambda _: itertools.chain([CHUNKED], forever(b"1\r\n \r\n")),
    "trailers": lambda _: itertools.chain([CHUNKED, b"0\r\n"], forever(b"X: y\r\n")),
    "100 Continue": lambda _: forever(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "a chunk's name": lambda _: itertools.chain([CHUNKED], forever(b"1")),
}


@for_each("way", SLOW)
def test_a_page_that_drips_has_an_end(way: str) -> None:
    with serving(SLOW[way], pause=0.02) as url, Web() as web:
        began = time.monotonic()
        with pytest.raises(NoAnswerError, match="longer than"):
            web.read(url, seconds=0.2)
        assert time.monotonic() - began < 20


def test_who_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "PATIENCE", 0.1)

    def act(path: str) -> Iterator[bytes]:
        time.sleep(LONG)
        yield b""

    with serving(act) as url, Web() as web, pytest.raises(NoAnswerError, match="timed out"):
        web.read(url)


def test_who_does_not_pick_up_is_left_in_time() -> None:
    with contextlib.ExitStack() as lines, Web() as web:
        server = lines.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(8):  # all that the system lets wait, and more
            line = lines.enter_context(socket.socket())
            line.setblocking(False)
            line.connect_ex(server.getsockname())
        began = time.monotonic()
        with pytest.raises(NoAnswerError, match=r"timed out|longer than"):
            web.read(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=0.5)
        assert time.monotonic() - began < 20


def test_who_is_found_too_late_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a name was looked up for longer than all may take, nothing ended what dripped then."""
    honest, asked = socket.getaddrinfo, list[str]()

    def look(host: Any, *rest: Any, **more: Any) -> Any:
        time.sleep(0.3)
        return honest(host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look)
    with (
        serving(lambda _: iter(sized(b"bonjour")), asked=asked) as url,
        Web() as web,
        pytest.raises(NoAnswerError, match=r"timed out|longer than"),
    ):
        web.read(url, seconds=0.1)
    assert asked == []


def test_a_site_in_trouble_is_asked_again_when_it_wants(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    clock = SimpleNamespace(sleep=waited.append, monotonic=time.monotonic)
    monkeypatch.setattr(fetch, "time", clock)
    again = b"\r\nRetry-After: "
    busy = [b"HTTP/1.1 503 x%b7\r\n\r\n" % again, b"HTTP/1.1 429 x%b9999999\r\n\r\n" % again]
    answers = iter([*busy, b"".join(sized(b"bonjour"))])
    with serving(lambda _: iter([next(answers)])) as url, Web() as web:
        assert web.read(url, seconds=600).content == b"bonjour"
    assert waited == [7.0, fetch.LONGEST_PAUSE]


def test_a_refusal_is_not_asked_again() -> None:
    asked: list[str] = []
    denied = lambda _: iter([b"HTTP/1.1 403 x\r\n\r\n"])  # noqa: E731
    with serving(denied, asked=asked) as url, Web() as web, pytest.raises(RefusedError):
        web.read(url)
    assert len(asked) == 1
