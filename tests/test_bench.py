"""The bench tells of each subject what that takes, whatever the bench itself holds."""

import subprocess
import sys
from collections.abc import Sequence

import pytest

from bench import __main__ as bench
from bench.memory import memory, timed

HELD = 300_000  # kB


def test_the_memory_of_a_command_is_its_own() -> None:
    """A bench that held engines told of a small program that it takes as much as they."""
    held = bytearray(b"1") * (HELD << 10)
    assert memory("self", "VmRSS")[0] > HELD
    _, small = timed([sys.executable, "-c", "print('of the command')"])
    _, large = timed([sys.executable, "-c", f"bytearray(b'1') * ({HELD} << 9)"])
    del held
    assert small < HELD / 4
    assert HELD / 2 < large < HELD * 3 / 4


def test_a_command_that_failed_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="exit"):
        timed([sys.executable, "-c", "raise SystemExit(3)"])


def test_no_section_weighs_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines that one had loaded lay in the memory beside the next."""
    commands: list[Sequence[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_options: commands.append(command))
    bench.main([])
    assert commands == [[sys.executable, "-m", "bench", name] for name in bench.SECTIONS]
