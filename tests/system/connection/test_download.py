"""A recording arrives whole, whatever happens on the way, and is not fetched twice."""

import base64
import contextlib
import gzip
import hashlib
import itertools
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from radio.system.connection import download, fetch
from radio.system.connection.fetch import Web
from radio.system.errors import ArchiveError, NoAnswerError, RadioError, RefusedError
from tests.patience import until
from tests.servers import CHUNKED, OK, PLAIN, Act, forever, serving
from tests.tables import for_each

SOUND = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(310_000)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "PAUSES", (0.01, 0.01))
    monkeypatch.delenv("RADIO_PROXY", raising=False)
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")


@dataclass
class Host:
    """A host of recordings; each answer is cut after so many bytes, the last one is whole."""

    content: bytes = SOUND
    etag: str = '"1"'
    modified: str = ""
    cuts: list[int] = field(default_factory=list)
    ranges: bool = True
    more: tuple[str, ...] = ()
    asked: list[str] = field(default_factory=list)

    def __call__(self, path: str) -> Iterator[bytes]:
        question = self.asked[-1]
        found = re.search(r"Range: bytes=(\d+)-\r\nIf-Range: (.*)\r", question)
        start, status = 0, "200 OK"
        headers = [f"ETag: {self.etag}", f"Last-Modified: {self.modified}", *self.more]
        if self.ranges and found and found[2] in (self.etag, self.modified):
            start, whole = int(found[1]), len(self.content)
            if start >= whole:
                yield f"HTTP/1.1 416 x\r\nContent-Range: bytes */{whole}\r\n\r\n".encode()
                return
            status = "206 x"
            headers.append(f"Content-Range: bytes {start}-{whole - 1}/{whole}")
        rest = self.content[start:]
        headers.append(f"Content-Length: {len(rest)}")
        yield "\r\n".join([f"HTTP/1.1 {status}", *headers, "\r\n"]).encode()
        yield rest[: self.cuts.pop(0)] if self.cuts else rest

    def starts(self) -> list[int]:
        found = (re.search(r"Range: bytes=(\d+)-", each) for each in self.asked)
        return [int(each[1]) if each else 0 for each in found]


def fetched(host: Host, part: Path) -> bytes:
    with serving(host, asked=host.asked) as url, Web() as web:
        assert web.download(f"{url}/a.mp3", part).status == 200
    assert [each.name for each in part.parent.iterdir()] == [part.name]
    return part.read_bytes()


def refuse(act: Act, part: Path, kind: type[RadioError], told: str) -> None:
    asked = act.asked if isinstance(act, Host) else None
    with serving(act, asked=asked) as url, Web() as web, pytest.raises(kind, match=told):
        web.download(f"{url}/a.mp3", part)


@pytest.mark.parametrize(("etag", "modified"), [('"1"', ""), ('W/"1"', "Tue, 1 Feb 2022")])
def test_a_cut_download_goes_on_from_there(etag: str, modified: str, tmp_path: Path) -> None:
    host = Host(cuts=[100_000, 50_000], etag=etag, modified=modified)
    assert fetched(host, tmp_path / ".a.part") == SOUND
    assert host.starts() == [0, 100_000, 150_000]


@contextlib.contextmanager
def cut_thrice(host: Host, part: Path) -> Iterator[tuple[str, Web]]:
    """Begin to download what is cut each time; give the address of the host, and who may go on."""
    host.cuts = [10, 10, 10]
    with serving(host, asked=host.asked) as url, Web() as web:
        with pytest.raises(NoAnswerError, match="before the end"):
            web.download(f"{url}/a.mp3", part)
        yield url, web


def test_the_next_run_goes_on(tmp_path: Path) -> None:
    part, host, told = tmp_path / ".a.part", Host(), list[float]()
    with cut_thrice(host, part) as (url, _web), Web() as web:
        web.download(f"{url}/a.mp3", part, told.append)
    assert part.read_bytes() == SOUND
    assert host.starts() == [0, 10, 20, 30]
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize(("ranges", "etag"), [(True, '"2"'), (False, '"2"'), (True, '"1"')])
def test_a_changed_file_is_begun_anew(ranges: bool, etag: str, tmp_path: Path) -> None:
    """Also one of another length under the same ETag: it is never sewn together."""
    part, host = tmp_path / ".a.part", Host(ranges=ranges)
    with cut_thrice(host, part) as (url, web):
        host.content, host.etag = OTHER, etag
        web.download(f"{url}/a.mp3", part)
    assert part.read_bytes() == OTHER


