"""A site behind a real nginx that keeps pages for a second and sends the recordings. 6 s."""

import dataclasses
import http.client
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio.archive import Archive
from tests.processes import free_port, proxied, running
from tests.samples import CITY, DEMO, ROOT, STREET

SHOW = "emission"
DEPLOY = ROOT / "deploy" / "nginx"
PAGES = ("/", f"/shows/{SHOW}/", f"/shows/{SHOW}/{STREET}", "/feed.xml", "/catalogue")
ROUNDS = 40  # of all pages, within some seconds
Answer = tuple[int, http.client.HTTPMessage, bytes]
pytestmark = pytest.mark.long


@dataclasses.dataclass(frozen=True)
class Front:
    port: int
    archive: Archive

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content


@pytest.fixture
def front(stocked: Archive, tmp_path: Path) -> Iterator[Front]:
    port, texts = free_port(), {path.stem: path.read_text("utf-8") for path in DEPLOY.iterdir()}
    media, pages = stocked.root / "media", tmp_path / "pages"
    with running("serve", "--root", str(stocked.root), RADIO_SENDFILE="/sounds/") as inner:
        for old, new in (
            ("http://127.0.0.1:8000", inner),
            ("/srv/radio/media", str(media)),
            ("/run/radio-pages", str(pages)),
            (" $radio_onion", " ''"),
        ):
            texts = {name: text.replace(old, new) for name, text in texts.items()}
        texts["cache"] += "add_header Kept $upstream_cache_status;"
        servers = f"""{texts["zone"]}
            server {{ listen 127.0.0.1:{port};
            location / {{ {texts["snippet"]} {texts["cache"]} }}
            location ~ ^/(media|download|clips)/ {{ {texts["snippet"]} }}
            {texts["sounds"]} }}"""
        with proxied(tmp_path, servers, f"http://127.0.0.1:{port}/healthz"):
            yield Front(port, stocked)


def test_nearly_all_pages_come_from_nginx_and_a_withdrawal_is_gone_in_two_seconds(
    front: Front,
) -> None:
    began = time.monotonic()
    kept = [front.ask(path)[1]["Kept"] for _ in range(ROUNDS) for path in PAGES]
    asked = len(kept) - kept.count("HIT")  # of the archive: 5 of 200 on a quiet machine
    assert asked <= len(PAGES) * (2 + time.monotonic() - began)
    key = f"{SHOW}/{STREET}"
    front.archive.write_episode(
        dataclasses.replace(front.archive.episode(key), status="withdrawn", reason="demandé")
    )
    until = time.monotonic() + 2
    while time.monotonic() < until:
        front.ask(f"/shows/{key}")  # others go on asking
    assert front.ask(f"/shows/{key}")[0] == 410
    assert front.ask(f"/media/{key}.mp3")[0] == 410
    assert STREET not in front.ask("/feed.xml")[2].decode()


def test_nginx_keeps_nothing_that_somebody_typed_or_that_is_the_desks(
    front: Front, tmp_path: Path
) -> None:
    for path in ("/search?q=secret", "/suggest?q=secret", "/desk", "/healthz"):
        assert [front.ask(path)[1]["Kept"] for _ in range(2)] == ["MISS", "MISS"], path
    assert front.ask("/", Cookie="a=b")[1]["Kept"] == "BYPASS"
    asked = ["grep", "-r", "-c", "secret", str(tmp_path / "pages")]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    assert not re.search(r":[1-9]", found)


def test_nginx_sends_the_recordings_that_the_archive_lets_be_heard(front: Front) -> None:
    path, content = f"/media/{SHOW}/{CITY}.mp3", (DEMO / f"{CITY}.mp3").read_bytes()
    status, headers, body = front.ask(path)
    assert (status, body == content, headers["Content-Type"]) == (200, True, "audio/mpeg")
    assert headers["X-Accel-Redirect"] is None
    assert "sandbox" in headers["Content-Security-Policy"]
    status, headers, body = front.ask(path, Range="bytes=1000-1999")
    assert (status, body == content[1000:2000]) == (206, True)
    assert front.ask(path, **{"If-None-Match": headers["ETag"]})[0] == 304
    assert "attachment" in front.ask(f"{path}?download=1")[1]["Content-Disposition"]
    assert front.ask(f"/sounds/{SHOW}/{CITY}.mp3")[0] == 404  # nobody goes around the archive
