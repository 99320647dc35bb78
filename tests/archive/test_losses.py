"""A disk that is not there costs nothing: what was made of it stays until somebody says so."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radio.actions.deletion import forget_episode
from radio.actions.renaming import rename_episode
from radio.archive import Archive, losses
from radio.archive.check import check
from radio.archive.episode import Show
from radio.bags.export import Export, export_bag
from radio.mirror.copy import open_copy
from radio.mirror.origin import Origin, write_origin
from radio.preservation.backup import missing
from radio.search import Index
from radio.static_site.export import export
from radio.system.errors import ArchiveError, LossError, NoAnswerError
from radio.work.upkeep import Follower
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, delete_episode, files_in, put, put_all

pytestmark = pytest.mark.long


@pytest.fixture
def three(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, MEMORY)
    Index(archive).refresh()
    return archive


def unmount(folder: Path) -> Path:
    away = folder.with_name(f"{folder.name}.away")
    folder.rename(away)
    folder.mkdir()
    return away


def mount(folder: Path) -> None:
    folder.rmdir()
    folder.with_name(f"{folder.name}.away").rename(folder)


def rename(archive: Archive) -> None:
    for part in (archive.media, archive.transcripts):
        (part / "emission").rename(part / "village")


def delete(archive: Archive, *slugs: str, show: str = "emission") -> None:
    for path in [path for slug in slugs for path in archive.root.glob(f"*/{show}/{slug}.*")]:
        path.unlink()


def found(archive: Archive, words: str = "bonjour") -> int:
    return len(Index(archive).search(words).episodes)


def test_a_lost_disk_empties_no_index(three: Archive, caplog: pytest.LogCaptureFixture) -> None:
    for part in (three.media, three.transcripts):
        caplog.clear()
        unmount(part)
        index = Index(three)
        with caplog.at_level(logging.WARNING):
            for _ in range(3):
                changes = index.refresh()
        assert (changes.indexed, changes.removed, changes.held) == (0, 0, 3)
        assert len([line for line in caplog.messages if "is the disk connected?" in line]) == 1
        with pytest.raises(LossError, match="3 files are gone"):
            Index(three).refresh(rebuild=True)
        mount(part)
        assert (index.refresh().indexed, index.refresh().held, found(three)) == (0, 0, 3)


def test_one_by_one_they_leave_the_index_unasked_and_many_at_once_do_not(three: Archive) -> None:
    """Others are indexed meanwhile; only `radio check` remembers what is long gone."""
    for slug in (STREET, CITY):
        delete(three, slug)
        assert Index(three).refresh().removed == 1
    assert losses.inventory(three.root) > {f"media/emission/{MEMORY}.json"}
    put_all(three, STREET, CITY)
    Index(three).refresh()
    delete(three, STREET, CITY)
    path = three.vtt_path(f"emission/{MEMORY}")
    path.write_text(path.read_text().replace("Bonjour", "Bonsoir"))
    changes = Index(three).refresh()
    assert (changes.indexed, changes.removed, changes.held) == (1, 0, 2)
    assert found(three, "bonsoir") == 1


MAKE: dict[str, Callable[..., Any]] = {"site": export, "bag": export_bag}


@pytest.mark.parametrize("kind", MAKE)
def test_what_is_exported_stays_until_told(three: Archive, tmp_path: Path, kind: str) -> None:
    make = MAKE[kind]
    three.write_show(Show("emission", "Émission", guid="0b9e"))
    made = tmp_path / "made"

    def is_refused() -> bool:
        done = command(three, "export", kind, str(made), check=False)
        assert files_in(made) == before
        return done.returncode == 1 and "--yes" in done.stderr

    make(three, made)
    before = files_in(made)
    unmount(three.media)
    with pytest.raises(ArchiveError):
        make(three, made)
    assert files_in(made) == before
    mount(three.media)
    delete(three, STREET, CITY)
    assert is_refused()
    rename(three)  # what was lost on the way
    assert is_refused()
    for slug in (STREET, CITY):
        put(three, slug, "village")
    assert make(three, made).removed > 0
    assert not list(made.rglob("emission/*"))
    delete(three, STREET, show="village")
    assert make(three, made).removed > 0
    assert len(list(made.rglob("media/village/*.mp3"))) == 2
    before = files_in(made)
    for slug in (CITY, MEMORY):
        three.sidecar_path(f"village/{slug}").unlink()
    assert is_refused()
    make(three, made, accept=True)
    left = "data/media/village/2*.json" if kind == "bag" else "shows/village/2*.html"
    assert not list(made.glob(left))
    for slug in (STREET, CITY, MEMORY):  # that all is withdrawn needs no leave
        put(three, slug, "village", status="withdrawn", reason="x")
    if kind == "site":
        export(three, made)
        assert not list(made.glob("media/*/*.mp3"))


def test_check_stops_at_an_unmounted_disk(three: Archive) -> None:
    for part in (three.media, three.transcripts):
        unmount(part)
        done = command(three, "check", check=False)
        assert (done.returncode, "3 files are gone" in done.stderr) == (1, True)
        assert not (three.cache / "fixity.json").exists()
        mount(part)
    assert command(three, "check").stderr.endswith("All is as it was.\n")
    known = [f"media/emission/{slug}.json" for slug in (STREET, CITY, MEMORY)]
    assert losses.find_missing(three.root, known) == []
    shutil.move(three.media, three.root / "elsewhere")
    three.media.symlink_to(three.root / "nowhere")  # which may not be read: it is gone too
    assert losses.find_missing(three.root, known) == known


def test_check_names_a_lost_transcript_until_told_otherwise(three: Archive) -> None:
    three.vtt_path(f"emission/{STREET}").unlink()
    Index(three).refresh()
    assert [(each.kind, each.path.name) for each in check(three)] == [("missing", f"{STREET}.vtt")]
    assert command(three, "check", check=False).returncode == 1
    command(three, "check", "--yes")
    assert list(check(three)) == []


def test_a_site_at_work_holds_and_goes_on(three: Archive) -> None:
    command(three, "index", "--pages")
    follower = Follower(three, Index(three), lambda: None)
    follower.follow()
    made = files_in(three.cache)
    unmount(three.media)
    for _look in range(3):
        follower.follow()
    assert follower.held == 3
    mount(three.media)
    follower.follow()
    assert (found(three), follower.held) == (3, 0)
    assert made.keys() <= files_in(three.cache).keys()


def test_leave_is_given_once(three: Archive) -> None:
    delete(three, STREET, CITY)
    done = command(three, "index", check=False)
    assert (done.returncode, "2 kept" in done.stderr) == (1, True)
    assert "2 removed" in command(three, "index", "--yes").stderr
    assert "removed" in command(three, "index").stderr
    command(three, "check")


def test_a_copy_on_an_unmounted_disk_is_not_fetched_anew(three: Archive) -> None:
    write_origin(three.root, Origin("http://127.0.0.1:9", "http://127.0.0.1:9"))
    unmount(three.media)
    with pytest.raises(LossError), open_copy(three, "http://127.0.0.1:9"):
        pass
    with pytest.raises(NoAnswerError), open_copy(three, "http://127.0.0.1:9", accept=True):
        pass


def test_a_byte_that_changed_in_the_backup_is_mended(three: Archive, tmp_path: Path) -> None:
    bag, sound = tmp_path / "bag", f"data/media/emission/{STREET}.mp3"
    export_bag(three, bag)
    before = files_in(bag)
    for name in (sound, "bag-info.txt", "tagmanifest-sha256.txt", "bagit.txt"):
        damaged = bytearray(before[name])
        damaged[-3] ^= 1
        (bag / name).write_bytes(damaged)
        assert export_bag(three, bag, verify=True).damaged != ()
        assert files_in(bag) == before
    assert export_bag(three, bag, verify=True) == Export(0, 10, 0, ())
    (bag / "manifest-sha256.txt").write_bytes(b"\xff\xfe")
    export_bag(three, bag, verify=True)
    assert files_in(bag) == before


def test_the_only_copy_left_stays_although_it_is_damaged(three: Archive, tmp_path: Path) -> None:
    bag, recording = tmp_path / "bag", f"media/emission/{STREET}.mp3"
    export_bag(three, bag)
    (three.root / recording).unlink()
    (bag / "data" / recording).write_bytes(bytes(123))
    done = export_bag(three, bag, verify=True)
    assert [recording in fault for fault in done.faults] == [True, True]
    assert (bag / "data" / recording).read_bytes() == bytes(123)
    (bag / "data/media/emission/show.json").write_bytes(b"{}")
    told = command(three, "export", "bag", "--verify", str(bag), check=False)
    assert f"{bag}/data/media/emission/show.json: no longer what was written" in told.stderr
    assert told.returncode == 1


@pytest.mark.parametrize("part", ["all", "media", "recording"])
def test_what_a_copy_would_lack_is_named(three: Archive, part: str) -> None:
    """By what remembers it here, or by what the last copy has."""
    assert named(three) == []
    listed = three.cache / "inventory.txt"
    known = listed.read_text()
    if part == "recording":
        three.audio_path(three.episode(f"emission/{CITY}")).unlink()
        assert named(three) == [f"media/emission/{CITY}.mp3"]
    else:
        if part == "all":
            delete(three, CITY)
        else:
            unmount(three.media)
        lost = [each for each in known.splitlines() if not (three.root / each).exists()]
        assert named(three) == lost != []
        listed.unlink()
        assert named(three, known) == lost


def test_what_was_deleted_or_forgotten_on_purpose_stops_no_copy(three: Archive) -> None:
    known = (three.cache / "inventory.txt").read_text()
    delete_episode(three, f"emission/{STREET}")
    forget_episode(three, f"emission/{CITY}")
    rename_episode(three, f"emission/{MEMORY}", "2024-03-19-autre")
    assert named(three, known) == []


def named(archive: Archive, listed: str = "") -> list[str]:
    """Ask what a copy would lack, with the list of the last one."""
    return missing(archive, listed)
