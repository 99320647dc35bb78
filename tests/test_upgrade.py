"""`deploy/upgrade` with stand-ins for systemd and pip; `deploy/try` runs it in a new system."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.samples import ROOT
from tests.servers import OK, serving

SYSTEMCTL = """#!/bin/sh
echo "$*" >> {root}/calls
case "$*" in
*is-enabled*) [ -e {root}/units/radio-web.service ] ;;
"start radio-backup.service") [ ! -e {root}/no-copy ] ;;
esac
"""
PYTHON = """#!/bin/sh
case "$1 $2" in
"-m venv") mkdir -p "$3/bin" && touch "$3/pyvenv.cfg" && cp {root}/bin/pip "$3/bin/python" ;;
*) exec {python} "$@" ;;
esac
"""
PIP = """#!/bin/sh
case "$*" in
*git+file*) [ ! -e {root}/no-network ] && printf '#!/bin/sh\\n' > "$(dirname "$0")/radio" &&
    chmod +x "$(dirname "$0")/radio" ;;
esac
"""


@dataclass(frozen=True)
class Machine:
    root: Path
    opt: Path

    def upgrade(self, *words: str) -> "subprocess.CompletedProcess[str]":
        env = {**os.environ, "PATH": f"{self.root}/bin:{os.environ['PATH']}"}
        command = [str(self.root / "upgrade"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=env)

    def release(self, tag: str, *units: str) -> None:
        """Publish a version with these units beside those there are."""
        for unit in units:
            path = self.root / "published/deploy/systemd" / unit
            path.write_text("[Install]\nWantedBy=timers.target\n")
        for words in (["add", "."], ["commit", "-qm", tag, "--allow-empty"], ["tag", tag]):
            git(self.root / "published", *words)

    @property
    def current(self) -> str:
        return (self.opt / "current").readlink().name

    @property
    def versions(self) -> set[str]:
        return {path.parent.name for path in self.opt.glob("*/pyvenv.cfg")} - {"current", "before"}

    def calls(self) -> list[str]:
        path = self.root / "calls"
        lines = path.read_text().splitlines() if path.exists() else []
        path.write_text("")
        return lines


def git(folder: Path, *words: str) -> None:
    names = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *names, *words]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine on which 1.0.0 is installed and runs; its site answers unless `broken` names it."""
    root, opt = tmp_path, tmp_path / "opt"
    for folder in ("bin", "units", "opt", "local"):
        (root / folder).mkdir()
    published = root / "published"
    shutil.copytree(ROOT / "deploy", published / "deploy")
    (published / "requirements").mkdir()
    (published / "requirements/faster.txt").touch()
    made = Machine(root, opt)
    git(root, "init", "-q", str(published))
    made.release("1.0.0")
    git(root, "clone", "-q", str(published), str(opt / "source"))
    for name, text in (("systemctl", SYSTEMCTL), ("python3", PYTHON), ("pip", PIP)):
        (root / "bin" / name).write_text(text.format(root=root, python=sys.executable))
        (root / "bin" / name).chmod(0o755)

    def answer(_: str) -> Iterator[bytes]:
        bad = root / "broken"
        is_broken = bad.exists() and bad.read_text() == made.current
        status = b"HTTP/1.1 500 Broken\r\n" if is_broken else OK
        yield status + b"Content-Length: 2\r\n\r\nok"

    with contextlib.ExitStack() as stack:
        address = stack.enter_context(serving(answer))
        text = (ROOT / "deploy/upgrade").read_text(encoding="utf-8")
        for old, new in (
            ("/opt/radio", str(opt)),
            ("/etc/systemd/system", f"{root}/units"),
            ("/etc/radio/env", f"{root}/env"),
            ("/usr/local/bin/radio", f"{root}/local/radio"),
            ("http://127.0.0.1:8000", address),
            ("+ 120", "+ 0"),
        ):
            assert old in text
            text = text.replace(old, new)
        (root / "upgrade").write_text(text)
        (root / "upgrade").chmod(0o755)
        done = made.upgrade()
        assert (done.returncode, made.current) == (0, "1.0.0"), done.stderr
        made.calls()
        yield made


