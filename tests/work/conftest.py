"""What the tests of the work share: runs that take no process, and a system with units."""

import os
import shutil
from pathlib import Path

import pytest

from radio.work import maker
from tests.samples import ROOT
from tests.work.runs import ScriptedChild


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[ScriptedChild]:
    """The runs that were begun, none of which is a process."""
    monkeypatch.setattr(maker, "Child", ScriptedChild)
    monkeypatch.setattr("radio.work.maker.time.monotonic", lambda: 1000.0)
    ScriptedChild.begun = []
    return ScriptedChild.begun


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system in which systemd, played by a script, runs the units as they are shipped."""
    shipped = tmp_path / "opt/radio/source/deploy/systemd"
    shutil.copytree(ROOT / "deploy" / "systemd", shipped)
    shutil.copytree(shipped, tmp_path / "etc")
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    script = tmp_path / "bin" / "systemctl"
    script.parent.mkdir()
    script.write_text(
        "#!/bin/sh\nshift 3\nfor unit; do\n"
        f'printf "Id=%s\\nLoadState=loaded\\nActiveState=active\\nUnitFileState=enabled\\n'
        f'Result=success\\nFragmentPath={tmp_path}/etc/%s\\n" "$unit" "$unit"\n'
        'case $unit in radio-web.service) echo "$CHANGED";; esac\necho; done\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}:{os.environ['PATH']}")
    return tmp_path
