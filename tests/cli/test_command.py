"""The command: what it says in the first hour and when something is wrong, how it ends."""

import datetime as dt
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
from types import SimpleNamespace

import pytest

from radio.archive import Archive, holdings
from radio.archive.check import check
from radio.archive.episode import render_episode
from radio.cli import transcribe
from radio.system import process
from radio.transcribe import engines
from tests.fakes import Fake
from tests.patience import LONG
from tests.processes import call, command, free_port, radio, wait_for
from tests.samples import DEMO, MEMORY, ROOT, SHOW, STREET, put
from tests.tables import for_each
from tests.web.sites import visit

README = str(ROOT / "README.md")
KEY = f"emission/{STREET}"
SOUNDS = ROOT / "tests/golden/0.2.0/media/la-machine"  # five of them
SOUND = SOUNDS / "2024-05-21-retiree.mp3"
NAMED, TAKEN = "Mon émission (version finale).mp3", "emission/mon-emission-version-finale"
MAKE = '`radio init --show my-show --title "My show"`'


def said(*arguments: str, root: Path | Archive) -> list[str]:
    """What the command says, whether it did what it was asked or not."""
    place = root.root if isinstance(root, Archive) else root
    return call(*arguments, check=False, RADIO_ROOT=str(place)).stderr.splitlines()


@pytest.fixture
def root(archive: Archive) -> Path:
    put(archive, STREET)
    call("init", "--root", str(archive.root), "--title", "La Machine à découdre")
    return archive.root


def test_whoever_makes_an_archive_is_told_where_it_lies(tmp_path: Path) -> None:
    root = tmp_path / "archives"
    assert said("init", root=root) == [f"{root}: an archive (its shows: none yet); {MAKE} adds one"]
    assert said("list", root=root) == ["no episodes yet; `radio ingest` adds some"]
    done = call("init", "--show", "la-machine", RADIO_ROOT=str(root))
    assert done.stdout == f"{root}/media/la-machine/show.json\n"
    assert done.stderr.startswith("the show la-machine is in this archive; `radio ingest FILE`")
    assert "(its shows: la-machine)" in said("init", root=root)[0]
    (told,) = said("init", "--show", "Mon émission", root=root)
    assert told.endswith("(letters a-z, digits, hyphens); write mon-emission")
    (told,) = said("init", "--show", "…", root=root)
    assert told.endswith("(letters a-z, digits, hyphens)")
    assert [show.slug for show in Archive(root).shows()] == ["la-machine"]


def test_a_show_is_named_for_ever_by_its_first_address(tmp_path: Path) -> None:
    made = ("init", "--root", str(tmp_path), "--show")
    call(*made, "une", RADIO_BASE_URL="https://radio.example/")
    call(*made, "autre", RADIO_BASE_URL="")
    first, second = (Archive(tmp_path).show(slug).guid for slug in ("une", "autre"))
    namespace = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    assert first == str(uuid.uuid5(namespace, "radio.example/shows/une/feed.xml"))
    assert uuid.UUID(second).version == 4


def test_which_show_is_asked_with_what_to_write(tmp_path: Path) -> None:
    asked = [("ingest", str(SOUNDS)), ("source", "add", "https://radio.example")]
    call("init", RADIO_ROOT=str(tmp_path))
    for words in asked:
        (told,) = said(*words, root=tmp_path)
        assert f"which show? there is none yet; {MAKE} creates one" in told
    for name in ("une", "autre"):
        call("init", "--show", name, RADIO_ROOT=str(tmp_path))
    for words in asked:
        (told,) = said(*words, root=tmp_path)
        assert told.endswith("which show? write one of these after --show: autre, une")


