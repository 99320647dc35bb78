"""What is large is taken from keepers alone, and where their page takes it."""

import contextlib
import html
import os
import socket
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
from flask import request

from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index
from radio.web.gate import COOKIE, LARGEST, keeper, rereader
from radio.web.listening import BODY, HELD, listen
from radio.web.site import create_app
from tests.patience import LONG, until
from tests.processes import free_port
from tests.tables import for_each
from tests.web.desks import enrol
from tests.web.views.site import Canned

ROOM = 256 << 10
OTHERS: set[int] = set()


@dataclass(frozen=True)
class Site:
    """A site that listens, and what its people show."""

    port: int
    cookies: dict[str, str]
    root: Path

    def send(self, path: str, who: str, size: int, origin: str = "same-origin") -> int:
        head = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {size}", "Connection: close")
        told = (f"Sec-Fetch-Site: {origin}", f"Cookie: {self.cookies.get(who, '')}")
        with socket.create_connection(("127.0.0.1", self.port), timeout=LONG) as peer:
            peer.sendall("\r\n".join((*head, *told, "", "")).encode())
            peer.sendall(bytes(size))
            return int(peer.recv(65536).split()[1])

    def ask(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> str:
        """Send a form as a browser does, to its end, and read what is answered to it."""
        about = {"Cookie": self.cookies["Zoé"], "Content-Type": kind}
        about |= {"Sec-Fetch-Site": "same-origin"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body, about)
        with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request):
            pass
        with refused.value as answer:
            assert answer.code == 413
            return html.unescape(answer.read().decode())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    archive = Archive(tmp_path_factory.mktemp("bodies") / "root")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    app = create_app(archive, cast(Index, Canned()))
    for name, guard in (("long", keeper), ("read", rereader)):
        view = guard.mark(_counter(), ROOM)
        app.add_url_rule(f"/desk/{name}", f"desk.{name}", view, methods=["POST"])
    tokens = {"Zoé": enrol(archive, "Zoé"), "Noé": enrol(archive, "Noé", "rereader")}
    cookies = {name: f"{COOKIE}={token}" for name, token in tokens.items()}
    port = free_port()
    server = listen(app, "127.0.0.1", port, "/sub")
    threading.Thread(target=server.run, daemon=True).start()
    return Site(port, cookies | {"stale": f"{COOKIE}=none-of-ours"}, archive.root)


def _counter() -> Callable[[], str]:
    return lambda: str(len(request.get_data()))


@pytest.fixture(autouse=True)
def others() -> None:
    """Leave aside the files without a name that other tests have open."""
    OTHERS.clear()
    OTHERS.update(each.st_ino for each in _open_without_name())


ASKED = [("/desk/read", "Noé", 200), ("/desk/sign-in", "Zoé", 413), ("/", "Zoé", 405)]
ASKED += [(path, "Zoé", 200) for path in ("/desk/long", "/sub/desk/long", "/desk/read")]
ASKED += [("/desk/long", who, 403) for who in ("Noé", "stale", "")]
ASKED += [(path, "Zoé", 404) for path in ("/desk/longer", "/desk/%ff%00")]


@for_each(("path", "who", "status"), ASKED)
def test_a_large_form_is_taken_where_admitted(site: Site, path: str, who: str, status: int) -> None:
    assert site.send(path, who, ROOM - 1) == status
    assert site.send(path, who, LARGEST - 1) == (403 if status == 413 else status)


def test_what_is_larger_is_refused_from_keepers_too(site: Site) -> None:
    assert site.send("/desk/long", "Zoé", ROOM + 1) == 413
    assert site.send("/desk/long", "Zoé", ROOM - 1, origin="cross-site") == 403


def test_a_heavy_picture_is_answered_by_the_page_it_comes_from(site: Site) -> None:
    page = site.ask("/desk/cover/emission", bytes(12 << 20), "multipart/form-data; boundary=x")
    assert "Cette image pèse plus de 10\u00a0Mo" in page
    assert 'name="picture"' in page
    until(lambda: nameless() == 0)


def test_a_keeper_gets_back_what_was_too_long(site: Site) -> None:
    words = "é" * 50_000
    form = urllib.parse.urlencode({"description": words, "was-description": "", "act": "save"})
    assert len(form) > 256 << 10
    page = site.ask("/desk/show/emission", form.encode())
    assert f">\n{words}</textarea>" in page
    assert '<input type="hidden" name="act" value="save">' in page
    far = site.ask("/desk/show/emission", b"description=" + bytes(2 << 20))
    assert "Revenez à la page précédente" in far
    recordings = site.ask("/desk/long", b"x" * (ROOM + 1))
    assert "Rien n’a été changé." in recordings


@pytest.mark.parametrize("takes_proposals", [True, False])
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("Content-Length: 1048576", bytes(1 << 20)),
        ("Transfer-Encoding: chunked", b"100000\r\n" + bytes(1 << 20) + b"\r\n0\r\n\r\n"),
    ],
    ids=["whole", "chunked"],
)
def test_a_listener_who_proposes_too_much_is_told_so(
    site: Site, caplog: pytest.LogCaptureFixture, head: str, body: bytes, *, takes_proposals: bool
) -> None:
    told = '{"proposals": true}' if takes_proposals else "{}"
    (site.root / "site.json").write_text(told, encoding="utf-8")
    lines = ("POST /propose/emission/x HTTP/1.1", "Host: x", head, "", "")
    with socket.create_connection(("127.0.0.1", site.port), timeout=LONG) as peer:
        peer.sendall("\r\n".join(lines).encode() + body)
        assert peer.recv(65536).split()[1] == b"413"
    assert caplog.records == []


@for_each("head", ["Content-Length: 10737418240", "Transfer-Encoding: chunked"])
@for_each("who", ["", "stale", "Noé"])
def test_ten_gigabytes_of_a_stranger_fill_nothing(site: Site, head: str, who: str) -> None:
    block = bytes(1 << 20)
    until(lambda: nameless() == 0)
    before, most = memory(), 0
    with socket.create_connection(("127.0.0.1", site.port), timeout=LONG) as peer:
        lines = ("POST /desk/long HTTP/1.1", "Host: x", head, f"Cookie: {site.cookies.get(who)}")
        peer.sendall("\r\n".join((*lines, "", "")).encode())
        with contextlib.suppress(OSError):  # it is cut off
            for _ in range(10 << 10):
                peer.sendall(b"%x\r\n%s\r\n" % (len(block), block))
                most = max(most, nameless())
            raise AssertionError("all of it was taken")
    assert (most <= BODY + (64 << 10), memory() - before < 8 << 20) == (True, True)


def test_what_many_strangers_send_fills_no_disk(site: Site) -> None:
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY - 1}\r\n\r\n".encode()
    until(lambda: nameless() == 0)
    most = 0
    with contextlib.ExitStack() as held:
        for _ in range(2 * HELD // BODY):
            address = ("127.0.0.1", site.port)
            peer = held.enter_context(socket.create_connection(address, timeout=LONG))
            peer.sendall(head + bytes(BODY - 2))
            most = max(most, nameless())
        assert site.send("/desk/long", "Zoé", ROOM - 1) == 200
    assert HELD // 2 < most <= HELD + 2 * BODY


def memory() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def nameless() -> int:
    """The bytes of the files without a name that this process opened since the test began."""
    return sum(each.st_size for each in _open_without_name() if each.st_ino not in OTHERS)


def _open_without_name() -> Iterator[os.stat_result]:
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if "deleted" in str(each.readlink()):
                yield each.stat()
