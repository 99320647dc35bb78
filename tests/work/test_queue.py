"""What there is to do, and what stands in the way, is read from the files."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.system.disk import discard
from radio.work.queue import Queue, files_of
from radio.work.status import Asked, Trouble, WorkStatus, write_status
from radio.work.worker import COUNTING, Teller
from tests.processes import call
from tests.samples import STREET, put

KEY = f"emission/{STREET}"


@pytest.fixture
def untold(archive: Archive) -> Archive:
    """An archive whose only episode has no transcript."""
    put(archive, STREET)
    discard(archive.vtt_path(KEY))
    return archive


def mend_audio(archive: Archive) -> None:
    path = archive.audio_path(archive.episode(KEY))
    path.write_bytes(path.read_bytes() + b"\0")


def transcribe(archive: Archive) -> None:
    put(archive, STREET)


def withdraw_files(archive: Archive) -> None:
    discard(archive.sidecar_path(KEY))


def told(archive: Archive, models: Path) -> list[str]:
    command = ("status", "--root", str(archive.root), "--json")
    troubles = json.loads(call(*command, RADIO_MODELS=str(models)).stdout)["troubles"]
    return [each["message"] for each in troubles]


@pytest.mark.parametrize("mend", [mend_audio, transcribe, withdraw_files])
def test_what_was_mended_is_no_longer_called_failed(
    untold: Archive, tmp_path: Path, mend: Callable[[Archive], None]
) -> None:
    files = files_of(untold, untold.episode(KEY))
    trouble = Trouble("transcribe", KEY, "no sound", files, 3, 4e9)
    write_status(untold, WorkStatus(troubles=(trouble,)))
    assert told(untold, tmp_path) == ["no sound"]
    mend(untold)
    assert told(untold, tmp_path) == []


def test_an_engine_that_failed_is_forgotten_once_nothing_is_left(
    untold: Archive, tmp_path: Path
) -> None:
    trouble = Trouble("transcribe", "", "no engine", "", 1, 4e9)
    write_status(untold, WorkStatus(troubles=(trouble,)))
    assert told(untold, tmp_path) == ["no engine"]
    transcribe(untold)
    assert told(untold, tmp_path) == []


def test_what_is_left_is_counted_again_soon_on_a_busy_computer(
    untold: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A count that had waited for its turn put off the next one by twenty times as long."""
    queue, teller = Queue(untold), Teller(untold, None, Asked())

    def wait(*_: object) -> tuple[()]:
        time.sleep(0.5)
        return ()

    monkeypatch.setattr(queue, "left", wait)
    teller.tell(queue, None, (), {})
    assert teller._next < time.monotonic() + 0.25 * COUNTING
