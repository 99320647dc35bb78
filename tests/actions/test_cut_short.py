"""An act that dies or is refused at any moment: nothing that a person wrote since is lost."""

import datetime as dt
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from radio.actions.deletion import delete_episode, forget_episode
from radio.actions.editing import edit, write
from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.renaming import rename_episode, rename_show
from radio.archive import Archive, changes, history, locks, removal
from radio.archive.acts import undo
from radio.system import disk
from radio.system.errors import ArchiveError
from tests.processes import call
from tests.samples import CITY, STREET, put

NAME = "Zoé Zimmermann"
KEY = f"emission/{STREET}"
TRUTH = ("media", "transcripts", "trash", "desk/pseudonyms", "gone.json")
WRITING = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")

Act = Callable[[Archive], object]


class Killed(BaseException):
    """The end of a process: nothing is written afterwards."""


class Disk:
    """A disk that ends whatever writes to it, at one call or from one call on."""

    def __init__(self) -> None:
        self.root, self.left, self.fault, self.stays = "", 0, BaseException(), False
        sys.addaudithook(self._watch)

    @contextmanager
    def failing(
        self, root: Path, number: int, fault: BaseException, *, stays: bool
    ) -> Iterator[None]:
        self.root, self.left, self.fault, self.stays = str(root), number, fault, stays
        try:
            yield
        finally:
            self.root = ""

    @property
    def is_through(self) -> bool:
        """Whether all was done before the disk failed."""
        return self.left >= 0

    def _watch(self, event: str, about: tuple[object, ...]) -> None:
        if self.root and (event in WRITING or (event == "open" and _writes(about[2]))):
            path = str(about[0])
            if path.startswith(self.root) and not path.endswith(".lock"):
                self.left -= 1
                if self.left == -1 or (self.left < 0 and self.stays):
                    raise self.fault


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


DISK = Disk()
ACTS: dict[str, tuple[Act, Act]] = {
    "edit": (lambda _: None, lambda each: write(each, [edit(each, KEY, {"title": "X"})])),
    "rename": (lambda _: None, lambda each: rename_episode(each, KEY, "x")),
    "rename of a show": (lambda _: None, lambda each: rename_show(each, "emission", "x")),
    "pseudonym": (
        lambda _: None,
        lambda each: replace_name(each, ["emission"], Replacement(NAME, "Anne")),
    ),
    "delete": (lambda _: None, lambda each: delete_episode(each, KEY)),
    "undo of a rename": (lambda each: rename_episode(each, KEY, "x"), undo),
    "undo of a deletion": (lambda each: delete_episode(each, KEY), undo),
}
of_each_act = pytest.mark.parametrize(("before", "act"), ACTS.values(), ids=ACTS.keys())


@pytest.fixture
def full(archive: Archive) -> Archive:
    """A show of two episodes that name somebody, with sounds of some letters."""
    for slug in (STREET, CITY):
        episode = put(archive, slug, description=f"Avec {NAME}.")
        archive.audio_path(episode).write_bytes(f"sound of {slug}".encode())
        path = archive.vtt_path(episode.key)
        path.write_text(f"{path.read_text()}\n2\n00:03.000 --> 00:04.000\nEt {NAME}.\n")
    return archive


def copies(archive: Archive, before: Act) -> Iterator[Archive]:
    """Give one copy of an archive after the other, each in one place."""
    before(archive)
    while True:
        root = archive.root.parent / "copy"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(archive.root, root)
        yield Archive(root)


def held(archive: Archive, folders: tuple[str, ...] = TRUTH) -> dict[str, bytes]:
    """All that is no cache, nor the past."""
    return {
        path: file.read_bytes()
        for file in sorted(archive.root.rglob("*"))
        if (path := file.relative_to(archive.root).as_posix()).startswith(folders)
        if file.is_file()
    }


