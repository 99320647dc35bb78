"""`radio work` never waits for ever: for a pause, for another try, for an engine that hangs."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from radio.archive import Archive
from radio.static_site.making import PAGES
from radio.system.disk import discard
from radio.work import maker, tries, worker
from radio.work.status import read_status
from radio.work.worker import Worker, WorkOptions
from tests.patience import LONG, until
from tests.samples import CITY, STREET, put

pytestmark = [pytest.mark.long, pytest.mark.torture]


@contextlib.contextmanager
def working(archive: Archive) -> Iterator[Worker]:
    """Work on an archive, in a thread."""
    here = Worker(archive, WorkOptions(), print, PAGES)
    thread = Thread(target=here.run)
    thread.start()
    try:
        yield here
    finally:
        here.stop()
        thread.join(LONG)


def test_what_could_not_be_made_is_tried_again_and_then_forgotten(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its status promised another try that never came."""
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "none"))
    monkeypatch.setattr(tries, "FIRST", 0.5)
    monkeypatch.setattr(tries, "GROWTH", 1)
    monkeypatch.setattr(maker, "ROUND", 0.5)
    path = archive.audio_path(put(archive, STREET))
    content = path.read_bytes()
    path.write_bytes(b"noise" * 1000)

    def times() -> int:
        return sum(each.times for each in read_status(archive).troubles if each.kind == "waveforms")

    with working(archive):
        until(lambda: times() >= 2)
        path.write_bytes(content)
        until(lambda: not times())


def test_a_show_on_which_the_engine_hangs_keeps_no_other_from_being_heard(
    archive: Archive, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    monkeypatch.setattr(worker, "patience", lambda *_: LONG)
    for slug in (STREET, CITY):
        discard(archive.vtt_path(put(archive, slug).key))
    with working(archive) as here:
        hanging = until(lambda: here._maker.run)
        (child,) = multiprocessing.active_children()
        os.kill(child.pid or 0, signal.SIGSTOP)
        assert hanging
        hanging._patience = 0.0
        until(lambda: archive.is_transcribed(f"emission/{STREET}"))
        assert not child.is_alive()
        (trouble,) = read_status(archive).troubles
    assert trouble.message == f"emission/{CITY}: the engine hangs; it is ended"
    assert (trouble.key, trouble.times) == (f"emission/{CITY}", 1)
    assert trouble.until > time.time()
