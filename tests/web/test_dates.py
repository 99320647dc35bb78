"""Recordings asked for by date, as programs that keep copies do: nothing is taken twice."""

import os
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app
from tests.processes import running
from tests.samples import STREET, put
from tests.tables import for_each

MEDIA = f"/media/emission/{STREET}.mp3"
DAY = 1_700_000_000  # 14 November 2023, 22:13:20
WRITTEN = "Tue, 14 Nov 2023 22:13:20 GMT"
BEFORE = "Tue, 14 Nov 2023 22:13:19 GMT"
AFTER = "Wed, 15 Nov 2023 00:00:00 GMT"


@pytest.fixture
def dated(archive: Archive) -> Archive:
    """An archive whose recording was last written on that day."""
    path = archive.audio_path(put(archive, STREET))
    os.utime(path, (DAY, DAY))
    return archive


@pytest.fixture
def client(dated: Archive) -> FlaskClient:
    return create_app(dated, Index(dated)).test_client()


def test_a_recording_says_when_it_was_written(client: FlaskClient) -> None:
    for method in ("GET", "HEAD"):
        with client.open(MEDIA, method=method) as answer:
            assert answer.headers["Last-Modified"] == WRITTEN


@for_each(
    ("asked", "status"),
    [
        ({"If-Modified-Since": WRITTEN}, 304),
        ({"If-Modified-Since": AFTER}, 304),
        ({"If-Modified-Since": BEFORE}, 200),
        ({"If-Modified-Since": "hier"}, 200),
        ({"If-Modified-Since": AFTER, "If-None-Match": '"another"'}, 200),
        ({"If-Modified-Since": BEFORE, "If-None-Match": "*"}, 304),
        ({"If-Range": WRITTEN, "Range": "bytes=10-19"}, 206),
        ({"If-Range": BEFORE, "Range": "bytes=10-19"}, 200),
        ({"If-Range": AFTER, "Range": "bytes=10-19"}, 200),
        ({"If-Range": WRITTEN, "Range": "bytes=99999999-"}, 416),
    ],
)
def test_who_has_it_by_its_date_is_not_sent_it_again(
    client: FlaskClient, asked: dict[str, str], status: int
) -> None:
    with client.get(MEDIA, headers=asked) as answer:
        assert answer.status_code == status
        assert answer.headers["ETag"]
        assert status == 304 or answer.headers["Last-Modified"] == WRITTEN


def test_a_date_of_this_second_names_no_bytes(dated: Archive, client: FlaskClient) -> None:
    path = dated.media / "emission" / f"{STREET}.mp3"
    os.utime(path, (2**32, 2**32))
    with client.get(MEDIA) as answer:
        date = answer.headers["Last-Modified"]
    with client.get(MEDIA, headers={"If-Range": date, "Range": "bytes=0-9"}) as answer:
        assert answer.status_code == 200, "it may be changing still"


def test_wget_takes_nothing_again(dated: Archive, tmp_path: Path) -> None:
    wget = shutil.which("wget")
    assert wget, "install wget: make system"
    with running("serve", "--root", str(dated.root), idle=dated.root) as site:
        urllib.request.urlopen(f"{site}{MEDIA}").close()
        command = [wget, "-N", "-S", "-P", str(tmp_path / "copy"), f"{site}{MEDIA}"]
        first = subprocess.run(command, capture_output=True, text=True, check=True)
        again = subprocess.run(command, capture_output=True, text=True, check=True)
    copy = tmp_path / "copy" / f"{STREET}.mp3"
    assert copy.read_bytes() == (dated.media / "emission" / f"{STREET}.mp3").read_bytes()
    assert int(copy.stat().st_mtime) == DAY
    assert "200 OK" in first.stderr
    assert "HTTP/1.1 304 " in again.stderr
    assert "Length:" not in again.stderr
