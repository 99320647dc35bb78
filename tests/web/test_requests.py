"""Requests that no listener sends cost nobody else an answer."""

import contextlib
import dataclasses
import inspect
import itertools
import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Show
from radio.web.limits import CHEAP, LISTS
from radio.web.listening import BODY, THREADS
from tests.patience import LONG, until
from tests.processes import call, serving
from tests.samples import STREET, put
from tests.servers import get
from tests.tables import for_each
from tests.visits import Links
from tests.web.sites import visit

KEY = f"emission/{STREET}"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive with a recording of more than a server keeps in memory for one listener."""
    archive = Archive(tmp_path_factory.mktemp("visited") / "archive")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    episode, size = put(archive, STREET), 24 << 20
    os.truncate(archive.audio_path(episode), size)
    audio = dataclasses.replace(episode.audio, size=size)
    archive.write_episode(dataclasses.replace(episode, audio=audio))
    return archive


@pytest.fixture(scope="module")
def client(visited: Archive) -> FlaskClient:
    return visit(visited, "https://radio.example")


@for_each(
    "asked",
    [
        *("endpoint=x", "_method=POST", "_external=1", "_anchor=x", "_scheme=https", "self=1"),
        *("values=1", "name=x", "show=x", "slug=x", "lang=xx&lang=en", "q=%ff%00", "=", "&&"),
    ],
)
@for_each("page", ["/", "/help", "/search", f"/shows/{KEY}", "/none"])
def test_no_query_breaks_a_page_or_its_links(client: FlaskClient, page: str, asked: str) -> None:
    answer = client.get(f"{page}?{asked}", headers={"Host": "evil.example"})
    assert answer.status_code == (404 if page == "/none" else 200)
    assert [link for link in Links(answer.text).found if "evil" in link] == []


def test_another_language_is_offered_of_what_was_asked(client: FlaskClient) -> None:
    same = client.get("/search?q=bonjour&q=voici&show=emission&lang=fr").text
    assert 'href="/search?q=bonjour&amp;q=voici&amp;show=emission&amp;lang=en"' in same


def test_what_names_no_host_is_refused(client: FlaskClient) -> None:
    long = ("a" * 5000, "a." * 2500 + "a", "a" * 64, ".." * 40, "é" * 300)
    hosts = (*long, "exa mple", "a@b", "/a", "[::1", "a:b", "a:1:2")
    for host, path in itertools.product(hosts, ("/help", "/nope", "/feed.xml")):
        answer = client.get(path, headers={"Host": host})
        assert (answer.status_code, host in answer.text) == (400, False), host
    for host in ("localhost", "radio.example.", "[::1]:8000", "my_box:80", "a" * 63):
        assert client.get("/help", headers={"Host": host}).status_code == 200, host


@dataclass(frozen=True)
class Site:
    """A site at work, with a temporary folder of its own."""

    port: int
    process: int
    scratch: Path

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=LONG)

    def stored(self) -> int:
        """The bytes of the files that the site has open in its folder, those without a name too."""
        size = 0
        for each in Path(f"/proc/{self.process}/fd").iterdir():
            with contextlib.suppress(OSError):
                if str(each.readlink()).startswith(str(self.scratch)):
                    size += each.stat().st_size
        return size


@contextlib.contextmanager
def served(archive: Archive, scratch: Path, files: int = 1024) -> Iterator[Site]:
    """Serve an archive where no more files may be open at once."""
    scratch.mkdir()
    limited = ("prlimit", f"--nofile={files}:{files}")
    command = ("serve", "--root", str(archive.root))
    with serving(*command, base_url="", under=limited, TMPDIR=str(scratch)) as server:
        yield Site(server.port, server.process.pid, scratch)


@pytest.fixture(scope="module")
def site(visited: Archive) -> Iterator[Site]:
    with served(visited, visited.root.with_name("scratch")) as found:
        yield found


LARGE = 200 << 20  # bytes


def test_no_endless_body_is_read(site: Site) -> None:
    block = bytes(1 << 20)
    whole = (f"Content-Length: {LARGE}", block)
    chunked = ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n" % (len(block), block))
    asked = [*itertools.product(("PUT", "DELETE", "PATCH", "GET"), "/")]
    places = ("/search?q=a", "/nowhere", f"/media/{KEY}.mp3", "/desk/uploads")
    asked += [("POST", path) for path in places]
    for (method, path), (head, part) in itertools.product(asked, (whole, chunked)):
        with site.connect() as peer:
            peer.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{head}\r\n\r\n".encode())
            with contextlib.suppress(OSError):  # it is cut off
                for _ in range(LARGE // len(block)):
                    peer.sendall(part)
                    assert site.stored() <= BODY + (64 << 10)  # bytes that are read at once
                raise AssertionError("all of it was taken")


def test_sleeping_listeners_hold_nobody_up(site: Site) -> None:
    with contextlib.ExitStack() as held:
        for _ in range(THREADS + 8):
            listener = held.enter_context(socket.socket())
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            listener.settimeout(LONG)
            listener.connect(("127.0.0.1", site.port))
            head = f"GET /media/{KEY}.mp3 HTTP/1.1\r\nHost: x\r\n"
            listener.sendall(f"{head}Range: bytes=0-\r\n\r\n".encode())
            assert b" 206 " in listener.recv(100)
        assert get(site.port, "/help")[0] == 200


def test_who_announces_a_body_is_told_that_none_is_taken(site: Site) -> None:
    for method, code in (("POST", b"413"), ("PUT", b"413"), ("POST", b"405")):
        length = LARGE if code == b"413" else 3
        head = f"{method} / HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        with site.connect() as peer:
            peer.sendall(head.encode() + (b"a=b" if length == 3 else b""))
            assert peer.recv(65536).split()[1] == code
    assert get(site.port, "/help")[0] == 200


def test_requests_that_never_end_keep_nobody_out(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    with served(archive, tmp_path / "scratch", files=400) as site, contextlib.ExitStack() as held:
        peers = [held.enter_context(site.connect()) for _ in range(150)]
        for number, peer in enumerate(peers):
            with contextlib.suppress(OSError):  # some are closed already
                peer.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            if number % 30 == 0:
                assert get(site.port, "/help")[0] == 200
        assert get(site.port, "/help")[0] == 200
        assert get(site.port, f"/media/{KEY}.mp3")[0] == 200
        assert len(list(Path(f"/proc/{site.process}/fd").iterdir())) < 200


@pytest.mark.torture
@pytest.mark.long
def test_who_listens_slowly_is_not_cut_off_by_others(archive: Archive, tmp_path: Path) -> None:
    path = archive.audio_path(put(archive, STREET))
    with served(archive, tmp_path / "scratch", files=400) as site, contextlib.ExitStack() as held:
        listener = held.enter_context(site.connect())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        listener.sendall(f"GET /media/{KEY}.mp3 HTTP/1.0\r\n\r\n".encode())
        heard = listener.recv(1000)
        for _ in range(200):
            held.enter_context(site.connect())
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)  # the rest may be fast
        while part := listener.recv(65536):
            heard += part
        assert heard.endswith(path.read_bytes())


@pytest.mark.long
def test_a_site_answers_while_another_makes_the_index(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    with contextlib.ExitStack() as making:
        making.enter_context(archive.lock("index"))
        with served(archive, tmp_path / "scratch") as site:
            assert get(site.port, f"/shows/{KEY}")[0] == 200
            assert get(site.port, "/search?q=bonjour")[0] == 503
            making.close()
            call("index", "--root", str(archive.root))
            with archive.lock("index"):
                assert STREET.encode() in get(site.port, "/search?q=bonjour")[1]


def test_who_asks_for_all_there_is_leaves_room_for_others(client: FlaskClient) -> None:
    app = client.application
    door: Any = inspect.getclosurevars(app.view_functions["pages.catalogue_page"]).nonlocals["door"]
    door._seconds = LONG  # however slow all the others are
    with ThreadPoolExecutor(4) as threads:
        with contextlib.ExitStack() as slow:
            for _ in range(2):
                slow.enter_context(app.test_client().get("/catalogue.csv", buffered=False))
            waiting = [threads.submit(app.test_client().get, "/fixity.sha256") for _ in range(4)]
            until(lambda: door._places._value == 0)
            refused = client.get("/catalogue")
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
            assert len(refused.data) < 500
            for path in ("/help", "/", f"/shows/{KEY}", "/search?q=rue", "/feed.xml"):
                assert client.get(path).status_code == 200, path
            assert not any(each.done() for each in waiting)
        assert all(STREET in each.result().text for each in waiting)
    assert client.get("/catalogue").status_code == 200


def test_who_goes_away_before_the_end_makes_room(client: FlaskClient) -> None:
    for method in ("GET", "HEAD") * 10:
        with client.open("/catalogue.csv", method=method, buffered=False) as answer:
            assert answer.status_code == 200


def test_whatever_reads_more_than_a_file_has_a_door(client: FlaskClient) -> None:
    names = set(client.application.view_functions)
    assert names >= {*CHEAP, *LISTS}
    for name in names - set(CHEAP):
        assert hasattr(client.application.view_functions[name], "__wrapped__"), name
