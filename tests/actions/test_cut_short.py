"""An act that dies or is refused at any moment: nothing that a person wrote since is lost."""

import datetime as dt
import errno
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any

import pytest

from radio.actions.editing import edit, write
from radio.actions.renaming import rename_episode, rename_show
from radio.archive import Archive, changes, history, locks, removal
from radio.archive.acts import undo
from radio.system import disk
from radio.system.errors import ArchiveError
from tests.acts import ACTS, KEY, TRUTH, Act, fill, held
from tests.killed import DISK, dying
from tests.processes import command
from tests.samples import CITY, STREET

of_each_act = pytest.mark.parametrize(("before", "act"), ACTS.values(), ids=ACTS.keys())


@pytest.fixture
def full(archive: Archive) -> Archive:
    return fill(archive)


def copies(archive: Archive, before: Act) -> Iterator[Archive]:
    before(archive)
    while True:
        root = archive.root.parent / "copy"
        shutil.rmtree(root, ignore_errors=True)
        yield Archive(shutil.copytree(archive.root, root))


def correct(archive: Archive, *, whole: bool) -> list[bytes]:
    """Write by hand in each sidecar and text that is there, and give the words."""
    paths = [*archive.media.glob("*/*.json"), *archive.transcripts.glob("*/*.vtt")]
    words = [f"correction {number} ".encode() for number, _ in enumerate(paths)]
    for path, word in zip(paths, words, strict=True):
        content = path.read_bytes()
        if path.suffix == ".json":
            content = json.dumps(json.loads(content) | {"description": word.decode()}).encode()
        else:
            content += b"\n3\n00:05.000 --> 00:06.000\n" + word + b"\n"
        (disk.write_whole if whole else Path.write_bytes)(path, content)
    return words


def cut(archive: Archive, act: Act, step: str = "_rewrite") -> None:
    """Begin an act, and die when its first file is to be written, or at another step."""
    with dying(changes, step):
        act(archive)
    assert history.is_cut_short(archive.root)


def finish(archive: Archive, aside: Mapping[str, bytes], told: pytest.LogCaptureFixture) -> None:
    """Have the next writer finish what was begun; find what it put aside, and is told of."""
    archive.finished()
    for name, content in aside.items():
        (kept,) = (archive.root / "trash").glob(f"*-meanwhile/{name}")
        assert kept.read_bytes() == content
        assert kept.relative_to(archive.root).as_posix() in told.text


def retitle(archive: Archive) -> None:
    write(archive, [edit(archive, KEY, {"title": "X"})])


@pytest.mark.parametrize("name", [".begun.json", ".removal.json"])
def test_who_writes_beside_an_unreadable_log_is_told_its_name(full: Archive, name: str) -> None:
    (full.root / "history").mkdir()
    (full.root / "history" / name).write_bytes(b"{")
    before = held(full)
    with pytest.raises(ArchiveError, match=f"{name}: not JSON .*move it elsewhere"):
        retitle(full)
    assert held(full) == before


def test_a_late_removal_loses_nobodys_word(full: Archive, caplog: pytest.LogCaptureFixture) -> None:
    """What was to be in no place of its own any more is in none, all the same."""
    text, gone = (full.vtt_path(f"emission/{slug}") for slug in (STREET, CITY))
    path, sealed = (each.relative_to(full.root).as_posix() for each in (text, gone))
    aside = {sealed: f"{removal.sealed_folder()}/{sealed}"}
    plan = removal.Removal(aside, written={path: "WEBVTT\n"})
    with full.lock(), dying(removal, "_write"):
        removal.perform(full.root, plan)
    by_hand = {name: f"by hand in {name}".encode() for name in (path, sealed)}
    for name, content in by_hand.items():
        disk.write_whole(full.root / name, content)
    finish(full, by_hand, caplog)
    assert (text.read_text(), gone.exists()) == ("WEBVTT\n", False)
    for name in by_hand:
        assert f"{name}: this version may still contain what was removed" in caplog.text


def test_a_rename_puts_strangers_aside(full: Archive, caplog: pytest.LogCaptureFixture) -> None:
    cut(full, lambda each: rename_episode(each, KEY, "x"), "_rename")
    stranger = full.media / "emission" / "x.mp3"
    stranger.write_bytes(b"another")
    full.vtt_path(KEY).unlink()
    finish(full, {"media/emission/x.mp3": b"another"}, caplog)
    assert stranger.read_bytes() == f"sound of {STREET}".encode()
    assert full.audio_path(full.episode("emission/x")) == stranger
    assert f"transcripts/{KEY}.vtt: no longer there" in caplog.text