def correct(archive: Archive, *, whole: bool) -> list[bytes]:
    """Write by hand in each sidecar and text that is there, and give the words."""
    paths = [*archive.media.glob("*/*.json"), *archive.transcripts.glob("*/*.vtt")]
    words = [f"correction {number} ".encode() for number, _ in enumerate(paths)]
    for path, word in zip(sorted(paths), words, strict=True):
        content = path.read_bytes()
        if path.suffix == ".json":
            said = json.loads(content) | {"description": word.decode()}
            content = json.dumps(said).encode()
        else:
            content += b"\n3\n00:05.000 --> 00:06.000\n" + word + b"\n"
        if whole:
            disk.write_whole(path, content)
        else:
            path.write_bytes(content)
    return words


def cut(
    archive: Archive, act: Act, monkeypatch: pytest.MonkeyPatch, step: str = "_rewrite"
) -> None:
    """Begin an act, and die when its first file is to be written, or at another step."""

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(changes, step, die)
        act(archive)
    assert history.is_cut_short(archive.root)


def refuse(*_: object) -> None:
    """As a full disk does."""
    raise ArchiveError("full")


def retitle(archive: Archive) -> None:
    """Change the title of an episode."""
    write(archive, [edit(archive, KEY, {"title": "X"})])


def test_a_person_finds_what_they_corrected_while_an_act_lay_unfinished(
    full: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cut(full, retitle, monkeypatch)
    path = full.sidecar_path(KEY)
    by_hand = json.dumps(json.loads(path.read_bytes()) | {"description": "Par Fanny."}).encode()
    path.write_bytes(by_hand)
    with full.lock():
        pass
    assert full.episode(KEY).title == "X"
    (kept,) = (full.root / "trash").glob(f"*-meanwhile/media/{KEY}.json")
    assert kept.read_bytes() == by_hand
    assert kept.relative_to(full.root).as_posix() in caplog.text
    forget_episode(full, KEY)
    assert not list((full.root / "trash").rglob("*.json"))


@pytest.mark.parametrize("name", [".begun.json", ".removal.json"])
def test_who_writes_beside_a_log_that_nobody_can_read_is_told_which_file_it_is(
    full: Archive, name: str
) -> None:
    (full.root / "history").mkdir()
    (full.root / "history" / name).write_bytes(b"{")
    before = held(full)
    with pytest.raises(ArchiveError, match=f"{name}: not JSON .*move it away"):
        retitle(full)
    assert held(full) == before


def test_what_a_person_wrote_before_a_removal_was_finished_is_kept_in_the_trash(
    full: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What was to be in no place of its own any more is in none, all the same."""
    text, gone = (full.vtt_path(f"emission/{slug}") for slug in (STREET, CITY))
    path, sealed = (each.relative_to(full.root).as_posix() for each in (text, gone))
    aside = {sealed: f"{removal.sealed_folder()}/{sealed}"}
    plan = removal.Removal(aside, written={path: "WEBVTT\n"})
    with monkeypatch.context() as patched, full.lock():
        patched.setattr(removal, "_write", refuse)
        with pytest.raises(ArchiveError, match="a removal is begun"):
            removal.perform(full.root, plan)
    for each in (text, gone):
        disk.write_whole(each, f"by hand in {each.name}".encode())
    with full.lock():
        pass
    assert (text.read_text(), gone.exists()) == ("WEBVTT\n", False)
    for name in (path, sealed):
        (kept,) = (full.root / "trash").glob(f"*-meanwhile/{name}")
        assert kept.read_text() == f"by hand in {Path(name).name}"
        assert kept.relative_to(full.root).as_posix() in caplog.text
        assert f"{name}: that version may still have what was removed" in caplog.text


def test_a_recording_gets_its_new_name_though_another_file_took_it_meanwhile(
    full: Archive, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What went away meanwhile is told."""
    cut(full, lambda each: rename_episode(each, KEY, "x"), monkeypatch, "_rename")
    stranger, text = full.media / "emission" / "x.mp3", full.vtt_path(KEY)
    stranger.write_bytes(b"another")
    text.unlink()
    with full.lock():
        pass
    assert stranger.read_bytes() == f"sound of {STREET}".encode()
    assert full.audio_path(full.episode("emission/x")) == stranger
    (kept,) = (full.root / "trash").glob("*-meanwhile/media/emission/x.mp3")
    assert kept.read_bytes() == b"another"
    assert kept.relative_to(full.root).as_posix() in caplog.text
    assert f"transcripts/{KEY}.vtt: no longer there" in caplog.text


def test_the_last_act_is_the_last_one_whatever_the_clock_said(
    full: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_two_who_take_back_the_last_act_at_once_take_back_one(
    full: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    retitle(full)
    rename_show(full, "emission", "y")
    cut(full, undo, monkeypatch)  # somebody else is at it
    other = ExitStack()
    other.enter_context(locks.locked(full.root, "archive"))

    def wait_for_the_other(root: Path, name: str, *, wait: bool) -> AbstractContextManager[None]:
        if wait:
            other.close()
        return locks.locked(root, name, wait=wait)

    monkeypatch.setattr("radio.archive.archive.locked", wait_for_the_other)
    ended = call("undo", "--root", str(full.root), check=False)
    assert "undone already; nothing was done" in ended.stderr
    assert full.episode(KEY).title == "X"


def test_who_reads_changes_nothing_and_is_told_what_is_begun(
    full: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut(full, retitle, monkeypatch)
    log = full.root / "history" / ".begun.json"
    every = (["list"], ["show", KEY], ["search", "bonjour"], ["status"], ["check"])
    told = {
        log.read_bytes(): ": begun ",
        b"{": ".json: not JSON",
        b'{"version": 9}': "not of version",
    }
    for content, line in told.items():
        log.write_bytes(content)
        before = held(full, (*TRUTH, "history"))
        for asked in every if line == ": begun " else every[:1]:
            ended = call(*asked, "--root", str(full.root), check=asked != ["check"])
            assert ended.stdout, asked
            assert line in ended.stderr
            assert held(full, (*TRUTH, "history")) == before


@pytest.mark.long
def test_a_bag_is_made_beside_a_log_that_nobody_can_read(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    (archive.root / "history").mkdir()
    (archive.root / "history" / ".begun.json").write_bytes(b"{")
    ended = call("export", "bag", str(tmp_path / "bag"), "--root", str(archive.root))
    assert ".begun.json: not JSON" in ended.stderr
    assert (tmp_path / "bag" / "bagit.txt").is_file()


@of_each_act
@pytest.mark.long
def test_what_a_person_corrects_after_an_act_died_is_lost_at_no_step(
    full: Archive, before: Act, act: Act, caplog: pytest.LogCaptureFixture
) -> None:
    sounds = {f"sound of {slug}".encode() for slug in (STREET, CITY)}
    for step, archive in enumerate(copies(full, before)):
        caplog.clear()
        with DISK.failing(archive.root, step, Killed(), stays=True), suppress(Killed):
            act(archive)
        if DISK.is_through:
            break
        words = correct(archive, whole=step % 2 == 0)
        corrected = held(archive, ("",))
        Archive(archive.root).require().episodes()  # who reads finishes nothing
        assert held(archive, ("",)) == corrected
        with Archive(archive.root).lock():
            pass
        assert not history.is_cut_short(archive.root)
        found = held(archive)
        assert sounds <= set(found.values())
        for word in words:
            places = [path for path, content in found.items() if word in content]
            assert places, (step, word)
            for aside in (path for path in places if "-meanwhile/" in path):
                assert aside in caplog.text
        heard = {path[6:-4] for path in found if path.startswith("media/") and ".mp3" in path}
        assert {each.key for each in Archive(archive.root).episodes()} == heard


@pytest.mark.parametrize("stays", [False, True], ids=["once", "from then on"])
@of_each_act
@pytest.mark.long
def test_what_the_disk_refuses_is_not_done_later_unless_that_is_told(
    full: Archive, before: Act, act: Act, stays: bool
) -> None:
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