def test_who_takes_a_recording_learns_that_all_hear_it(archive: Archive, tmp_path: Path) -> None:
    shutil.copy(SOUND, tmp_path / NAMED)
    taken = said("ingest", "--show", "emission", str(tmp_path / NAMED), root=archive)
    (public,) = (line for line in taken if "public" in line)
    (guessed,) = (line for line in taken if "guessed" in line)
    hides = f"`radio protect embargo {TAKEN} DAY` or `radio protect withdraw {TAKEN}` hides it"
    assert public == f"1 episode is public now; {hides}"
    assert f"`radio edit {TAKEN} date=2024-03-19`" in guessed
    words = "1 episode without any text yet; `radio transcribe` writes what is said"
    assert words in said("search", "ville", root=archive)
    nothing = "Rien n’est encore transcrit"
    assert nothing in visit(archive).get("/search?q=ville").text
    put(archive, STREET)
    assert words not in said("search", "ville", root=archive)
    assert nothing not in visit(archive).get("/search?q=ville").text


def test_options_tell_date_and_title(archive: Archive, sounds: dict[str, Path]) -> None:
    options = ["--date", "2024-01-16", "--title", "À découdre", "--show", "emission"]
    done = command(archive, "ingest", *options, str(sounds[".flac"]))
    assert done.stdout == "emission/2024-01-16-a-decoudre\n"
    sidecar = json.loads(command(archive, "show", done.stdout.strip()).stdout)
    assert (sidecar["title"], sidecar["date"]) == ("À découdre", "2024-01-16")
    (listed,) = json.loads(command(archive, "list", "--json").stdout)
    assert (listed["title"], listed["transcribed"]) == ("À découdre", False)
    assert "to transcribe" in command(archive, "list").stdout


@for_each(
    ("arguments", "code", "complaint"),
    [
        (["show", f"{KEY}s"], 1, f"is it {KEY}?"),
        (["show", STREET], 1, f"is it {KEY}?"),
        (["transcribe", f"media/emission/{STREET}.mp3"], 1, f"is it {KEY}?"),
        (["show", "emission/2024-01-16-les-micros"], 1, f"is it {KEY}?"),
        (["show", ""], 1, "'': no such episode; a key is written SHOW/EPISODE, see `radio list`"),
        (["show", "../../etc/passwd"], 1, "radio: ../../etc/passwd: no such episode"),
        (["list", "--show", "emision"], 1, "is it emission? (the shows: emission, la-machine-a-"),
        (["list", "--show", "La Machine à découdre"], 1, "no such show; is it la-machine-a-decou"),
        (["ingest", "--show", "machine-a-decoudre", "x"], 1, "is it la-machine-a-decoudre?"),
        (["ingest", "--show", "autre", README], 1, "radio: autre: no such show"),
        (["ingest", "--show", "emission", "/nonexistent.mp3"], 1, "/nonexistent.mp3: No such f"),
        (["list", "--root", "/nonexistent"], 1, "/nonexistent: no archive here; `radio init`"),
        (["init", "--show", "emission"], 1, "radio: emission: there is already a show"),
        (["init", "--show", "Émission!"], 1, "radio: 'Émission!': not a valid name"),
        (["transcribe", "--again"], 2, "--again needs the keys"),
    ],
)
def test_errors_are_one_line(root: Path, arguments: list[str], code: int, complaint: str) -> None:
    done = call(*arguments, check=False, RADIO_ROOT=str(root))
    assert (done.returncode, complaint in done.stderr.splitlines()[-1]) == (code, True), done.stderr
    assert code == 2 or sum(line.startswith("radio: ") for line in done.stderr.splitlines()) == 1


@for_each("written", ["Noël", "12/25/2020", "2020-12-25T18:00Z", "après le 1/2/2020", 7])
def test_an_embargo_whose_end_is_no_day_stands(archive: Archive, written: object) -> None:
    """And the episode stays in the keeper's list, which it left before."""
    put(archive, STREET)
    path = archive.sidecar_path(KEY)
    held = json.loads(path.read_text("utf-8")) | {"status": "embargoed"}
    path.write_text(json.dumps(held | {"until": "1er février 2024"}), "utf-8")
    assert [each.until for each in holdings.episodes(archive)] == [dt.datetime(2024, 2, 1)]
    path.write_text(json.dumps(held | {"until": written}), "utf-8")
    assert holdings.episodes(archive) == []
    assert visit(archive).get(f"/shows/{KEY}").status_code == 404
    assert f"{KEY}  1:02  embargoed" in command(archive, "list").stdout
    (finding,) = [each for each in check(archive) if each.kind == "unreadable"]
    assert finding.path == path
    for told in (f"until: {written!r} is not a date", "write it as 2026-12-25"):
        assert told in finding.detail
    assert json.loads(render_episode(archive.episode(KEY)))["until"] == written


