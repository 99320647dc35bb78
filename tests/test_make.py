"""What `make setup` would do, as make itself tells, and how long torch’s index may keep silent."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.samples import ROOT
from tests.tables import for_each


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose environment was made with the light engine, and is up to date."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "chosen").write_text("/usr/bin/python3 faster\n", encoding="utf-8")
    (tmp_path / ".venv" / "ready").touch()
    return tmp_path


def make(folder: Path, *arguments: str) -> str:
    words, env = ["make", *arguments], {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return f"{done.stdout}{done.stderr}exit {done.returncode}"


def test_a_choice_is_remembered_and_another_one_makes_the_environment_anew(checkout: Path) -> None:
    assert "Nothing to be done for 'setup'" in make(checkout, "--dry-run", "setup")
    for other, engine, size in (
        ("PYTHON=python3", "faster", "some 180 MB"),
        ("ENGINE=whisper", "whisper", "some 700 MB"),
    ):
        told = make(checkout, "--dry-run", "setup", other)
        assert " -m venv --clear .venv" in told
        assert f"pip install --quiet --disable-pip-version-check --editable '.[{engine}]'" in told
        assert ("download.pytorch.org" in told) == (engine == "whisper")
        assert told.index(size) < told.index("pip install")
    told = make(checkout, "--dry-run", "setup", "ENGINE=fast")
    assert "ENGINE is whisper or faster, not fast" in told
    assert told.endswith("exit 2")


@for_each(
    ("arguments", "left_out"),
    [
        ((), " -m 'not (torture or torch)' "),
        (("QUICK=yes",), " -m 'not (torture or torch or long)' "),
        (("ENGINE=whisper",), " -m 'not (torture)' "),
        (("ENGINE=whisper", "QUICK=yes"), " -m 'not (torture or long)' "),
    ],
)
def test_nothing_is_left_out_of_the_tests_but_what_is_asked_or_cannot_be(
    checkout: Path, arguments: tuple[str, ...], left_out: str
) -> None:
    told = make(checkout, "--dry-run", "test", *arguments)
    (line,) = (each for each in told.splitlines() if " -m pytest " in each)
    assert left_out in line


@pytest.mark.torture
@pytest.mark.long
def test_a_silent_index_of_torch_keeps_nobody_waiting(checkout: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        rule = "ask: ; @timeout 120 /usr/bin/python3 -c '$(ANSWERS)'"
        told = make(checkout, f"--eval={rule}", "ask", f"TORCH={address}")
    assert "timed out" in told or "Alarm clock" in told
    assert "Error 124" not in told  # that of `timeout`
