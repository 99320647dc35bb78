"""A table whose index goes meanwhile is an error, or ends so that nobody takes it for whole."""

import logging
import socket
import threading
from collections.abc import Iterator
from typing import cast

import pytest

from radio.archive import Archive
from radio.search import EpisodeHits, Index, SearchOptions
from radio.system.errors import SearchError
from radio.web.listening import listen
from radio.web.site import create_app
from tests.patience import LONG
from tests.processes import free_port
from tests.web.views.site import FOUND, Canned

GONE = "index/12: no such folder; `radio index --rebuild` makes it again"
TABLE = "/search/words.csv?q=radio"


class Going(Canned):
    """An index that is deleted after some batches."""

    def __init__(self, batches: int):
        super().__init__(FOUND)
        self.left = batches

    def batches(
        self, query: str, wanted: SearchOptions, _most: int
    ) -> Iterator[tuple[EpisodeHits, ...]]:
        for _ in range(self.left):
            yield self.search(query, wanted).episodes
        raise SearchError(GONE)


def test_who_asks_for_a_table_just_when_the_index_goes_is_told_to_come_again(
    archive: Archive,
) -> None:
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