def test_the_part_of_another_address_is_not_gone_on_with(tmp_path: Path) -> None:
    part, host = tmp_path / ".a.part", Host()
    with cut_thrice(host, part) as (url, web):
        web.download(f"{url}/b.mp3", part)
    assert host.starts() == [0, 10, 20, 0]


def test_what_was_whole_when_the_run_was_killed_is_not_fetched_again(tmp_path: Path) -> None:
    part, host = tmp_path / ".a.part", Host()
    with cut_thrice(host, part) as (url, web):
        part.write_bytes(SOUND)
        web.download(f"{url}/a.mp3", part)
        assert host.starts()[3:] == [len(SOUND)]
        assert part.read_bytes() == SOUND
    (tmp_path / ".a.part.note").write_text("{")
    assert fetched(Host(), part) == SOUND


@pytest.mark.parametrize(
    ("kind", "name"),
    [("Digest", "sha-256={}"), ("Repr-Digest", "sha-256=:{}:"), ("Content-MD5", "{}")],
)
def test_bytes_of_another_digest_are_not_taken(kind: str, name: str, tmp_path: Path) -> None:
    work = hashlib.md5 if kind == "Content-MD5" else hashlib.sha256
    right, wrong = (base64.b64encode(work(each).digest()).decode() for each in (SOUND, OTHER))
    good = Host(more=(f"{kind}: {name.format(right)}",))
    assert fetched(good, tmp_path / "good" / ".a.part") == SOUND
    part = tmp_path / "bad" / ".a.part"
    refuse(Host(more=(f"{kind}: {name.format(wrong)}",)), part, NoAnswerError, "fingerprint")
    assert not part.exists()


@for_each("status", [404, 410])
def test_what_is_gone_is_told(status: int, tmp_path: Path) -> None:
    head = f"HTTP/1.1 {status} x\r\nContent-Length: 3\r\n\r\nno!".encode()
    with serving(lambda _: iter([head])) as url, Web() as web:
        assert web.download(url, tmp_path / ".a.part").status == status
    assert list(tmp_path.iterdir()) == []


def test_what_could_not_be_gone_on_with_is_not_kept(tmp_path: Path) -> None:
    part, host = tmp_path / ".a.part", Host(etag="")
    with cut_thrice(host, part):
        assert host.starts() == [0, 0, 0]
    assert list(tmp_path.iterdir()) == []
    with serving(lambda _: iter([PLAIN, SOUND])) as url, Web() as web:
        web.download(url, part)  # without a length, what came is taken
    assert part.read_bytes() == SOUND


LYING: dict[str, tuple[Act, str]] = {
    "sent as gzip": (
        lambda _: iter([OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(SOUND)]),
        "compressed",
    ),
    "larger than a disk": (lambda _: iter([OK + b"Content-Length: 999999999999999\r\n\r\n"]), "GB"),
    "chunks without end": (
        lambda _: itertools.chain([CHUNKED], forever(b"ffff\r\n" + bytes(0xFFFF) + b"\r\n")),
        "larger than",
    ),
    "the rest of what was not begun": (
        lambda _: iter([b"HTTP/1.1 206 x\r\nContent-Range: bytes 9-9/10\r\n\r\nx"]),
        "answers 206",
    ),
}


@for_each("way", LYING)
def test_a_lie_leaves_nothing(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download, "LARGEST", 4 << 20)
    act, told = LYING[way]
    refuse(act, tmp_path / ".a.part", RefusedError, told)
    assert list(tmp_path.iterdir()) == []


def test_a_dripping_download_goes_on_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (download, fetch):
        monkeypatch.setattr(module, "STEP_WAIT", 0.3)
    monkeypatch.setattr(fetch, "PAUSES", ())
    part = tmp_path / ".a.part"

    def drip(_path: str) -> Iterator[bytes]:
        yield OK + f'ETag: "1"\r\nContent-Length: {len(SOUND)}\r\n\r\n'.encode()
        yield from (SOUND[place : place + 10] for place in range(0, len(SOUND), 10))

    def is_begun() -> bool:  # a busy machine may not have brought anything before
        with pytest.raises(NoAnswerError, match="longer than"):
            web.download(url, part)
        return part.exists() and part.stat().st_size > 0

    with serving(drip, pause=0.02) as url, Web() as web:
        until(is_begun)
    assert 0 < part.stat().st_size < len(SOUND)


def test_no_room_is_said_before_any_fetch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("radio.system.disk.RESERVE", 1 << 60)
    host = Host()
    refuse(host, tmp_path / ".a.part", ArchiveError, "too much for the disk")
    assert len(host.asked) == 1
