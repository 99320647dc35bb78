"""`radio status` for volunteers: room, proof, what waits for them and what to do."""

import datetime as dt
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from radio.archive import Archive, losses
from radio.archive.check import REPORT, Report, write_report
from radio.archive.fixity import FixityReader
from radio.archive.fixity_log import read_log
from radio.derived.recipe import Made, Making, Message, SaidLine
from radio.proposals.queue import Mending, Mendings, changing
from radio.system import disk
from radio.work.queue import files_of
from radio.work.recipes import FIXITY
from radio.work.status import WorkStatus, write_status
from radio.work.tries import Tries
from radio.work.waiting import State, list_waiting
from tests.processes import command
from tests.samples import STREET, put

KEY = f"emission/{STREET}"


def status(archive: Archive, *words: str) -> str:
    done = command(archive, "status", *words)
    return done.stderr + done.stdout


@pytest.fixture
def roomy(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    put(archive, STREET)
    give(monkeypatch, 100 * 10**9)
    return archive


def give(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    room = SimpleNamespace(total=10**12, used=10**12 - free, free=free)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: room)


def test_a_disk_tells_how_many_hours_fit(roomy: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(roomy, 0)
    per_hour = roomy.episode(KEY).audio.size / 62.8 * 3600
    text = status(roomy)
    assert f"disk: 100.0 GB free, room for about {round(1e11 / per_hour)} hours of sound" in text
    assert "nearly full" not in text
    give(monkeypatch, 200 * 10**6)
    assert "- The disk is nearly full — make room" in status(roomy)


def test_it_says_when_the_files_were_proved(roomy: Archive) -> None:
    today, asks = dt.datetime.now(dt.UTC).date(), "- It is time to check all files — `radio check`"
    old = Report((today - dt.timedelta(100)).isoformat(), 1, 1, 0)
    reports: list[tuple[Callable[[], object], str, bool]] = [
        (lambda: None, "files: never checked", True),
        (lambda: write_report(roomy, 0), f"{today}, 1 recording, all well", False),
        (lambda: write_report(roomy, 2), "1 recording, 2 findings", False),
        (lambda: REPORT.write(roomy.root, old), old.date, True),
    ]
    for write, told, is_asked in reports:
        write()
        text = status(roomy)
        assert told in text
        assert (asks in text) == is_asked
        assert ("- Damaged or missing files: 2 — `radio check` names" in text) == ("2 f" in told)


def test_what_failed_says_what_to_do(roomy: Archive) -> None:
    roomy.vtt_path(KEY).unlink()
    write_report(roomy, 0)
    files = files_of(roomy, roomy.episode(KEY))
    trouble = Tries().fail("transcribe", KEY, files, f"{KEY}: not audio; take it away")
    write_status(roomy, WorkStatus(troubles=(trouble,)))
    one = Mending("a1", KEY, 0.0, 2.0, "Bonjour.", "0", "Bonsoir.", "2026-01-01")
    with changing(roomy.root) as kept:
        kept.append(Mendings((one,)))
    text = status(roomy)
    for line in (
        f"failed: {KEY}: not audio; take it away (1 try; again at",
        f"  what to do: it is retried automatically; `radio transcribe {KEY}`",
        f"- What failed: 1 — see above what to do\n  {roomy.episode(KEY).title}: not audio",
        "- Nothing happens by itself — start `radio work`",
        f"- Suggestions of listeners to decide on: 1 — `radio text proposals`\n  {KEY}",
    ):
        assert line in text
    told = status(roomy, "--json")
    waiting = {
        each["kind"]: each["number"] for each in json.loads(told[told.index("{") :])["waiting"]
    }
    assert waiting == {"idle": 1, "failed": 1, "proposals": 1}


def test_a_disk_that_is_away_is_told_first(roomy: Archive) -> None:
    """With nothing of the archive there, neither « all is well » nor « no episode yet »."""
    losses.take_inventory(roomy.root)
    write_report(roomy, 0)
    roomy.media.rename(roomy.root / "away")
    roomy.media.mkdir()
    text = status(roomy)
    assert "1 file vanished at once: is the disk connected?" in text.splitlines()[0]
    assert "All is well" not in text and "- Files that vanished at once" in text
    listed = command(roomy, "list", check=False)
    told = listed.stdout + listed.stderr
    assert "is the disk connected?" in told and "no episode yet" not in told


def test_what_waits_is_listed_from_one_look_at_each_folder(
    roomy: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With years of episodes, a second look is what the first page of the desk takes too long."""
    looks, look = Counter[str](), disk.regular_files

    def counted(folder: Path, *given: Callable[[str], bool]) -> dict[str, disk.Stamp]:
        looks[folder.relative_to(roomy.root).as_posix()] += 1
        return look(folder, *given)

    monkeypatch.setattr(disk, "regular_files", counted)
    assert "unread" in {each.kind.name for each in list_waiting(State(roomy))}
    assert [looks[f"{name}/emission"] for name in ("media", "transcripts")] == [1, 1]


def test_files_are_read_again_in_small_steps(roomy: Archive) -> None:
    """Whoever is stopped after the first file goes on with the others; damage is told."""
    for path in (path for path in roomy.root.rglob("*") if path.is_file()):
        os.utime(path, (1_700_000_000.5, 1_700_000_000.5))
    told = list[Message]()
    FIXITY.make(roomy, [""], Making(told.append, seconds=-1.0))
    assert len(read_log(roomy.root).whole) == 1 and Made("") not in told
    roomy.audio_path(roomy.episode(KEY)).write_bytes(b"another sound")
    os.utime(roomy.audio_path(roomy.episode(KEY)), (1_700_000_000.5, 1_700_000_000.5))
    FIXITY.make(roomy, [""], Making(told.append))
    assert len(read_log(roomy.root).whole) >= 3 and told[-1] == Made("")
    assert [each.text for each in told if isinstance(each, SaidLine)] == [
        f"media/{KEY}.mp3: damaged; `radio check --repair`"
    ]
    assert FixityReader(roomy).due() == []
