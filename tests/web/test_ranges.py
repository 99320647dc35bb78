"""Byte ranges: equal to slices, of plain files alone, and of the version that is meant."""

import os
import random
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.system.disk import open_beneath
from radio.system.errors import NotFoundError
from radio.web import ranges
from radio.web.ranges import FilePart
from tests.samples import STREET, put
from tests.tables import for_each
from tests.web.sites import visit

CONTENT = random.Random(1).randbytes(10_007)
ETAG = '"of-the-content"'


@pytest.fixture
def media(tmp_path: Path) -> Path:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "audio.mp3").write_bytes(CONTENT)
    return tmp_path


@pytest.fixture
def client(media: Path) -> FlaskClient:
    app = Flask("ranges")

    @app.get("/audio")
    def audio() -> Response:
        file = open_beneath(media, "show", "audio.mp3")
        return ranges.respond(file, "audio/mpeg", ETAG.strip('"'))

    return app.test_client()


def test_300_random_ranges_are_slices(client: FlaskClient) -> None:
    chance = random.Random(20)
    for _ in range(300):
        start, last = sorted(chance.randrange(len(CONTENT)) for _ in range(2))
        with client.get("/audio", headers={"Range": f"bytes={start}-{last}"}) as response:
            assert response.status_code == 206
            assert response.data == CONTENT[start : last + 1]
            assert response.headers["Content-Range"] == f"bytes {start}-{last}/{len(CONTENT)}"
            assert response.headers["Content-Length"] == str(last + 1 - start)


EDGES = {
    "bytes=0-": slice(0, None),
    "bytes=0-0": slice(0, 1),
    "bytes=-1": slice(-1, None),
    "bytes=-500": slice(-500, None),
    "bytes=-99999": slice(0, None),
    "bytes=10000-99999": slice(10_000, None),
    "bytes=10006-": slice(10_006, None),
    "BYTES= 5-7 ": slice(5, 8),
}
PAST = ("bytes=10007-", "bytes=99999-100000", "bytes=-0")
NO_RANGE = (
    "bytes=0-1,5-6",
    "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)),
    *("bytes=7-5", "bytes=-", "bytes=a-b", f"bytes={'9' * 5000}-", "bytes=٣-٥", "items=0-1", ""),
)


def test_edges(client: FlaskClient) -> None:
    asked = [(each, 206, CONTENT[part]) for each, part in EDGES.items()]
    asked += [(each, 416, b"") for each in PAST]
    asked += [(each, 200, CONTENT) for each in NO_RANGE]
    for each, status, content in asked:
        with client.get("/audio", headers={"Range": each.encode().decode("latin-1")}) as response:
            assert (response.status_code, response.data) == (status, content), each
            if status == 416:
                assert response.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


CONDITIONS = [
    ({"Range": "bytes=10-19", "If-Range": ETAG}, 206),
    ({"Range": "bytes=10-19", "If-Range": '"of-an-older-file"'}, 200),
    ({"Range": "bytes=10-19", "If-Range": f"W/{ETAG}"}, 200),
    ({"Range": "bytes=10-19", "If-Range": "Tue, 16 Jan 2024 20:00:00 GMT"}, 200),
    *(({"If-None-Match": known}, 304) for known in (ETAG, f"W/{ETAG}", f'"other", {ETAG}', "*")),
]


@for_each(("headers", "status"), CONDITIONS)
def test_conditions(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    with client.get("/audio", headers=headers) as response:
        given = {200: CONTENT, 206: CONTENT[10:20], 304: b""}[status]
        assert (response.status_code, response.data) == (status, given)
        assert response.headers["ETag"] == ETAG


def test_who_asks_for_the_head_is_told_of_the_whole(client: FlaskClient) -> None:
    with client.head("/audio", headers={"Range": "bytes=0-9"}) as response:
        assert (response.status_code, response.data) == (200, b"")
        assert response.headers["Content-Length"] == str(len(CONTENT))
        assert response.headers["Accept-Ranges"] == "bytes"


def test_parts_of_files_are_read_as_one_file(media: Path) -> None:
    file = open_beneath(media, "show", "audio.mp3")
    with ranges.Parts(FilePart(file, 100, 300), FilePart(file, 1000, 1050)) as parts:
        assert parts.seek(0, os.SEEK_END) == 250
        assert parts.seek(-55, os.SEEK_CUR) == 195
        assert parts.read() == CONTENT[295:300] + CONTENT[1000:1050]
        assert parts.read(5) == b""
        assert parts.seek(0) == 0
        assert parts.read(5) == CONTENT[100:105]


def test_only_plain_files_beneath_the_folder(media: Path) -> None:
    outside = media.parent / f"{media.name}-outside"
    outside.mkdir()
    (outside / "audio.mp3").write_bytes(b"secret")
    (media / "show" / "link.mp3").symlink_to(outside / "audio.mp3")
    (media / "linked").symlink_to(outside)
    os.mkfifo(media / "show" / "pipe.mp3")
    (media / "show" / "folder.mp3").mkdir()
    with pytest.raises(NotFoundError):
        open_beneath(media, "linked", "audio.mp3")
    for name in ("link", "pipe", "folder", "none"):
        with pytest.raises(NotFoundError):
            open_beneath(media, "show", f"{name}.mp3")


MEDIA = f"/media/emission/{STREET}.mp3"
DAY = 1_700_000_000  # 14 November 2023, 22:13:20
WRITTEN = "Tue, 14 Nov 2023 22:13:20 GMT"
BEFORE = "Tue, 14 Nov 2023 22:13:19 GMT"
AFTER = "Wed, 15 Nov 2023 00:00:00 GMT"


@pytest.fixture
def visitor(archive: Archive) -> FlaskClient:
    os.utime(archive.audio_path(put(archive, STREET)), (DAY, DAY))
    return visit(archive)


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
def test_by_date_it_is_sent_once(visitor: FlaskClient, asked: dict[str, str], status: int) -> None:
    with visitor.get(MEDIA, headers=asked) as answer:
        assert answer.status_code == status
        assert answer.headers["ETag"]
        assert status == 304 or answer.headers["Last-Modified"] == WRITTEN


def test_a_date_of_this_second_names_no_bytes(archive: Archive, visitor: FlaskClient) -> None:
    path = archive.media / "emission" / f"{STREET}.mp3"
    os.utime(path, (2**32, 2**32))
    with visitor.get(MEDIA) as answer:
        date = answer.headers["Last-Modified"]
    with visitor.get(MEDIA, headers={"If-Range": date, "Range": "bytes=0-9"}) as answer:
        assert answer.status_code == 200, "it may be changing still"
