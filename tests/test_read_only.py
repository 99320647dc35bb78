"""An archive that may not be written to is listed, searched, read and checked; writers say why."""

import contextlib
import os
import subprocess
import tempfile
import traceback
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from tests.processes import call, command, running
from tests.samples import DEMO, files_in

NOBODY = 65534


@contextlib.contextmanager
def sealed(root: Path) -> Iterator[None]:
    """Mount a folder over itself so that nothing in it can be written."""
    subprocess.run(["mount", "--bind", root, root], check=True)  # noqa: S607
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", root], check=True)  # noqa: S607
        yield
    finally:
        subprocess.run(["umount", "--lazy", root], check=True)  # noqa: S607


@pytest.mark.parametrize("indexed", [True, False])
def test_a_sealed_archive_is_read(
    three: Archive, indexed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if indexed:
        Index(three).refresh()
    with sealed(three.root):
        assert len(command(three, "list").stdout.splitlines()) == 3
        assert "3 episodes" in command(three, "search", "bonjour").stderr
        if not indexed:  # where a site has more to do
            with running("serve", "--root", str(three.root)) as address:
                for page in ("/", "/shows/emission/", "/search?q=bonjour", "/fixity"):
                    with urllib.request.urlopen(address + page) as answer:
                        assert answer.status == 200
        for words in (["check"], ["ingest", str(next(DEMO.glob("*.mp3")))], ["index"]):
            done = command(three, *words, check=False)
            assert words == ["check"] or done.returncode == 1
            assert "Traceback" not in done.stderr
            assert "Read-only file system" in done.stderr
        monkeypatch.setattr(tempfile, "tempdir", str(three.root / "closed"))
        nowhere = command(three, "search", "bonjour", check=False)
        assert nowhere.returncode == 1
        assert f"{three.root / 'closed'}" in nowhere.stderr


def test_a_sealed_archive_is_copied(three: Archive, tmp_path: Path) -> None:
    (tmp_path / "copies").mkdir()
    with sealed(three.root):
        done = command(three, "backup", str(tmp_path / "copies"))
    assert "Read-only file system" in done.stderr  # it can't note the day
    assert call("restore", str(tmp_path / "copies"), str(tmp_path / "back")).returncode == 0
    for part in ("media", "transcripts"):
        assert files_in(tmp_path / "back" / part) == files_in(three.root / part)


def as_nobody(*words: str) -> tuple[int, str]:
    """Run the command as another user, in a fork; give its code and output. The folder of the
    program may be closed to that user: what the command needs is imported before."""
    theirs, ours = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
            tempfile.tempdir = None  # that of the tests may be closed
            done = call(*words, check=False, HOME="/tmp", TMPDIR="/tmp")  # noqa: S108
            os.write(ours, f"{done.returncode} {done.stderr}".encode())
        except BaseException:  # noqa: BLE001 (this process ends here)
            os.write(ours, f"{-1} {traceback.format_exc()}".encode())
        finally:
            os._exit(0)
    os.close(ours)
    with open(theirs, "rb") as file:  # noqa: PTH123 (a pipe)
        code, _space, said = file.read().decode().partition(" ")
    os.waitpid(child, 0)
    return int(code), said


def test_the_lock_of_another_user_is_named(
    three: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    Index(three).refresh()
    show = ["init", "--show", "emission", "--title", "Ailleurs"]
    for words in (show, ["ingest", str(sounds[".mp3"])], ["search", "bonjour"]):
        call(*words, "--root", str(tmp_path / "ours"))
    for folder in (three.root, *three.root.parents):
        with contextlib.suppress(PermissionError):
            folder.chmod(folder.stat().st_mode | 0o055)
    lock, root = three.root / ".archive.lock", ("--root", str(three.root))
    lock.touch()
    lock.chmod(0o600)
    recording = three.root.parent / "essai.mp3"
    recording.write_bytes(sounds[".mp3"].read_bytes())
    assert "Traceback" not in as_nobody("ingest", *root, str(sounds[".mp3"]))[1]  # a closed folder
    code, said = as_nobody("ingest", *root, str(recording))
    assert code == 1
    assert f"{lock}: Permission denied; it belongs to user root" in said
    assert "3 episodes" in as_nobody("search", *root, "bonjour")[1]
