"""Folders that are made once: for a run of the tests, or for an environment."""

import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.samples import ROOT


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """Make a folder once for this environment and this `pyproject.toml`, and keep it there."""
    edition = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()[:16]
    base = Path(sys.prefix) / "tests" / edition
    if not base.exists():
        shutil.rmtree(base.parent, ignore_errors=True)  # those of an older one
    base.mkdir(parents=True, exist_ok=True)
    return _made(base, name, make)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all the processes that run the tests."""
    base = factory.getbasetemp()
    return _made(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base, name, make)


def _made(base: Path, name: str, make: Callable[[Path], object]) -> Path:
    folder, part = base / name, base / f"{name}.part"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder
