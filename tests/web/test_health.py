"""The site says whether it can do its work, and never who asked it for what."""

import contextlib
import http.client
import socket
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from radio.archive import Archive
from radio.archive.holdings import episodes
from radio.search import Index
from radio.web.listening import listen
from radio.web.site import create_app
from tests.patience import until
from tests.processes import free_port, serving
from tests.samples import STREET, put, street
from tests.servers import get
from tests.web.desks import OWN
from tests.web.sites import visit

ADDRESS, ASKED, BROWSER = "203.0.113.77", "canari secret", "Canari/1.0"
TOLD = {"X-Forwarded-For": ADDRESS, "X-Real-IP": ADDRESS, "Forwarded": f"for={ADDRESS}"}
PAGES = (
    *("/", "/nowhere", "/search", "/desk", "/healthz"),
    *(f"/desk/feed/{quote(ASKED)}.xml", f"/shows/{quote(ASKED)}"),
    *(f"/shows/emission/{STREET}", f"/media/emission/{STREET}.mp3"),
)


COUNTED = (
    *(f'radio_answers_total{{kind="{each}",status="200"}}' for each in ("pages", "files")),
    *('radio_answer_seconds_count{kind="pages"}', 'radio_answers_total{kind="none",status="404"}'),
    *("radio_failures 0.0", "radio_episodes 1.0"),
)


def test_neither_the_journal_nor_the_counts_have_who_asked_or_what(tmp_path: Path) -> None:
    archive, port = street(tmp_path / "archive"), free_port()
    kept, headers = tmp_path / "journal", {"User-Agent": BROWSER, "Referer": f"https://{BROWSER}"}
    with (
        kept.open("wb") as journal,
        serving(
            *("serve", "--root", str(archive.root), "--metrics", str(port)),
            output=journal,
            idle=archive.root,
        ) as server,
    ):

        def ask(method: str, path: str, **more: str) -> int:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            with contextlib.closing(connection):
                connection.request(method, path, headers=headers | TOLD | more)
                return connection.getresponse().status

        query = f"?q={quote(ASKED)}&t={quote(ASKED)}"
        assert {ask("GET", path + query) for path in PAGES} >= {200, 404}
        assert ask("POST", "/desk" + query, **{"Sec-Fetch-Site": "cross-site"}) in (403, 404, 405)
        assert ask("GET", "/" + query, Range="bytes=9-1", Host=f"<{BROWSER}>") == 400
        for begun in (
            f"GET /{quote(ASKED)} HTTP/9\r\n",
            f"{quote(ASKED)}\r\n\r\n",
            f"GET /{query}",
        ):
            with socket.create_connection(("127.0.0.1", server.port)) as rude:
                rude.sendall(f"{begun}\r\nX: {ADDRESS}\r\n\r\n".encode())
        counts = get(port, "/metrics")[1].decode()
        with pytest.raises(OSError, match="refused"):  # who is not this machine
            socket.create_connection(("127.0.0.2", port))
        archive.audio_path(episodes(archive)[0]).unlink()
        archive.sidecar_path(episodes(archive)[0].key).write_text("{")  # what fails is told
        assert ask("GET", f"/shows/emission/{STREET}{query}") == 404
    assert [each for each in COUNTED if each not in counts] == []
    assert [each for each in (ADDRESS, "canari", STREET, "emission") if each in counts] == []
    said = kept.read_text(encoding="utf-8", errors="replace")
    assert f"{STREET}.json" in said
    assert [each for each in (ADDRESS, "canari", "Canari", "127.0.0.1:") if each in said] == [
        "127.0.0.1:"  # the address of the site, at its beginning
    ]


def test_a_failure_is_told_without_what_was_asked(
    archive: Archive, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(archive, Index(archive))

    def fail(**_values: object) -> None:
        raise ValueError(ASKED)

    monkeypatch.setitem(app.view_functions, "pages.home", fail)
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().get(f"/?q={ASKED}", headers=TOLD | OWN)
    assert answer.status_code == 500
    assert "GET pages.home: ValueError" in caplog.text and "test_health.py" in caplog.text
    assert [each for each in (ASKED, ADDRESS) if each in caplog.text] == []


def test_an_answer_that_breaks_off_is_told_without_what_was_asked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_environ: object, _start: object) -> list[bytes]:
        raise ValueError(ASKED)

    port = free_port()
    threading.Thread(target=listen(fail, "127.0.0.1", port).run, daemon=True).start()
    assert get(port, f"/{quote(ASKED)}")[0] == 500
    told = until(lambda: caplog.text)
    assert "ValueError" in told and "test_health.py" in told and "canari" not in told


def test_the_site_is_well_only_as_long_as_it_can_read_the_archive(archive: Archive) -> None:
    client = visit(archive)
    assert (client.get("/healthz").text, client.get("/healthz").status_code) == ("ok", 200)
    put(archive, STREET)
    (archive.cache / "inventory.txt").write_text(f"media/emission/{STREET}.json\n")
    archive.media.rename(archive.root / "away")
    for _each in range(2):
        answer = client.get("/healthz")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
        archive.media.mkdir(exist_ok=True)  # the folder on which a disk is mounted