def test_whoever_works_at_night_is_told_when(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By day nothing seemed to happen."""
    (root / "transcripts" / f"{KEY}.vtt").unlink()
    opens = dt.datetime.now() + dt.timedelta(hours=6)
    hours = f"{opens:%H:%M}-{opens + dt.timedelta(hours=1):%H:%M}"

    def stop(seconds: float) -> None:
        assert seconds > 5 * 3600
        raise KeyboardInterrupt

    monkeypatch.setattr(transcribe, "time", SimpleNamespace(sleep=stop))
    monkeypatch.setattr(engines, "load", lambda *_, **_more: Fake())
    monkeypatch.setattr(process, "spare", lambda **_: None)  # of the process of the tests
    said_first = said("transcribe", "--engine", "auto", "--only-between", hours, root=root)
    assert f"Waiting until {opens:%H:%M}." in said_first


@pytest.mark.torture
@pytest.mark.long
def test_ctrl_c_on_a_terminal(archive: Archive, models: Path, tmp_path: Path) -> None:
    """A bar with the time left, then Ctrl-C, then the next run that resumes."""
    root = ("--root", str(archive.root))
    long = tmp_path / f"{MEMORY}.mp3"  # so that a second Ctrl-C comes in time if the first is lost
    long.write_bytes((DEMO / long.name).read_bytes() * 2)
    command(archive, "ingest", str(long))
    variables = {**os.environ, "RADIO_MODELS": str(models), "COLUMNS": "100"}
    process, terminal = pty.fork()
    if not process:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # pytest-xdist has it ignored
        words = [sys.executable, "-m", "radio", "transcribe", *root]
        os.execve(sys.executable, words, variables)  # noqa: S606 (no shell is wanted)
    told = read_until(terminal, "0%")
    while (
        "resumes there" not in told
    ):  # torch is being imported, where Python may lose an interrupt
        os.write(terminal, b"\x03")
        told += read_until(terminal, "resumes there", seconds=2)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 1
    assert "[----" in told and "what is done is kept" in told
    assert "Traceback" not in told
    assert len(archive.missing()) == 1
    done = radio("transcribe", *root, RADIO_MODELS=str(models))
    assert done.stdout == f"emission/{MEMORY}\n"
    assert archive.missing() == []


def read_until(terminal: int, words: str, seconds: float = LONG) -> str:
    told, limit = "", time.monotonic() + seconds
    while words not in told and time.monotonic() < limit:
        if select.select([terminal], [], [], 0.1)[0]:
            told += os.read(terminal, 4096).decode(errors="replace")  # fails where it ended
    return told


def test_two_transcriptions_at_once_are_refused(root: Path) -> None:
    with Archive(root).lock("transcribe"):
        (told,) = said("transcribe", "--again", KEY, root=root)
    assert "another `radio` is working there" in told


def test_the_demonstration_needs_nothing_else(models: Path, tmp_path: Path, chain: Path) -> None:
    """`radio demo` a second time: served at once, its address and its folder said."""
    root = tmp_path / ".demo"
    for folder in ("media", "transcripts"):
        shutil.copytree(chain / folder, root / folder)
    port = free_port()
    words = [sys.executable, "-m", "radio", "demo", "--port", str(port)]
    env = {**os.environ, "RADIO_MODELS": str(models), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, env=env, cwd=tmp_path) as run:
        wait_for(f"http://127.0.0.1:{port}/shows/{SHOW}/", run)
        run.terminate()
        told = run.stderr.read() if run.stderr else ""
    assert f"The archive answers on http://127.0.0.1:{port}\n" in told
    assert f"http://127.0.0.1:{port}/search?q=cassette" in told
    assert re.search(r"added: \d+\.\d s", told)
    assert "It stays in .demo: `radio search --root .demo cassette`" in told
    assert MEMORY in call("search", "--root", str(root), "cassette").stdout
