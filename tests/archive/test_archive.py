"""The two folders: listed, written whole, locked."""

import datetime as dt
import fcntl
import logging
import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.synchronize import Event
from pathlib import Path
from types import SimpleNamespace

import pytest

from radio.archive import Archive
from radio.archive.episode import Audio, Episode
from radio.archive.locks import is_locked, locked
from radio.system.disk import held, write_whole
from radio.system.errors import ArchiveError, BusyError, NotFoundError
from tests.patience import LONG
from tests.tables import for_each


def episode(slug: str) -> Episode:
    audio = Audio(f"{slug}.mp3", "00" * 32, 3, "audio/mpeg", 1.0)
    return Episode("emission", slug, slug, dt.date.fromisoformat(slug[:10]), audio, slug)


def test_a_broken_sidecar_costs_a_line(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    for slug in ("2024-01-16-a", "2024-03-19-c", "2024-02-20-d"):
        archive.write_episode(episode(slug))
    for listed in (archive.episodes(), archive.missing()):
        assert [each.slug[-1] for each in listed] == ["c", "d", "a"]  # the newest first
    (archive.media / "emission" / "2024-02-20-b.json").write_text("{")
    with caplog.at_level(logging.WARNING):
        assert [each.slug[-1] for each in archive.episodes()] == ["c", "d", "a"]
    assert ["2024-02-20-b.json" in each for each in caplog.messages] == [True]
    path = archive.sidecar_path("emission/2024-01-16-a")
    path.write_text(path.read_text().replace('"title": "2024-01-16-a"', '"title": "Autre titre"'))
    assert archive.episode("emission/2024-01-16-a").title == "Autre titre"  # it is read again


@for_each("key", ["", "a", "../a/b", "a/../b", "a/b/c", "A/b", "a/b.json", "a/é", "/"])
def test_no_key_leads_out(archive: Archive, key: str) -> None:
    with pytest.raises(NotFoundError):
        archive.episode(key)
    with pytest.raises(ArchiveError, match="radio init"):
        Archive(archive.media).require()


def write_forever(root: Path, ready: Event) -> None:
    archive = Archive(root)
    with archive.lock():
        for number in range(1_000_000):
            write_whole(archive.media / "emission" / "essai.json", b"%06d" % number * 20_000)
            ready.set()


def test_a_killed_writer_leaves_whole_files_and_the_lock(archive: Archive) -> None:
    context = multiprocessing.get_context("spawn")
    path = archive.media / "emission" / "essai.json"
    for _ in range(2):
        ready = context.Event()
        writer = context.Process(target=write_forever, args=(archive.root, ready))
        writer.start()
        assert ready.wait(LONG)
        with pytest.raises(ArchiveError, match="another"), archive.lock(wait=False):
            pass
        assert writer.pid
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        content = path.read_bytes()
        assert content == content[:6] * 20_000
        with archive.lock(wait=False):
            assert list(path.parent.glob(".*.part")) == []


def test_threads_that_write_one_file_at_once_all_write_it_whole(archive: Archive) -> None:
    path, contents = archive.root / "site.json", [bytes([65 + each]) * 50_000 for each in range(8)]
    seen = set[bytes]()

    def write(content: bytes) -> None:
        for _ in range(20):
            write_whole(path, content)
            seen.add(path.read_bytes())

    with ThreadPoolExecutor(len(contents)) as pool:
        list(pool.map(write, contents))
    assert seen <= set(contents)
    assert not list(archive.root.glob(".*.part"))
    if os.geteuid():  # a file is whole or the old one
        before = path.read_bytes()
        archive.root.chmod(0o500)
        try:
            with pytest.raises(ArchiveError, match=r"site\.json"):
                write_whole(path, b"nouveau")
            assert path.read_bytes() == before
        finally:
            archive.root.chmod(0o700)


SWEPT = {
    "archive": (
        ".",
        "media/emission",
        "history",
        "sealed/a/media",
        "trash/a",
        "desk/consents",
        "inbox/refused",
    ),
    "index": (".", "cache", "cache/quality", "cache/site/search"),
    "desk/journal": ("desk",),
}


@for_each(("lock", "place"), [(lock, place) for lock in SWEPT for place in SWEPT[lock]])
def test_a_writer_removes_what_a_dead_one_left(archive: Archive, lock: str, place: str) -> None:
    folder = archive.root / place
    folder.mkdir(parents=True, exist_ok=True)
    left, written = folder / ".words.txt.1.part", folder / ".words.txt.2.part"
    left.touch()
    (folder / ".site.1.part").mkdir()
    (folder / ".site.1.part" / "words.html").touch()
    where, _slash, name = lock.rpartition("/")
    with held(written), locked(archive.root / where, name) if where else archive.lock(name):
        assert [*folder.glob(".*.part")] == [written]
    written.unlink()


def test_a_look_at_a_lock_blocks_nobody(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_locked(archive.root, "transcribe")
    with archive.lock("transcribe"):
        assert is_locked(archive.root, "transcribe")
    assert not is_locked(archive.root, "transcribe")
    with (archive.root / ".transcribe.lock").open() as looked:
        fcntl.flock(looked, fcntl.LOCK_SH)
        leave = SimpleNamespace(sleep=lambda _: fcntl.flock(looked, fcntl.LOCK_UN))
        monkeypatch.setattr("radio.archive.locks.time", leave)
        with archive.lock("transcribe", wait=False):
            assert is_locked(archive.root, "transcribe")
            with pytest.raises(BusyError), archive.lock("transcribe", wait=False):
                pass
