"""An export that is killed at any moment: what lies there is a whole bag, or does not say so."""

import shutil
from pathlib import Path

import bagit
import pytest

from radio.archive import Archive
from radio.bags.export import export_bag
from radio.system.disk import write_whole
from tests.killed import DISK
from tests.samples import files_in, keep_episode

PAGE = "cache/site/themes/rue/index.html"


def keep(archive: Archive, name: str) -> str:
    path = archive.root / name
    path.write_bytes(name.encode())
    key = keep_episode(archive, path).key
    path.unlink()
    write_whole(archive.vtt_path(key), b"WEBVTT\n\nNOTE one\n")
    return key


@pytest.fixture
def changed(archive: Archive, tmp_path: Path) -> Archive:
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
def test_a_killed_export_leaves_a_bag_or_none(changed: Archive, tmp_path: Path, start: str) -> None:
    export_bag(changed, tmp_path / "after")
    old, new = (files_in(tmp_path / name / "data") for name in (start, "after"))
    found = list[str]()
    for calls in range(1000):
        bag = tmp_path / str(calls)
        if (tmp_path / start).exists():
            shutil.copytree(tmp_path / start, bag)
        with DISK.killing(bag, calls):
            export_bag(changed, bag)
        found.append(state(bag, old, new))
        if DISK.is_through:
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
    found = files_in(bag / "data")
    return "old" if found == old else "new" if found == new else "another"
