"""Voices that can't be told are not listened for again for ever."""

import dataclasses
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.text.transcript import Region, render_evidence
from radio.transcribe.models import voices as network
from radio.work.queue import Queue
from radio.work.tries import MOST
from tests.fakes import Sure, heard_street
from tests.processes import call


def spoil(archive: Archive, start: float) -> None:
    """Write regions that can't be in the evidence of the only episode."""
    key = archive.episodes()[0].key
    evidence = archive.evidence(key)
    assert evidence
    regions = (Region(start, 50.0, "speech"), Region(start + 10.0, 60.0, "speech"))
    spoilt = dataclasses.replace(evidence, regions=regions)
    archive.evidence_path(key).write_bytes(render_evidence(spoilt))


def test_voices_that_can_not_be_told_do_not_take_the_machine_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive(heard_street(tmp_path / "archive", Sure()))
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path))
    network.path().touch()
    spoil(archive, 0.0)

    def codes(*options: str, runs: int = 1) -> list[int]:
        command = ("index", "--root", str(archive.root), *options)
        return [call(*command, check=False).returncode for _ in range(runs)]

    assert any(each.kind == "voices" for each in Queue(archive).left(None, {}))
    assert codes("--rest", runs=MOST + 2) == [1] * MOST + [0, 0]
    assert not any(each.kind == "voices" for each in Queue(archive).left(None, {}))
    assert codes() == [1]  # whoever asks by hand is obeyed
    spoil(archive, 1.0)  # another state of the files
    assert codes("--rest") == [1]
