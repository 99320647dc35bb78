"""The command: what it says, where it says it, how it ends."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import click
import pytest

from radio.archive import Archive
from radio.cli import cli
from tests.cli.surface import leaves
from tests.patience import LONG
from tests.processes import call, free_port, radio, wait_for
from tests.samples import DEMO, MEMORY, ROOT, SHOW

README = ROOT / "README.md"
EVERY_DAY = ROOT / "docs" / "everyday.md"


@pytest.fixture
def root(tmp_path: Path) -> str:
    made = str(tmp_path / "archive")
    call("init", "--root", made, "--show", "emission", "--title", "Émission")
    return made


def test_a_show_is_named_for_ever_by_its_first_address(tmp_path: Path) -> None:
    made = ("init", "--root", str(tmp_path), "--show")
    call(*made, "une", RADIO_BASE_URL="https://radio.example/")
    call(*made, "autre", RADIO_BASE_URL="")
    first, second = (Archive(tmp_path).show(slug).guid for slug in ("une", "autre"))
    namespace = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    assert first == str(uuid.uuid5(namespace, "radio.example/shows/une/feed.xml"))
    assert uuid.UUID(second).version == 4


def test_every_command_and_option_has_its_help() -> None:
    for name, command in leaves(cli):
        assert command.help, name
        for parameter in command.params:
            documented = isinstance(parameter, click.Argument) or getattr(parameter, "help", None)
            assert documented or parameter.name in {"host", "port", "page"}, (name, parameter.name)


def test_every_command_is_told_of_in_both_languages() -> None:
    french, english = EVERY_DAY.read_text(encoding="utf-8").split("## In English\n")
    for name, command in leaves(cli):
        if name != "demo" and not command.hidden:  # its name there is `make run`
            assert re.search(rf"radio {name}\b", french), name
            assert re.search(rf"radio {name}\b", english), name


def test_one_bad_file_costs_one_line(root: str, sounds: dict[str, Path], tmp_path: Path) -> None:
    bad = tmp_path / "page.mp3"
    bad.write_text("<html>" * 500)
    done = call("ingest", "--root", root, str(bad), str(sounds[".mp3"]), check=False)
    assert done.returncode == 1
    complaints = [line for line in done.stderr.splitlines() if line.startswith("radio: ")]
    assert len(complaints) == 1
    assert str(bad) in complaints[0]
    assert done.stdout == "emission/parole\n"


def test_options_tell_date_and_title(root: str, sounds: dict[str, Path]) -> None:
    options = ["--date", "2024-01-16", "--title", "À découdre", "--show", "emission"]
    done = call("ingest", "--root", root, *options, str(sounds[".flac"]))
    assert done.stdout == "emission/2024-01-16-a-decoudre\n"
    sidecar = json.loads(call("show", "--root", root, done.stdout.strip()).stdout)
    assert (sidecar["title"], sidecar["date"]) == ("À découdre", "2024-01-16")
    listed = json.loads(call("list", "--root", root, "--json").stdout)
    assert [(each["title"], each["transcribed"]) for each in listed] == [("À découdre", False)]
    assert "to transcribe" in call("list", "--root", root).stdout


def test_a_dry_run_takes_nothing(root: str) -> None:
    done = call("ingest", "--root", root, "--dry-run", str(DEMO))
    rows = done.stdout.splitlines()[1:]
    assert [Path(row.split("\t")[0]).name for row in rows] == sorted(
        path.name for path in DEMO.glob("*.mp3")
    )
    assert call("list", "--root", root).stdout == ""


def test_check_ends_with_1_where_something_is_wrong(root: str, sounds: dict[str, Path]) -> None:
    key = call("ingest", "--root", root, str(sounds[".mp3"])).stdout.strip()
    assert call("check", "--root", root).returncode == 0
    audio = next((Path(root) / "media" / "emission").glob("*.mp3"))
    audio.write_bytes(audio.read_bytes()[:-1] + b"!")
    done = call("check", "--root", root, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(f"damaged: {audio}: ")
    listed = json.loads(call("check", "--root", root, "--json", check=False).stdout)
    assert [each["kind"] for each in listed] == ["damaged"]
    assert key.endswith("/parole")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (
            ["list", "--root", "/nonexistent"],
            1,
            "radio: /nonexistent: no archive here; `radio init`",
        ),
        (["transcribe", "x/y"], 1, "radio: x/y: no such episode"),
        (["transcribe", "--again"], 2, "--again needs the keys"),
        (["show", "../../etc/passwd"], 1, "radio: ../../etc/passwd: no such episode"),
        (["ingest", "/nonexistent.mp3"], 1, "radio: /nonexistent.mp3: No such file"),
        (["ingest", "--show", "autre", str(README)], 1, "radio: autre: no such show"),
        (["init", "--show", "emission"], 1, "radio: emission: there is such a show already"),
        (["init", "--show", "Émission!"], 1, "radio: 'Émission!': not a name"),
        (["serve", "--port", "0"], 2, "--port"),
        (["rien"], 2, "No such command"),
    ],
)
def test_what_fails_is_one_line(root: str, arguments: list[str], code: int, complaint: str) -> None:
    done = call(*arguments, check=False, RADIO_ROOT=root)
    assert done.returncode == code
    assert complaint in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_several_shows_must_be_told_apart(root: str, sounds: dict[str, Path]) -> None:
    call("init", "--root", root, "--title", "L’autre")
    done = call("ingest", "--root", root, str(sounds[".mp3"]), check=False)
    assert "after --show: emission, l-autre" in done.stderr


def test_the_index_is_made_again(chain: Path, tmp_path: Path) -> None:
    root = str(shutil.copytree(chain, tmp_path / "copy"))
    assert "3 indexed" in call("index", "--root", root, "--rebuild").stderr
    assert "0 indexed, 0 removed" in call("index", "--root", root).stderr
    found = call("search", "--root", root, "document").stdout
    assert re.search(r"^  0:4\d  .*documents", found, re.MULTILINE)


@pytest.mark.torture
@pytest.mark.long
def test_ctrl_c_on_a_terminal(root: str, models: Path, tmp_path: Path) -> None:
    """A bar with the time left, then Ctrl-C, then the next run that goes on."""
    name = "2024-03-19-garder-la-memoire.mp3"
    long = tmp_path / name  # so that a second Ctrl-C comes in time where the first is lost
    long.write_bytes((DEMO / name).read_bytes() * 2)
    call("ingest", "--root", root, str(long))
    variables = {**os.environ, "RADIO_MODELS": str(models), "COLUMNS": "100"}
    process, terminal = pty.fork()
    if not process:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # pytest-xdist has it ignored
        command = [sys.executable, "-m", "radio", "transcribe", "--root", root]
        os.execve(sys.executable, command, variables)  # noqa: S606 (no shell is wanted)
    said = read_until(terminal, "0%")
    while "goes on." not in said:  # torch is being imported, where Python may lose an interrupt
        os.write(terminal, b"\x03")
        said += read_until(terminal, "goes on.", seconds=2)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 1
    assert "[----" in said
    assert "what is done is kept" in said
    assert "Traceback" not in said
    archive = Archive(Path(root))
    assert len(archive.missing()) == 1
    done = radio("transcribe", "--root", root, RADIO_MODELS=str(models))
    assert done.stdout == "emission/2024-03-19-garder-la-memoire\n"
    assert archive.missing() == []


def read_until(terminal: int, words: str, seconds: float = LONG) -> str:
    """Read what is said until some words are, or so long."""
    said, limit = "", time.monotonic() + seconds
    while words not in said and time.monotonic() < limit:
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            said += os.read(terminal, 4096).decode(errors="replace")
        except OSError as error:
            raise AssertionError(f"ended without {words!r}: {said}") from error
    return said


def test_two_transcriptions_at_once_are_refused(chain: Path) -> None:
    archive = Archive(chain)
    key = archive.episodes()[0].key
    with archive.lock("transcribe"):
        done = radio("transcribe", "--root", str(chain), "--again", key, check=False)
    assert "another `radio` is at it" in done.stderr


def test_the_demonstration_needs_nothing_else(models: Path, tmp_path: Path, chain: Path) -> None:
    """`radio demo` a second time: served at once, its address and its folder said."""
    root = tmp_path / ".demo"
    for folder in ("media", "transcripts"):
        shutil.copytree(chain / folder, root / folder)
    port = free_port()
    command = [sys.executable, "-m", "radio", "demo", "--port", str(port)]
    variables = {**os.environ, "RADIO_MODELS": str(models), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env=variables, cwd=tmp_path
    ) as process:
        wait_for(f"http://127.0.0.1:{port}/shows/{SHOW}/", process)
        process.terminate()
        said = process.stderr.read() if process.stderr else ""
    assert f"The archive answers on http://127.0.0.1:{port}\n" in said
    assert f"http://127.0.0.1:{port}/search?q=cassette" in said
    assert re.search(r"ingested: \d+\.\d s", said)
    assert "It stays in .demo: `radio search --root .demo cassette`" in said
    assert MEMORY in call("search", "--root", str(root), "cassette").stdout


def test_an_archive_without_episodes_says_so(tmp_path: Path) -> None:
    call("init", "--root", str(tmp_path))
    listed = call("list", "--root", str(tmp_path))
    assert listed.stdout == ""
    assert "no episode yet; `radio ingest` takes some" in listed.stderr
