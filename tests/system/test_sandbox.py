"""Readers of foreign bytes: real children that fail, hit real limits, or are killed."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from radio.system import sandbox
from radio.system.errors import ReaderError
from radio.system.progress import Progress
from tests.samples import ROOT


def unfit(path: str, _progress: Progress) -> None:
    """Fail as a reader does whose library changed under it."""
    raise TypeError("open() got an unexpected\nkeyword\x1b[31m argument 'metadata_errors'")


def wordy(path: str, _progress: Progress) -> None:
    raise ValueError("mot " * 100_000)


def hungry(path: str, _progress: Progress) -> None:
    bytearray(1 << 30)


def busy(path: str, _progress: Progress) -> None:
    while True:
        pass


def asleep(path: str, _progress: Progress) -> None:
    time.sleep(600)


def spreading(path: str, _progress: Progress) -> None:
    Path(path).write_bytes(bytes(3_000_000))


def crashing(path: str, _progress: Progress) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def vanishing(path: str, _progress: Progress) -> None:
    os._exit(3)


SEEN: list[str] = []


def counting(path: str, _progress: Progress) -> int:
    """Tell the process two generations up, and that no other file was read here."""
    SEEN.append(path)
    assert len(SEEN) == 1
    nurse = Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()[1]
    return int(Path(f"/proc/{nurse}/stat").read_text().rsplit(")", 1)[1].split()[1])


def multiplying(path: str, _progress: Progress) -> int:
    matrix = np.ones((600, 600), np.float32)
    return len(list(Path("/proc/self/task").iterdir())) if (matrix @ matrix).all() else 0


ENDS = {hungry: "needed over 512 MB of memory", busy: "took over 1 s of computing"}
ENDS |= {asleep: "took over 2 s", spreading: "wrote a file of over 2 MB"}
ENDS |= {crashing: "was ended by a signal (Segmentation fault)"}
ENDS |= {vanishing: "ended without an answer (exit 3)"}


def read(path: Path, reader: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have a reader of this file read, within small limits."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setattr(sandbox, "PATIENCE", 2 if reader is asleep else 300)
    target = f"tests.system.test_sandbox:{reader.__name__}"
    seconds = 1 if reader in (busy, asleep) else 30
    return sandbox.call(target, str(path), memory=512 << 20, seconds=seconds, writes=2_000_000)


@pytest.mark.parametrize("reader", ENDS, ids=lambda reader: reader.__name__)
def test_the_limit_is_named(reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "émission.mp3"
    with pytest.raises(ReaderError) as caught:
        read(path, reader, monkeypatch)
    assert str(caught.value) == f"{path}: its reader {ENDS[reader]}; is the file sound?"


def test_a_nursery_child_is_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    path, before = tmp_path / "émission.mp3", os.times().children_user
    with sandbox.nursery("tests.system.test_sandbox"):
        for reader, end in ENDS.items():
            if reader is asleep:  # two seconds more, of the same clock
                continue
            with pytest.raises(ReaderError) as caught:
                read(path, reader, monkeypatch)
            assert str(caught.value) == f"{path}: its reader {end}; is the file sound?"
        assert read(path, counting, monkeypatch) == os.getpid()
        assert read(path, counting, monkeypatch) == os.getpid()  # nothing stays of the first
    assert os.times().children_user - before > 0.9  # what the busy one took is counted


def test_a_child_takes_one_core_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert read(tmp_path / "x.mp3", multiplying, monkeypatch) == 1


def test_no_file_is_blamed_for_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And an exception of any length is one short line."""
    with pytest.raises(ReaderError) as caught:
        read(tmp_path / "x.mp3", unfit, monkeypatch)
    assert str(caught.value) == (
        f"{tmp_path}/x.mp3: its reader failed (TypeError: open() got an unexpected keyword [31m "
        "argument 'metadata_errors'); if other files fail in the same way, please report it"
    )
    with pytest.raises(ReaderError, match=r"failed \(ValueError: mot mot .* \[...\]\)") as caught:
        read(tmp_path / "x.mp3", wordy, monkeypatch)
    assert len(str(caught.value)) < len(str(tmp_path)) + 300


def test_a_reader_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"No module named 'radio\.absent'"):
        sandbox.call("radio.absent:read", str(tmp_path), memory=512 << 20, seconds=1)
