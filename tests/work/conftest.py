"""What the tests of the work share: runs that take no process."""

import pytest

from radio.work import maker
from tests.work.runs import ScriptedChild


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedChild]:
    """The runs that were begun, none of which is a process."""
    monkeypatch.setattr(maker, "Child", ScriptedChild)
    monkeypatch.setattr("radio.work.maker.time.monotonic", lambda: 1000.0)
    ScriptedChild.begun = []
    return ScriptedChild.begun
