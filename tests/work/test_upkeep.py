"""A site at work: whatever it makes by itself is made once, by one process."""

import contextlib
import dataclasses
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.archive.locks import is_locked
from radio.search import Index
from radio.static_site import PAGES
from radio.work.upkeep import Upkeep
from tests.patience import LONG, until
from tests.processes import serving
from tests.samples import CITY, STREET, put_all

pytestmark = pytest.mark.long

FIRST, SECOND = (f"emission/{slug}" for slug in (STREET, CITY))
MADE = {"freeze ", f"keep_proposals {FIRST}", f"draw {FIRST}", f"draw {SECOND}"}
QUIET = 2.5  # seconds without work, after which nothing more is expected

COUNT = """
import os, sys

def noted(owner, name, what=lambda *given: "", counts=lambda done: True):
    work = getattr(owner, name)
    def worked(*given, **named):
        done = work(*given, **named)
        if counts(done):
            with open(os.environ["WORK_NOTED"], "a") as notes:
                print(os.getpid(), name, what(*given), file=notes)
        return done
    setattr(owner, name, worked)

if {"serve", "work", "--multiprocessing-fork"} & set(sys.orig_argv):
    import radio.derived.chapters, radio.system.checksums, radio.ingest.files
    import radio.search.index, radio.static_site.export
    key = lambda archive, episode, *rest: episode.key
    noted(radio.search.index.Index, "refresh", counts=lambda done: done.indexed or done.removed)
    noted(radio.derived.chapters, "keep_proposals", key)
    noted(radio.ingest.files, "draw", key)
    noted(radio.static_site.export, "freeze")
    noted(radio.system.checksums.Checksums, "measure", lambda self, *file: "/".join(file[:2]))
"""


@pytest.fixture
def stocked(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, is_short=True)
    episode = archive.episode(FIRST)
    longer = dataclasses.replace(episode.audio, duration=3600.0)
    archive.write_episode(dataclasses.replace(episode, audio=longer))
    archive.evidence_path(FIRST).write_text("{}", encoding="utf-8")
    return archive


def notes_of(
    notes: Path, process: "subprocess.Popen[bytes]", wanted: Collection[str]
) -> list[list[str]]:
    """Wait until some works were done and no more is: who did what."""
    seen, since = list[str](), time.monotonic()

    def is_quiet() -> bool:
        nonlocal seen, since
        assert process.poll() is None
        now = notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []
        if now != seen:
            seen, since = now, time.monotonic()
        is_done = all(any(each in line for line in seen) for each in wanted)
        return is_done and time.monotonic() - since > QUIET

    until(is_quiet, lambda: seen)
    return [line.split(" ", 1) for line in seen]


@contextlib.contextmanager
def counted(
    archive: Archive, folder: Path, *others: str
) -> Iterator["tuple[Path, subprocess.Popen[bytes]]"]:
    """A site over an archive, beside other commands, and where they note what they do."""
    notes, root = folder / "notes.txt", ["--root", str(archive.root)]
    (folder / "count").mkdir()
    (folder / "count" / "sitecustomize.py").write_text(COUNT, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(folder / "count"), os.environ.get("PYTHONPATH")]))
    variables: dict[str, Any] = {"PYTHONPATH": path, "WORK_NOTED": str(notes)}
    with contextlib.ExitStack() as stack:
        for each in others:
            command = [sys.executable, "-m", "radio", each, *root]
            run = subprocess.Popen(command, env=os.environ | variables)
            stack.enter_context(run)
            stack.callback(run.terminate)
            until(lambda each=each: is_locked(archive.root, each))  # type: ignore[misc]
        site = stack.enter_context(serving("serve", *root, base_url="", **variables))
        yield notes, site.process


def test_a_site_does_each_of_its_works_once(stocked: Archive, tmp_path: Path) -> None:
    once = {"refresh ", *MADE}
    for place in ("media", "transcripts"):
        files = getattr(stocked, place).glob("*/*")
        once |= {f"measure {file.relative_to(stocked.root)}" for file in files}
    with counted(stocked, tmp_path) as (notes, process):
        seen = notes_of(notes, process, once)
    done = Counter(work for _, work in seen)
    assert {work: done[work] for work in once} == dict.fromkeys(once, 1)
    assert max(done.values()) == 1
    assert [int(pid) for pid, work in seen if work == "refresh "] == [process.pid]
    assert str(process.pid) not in {pid for pid, work in seen if work != "refresh "}


@pytest.mark.torture
def test_a_site_leaves_the_rest_to_who_is_at_work(stocked: Archive, tmp_path: Path) -> None:
    """While `radio work` is at the archive, a site starts no process, and follows all the same."""
    lock = contextlib.ExitStack()
    lock.enter_context(stocked.lock("work", wait=False))
    with lock, counted(stocked, tmp_path) as (notes, process):
        assert [work for _, work in notes_of(notes, process, ["refresh"])] == ["refresh "]
        lock.close()
        assert any("freeze" in work for _, work in notes_of(notes, process, ["freeze"]))


@pytest.mark.torture
def test_a_site_beside_who_is_at_work_makes_nothing_twice(stocked: Archive, tmp_path: Path) -> None:
    with counted(stocked, tmp_path, "work") as (notes, process):
        seen = notes_of(notes, process, MADE)
    done = Counter(work for _, work in seen if work != "refresh ")
    assert done.keys() >= MADE
    assert max(done.values()) == 1


def test_a_stopped_site_begins_nothing(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy computer the process that makes the rest began then, and outlived the site."""
    looking, go_on, begun = threading.Event(), threading.Event(), list[object]()
    upkeep = Upkeep(archive, Index(archive), PAGES)

    def look() -> None:
        looking.set()
        assert go_on.wait(LONG)

    monkeypatch.setattr(upkeep._follower, "follow", look)
    monkeypatch.setattr(upkeep._maker, "keep_up", begun.append)
    upkeep.start()
    assert looking.wait(LONG)
    upkeep.stop(0.0)
    go_on.set()
    upkeep._thread.join(LONG)
    assert begun == []