def test_the_last_act_is_last_by_any_clock(full: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    class Earlier(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "Earlier":
            return cls(2020, 1, 1, tzinfo=tz)

    retitle(full)
    monkeypatch.setattr("radio.archive.history.dt.datetime", Earlier)
    rename_episode(full, KEY, "y")
    assert [act.what for act in history.acts(full.root)] == ["rename", "edit"]
    assert history.acts(full.root)[0].when.startswith("2020-01-01")
    undo(full)
    assert full.episode(KEY).title == "X"


def test_two_who_undo_at_once_undo_one_act(full: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    retitle(full)
    rename_show(full, "emission", "y")
    cut(full, undo)  # somebody else is at it
    other = ExitStack()
    other.enter_context(locks.locked(full.root, "archive"))

    def wait_for_the_other(*asked: Any, wait: bool) -> AbstractContextManager[None]:
        if wait:
            other.close()
        return locks.locked(*asked, wait=wait)

    monkeypatch.setattr("radio.archive.archive.locked", wait_for_the_other)
    ended = command(full, "undo", check=False)
    assert "already undone; nothing was done" in ended.stderr
    assert full.episode(KEY).title == "X"


@pytest.mark.long
def test_who_reads_changes_nothing_and_is_told_what_is_begun(full: Archive) -> None:
    cut(full, retitle)
    log = full.root / "history" / ".begun.json"
    every = (["list"], ["show", KEY], ["search", "bonjour"], ["status"], ["check"])
    bag = full.root.parent / "bag"
    told = {log.read_bytes(): ": started ", b'{"version": 9}': "not version"}
    told[b"{"] = ".json: not JSON"
    for content, line in told.items():
        log.write_bytes(content)
        before = held(full, (*TRUTH, "history"))
        for asked in every if line == ": started " else every[:1]:
            ended = command(full, *asked, check=asked != ["check"])
            assert ended.stdout and line in ended.stderr, asked
            assert held(full, (*TRUTH, "history")) == before
    assert ".begun.json: not JSON" in command(full, "export", "bag", str(bag), check=False).stderr
    assert (bag / "bagit.txt").is_file()


@of_each_act
@pytest.mark.long
def test_a_killed_act_is_finished_or_was_not_begun_and_no_correction_since_is_lost(
    full: Archive, before: Act, act: Act, caplog: pytest.LogCaptureFixture
) -> None:
    sounds, states = {f"sound of {slug}".encode() for slug in (STREET, CITY)}, list[bool]()
    for step, archive in enumerate(copies(full, before)):
        was = held(archive)
        with DISK.killing(archive.root, step):
            act(archive)
        if DISK.is_through:
            break
        with tempfile.TemporaryDirectory() as folder:
            alone = Archive(shutil.copytree(archive.root, Path(folder) / "copy")).finished()
            now = held(alone)
            assert not history.is_cut_short(alone.root)
            assert len({each.status for each in alone.episodes()}) <= 1, step  # none half public
        assert not [path for path in now if path.endswith(".part")]
        states.append(now == was)
        caplog.clear()
        words = correct(archive, whole=step % 2 == 0)
        corrected = held(archive, ("",))
        Archive(archive.root).require().episodes()  # who reads finishes nothing
        assert held(archive, ("",)) == corrected
        finish(Archive(archive.root), {}, caplog)
        assert not history.is_cut_short(archive.root)
        found = held(archive)
        assert sounds <= set(found.values())
        for word in words:
            places = [path for path, content in found.items() if word in content]
            assert places, (step, word)
            assert all(path in caplog.text for path in places if "-meanwhile/" in path)
        heard = {path[6:-4] for path in found if path.startswith("media/") and ".mp3" in path}
        assert {each.key for each in Archive(archive.root).episodes()} == heard
    assert states == sorted(states, reverse=True)  # first as before, then all as it should be
    assert not states[-1]


@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
@of_each_act
@pytest.mark.long
def test_no_refused_act_is_done_later(full: Archive, before: Act, act: Act, stays: bool) -> None:
    fault, refusals = OSError(errno.ENOSPC, "No space left on device"), 0
    for step, archive in enumerate(copies(full, before)):
        was, told = held(archive), ""
        with DISK.failing(archive.root, step, fault, stays=stays):
            try:
                act(archive)
            except ArchiveError as error:
                told = str(error)
        if DISK.is_through:
            break
        is_begun = "finished by the next command" in told
        assert history.is_cut_short(archive.root) == is_begun, (step, told)
        if told and not is_begun:
            refusals += 1
            assert held(archive) == was, (step, told)
        if not told:
            assert held(archive) != was, step
        now = held(archive)
        with archive.lock():
            pass
        assert is_begun or held(archive) == now, (step, told)
    assert refusals
