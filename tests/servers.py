"""Servers that send what a test wants, byte for byte, lies included."""

import contextlib
import functools
import http.client
import http.server
import itertools
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.patience import LONG

Act = Callable[[str], Iterator[bytes]]
"""What a server sends to who asks for a path, for ever or not."""
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Content-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
PLAIN = OK + b"Content-Type: text/html\r\n\r\n"


@contextlib.contextmanager
def serving(
    act: Act,
    pause: float = 0.0,
    host: str = "127.0.0.1",
    asked: list[str] | None = None,
    secure: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """Serve on a port of this machine; each connection is asked once, and `asked` what it was."""
    server = socket.create_server((host, 0))
    if secure:  # a greeting that fails is the thread's
        server = secure.wrap_socket(server, server_side=True, do_handshake_on_connect=False)

    def answer(peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                if not (part := peer.recv(65536)):
                    return
                request += part
            if asked is not None:
                asked.append(request.decode("latin-1"))
            for each in act(request.split(b" ")[1].decode()):
                peer.sendall(each)
                time.sleep(pause)

    with answering(server, answer) as port:
        yield f"http://{host}:{port}"


@contextlib.contextmanager
def answering(server: socket.socket, answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Answer each connection in a thread of its own; give the port."""

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=answer, args=server.accept()[:1], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


@contextlib.contextmanager
def hosting(folder: Path) -> Iterator[int]:
    """Serve the files of a folder as a plain host does; give its port."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    """Ask a server on this machine, and give the status and the content of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
    with contextlib.closing(connection):
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()


def byte_by_byte(text: bytes) -> Iterator[bytes]:
    yield from (text[place : place + 1] for place in range(len(text)))


def forever(text: bytes) -> Iterator[bytes]:
    return itertools.repeat(text)
