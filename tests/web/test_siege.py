"""Many strangers at once keep out neither a listener nor a keeper; what breaks is not whole."""

import functools
import http.client
import inspect
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from flask import Flask, request

from radio.archive import Archive
from radio.desk import accounts
from radio.search import Index, SearchOptions
from radio.system.errors import SearchError
from radio.web import site
from radio.web.gate import COOKIE, DEVICE
from radio.web.limits import Door, hang_doors
from radio.web.listening import THREADS, listen
from radio.web.site import create_app
from tests.patience import LONG, until
from tests.processes import free_port
from tests.samples import STREET, put
from tests.web.views.site import FOUND, Batch, Canned

WORD = "une phrase assez longue"
MANY = 8
KEY = f"emission/{STREET}"
SLOW = {
    "files.clip": f"/clips/{KEY}.mp3?t=1,2",
    "pictures.card": f"/cards/{KEY}.png?t=1",
    "pictures.episode_cover": f"/covers/{KEY}.png",
    "finding.search": "/search?q=rue",
    "listing.manifest": "/fixity.jsonl",
    "feeds.all_shows": "/feed.xml",
    "desk.home": "/desk",
}


@dataclass
class Besieged:
    """A site of which strangers ask more than it can do, until it goes on."""

    port: int
    app: Flask
    keeper: dict[str, str]  # what their browser shows, signed in
    known: dict[str, str]  # what it shows when they are not
    came: list[str] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)

    def ask(self, path: str, cookies: dict[str, str]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONG)
        shown = "; ".join(f"{name}={value}" for name, value in cookies.items())
        with closing(connection):
            connection.request("GET", path, headers={"Cookie": shown})
            answer = connection.getresponse()
            answer.read()
            return answer.status


def held(view: Callable[..., Any], go_on: threading.Event) -> Callable[..., Any]:
    """Have a view take as long as the siege, for strangers, who show nothing."""

    @functools.wraps(view)
    def slow(**values: object) -> Any:
        if not request.cookies:
            go_on.wait(LONG)
        return view(**values)

    return slow


@pytest.fixture
def besieged(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Iterator[Besieged]:
    put(archive, STREET)
    index = Index(archive)
    index.refresh()
    accounts.add(archive.root, "Noé", "keeper")
    found = Besieged(free_port(), Flask("none"), {}, {})

    def hang(app: Flask) -> None:
        for name in SLOW:
            app.view_functions[name] = held(app.view_functions[name], found.go_on)
        hang_doors(app)
        for door in doors(app):
            door._seconds *= LONG  # however slow all the others are

    monkeypatch.setattr(site, "hang_doors", hang)
    found.app = site.create_app(archive, index, base_url=f"http://127.0.0.1:{found.port}")
    found.app.before_request(lambda: found.came.append(""))
    entrance = found.app.extensions["desk"]
    entrance.accept(accounts.invite(archive.root, "Noé"), WORD)
    found.keeper[COOKIE] = entrance.sign_in("Noé", WORD, "")
    found.known[DEVICE] = entrance.device(found.keeper[COOKIE])
    server = listen(found.app, "127.0.0.1", found.port)
    threading.Thread(target=server.run, daemon=True).start()
    yield found
    found.go_on.set()


def doors(app: Flask) -> set[Door]:
    return {door for view in app.view_functions.values() for door in _doors(view)}


def _doors(view: Callable[..., Any]) -> Iterator[Door]:
    for value in inspect.getclosurevars(view).nonlocals.values():
        if isinstance(value, Door):
            yield value
        elif inspect.isfunction(value):
            yield from _doors(value)


@pytest.mark.torture
def test_nobody_is_kept_out_by_eight_strangers_at_every_slow_address(besieged: Besieged) -> None:
    with ThreadPoolExecutor(MANY * len(SLOW)) as threads:
        asked = [threads.submit(besieged.ask, path, {}) for path in [*SLOW.values()] * MANY]
        try:
            until(lambda: len(besieged.came) == len(asked))
            for path in ("/", f"/shows/{KEY}", f"/transcripts/{KEY}.txt", "/help", "/healthz"):
                assert besieged.ask(path, {}) == 200, path
            assert besieged.ask("/desk/episodes", besieged.keeper) == 200
            assert besieged.ask("/desk", besieged.keeper) == 200
            assert besieged.ask("/desk", besieged.known) == 200
            made_up = ({COOKIE: "x" * 43}, {DEVICE: f"{'x' * 22}.{'0' * 64}"})
            assert [besieged.ask("/desk", each) for each in made_up] == [503, 503]
        finally:
            besieged.go_on.set()
        answers = Counter(each.result() for each in asked)
    most = sum(door._places._initial_value for door in doors(besieged.app))  # type: ignore[attr-defined]
    assert most < THREADS, "who waits leaves threads to all others"
    assert answers[200] >= 44  # those who were let in, or waited
    assert answers[200] + answers[503] == len(asked)


GONE = "index/12: no such folder; `radio index --rebuild` makes it again"
TABLE = "/search/words.csv?q=radio"


class Going(Canned):
    """An index that is deleted after some batches."""

    def __init__(self, batches: int):
        super().__init__(FOUND)
        self.left = batches

    def batches(self, query: str, wanted: SearchOptions, _most: int) -> Iterator[Batch]:
        for _ in range(self.left):
            yield self.search(query, wanted).episodes
        raise SearchError(GONE)


def test_who_asks_for_a_table_as_the_index_goes_is_told_to_come_again(archive: Archive) -> None:
    app = create_app(archive, cast(Index, Going(0)))
    assert app.test_client().get(TABLE).status_code == 503


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nobody_takes_a_table_for_whole_that_was_cut(
    archive: Archive, caplog: pytest.LogCaptureFixture, version: str
) -> None:
    port = free_port()
    server = listen(create_app(archive, cast(Index, Going(3))), "127.0.0.1", port)
    threading.Thread(target=server.run, daemon=True).start()
    with socket.create_connection(("127.0.0.1", port), timeout=LONG) as peer:
        peer.sendall(f"GET {TABLE} HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            while peer.recv(65536):
                pass
    warnings = [each for each in caplog.records if each.levelno >= logging.WARNING]
    (told,) = (each for each in warnings if each.name != "waitress.queue")  # its threads begin
    assert (told.getMessage(), told.exc_info) == (GONE, None)
