"""A copy in another format is named before it is taken and after; nothing is merged unasked."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from bench.twins import Copy, write_copy
from radio.archive import Archive
from radio.cli import ingest
from radio.formats.tables import TableLine, read_table
from radio.sound import decode
from tests.processes import command
from tests.samples import CITY, DEMO, STREET


def planned(archive: Archive, heap: Path) -> tuple[list[TableLine], str]:
    table = heap.parent / "plan.csv"
    done = command(archive, "ingest", str(heap), "--plan", str(table))
    return list(read_table(table.read_bytes(), table, ("file",))), done.stderr


def test_plans_tell_twins(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heap = tmp_path / "clé"
    heap.mkdir()
    samples = np.concatenate(list(decode(DEMO / f"{STREET}.mp3")))
    write_copy(samples, heap, Copy(".m4a", 24_000, -3)).rename(heap / "2020-01-02 b.m4a")
    for name, slug in (("2020-01-01 a.mp3", STREET), ("2020-01-03 c.mp3", CITY)):
        shutil.copy(DEMO / f"{slug}.mp3", heap / name)
    a, b, c = (str(heap / f"2020-01-0{day}") for day in ("1 a.mp3", "2 b.m4a", "3 c.mp3"))
    lines, _told = planned(archive, heap)
    assert {each.cells["file"]: each.cells["twin_of"] for each in lines} == {a: "", b: a, c: ""}
    assert {each.cells["action"] for each in lines} == {"take"}
    command(archive, "ingest", a, c)
    lines, _told = planned(archive, heap)
    twins = {each.cells["file"]: each.cells["twin_of"] for each in lines}
    assert twins[b] == "emission/2020-01-01-a"
    monkeypatch.setattr(ingest, "PLANNED", 0.0)
    lines, told = planned(archive, heap)
    assert "3 recordings not listened to" in told
    assert [each.cells["twin_of"] for each in lines if each.cells["file"] == b] == [""]
    done = command(archive, "ingest", b)
    assert "1 episode sounds like one that is here: `radio merge --find`" in done.stderr
    assert len(archive.episodes()) == 3
