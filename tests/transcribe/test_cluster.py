"""Many machines, for real: a dask scheduler, helpers in processes of their own, some killed."""

import contextlib
import dataclasses
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import PIPE

import dask
import numpy as np
import pytest

from radio.sound import RATE
from radio.system.errors import ModelError
from radio.transcribe import pool as pools
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.transcription import transcribe
from radio.transcribe.versions import headway
from radio.transcribe.windows import Window
from tests.patience import LONG, until
from tests.processes import call, free_port, radio
from tests.samples import said, street

pytestmark = pytest.mark.torture

DASK = str(Path(sys.executable).with_name("dask"))
HELPER = "--no-nanny", "--no-dashboard", "--nthreads", "1"
Process = subprocess.Popen[bytes]
Start = Callable[..., Process]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts parts of dask; all are killed at the end."""
    with contextlib.ExitStack() as stack:

        def begin(*arguments: str) -> Process:
            quiet = subprocess.DEVNULL
            process = subprocess.Popen([DASK, *arguments], stdout=quiet, stderr=quiet)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process

        yield begin


def schedule(start: Start, *how: str) -> tuple[int, Process]:
    """Start a scheduler and wait until it listens: who comes before waits for some seconds only."""
    port = free_port()
    place = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    process = start("scheduler", *how, *place)

    def answers() -> bool:
        with socket.socket() as asking:
            return asking.connect_ex(("127.0.0.1", port)) == 0

    until(answers)
    return port, process


@pytest.fixture
def scheduler(start: Start) -> tuple[str, Process]:
    port, process = schedule(start)
    return f"tcp://127.0.0.1:{port}", process


@pytest.fixture
def helpers(
    scheduler: tuple[str, Process], start: Start, models: Path, monkeypatch: pytest.MonkeyPatch
) -> list[Process]:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    return [start("worker", scheduler[0], *HELPER) for _ in range(2)]


@pytest.mark.long
def test_a_helper_that_is_killed_costs_nothing_but_time(
    scheduler: tuple[str, Process], helpers: list[Process], tmp_path: Path, thrice: str
) -> None:
    archive, reached = street(tmp_path, copies=3), list[float]()

    def kill(seconds: float) -> None:
        reached.append(seconds)
        if len(reached) == 1:
            helpers[0].kill()

    with pools.connect(scheduler[0], "faster", "base") as pool:
        transcribe(archive, archive.episodes()[0], pool, progress=kill)
    assert len(reached) >= 2
    assert helpers[0].poll() == -signal.SIGKILL
    assert said(archive) == thrice
    assert archive.missing() == []


@pytest.mark.long
def test_a_dead_scheduler_is_one_line_and_the_next_run_goes_on(
    scheduler: tuple[str, Process], helpers: object, models: Path, tmp_path: Path, thrice: str
) -> None:
    archive, root = street(tmp_path, copies=3), str(tmp_path)
    (episode,) = archive.episodes()
    command = [sys.executable, "-m", "radio", "transcribe", "--root", root, "--engine", "faster"]
    head = subprocess.Popen([*command, "--scheduler", scheduler[0]], stderr=PIPE, text=True)
    until(archive.checkpoint_path(episode.key).exists)
    scheduler[1].kill()
    _, told = head.communicate(timeout=LONG)
    assert head.returncode == 1
    lines = [line for line in told.splitlines() if line.startswith("radio: ")]
    remedy = "what is done is kept: `radio transcribe` resumes there"
    assert lines == [f"radio: {scheduler[0]}: the scheduler is gone; {remedy}"]
    assert "Traceback" not in told
    way = headway(archive, episode.key, episode.audio.duration)
    assert way is not None
    assert way.reached > 30
    radio("transcribe", "--root", root, "--engine", "faster", RADIO_MODELS=str(models))
    assert said(archive) == thrice


def test_no_scheduler_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "TIMEOUT", 1)
    street(tmp_path)
    address = f"tcp://127.0.0.1:{free_port()}"
    done = call("transcribe", "--root", str(tmp_path), "--scheduler", address, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(f"radio: {address}: no scheduler answers")
    assert done.stderr.count("\n") == 1


def test_a_helper_without_weights_says_so(
    scheduler: tuple[str, Process], start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "none"))
    start("worker", scheduler[0], *HELPER)
    connected = pools.connect(scheduler[0], "faster", "base")
    with pytest.raises(ModelError, match=r"base: no such model in .*none"), connected:
        raise AssertionError("nobody could decode")


def test_a_helper_with_other_weights_is_out(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    made = pools.introduce("faster", "base")
    other = dataclasses.replace(made, weights="00" * 32)
    window = Window(np.zeros(RATE, np.float32), ((0, RATE),))
    with pytest.raises(ModelError, match="install the same version on both"):
        pools.decode("faster", "base", other, [window], DecodeOptions("fr"))
    (segment,) = pools.decode("faster", "base", made, [window], DecodeOptions("fr"))
    assert segment.end == 1


def test_tls(start: Start, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the documentation tells: one certificate, four settings on every machine."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", "/CN=radio", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, *names], check=True, capture_output=True)
    monkeypatch.setenv("RADIO_MODELS", str(models))
    prefix = "DASK_DISTRIBUTED__COMM__"
    monkeypatch.setenv(f"{prefix}REQUIRE_ENCRYPTION", "True")
    monkeypatch.setenv(f"{prefix}TLS__CA_FILE", str(certificate))
    for side in ("SCHEDULER", "WORKER", "CLIENT"):
        monkeypatch.setenv(f"{prefix}TLS__{side}__CERT", str(certificate))
        monkeypatch.setenv(f"{prefix}TLS__{side}__KEY", str(key))
    dask.config.refresh()
    try:
        address = f"tls://127.0.0.1:{schedule(start, '--protocol', 'tls')[0]}"
        start("worker", address, *HELPER)
        with pools.connect(address, "faster", "base") as pool:
            assert pool.provenance.model == "base"
        monkeypatch.setattr(pools, "TIMEOUT", 1)
        in_the_open = pools.connect(address.replace("tls", "tcp"), "faster", "base")
        with pytest.raises(ModelError, match="no scheduler answers"), in_the_open:
            raise AssertionError("it answered in the open")
    finally:
        monkeypatch.undo()
        dask.config.refresh()
