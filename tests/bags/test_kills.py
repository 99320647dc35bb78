"""An export that is killed at any moment: what lies there is a whole bag, or does not say so."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bagit
import pytest

from radio.archive import Archive
from radio.bags.export import export_bag
from radio.system.disk import write_whole
from tests.bags.site import tree
from tests.samples import keep_episode

PAGE = "cache/site/themes/rue/index.html"


class Killed(BaseException):
    """The process is dead: nothing more is written."""


class Killer:
    """Counts what is about to change beneath a folder, and lets nothing happen from a call on."""

    def __init__(self) -> None:
        self.root, self.left = "", -1
        sys.addaudithook(self._hear)  # stays for ever, and hears nothing without a root

    def _hear(self, event: str, given: tuple[Any, ...]) -> None:
        if not self.root:
            return
        if event == "open":
            path, _mode, flags = given
            is_written = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            is_change = bool(is_written) and str(path).startswith(self.root)
        else:  # beneath an open folder a path is a name alone
            is_change = event in ("os.rename", "os.remove", "os.mkdir", "os.rmdir") and (
                str(given[0]).startswith(self.root) or not str(given[0]).startswith("/")
            )
        if is_change and self.left == 0:
            raise Killed
        self.left -= is_change

    def kill(self, act: Callable[[], object], root: Path, calls: int) -> bool:
        """Do something until so many changes are done; tell whether that killed it."""
        self.root, self.left = str(root), calls
        try:
            act()
        except Killed:
            return True
        finally:
            self.root = ""
        return False


@pytest.fixture(scope="module")
def killer() -> Killer:
    return Killer()


def keep(archive: Archive, name: str) -> str:
    """Put an episode with a recording of some bytes in an archive; give its key."""
    path = archive.root / name
    path.write_bytes(name.encode())
    key = keep_episode(archive, path).key
    path.unlink()
    write_whole(archive.vtt_path(key), b"WEBVTT\n\nNOTE one\n")
    return key


@pytest.fixture
def changed(archive: Archive, tmp_path: Path) -> Archive:
    """An archive that has a bag, and since then another episode, another text, and a page less."""
    key = keep(archive, "first.mp3")
    write_whole(archive.root / PAGE, b"a page of a theme")
    export_bag(archive, tmp_path / "before")
    shutil.rmtree((archive.root / PAGE).parent)
    keep(archive, "second.ogg")
    write_whole(archive.vtt_path(key), b"WEBVTT\n\nNOTE two\n")
    return archive


@pytest.mark.torture
@pytest.mark.long
@pytest.mark.parametrize("start", ["nothing", "before"])
def test_an_export_that_is_killed_leaves_a_whole_bag_or_none(
    changed: Archive, tmp_path: Path, killer: Killer, start: str
) -> None:
    export_bag(changed, tmp_path / "after")
    old, new = (tree(tmp_path / name / "data") for name in (start, "after"))
    found = list[str]()
    for calls in range(1000):
        bag = tmp_path / str(calls)
        if (tmp_path / start).exists():
            shutil.copytree(tmp_path / start, bag)
        is_killed = killer.kill(lambda bag=bag: export_bag(changed, bag), bag, calls)  # type: ignore[misc]
        found.append(state(bag, old, new))
        if not is_killed:
            break
        assert export_bag(changed, bag).faults == ()
        assert state(bag, {}, new) == "new"
        assert not [path for path in bag.rglob("*") if path.name.startswith(".")]
    assert found == sorted(found, key=("old", "none", "new").index)
    assert start == "nothing" or found.count("old") > 20  # it is whole while files are copied


def state(bag: Path, old: dict[str, bytes], new: dict[str, bytes]) -> str:
    """Tell which bag lies there, whole; "none" where nothing says that it is one."""
    if not (bag / "bagit.txt").exists():
        return "none"
    assert bagit.Bag(str(bag)).validate()
    found = tree(bag / "data")
    return "old" if found == old else "new" if found == new else "another"
