"""Files that are opened to be sent are closed, whatever goes wrong before that."""

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

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
WHOLE = {"Range": "bytes=0-"}


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
    def refuse(_cache: Cache, _archive: Archive, _part: Path, path: Path) -> None:
        raise ArchiveError(f"{path}: no space left; free some")

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
    with client.get(address, headers=WHOLE) as whole:
        known, size = whole.headers["ETag"], int(whole.headers["Content-Length"])
    assert client.get(address, headers={"If-None-Match": known}).status_code == 304
    assert client.get(address, headers={"Range": f"bytes={size}-"}).status_code == 416
    with client.head(address) as head:
        assert head.headers["Content-Length"] == str(size)


def test_what_a_test_leaves_open(client: FlaskClient) -> None:
    """Else the garbage collector tells of it in whatever test comes next."""
    answers = [client.get(address, headers=WHOLE) for address in HELD]
    assert {answer.status_code for answer in answers} == {206}
    around: list[object] = [*answers]
    around.append(around)  # it is found by the collector alone