def test_an_upgrade_copies_first_and_keeps_the_last_two(machine: Machine) -> None:
    for tag in ("1.0.1", "1.1.0"):
        machine.release(tag, *(["radio-novelty.timer"] if tag == "1.1.0" else []))
        done = machine.upgrade(tag)
        assert (done.returncode, machine.current) == (0, tag), done.stderr
        calls = machine.calls()
        assert calls[0] == "start radio-backup.service"
        assert "restart radio-web" in calls
    assert "enable --now --quiet radio-novelty.timer" in calls
    assert machine.versions == {"1.0.1", "1.1.0"}
    assert "1.1.0 is current already" in machine.upgrade("1.1.0").stdout
    assert machine.calls() == []
    for version in ("1.0.1", "1.1.0"):  # back, and forth again
        assert machine.upgrade("--back").returncode == 0
        assert machine.current == version
        assert (machine.root / "units/radio-novelty.timer").exists() == (version == "1.1.0")


def test_who_writes_at_the_desk_still_does_after_an_upgrade(machine: Machine) -> None:
    unit = machine.root / "units/radio-web.service"
    unit.write_text(unit.read_text().replace("ReadOnlyPaths=", "#"))
    machine.release("1.0.1")
    assert machine.upgrade("1.0.1").returncode == 0
    assert "ReadOnlyPaths=/srv" in unit.read_text()
    assert (unit.parent / "radio-web.service.d/desk.conf").read_text().endswith("ReadOnlyPaths=\n")


def test_a_version_that_does_not_answer_gives_way_to_the_one_before(machine: Machine) -> None:
    machine.release("1.0.1", "radio-novelty.timer")
    (machine.root / "broken").write_text("1.0.1")
    done = machine.upgrade("1.0.1")
    assert (done.returncode, machine.current) == (1, "1.0.0")
    assert not (machine.opt / "before").exists()
    assert "back to 1.0.0" in done.stderr and "1.0.0 is current, and works" in done.stderr
    assert not (machine.root / "units/radio-novelty.timer").exists()
    assert machine.calls()[-1].endswith("is-active radio-work")
    (machine.root / "broken").unlink()
    assert machine.upgrade("1.0.1").returncode == 0


def test_no_half_version_is_left_and_none_comes_without_a_copy(machine: Machine) -> None:
    machine.release("1.0.1")
    (machine.root / "no-network").touch()
    done = machine.upgrade("1.0.1")
    assert (done.returncode, machine.versions, machine.current) == (1, {"1.0.0"}, "1.0.0")
    assert "nothing is changed" in done.stderr
    (machine.root / "no-network").unlink()
    (machine.root / "no-copy").touch()
    assert "no copy could be made" in machine.upgrade("1.0.1").stderr
    assert machine.versions == {"1.0.0"}
    assert machine.upgrade("--no-copy", "1.0.1").returncode == 0
    assert "no version 9.9" in machine.upgrade("9.9").stderr


def test_the_nightly_copy_goes_on_where_the_program_is_0_2_0(tmp_path: Path) -> None:
    """Its unit calls `deploy/backup` of the newer source, before an upgrade and after --back."""
    source = tmp_path / "source"
    (source / "deploy").mkdir(parents=True)
    (source / "deploy/backup").write_text("echo as in 0.2.0\n")
    git(source, "init", "-q")
    git(source, "add", ".")
    git(source, "commit", "-qm", "0.2.0")
    (tmp_path / "radio").write_text("#!/bin/sh\necho 'No such command' >&2\nexit 2\n")
    (tmp_path / "radio").chmod(0o755)
    text = (ROOT / "deploy/backup").read_text(encoding="utf-8")
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    for version, said in (("HEAD", "as in 0.2.0\n"), ("gone", "")):  # never as if copied
        former = text.replace("/opt/radio/source", str(source)).replace("8ac4ffe0", version)
        command = ["sh", "-c", former]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
        assert (done.stdout, done.returncode == 0) == (said, bool(said)), done.stderr
