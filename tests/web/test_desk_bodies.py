"""What is large is taken from keepers alone, and where their page takes it."""

import contextlib
import html
import http.client
import os
import socket
import urllib.parse
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
from radio.web.listening import BODY, HELD
from radio.web.site import create_app
from tests.patience import LONG, until
from tests.tables import for_each
from tests.web.desks import enrol, listening
from tests.web.views.site import Canned

ROOM = 256 << 10
Nameless = Callable[[], int]


@dataclass(frozen=True)
class Site:
    """A site that listens, and what its people show."""

    port: int
    cookies: dict[str, str]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=LONG)

    def send(self, path: str, who: str, size: int, origin: str = "same-origin") -> int:
        head = (f"POST {path} HTTP/1.1", "Host: x", f"Content-Length: {size}", "Connection: close")
        told = (f"Sec-Fetch-Site: {origin}", f"Cookie: {self.cookies.get(who, '')}")
        with self.connect() as peer:
            peer.sendall("\r\n".join((*head, *told, "", "")).encode())
            peer.sendall(bytes(size))
            return int(peer.recv(65536).split()[1])

    def ask(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> str:
        """Send a form as a browser does, to its end, and read how it is refused."""
        about = {"Cookie": self.cookies["Zoé"], "Content-Type": kind}
        peer = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        with contextlib.closing(peer):
            peer.request("POST", path, body, about | {"Sec-Fetch-Site": "same-origin"})
            answer = peer.getresponse()
            assert answer.status == 413
            return html.unescape(answer.read().decode())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    archive = Archive(tmp_path_factory.mktemp("bodies") / "root")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    app = create_app(archive, cast(Index, Canned()))
    for name, guard in (("long", keeper), ("read", rereader)):
        view = guard.mark(lambda: str(len(request.get_data())), ROOM)
        app.add_url_rule(f"/desk/{name}", f"desk.{name}", view, methods=["POST"])
    tokens = {"Zoé": enrol(archive, "Zoé"), "Noé": enrol(archive, "Noé", "rereader")}
    tokens["stale"] = "none-of-ours"
    cookies = {name: f"{COOKIE}={token}" for name, token in tokens.items()}
    return Site(listening(app, "/sub"), cookies)


@pytest.fixture
def nameless() -> Nameless:
    """Count the bytes of the files without a name that this process opens from now on."""
    others = {each.st_ino for each in _open_without_name()}
    return lambda: sum(each.st_size for each in _open_without_name() if each.st_ino not in others)


ASKED = [("/desk/read", "Noé", 200), ("/desk/sign-in", "Zoé", 413), ("/", "Zoé", 405)]
ASKED += [(path, "Zoé", 200) for path in ("/desk/long", "/sub/desk/long", "/desk/read")]
ASKED += [("/desk/long", who, 403) for who in ("Noé", "stale", "")]
ASKED += [(path, "Zoé", 404) for path in ("/desk/longer", "/desk/%ff%00")]


@for_each(("path", "who", "status"), ASKED)
def test_a_large_form_is_taken_where_admitted(site: Site, path: str, who: str, status: int) -> None:
    assert site.send(path, who, ROOM - 1) == status
    assert site.send(path, who, LARGEST - 1) == (403 if status == 413 else status)


def test_what_is_too_large_is_answered_by_its_page(site: Site, nameless: Nameless) -> None:
    page = site.ask("/desk/cover/emission", bytes(12 << 20), "multipart/form-data; boundary=x")
    assert "Cette image pèse plus de 10\u00a0Mo" in page
    assert 'name="picture"' in page
    until(lambda: nameless() == 0)
    words = "é" * 50_000
    form = urllib.parse.urlencode({"description": words, "was-description": "", "act": "save"})
    assert len(form) > ROOM
    page = site.ask("/desk/show/emission", form.encode())
    assert f">\n{words}</textarea>" in page
    assert '<input type="hidden" name="act" value="save">' in page
    far = site.ask("/desk/show/emission", b"description=" + bytes(2 << 20))
    assert "Revenez à la page précédente" in far
    assert "Rien n’a été changé." in site.ask("/desk/long", b"x" * (ROOM + 1))
    assert site.send("/desk/long", "Zoé", ROOM - 1, origin="cross-site") == 403


def test_what_many_strangers_send_fills_no_disk(site: Site, nameless: Nameless) -> None:
    head = f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY - 1}\r\n\r\n".encode()
    until(lambda: nameless() == 0)
    most = 0
    with contextlib.ExitStack() as held:
        for _ in range(2 * HELD // BODY):
            held.enter_context(site.connect()).sendall(head + bytes(BODY - 2))
            most = max(most, nameless())
        assert site.send("/desk/long", "Zoé", ROOM - 1) == 200
    assert HELD // 2 < most <= HELD + 2 * BODY


def _open_without_name() -> Iterator[os.stat_result]:
    for each in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):
            if "deleted" in str(each.readlink()):
                yield each.stat()
