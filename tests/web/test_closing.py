"""Files that are opened to be sent are closed, whatever goes wrong before that."""

import gc
import warnings
from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.derived.cache import Cache
from radio.system.errors import ArchiveError
from tests.samples import CITY
from tests.tables import for_each
from tests.web.sites import visit

EPISODE = f"/download/emission/{CITY}"
MADE = (f"{EPISODE}.mp3", f"{EPISODE}.epub", "/download/archive.zip")
HELD = (*MADE, f"/media/emission/{CITY}.mp3")


@pytest.fixture
def client(stocked: Archive) -> FlaskClient:
    return visit(stocked)


@pytest.fixture(autouse=True)
def nothing_left_open() -> Iterator[None]:
    """Ask of Python which files it had to close by itself."""
    gc.collect()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        yield
        gc.collect()
    assert [str(each.message) for each in told if each.category is ResourceWarning] == []


@pytest.mark.parametrize("address", MADE)
def test_a_full_disk(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    refuse = Mock(side_effect=ArchiveError("no space left; free some"))
    monkeypatch.setattr(Cache, "keep", refuse)
    assert client.get(address).status_code == 500


@pytest.mark.parametrize("address", MADE)
def test_what_was_kept_and_is_damaged(client: FlaskClient, stocked: Archive, address: str) -> None:
    client.get(address).close()
    for folder in (stocked.cache / name for name in ("downloads", "books", "bags")):
        for path in folder.rglob("*.*"):
            path.write_bytes(b"?")
    assert client.get(address).status_code == 500


@for_each("address", HELD)
def test_what_is_answered_without_it(client: FlaskClient, address: str) -> None:
    with client.get(address, headers={"Range": "bytes=0-"}) as whole:
        known, size = whole.headers["ETag"], int(whole.headers["Content-Length"])
    assert client.get(address, headers={"If-None-Match": known}).status_code == 304
    assert client.get(address, headers={"Range": f"bytes={size}-"}).status_code == 416
    with client.head(address) as head:
        assert head.headers["Content-Length"] == str(size)
