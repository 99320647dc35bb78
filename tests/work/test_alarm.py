"""Who is to be called is told of a trouble once, and again when it is over."""

import time
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.check import write_report
from radio.audit.outside import AskedSite
from radio.system.disk import write_whole
from radio.system.errors import RadioError
from radio.text.transcript import Cue
from radio.work import alarm
from radio.work.alarm import raise_alarms
from radio.work.doctor import Machine, caller
from radio.work.status import Trouble, WorkStatus, write_status
from tests.heard import write_cues
from tests.patience import until
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, put, put_all
from tests.work.runs import ScriptedChild, worker, working

NOWHERE = AskedSite("", "")


@pytest.fixture
def letters(archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the command for alarms was told so far; with `broken` beside it, it fails."""
    put_all(archive, STREET, CITY)
    write_report(archive, 0)
    script, told = tmp_path / "call us", tmp_path / "letters"
    script.write_text(f'#!/bin/sh\n[ ! -e "{tmp_path}/broken" ] && cat >> "{told}"\n')
    script.chmod(0o755)
    monkeypatch.setenv("RADIO_ALARM", f"'{script}' --to us")
    return told


def fail(archive: Archive, *slugs: str) -> None:
    """Have the work on some shows fail."""
    until = time.time() + 9999
    some = (Trouble("transcribe", f"emission/{each}", "cut short", "", 1, until) for each in slugs)
    write_status(archive, WorkStatus(troubles=tuple(some)))


def lines(letters: Path) -> list[str]:
    """The lines of the last letter, which is taken away."""
    said = letters.read_text(encoding="utf-8").splitlines() if letters.exists() else []
    letters.unlink(missing_ok=True)
    return said


def test_each_trouble_is_told_once_and_once_more_when_it_is_over(
    archive: Archive, letters: Path
) -> None:
    raise_alarms(archive)
    assert lines(letters) == []
    fail(archive, STREET)
    raise_alarms(archive)
    first, told, *_more = lines(letters)
    assert first.endswith(": 1 thing to put right")
    assert told.startswith(f"- What failed: {STREET}") and "radio work --retry" in told
    raise_alarms(archive)
    assert lines(letters) == []
    fail(archive, STREET, CITY)
    write_report(archive, 2)
    raise_alarms(archive)
    said = "\n".join(lines(letters))
    assert CITY in said and "Damaged or missing files" in said and STREET not in said
    fail(archive, CITY)
    raise_alarms(archive)
    first, *over = lines(letters)
    assert first.endswith(": all is put right")
    assert [each for each in over if each.startswith("-")] == [f"- What failed: {STREET}cut short"]


def test_a_command_that_fails_or_is_missing_is_called_again(
    archive: Archive, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail(archive, STREET)
    (tmp_path / "broken").touch()
    with pytest.raises(RadioError, match="RADIO_ALARM: 1"):
        raise_alarms(archive)
    (tmp_path / "broken").unlink()
    raise_alarms(archive)
    assert STREET in "".join(lines(letters))
    fail(archive)
    monkeypatch.setenv("RADIO_ALARM", "/nonexistent/mail us")
    with pytest.raises(RadioError, match=r"RADIO_ALARM: .*will be called again"):
        raise_alarms(archive)
    assert "no command of that name" in caller(Machine(archive, NOWHERE, NOWHERE)).seen


def test_a_unit_that_failed_is_told_by_the_command_that_units_call(
    archive: Archive, letters: Path, systemd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHANGED", "Result=exit-code")
    raise_alarms(archive, systemd)
    assert "radio-web.service failed — `journalctl" in "".join(lines(letters))
    assert command(archive, "doctor", "--alarm").returncode == 0  # this machine has no systemd
    assert "put right" in lines(letters)[0]
    monkeypatch.delenv("RADIO_ALARM")
    assert "nobody is called" in command(archive, "doctor", "--alarm").stderr


def test_each_text_that_is_ready_is_told_once_with_its_facts(
    archive: Archive, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there before the first look is no news, nor is a text made anew."""
    monkeypatch.delenv("RADIO_ALARM")
    facts = "printenv EPISODE_KEY EPISODE_TITLE EPISODE_ADDRESS; cat"
    (tmp_path / "call us").write_text(f'#!/bin/sh\n({facts}) >> "{letters}"\n')
    monkeypatch.setenv("RADIO_DONE", f"'{tmp_path}/call us'")
    monkeypatch.setenv("RADIO_BASE_URL", "https://a.example")
    city, text = archive.episode(f"emission/{CITY}"), archive.vtt_path(f"emission/{CITY}")
    said = text.read_bytes()
    text.unlink()
    command(archive, "doctor", "--alarm")
    assert lines(letters) == []
    write_whole(text, said)
    for told in ([city.key, city.title, f"https://a.example/shows/{city.key}"], []):
        command(archive, "doctor", "--alarm")
        assert lines(letters)[:3] == told
        write_whole(text, said + b"\n")
    command(archive, "protect", "draft", put(archive, MEMORY).key)
    write_cues(archive, f"emission/{MEMORY}", Cue(0.0, 1.0, "Oui."))
    with working(worker(archive)):
        until(letters.exists)
    assert lines(letters)[0] == f"emission/{MEMORY}"


def test_a_command_that_hangs_is_ended_with_all_it_began_and_told_in_the_status(
    archive: Archive, letters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes 1 s."""
    monkeypatch.setattr(alarm, "PATIENCE", 0.3)
    script, text = tmp_path / "call us", archive.vtt_path(f"emission/{CITY}")
    script.write_text(f'#!/bin/sh\nsleep 977 & echo $! > "{letters}"; wait\n')
    monkeypatch.setenv("RADIO_DONE", f"'{script}'")
    text.unlink()
    alarm.tell_done(archive)
    write_cues(archive, f"emission/{CITY}", Cue(0.0, 1.0, "Oui."))
    with pytest.raises(RadioError, match="RADIO_DONE: took longer"):
        alarm.tell_done(archive)
    (child,) = lines(letters)
    until(lambda: not Path(f"/proc/{child}").exists())
    assert "RADIO_DONE: took longer" in command(archive, "status").stdout
    script.write_text("#!/bin/sh\n")
    assert alarm.tell_done(archive) == [f"emission/{CITY}"]
    assert "RADIO_DONE" not in command(archive, "status").stdout


def test_the_work_calls_by_itself(
    archive: Archive, letters: Path, begun: list[ScriptedChild]
) -> None:
    """Here it has no model."""
    archive.vtt_path(f"emission/{STREET}").unlink()
    with working(worker(archive)):
        until(letters.exists)
    assert "What failed" in "".join(lines(letters))
    assert alarm.TOLD.read(archive.root).told
