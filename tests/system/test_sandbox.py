"""Readers of foreign bytes: real children that fail, hit real limits, or are killed."""

import os
import re
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
from tests.tables import check


def failing(path: str, _progress: Progress) -> None:
    """Fail in the way that the name of the file tells."""
    match Path(path).stem:
        case "hungry":
            bytearray(1 << 30)
        case "busy":
            while True:
                pass
        case "asleep":
            time.sleep(600)
        case "spreading":
            Path(path).write_bytes(bytes(3_000_000))
        case "crashing":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "vanishing":
            os._exit(3)
        case "unfit":  # as a reader is whose library changed under it
            raise TypeError("open() got an unexpected\nkeyword\x1b[31m argument 'metadata_errors'")
    raise ValueError("mot " * 100_000)


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


ENDS = {"hungry": "needed over 512 MB of memory", "busy": "took over 1 s of computing time"}
ENDS |= {"asleep": "took over 2 s", "spreading": "wrote a file of over 2 MB"}
ENDS |= {"crashing": "was stopped by a signal (Segmentation fault)"}
ENDS |= {"vanishing": "ended without an answer (exit 3)"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # where children find the readers
    (tmp_path / "émission").mkdir()
    return tmp_path / "émission"


def read(path: Path, reader: Any) -> Any:
    """Have a reader of this file read, within small limits."""
    target = f"tests.system.test_sandbox:{reader.__name__}"
    seconds = 1 if path.stem in ("busy", "asleep") else 30
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "PATIENCE", 2 if path.stem == "asleep" else 300)
        return sandbox.call(target, str(path), memory=512 << 20, seconds=seconds, writes=2_000_000)


def end(path: Path) -> str:
    with pytest.raises(ReaderError) as caught:
        read(path, failing)
    return str(caught.value).replace(str(path), path.stem)


def test_the_limit_is_named_whichever_way_the_child_was_made(folder: Path) -> None:
    told = [(name, f"{name}: its reader {said}; is the file whole?") for name, said in ENDS.items()]
    check((name, end(folder / f"{name}.mp3"), said) for name, said in told)
    del told[2]  # two seconds more, of the same clock
    before = os.times().children_user
    with sandbox.nursery("tests.system.test_sandbox"):
        check((name, end(folder / f"{name}.mp3"), said) for name, said in told)
        assert read(folder / "x.mp3", counting) == os.getpid()
        assert read(folder / "x.mp3", counting) == os.getpid()  # nothing stays of the first
    assert os.times().children_user - before > 0.9  # what the busy one took is counted


def test_a_child_takes_one_core_for_itself(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert read(folder / "x.mp3", multiplying) == 1


def test_no_file_is_blamed_for_a_library(folder: Path) -> None:
    """And an exception of any length is one short line."""
    assert end(folder / "unfit.mp3") == (
        "unfit: its reader failed (TypeError: open() got an unexpected keyword [31m "
        "argument 'metadata_errors'); if other files fail in the same way, please report it"
    )
    told = end(folder / "wordy.mp3")
    assert re.search(r"failed \(ValueError: mot mot .* \[...\]\)", told)
    assert len(told) < 300


def test_a_reader_that_is_not_installed_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"No module named 'radio\.absent'"):
        sandbox.call("radio.absent:read", str(tmp_path), memory=512 << 20, seconds=1)
