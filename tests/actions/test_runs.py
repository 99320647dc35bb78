"""The undo of an ingest: a run, or some of it, leaves as it came, and may be taken anew."""

import shutil
from pathlib import Path

import pytest

from radio.actions.deletion import forget_episode
from radio.actions.editing import edit, write
from radio.actions.runs import episodes_of
from radio.actions.undoing import undo
from radio.archive import Archive, history, journal
from radio.ingest.inbox import INBOX
from radio.system.errors import ArchiveError, NotFoundError
from tests.processes import command
from tests.recipes import make
from tests.samples import files_in

TEXT = "Bonjour à toutes et à tous."


@pytest.fixture
def heap(sounds: dict[str, Path], tmp_path: Path) -> Path:
    """A folder of three recordings, the first with a text."""
    (place := tmp_path / "clé").mkdir()
    for number, suffix in enumerate((".flac", ".mp3", ".ogg")):
        shutil.copy(sounds[suffix], place / f"2023-05-1{number} un{suffix}")
    (place / "2023-05-10 un.txt").write_text(TEXT, encoding="utf-8")
    return place


def keys(archive: Archive) -> list[str]:
    return sorted(each.key for each in archive.episodes())


def test_a_run_is_one_act_that_is_undone_and_taken_anew(archive: Archive, heap: Path) -> None:
    before = files_in(heap)
    command(archive, "ingest", str(heap))
    (run,), taken = history.acts(archive.root), keys(archive)
    assert (run.what, sorted(run.keys), len(taken)) == ("ingest", taken, 3)
    assert run.name in command(archive, "log").stdout
    assert "undone: the addition of" in command(archive, "undo").stderr
    assert keys(archive) == [] == [*archive.transcripts.glob("*/*")]
    assert files_in(heap) == before
    assert {*before.values()} <= {each.read_bytes() for each in archive.root.glob("trash/**/*.*")}
    assert "although" not in command(archive, "ingest", str(heap)).stderr
    assert keys(archive) == taken
    assert [each.state for each in history.acts(archive.root)] == ["done", "undone"]


def test_what_somebody_worked_on_stays_unless_it_is_named(archive: Archive, heap: Path) -> None:
    command(archive, "ingest", str(heap))
    (run,), (first, second, third) = history.acts(archive.root), keys(archive)
    with pytest.raises(NotFoundError):
        undo(archive, run.name, keys=["emission/x"])
    command(archive, "undo", run.name, third)
    assert keys(archive) == [first, second]
    write(archive, [edit(archive, first, {"title": "Relu"})])
    assert episodes_of(archive, run) == {first: True, second: False}
    told = command(archive, "undo", run.name).stderr
    assert f"{first}: stays here: somebody has worked on it since" in told
    assert keys(archive) == [first]
    with pytest.raises(ArchiveError, match="worked on it since; nothing was done"):
        undo(archive, run.name)
    undo(archive, run.name, keys=[first], who="Zoé")
    assert keys(archive) == []
    last = journal.entries(archive.root)[0]
    assert (last.who, last.key, last.facts) == ("Zoé", first, {"undone": "ingest"})


def test_a_recording_goes_back_to_the_inbox_and_is_not_taken_at_once(
    archive: Archive, heap: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_INBOX_WAIT", "0")
    inbox = Path(shutil.copytree(heap, archive.root / "inbox"))
    make(archive, INBOX)
    (run,), taken = history.acts(archive.root), keys(archive)
    with pytest.raises(NotFoundError):
        undo(archive)  # nobody asked for it a moment ago: by its name alone
    undo(archive, run.name)
    make(archive, INBOX)
    assert keys(archive) == []
    refused, dropped = files_in(inbox / "refused"), files_in(heap)
    assert {name: refused[name] for name in dropped} == dropped
    assert len(refused) == len(dropped) + 3
    assert taken[0] in refused["2023-05-10 un.flac.txt"].decode()
    forget_episode(archive, taken[0])
    assert {*history.acts(archive.root)[0].keys} == {"…", *taken[1:]}
    assert [name for name in files_in(inbox) if "2023-05-10" in name] == []
    for name in ("2023-05-11 un.mp3", "2023-05-12 un.ogg"):
        (inbox / "refused" / name).rename(inbox / name)
    make(archive, INBOX)
    assert keys(archive) == taken[1:]
