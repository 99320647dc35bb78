"""Many strangers at once keep out neither a listener nor a keeper; what breaks is not whole."""

import functools
import inspect
import logging
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask, request

from radio.archive import Archive
from radio.system.errors import SearchError
from radio.web import site
from radio.web.gate import COOKIE, DEVICE
from radio.web.limits import Door, hang_doors
from radio.web.listening import THREADS
from radio.web.site import create_app
from tests.patience import LONG, until
from tests.samples import STREET, put
from tests.servers import get
from tests.web.desks import enrol, listening
from tests.web.sites import visit
from tests.web.views.site import FOUND, Batch, Canned

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


def ask(port: int, path: str, **cookies: str) -> int:
    return get(port, path, Cookie="; ".join(f"{name}={it}" for name, it in cookies.items()))[0]


@pytest.fixture
def siege(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Have slow views take until it ends, for strangers, who show nothing."""
    over = threading.Event()

    def held(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def slow(**values: object) -> Any:
            if not request.cookies:
                over.wait(LONG)
            return view(**values)

        return slow

    def hang(app: Flask) -> None:
        for name in SLOW:
            app.view_functions[name] = held(app.view_functions[name])
        hang_doors(app)
        for door in doors(app):
            door._seconds *= LONG  # however slow all the others are

    monkeypatch.setattr(site, "hang_doors", hang)
    yield over
    over.set()


def doors(app: Flask) -> set[Door]:
    return {door for view in app.view_functions.values() for door in _doors(view)}


def _doors(view: Callable[..., Any]) -> Iterator[Door]:
    for value in inspect.getclosurevars(view).nonlocals.values():
        if isinstance(value, Door):
            yield value
        elif inspect.isfunction(value):
            yield from _doors(value)


@pytest.mark.torture
def test_nobody_is_kept_out_by_eight_strangers_at_every_slow_address(
    archive: Archive, siege: threading.Event
) -> None:
    put(archive, STREET)
    session, app, came = enrol(archive), visit(archive, "http://127.0.0.1").application, list[str]()
    app.before_request(lambda: came.append(""))
    port, known = listening(app), app.extensions["desk"].device(session)
    with ThreadPoolExecutor(8 * len(SLOW)) as threads:
        asked = [threads.submit(ask, port, path) for path in [*SLOW.values()] * 8]
        try:
            until(lambda: len(came) == len(asked))
            for path in ("/", f"/shows/{KEY}", f"/transcripts/{KEY}.txt", "/help", "/healthz"):
                assert ask(port, path) == 200, path
            assert ask(port, "/desk/episodes", **{COOKIE: session}) == 200
            assert ask(port, "/desk", **{COOKIE: session}) == 200
            assert ask(port, "/desk", **{DEVICE: known}) == 200
            made_up = ({COOKIE: "x" * 43}, {DEVICE: f"{'x' * 22}.{'0' * 64}"})
            assert [ask(port, "/desk", **each) for each in made_up] == [503, 503]
        finally:
            siege.set()
        answers = Counter(each.result() for each in asked)
    most = sum(door._places._initial_value for door in doors(app))  # type: ignore[attr-defined]
    assert most < THREADS, "who waits leaves threads to all others"
    assert answers[200] >= 44  # those who were let in, or waited
    assert answers[200] + answers[503] == len(asked)


GONE = "index/12: no such folder; `radio index --rebuild` rebuilds it"
TABLE = "/search/words.csv?q=radio"


def going(batches: int) -> Any:
    """An index that is deleted after some batches."""

    def give(*_: object) -> Iterator[Batch]:
        yield from [FOUND.episodes] * batches
        raise SearchError(GONE)

    return Mock(wraps=Canned(FOUND), batches=give)


def test_who_asks_for_a_table_as_the_index_goes_is_told_to_come_again(archive: Archive) -> None:
    app = create_app(archive, going(0))
    assert app.test_client().get(TABLE).status_code == 503


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_nobody_takes_a_table_for_whole_that_was_cut(
    archive: Archive, caplog: pytest.LogCaptureFixture, version: str
) -> None:
    port = listening(create_app(archive, going(3)))
    with socket.create_connection(("127.0.0.1", port), timeout=LONG) as peer:
        peer.sendall(f"GET {TABLE} HTTP/{version}\r\nHost: x\r\n\r\n".encode())
        with pytest.raises(ConnectionResetError):
            while peer.recv(65536):
                pass
    warnings = [each for each in caplog.records if each.levelno >= logging.WARNING]
    (told,) = (each for each in warnings if each.name != "waitress.queue")  # its threads begin
    assert (told.getMessage(), told.exc_info) == (GONE, None)
