"""Sites that only yt-dlp can read: what it gives is taken; it reaches nothing but by our guard."""

import contextlib
import datetime as dt
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from radio.ingest import extractors
from radio.ingest.description import Arrival, Day
from radio.system import sandbox
from radio.system.errors import NoAnswerError, ReaderError
from tests.patience import LONG
from tests.samples import ROOT
from tests.tables import for_each

TRACK: dict[str, Any] = {"id": "123", "extractor_key": "Soundcloud", "title": "LMAD  12"}
TRACK |= {"webpage_url": "https://soundcloud.com/radio/lmad-12", "description": "Avec Zoé."}
TRACK |= {"thumbnail": "https://i1.sndcdn.com/artworks.jpg", "tags": ["surveillance"]}
TRACK["upload_date"] = "20240116"
STREAM = {"url": "https://a.example/x.m3u8", "protocol": "m3u8_native", "acodec": "mp3"}
MP3 = {"url": "https://a.example/x.mp3", "protocol": "https", "acodec": "mp3", "vcodec": "none"}
VIDEO = {"url": "https://a.example/x.mp4", "protocol": "https", "acodec": "aac", "vcodec": "h264"}
UPLOAD = {"url": "https://a.example/x.wav", "protocol": "https", "format_id": "download"}


@for_each(
    ("formats", "chosen"),
    [
        ([STREAM, MP3, VIDEO], MP3),
        ([MP3, UPLOAD, STREAM], UPLOAD),
        ([{**MP3, "abr": 64}, {**MP3, "abr": 128}], {**MP3, "abr": 128}),
        ([VIDEO], VIDEO),
        ([STREAM], None),
        ([{**VIDEO, "acodec": "none"}], None),
        ([], None),
    ],
)
def test_the_upload_is_taken_else_the_best_sound(
    formats: list[dict[str, Any]], chosen: dict[str, Any] | None
) -> None:
    assert extractors.choose(formats) == chosen


def test_a_list_gives_recordings_and_each_its_sound_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child answers here as it does for a site, which none of ours can be."""
    entry = {"ie_key": "Soundcloud", "id": "123", "url": TRACK["webpage_url"]}
    answers: dict[str, Any] = {
        "https://soundcloud.com/radio": {"entries": [entry], "formats": []},
        TRACK["webpage_url"]: {**TRACK, "formats": [{**MP3, "ext": "mp3"}]},
    }
    monkeypatch.setattr(sandbox, "call", lambda _target, address, **_limits: answers[address])
    (found,) = extractors.arrivals("https://soundcloud.com/radio")
    assert isinstance(found, Arrival)
    assert (found.place, found.said.guid) == (TRACK["webpage_url"], "soundcloud:123")
    taken = extractors.resolve(found)
    assert (taken.place, taken.name) == (MP3["url"], "LMAD 12.mp3")
    assert (taken.said.title, taken.said.text) == ("LMAD 12", "Avec Zoé.")
    assert taken.said.day == Day(dt.date(2024, 1, 16))
    assert taken.said.guid == found.said.guid  # by which the next run knows it
    assert not taken.is_page


def test_a_video_of_peertube_is_known_by_its_page_wherever_it_lies() -> None:
    page = b'<meta property="og:platform" content="PeerTube" />'
    place = "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv"
    assert extractors.is_video(place, page)
    assert not extractors.is_video(place, b"<p>PeerTube")
    assert not extractors.is_video("https://tube.example/about", page)
    assert extractors.asked_for("https://soundcloud.com/w/x") == "https://soundcloud.com/w/x"


@pytest.fixture
def canary() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and who came to it."""
    came: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    peer, who = server.accept()
                    came.append(who)
                    peer.close()

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)


CHILD = """
import json, socket, subprocess, sys, urllib.request
port, addresses, found = int(sys.argv[1]), sys.argv[2:], []
here = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
socket.getaddrinfo = lambda *_asked, **_more: here  # every name leads to this machine
from radio.ingest import extractors

def attempt(act):
    try:
        act()
        found.append("done")
    except BaseException as error:
        found.append(type(error).__name__)

for address in addresses:
    attempt(lambda: extractors.extract(address, lambda _done: None))
with extractors._guarded():
    attempt(lambda: urllib.request.urlopen(f"http://radio.example:{port}/", timeout=5))
    attempt(lambda: socket.create_connection(("127.0.0.1", port), 5))
    attempt(lambda: socket.socket().connect(("127.0.0.1", port)))
    attempt(lambda: socket.socket().connect_ex(("127.0.0.1", port)))
    attempt(lambda: subprocess.run(["true"]))
print(json.dumps(found))
"""


def reach(port: int, *addresses: str) -> list[str]:
    """Have yt-dlp read addresses, then try other ways out: the errors of each."""
    code = [sys.executable, "-c", CHILD, str(port), *addresses]
    run = subprocess.run(code, capture_output=True, text=True, check=True, cwd=ROOT, timeout=LONG)
    return list(json.loads(run.stdout.splitlines()[-1]))


ADDRESSES = (
    "https://soundcloud.com/radio/lmad-12",
    "https://www.mixcloud.com/radio/lmad-12/",
    "peertube:127.0.0.1:kkGMgK9ZtnKfYAgnEtQxbv",
    "https://shows.acast.com/radio/episodes/12",
    "http://radio.example/son.mp3",  # which only the generic extractor would read
    "file:///etc/passwd",
)


def test_yt_dlp_reaches_no_canary_unless_a_keeper_allows_it(
    canary: tuple[int, list[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    port, came = canary
    found = reach(port, *ADDRESSES)
    assert found[: len(ADDRESSES)] == ["NoAnswerError"] * len(ADDRESSES)
    assert "done" not in found
    assert came == []
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "shows.acast.com feeder.acast.com")
    reach(port, ADDRESSES[3])
    assert came  # so the silence above proves something


def test_a_site_out_of_reach_or_a_lack_of_yt_dlp_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADIO_PROXY", "socks5h://127.0.0.1:1")  # where nobody listens
    with pytest.raises(NoAnswerError, match=r"acast\.com"):
        list(extractors.arrivals(ADDRESSES[3]))
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ReaderError, match=r"pip install 'radio-archive\[sites\]'"):
        list(extractors.arrivals(ADDRESSES[3]))
