"""The journal: each act is a line that lasts, and nobody but keepers ever gets it."""

import json
import os
import resource
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest

from radio.archive import Archive, journal
from radio.archive.journal import Entry
from tests.processes import command
from tests.samples import STREET

KEY = f"emission/{STREET}"
SIGN = "zinzoline"


def test_entries_come_back_the_newest_first(tmp_path: Path) -> None:
    assert journal.entries(tmp_path) == []
    note, facts = "L’œil\nà sa demande", {"line": "retiré"}
    journal.note(tmp_path, "withdraw", key=KEY, facts=facts, note=f"{note}\ud800")
    journal.note(tmp_path, "publish", key="a/b", who="camille")
    new, old = journal.entries(tmp_path)
    assert new == Entry(new.when, "camille", "publish", "a/b")
    assert old == Entry(old.when, "", "withdraw", KEY, facts, f"{note}?")
    assert old.when.endswith("+00:00")


def test_a_bad_line_costs_itself(tmp_path: Path) -> None:
    journal.note(tmp_path, "withdraw", key=KEY)
    path = tmp_path / "desk" / "journal.jsonl"
    with path.open("ab") as file:
        file.write(b'{"when": 3}\nno JSON\n{"when": "2026-1')  # as a power cut leaves it
    journal.note(tmp_path, "publish", key="a/b")
    assert [each.what for each in journal.entries(tmp_path)] == ["publish", "withdraw"]
    journal.forget(tmp_path, KEY)
    assert [each.what for each in journal.entries(tmp_path)] == ["publish"]
    left = path.read_text(encoding="utf-8")
    assert KEY not in left and "no JSON" in left
    facts = {"line": f"a: {KEY}, {KEY}-2, b{KEY}"}
    journal.note(tmp_path, "mend", key="a", facts=facts, note=f"Et {KEY}.")
    journal.forget(tmp_path, KEY)  # an entry about others names it no more
    entry = journal.entries(tmp_path)[0]
    assert (entry.line, entry.note) == (f"a: …, {KEY}-2, b{KEY}", "Et ….")


def test_a_full_disk_loses_none_unseen(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    journal.note(tmp_path, "withdraw", key=KEY)
    path, limits = tmp_path / "desk" / "journal.jsonl", resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, limits[1]))
    try:
        journal.note(tmp_path, "publish", key="a/b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "journal.jsonl: File too large" in caplog.text
    journal.note(tmp_path, "reply", key="a/b")
    assert [each.what for each in journal.entries(tmp_path)] == ["reply", "withdraw"]


def test_the_last_is_read_without_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        journal.note(tmp_path, "edit", key=f"a/{number}")
    read, asked = journal._read, list[bytes]()

    def noted(line: bytes) -> Entry | None:
        asked.append(line)
        return read(line)

    monkeypatch.setattr(journal, "_read", noted)
    assert [each.key for each in islice(journal.newest(tmp_path), 2)] == ["a/19", "a/18"]
    assert len(asked) == 2


def test_nobody_else_may_open_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        (tmp_path / "desk").mkdir()
        journal.note(tmp_path, "withdraw", key=KEY)
        journal.note(tmp_path, "publish", key="a/b")
        journal.forget(tmp_path, KEY)
    finally:
        os.umask(before)
    assert (tmp_path / "desk").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "desk" / "journal.jsonl").stat().st_mode & 0o777 == 0o600


def test_those_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def write(name: str) -> None:
        for number in range(50):
            journal.note(tmp_path, "edit", key=f"{name}/{number}")

    journal.note(tmp_path, "withdraw", key=KEY)
    with ThreadPoolExecutor() as pool:
        written = pool.map(write, "abcd")
        for _ in range(20):
            journal.forget(tmp_path, KEY)
    assert list(written) == [None] * 4
    assert len(journal.entries(tmp_path)) == 200


def test_the_command_tells_it(archive: Archive) -> None:
    journal.note(archive.root, "withdraw", key=KEY, facts={"line": "retiré"}, note="à\nsa demande")
    journal.note(archive.root, "publish", key="a/b", who="camille")
    first, second = command(archive, "log").stdout.splitlines()
    assert first.endswith("  camille  publish  a/b")
    assert second.endswith(f"  withdraw  {KEY}  retiré  à sa demande")
    (only,) = json.loads(command(archive, "log", KEY, "--json").stdout)
    assert only["note"] == "à\nsa demande"
