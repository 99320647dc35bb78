"""Byte ranges: equal to slices, and of the version that is meant."""

import os
import random
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.system.disk import open_beneath
from radio.web.ranges import respond
from tests.samples import STREET, put
from tests.tables import for_each
from tests.web.sites import visit

CONTENT = random.Random(1).randbytes(10_007)
ETAG = '"of-the-content"'


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    (tmp_path / "audio.mp3").write_bytes(CONTENT)
    app = Flask("ranges")

    @app.get("/audio")
    def audio() -> Response:
        return respond(open_beneath(tmp_path, "audio.mp3"), "audio/mpeg", ETAG.strip('"'))

    return app.test_client()


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
PAST = ("bytes=10007-", "bytes=99999-100000")
NO_RANGE = (
    "bytes=0-1,5-6",
    "bytes=" + ",".join(f"{n}-{n}" for n in range(1000)),
    *("bytes=7-5", "bytes=-", "bytes=a-b", f"bytes={'9' * 5000}-", "bytes=٣-٥", "items=0-1", ""),
)


def test_edges(client: FlaskClient) -> None:
    asked = [(each, 206, part) for each, part in EDGES.items()]
    asked += [(each, 416, slice(0, 0)) for each in PAST]
    asked += [(each, 200, slice(0, None)) for each in NO_RANGE]
    for each, status, part in asked:
        first, past, _ = part.indices(len(CONTENT))
        told = {206: f"bytes {first}-{past - 1}/{len(CONTENT)}", 416: f"bytes */{len(CONTENT)}"}
        with client.get("/audio", headers={"Range": each.encode().decode("latin-1")}) as response:
            assert (response.status_code, response.data) == (status, CONTENT[part]), each
            assert response.headers.get("Content-Range") == told.get(status), each
    head = client.head("/audio", headers={"Range": "bytes=0-9"})  # is told of the whole
    assert (head.status_code, head.data, head.headers["Accept-Ranges"]) == (200, b"", "bytes")
    assert head.headers["Content-Length"] == str(len(CONTENT))


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
