"""Byte ranges: equal to slices, and slow listeners hold nobody up."""

import http.client
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from radio.system.disk import open_beneath
from radio.system.errors import NotFoundError
from radio.web import ranges
from tests.patience import LONG
from tests.tables import for_each

CONTENT = random.Random(1).randbytes(10_007)
ETAG = '"of-the-content"'
SLEEPERS = 12
LARGE = 24_000_000  # bytes, more than a server keeps in memory for one listener

SERVER = """
import sys
from pathlib import Path
import waitress
from flask import Flask
from radio.system.disk import open_beneath
from radio.web import ranges

app = Flask("sleepers")
media = Path(sys.argv[1])

@app.get("/audio")
def audio():
    return ranges.respond(open_beneath(media, "show", "audio.mp3"), "audio/mpeg", "large")

@app.get("/page")
def page():
    return "page"

server = waitress.create_server(
    app, host="127.0.0.1", port=0, threads=4, connection_limit=1000, asyncore_use_poll=True
)
print(server.effective_port, flush=True)
server.run()
"""


@pytest.fixture
def media(tmp_path: Path) -> Path:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "audio.mp3").write_bytes(CONTENT)
    return tmp_path


@pytest.fixture
def client(media: Path) -> FlaskClient:
    app = Flask("ranges")

    @app.get("/audio")
    def audio() -> Response:
        file = open_beneath(media, "show", "audio.mp3")
        return ranges.respond(file, "audio/mpeg", ETAG.strip('"'))

    return app.test_client()


def test_whole(client: FlaskClient) -> None:
    with client.get("/audio") as response:
        assert response.status_code == 200
        assert response.data == CONTENT
        assert response.headers["Accept-Ranges"] == "bytes"
        assert response.headers["ETag"] == ETAG
        assert response.headers["Content-Length"] == str(len(CONTENT))


def test_300_random_ranges_are_slices(client: FlaskClient) -> None:
    chance = random.Random(20)
    for _ in range(300):
        start, last = sorted(chance.randrange(len(CONTENT)) for _ in range(2))
        with client.get("/audio", headers={"Range": f"bytes={start}-{last}"}) as response:
            assert response.status_code == 206
            assert response.data == CONTENT[start : last + 1]
            assert response.headers["Content-Range"] == f"bytes {start}-{last}/{len(CONTENT)}"
            assert response.headers["Content-Length"] == str(last + 1 - start)


@for_each(
    ("asked", "stretch"),
    [
        ("bytes=0-", slice(0, None)),
        ("bytes=0-0", slice(0, 1)),
        ("bytes=-1", slice(-1, None)),
        ("bytes=-500", slice(-500, None)),
        ("bytes=-99999", slice(0, None)),
        ("bytes=10000-99999", slice(10_000, None)),
        ("bytes=10006-", slice(10_006, None)),
        ("BYTES= 5-7 ", slice(5, 8)),
    ],
)
def test_edges(client: FlaskClient, asked: str, stretch: slice) -> None:
    with client.get("/audio", headers={"Range": asked}) as response:
        assert response.status_code == 206
        assert response.data == CONTENT[stretch]


@for_each("asked", ["bytes=10007-", "bytes=99999-100000", "bytes=-0"])
def test_past_the_end(client: FlaskClient, asked: str) -> None:
    with client.get("/audio", headers={"Range": asked}) as response:
        assert response.status_code == 416
        assert response.headers["Content-Range"] == f"bytes */{len(CONTENT)}"
        assert response.data == b""


@for_each(
    "asked",
    [
        "bytes=0-1,5-6",
        "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)),
        "bytes=7-5",
        "bytes=-",
        "bytes=a-b",
        "bytes=" + "9" * 5000 + "-",
        "bytes=٣-٥",
        "items=0-1",
        "",
    ],
)
def test_what_is_no_single_range_is_answered_whole(client: FlaskClient, asked: str) -> None:
    with client.get("/audio", headers={"Range": asked.encode().decode("latin-1")}) as response:
        assert response.status_code == 200
        assert response.data == CONTENT


@for_each(
    ("condition", "status"),
    [
        (ETAG, 206),
        ('"of-an-older-file"', 200),
        (f"W/{ETAG}", 200),
        ("Tue, 16 Jan 2024 20:00:00 GMT", 200),
    ],
)
def test_if_range(client: FlaskClient, condition: str, status: int) -> None:
    headers = {"Range": "bytes=10-19", "If-Range": condition}
    with client.get("/audio", headers=headers) as response:
        assert response.status_code == status
        assert response.data == (CONTENT[10:20] if status == 206 else CONTENT)


@for_each("known", [ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*"])
def test_not_modified(client: FlaskClient, known: str) -> None:
    headers = {"If-None-Match": known, "Range": "bytes=0-9"}
    with client.get("/audio", headers=headers) as response:
        assert response.status_code == 304
        assert response.data == b""
        assert response.headers["ETag"] == ETAG


def test_head_tells_of_the_whole(client: FlaskClient) -> None:
    with client.head("/audio", headers={"Range": "bytes=0-9"}) as response:
        assert response.status_code == 200
        assert response.data == b""
        assert response.headers["Content-Length"] == str(len(CONTENT))


def test_a_stretch_is_a_file_of_its_own(media: Path) -> None:
    stretch = ranges.Stretch(open_beneath(media, "show", "audio.mp3"), 100, 300)
    with stretch:
        assert stretch.seek(0, os.SEEK_END) == 200
        assert stretch.seek(-10, os.SEEK_CUR) == 190
        assert stretch.read() == CONTENT[290:300]
        assert stretch.read(5) == b""
        assert stretch.seek(0) == 0
        assert stretch.read(5) == CONTENT[100:105]


def test_only_plain_files_beneath_the_folder(media: Path) -> None:
    outside = media.parent / f"{media.name}-outside"
    outside.mkdir()
    (outside / "audio.mp3").write_bytes(b"secret")
    (media / "show" / "link.mp3").symlink_to(outside / "audio.mp3")
    (media / "linked").symlink_to(outside)
    os.mkfifo(media / "show" / "pipe.mp3")
    (media / "show" / "folder.mp3").mkdir()
    for show, name in [
        ("show", "link.mp3"),
        ("linked", "audio.mp3"),
        ("show", "pipe.mp3"),
        ("show", "folder.mp3"),
        ("show", "none.mp3"),
    ]:
        with pytest.raises(NotFoundError):
            open_beneath(media, show, name)


@pytest.fixture
def port(media: Path) -> Iterator[int]:
    with (media / "show" / "audio.mp3").open("wb") as file:
        file.truncate(LARGE)
    command = [sys.executable, "-c", SERVER, str(media)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def test_sleeping_listeners_hold_nobody_up(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(SLEEPERS):
            stack.enter_context(sleeper(port))
        time.sleep(0.5)
        page = http.client.HTTPConnection("127.0.0.1", port, timeout=LONG)
        stack.callback(page.close)
        page.request("GET", "/page")
        assert page.getresponse().read() == b"page"


def sleeper(port: int) -> socket.socket:
    """Somebody who asks for everything, as players do, and reads only the first bytes."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.settimeout(LONG)
    listener.connect(("127.0.0.1", port))
    listener.sendall(b"GET /audio HTTP/1.1\r\nHost: radio\r\nRange: bytes=0-\r\n\r\n")
    assert b" 206 " in listener.recv(100)
    return listener
