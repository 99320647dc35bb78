"""What a keeper deleted, or merged, comes back when a keeper says so, and by no other way."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from radio.actions.deletion import delete_episode, empty_trash
from radio.actions.merging import merge
from radio.archive import Archive, history
from radio.archive.acts import undo
from radio.cli.catalogue import delete
from radio.derived.cache import measured
from radio.derived.soundness import quality_of
from radio.formats.tables import read_table
from tests.ingest.site import Site, serving
from tests.ingest.written import item, rss
from tests.processes import call
from tests.samples import CITY, STREET, put


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")
    with serving() as site:
        yield site


def test_a_source_brings_back_nothing_that_was_deleted_for_ever(
    site: Site, archive: Archive, sounds: dict[str, Path]
) -> None:
    root, feed = ("--root", str(archive.root)), f"{site.address}/feed"
    site.pages = {"/a.mp3": sounds[".mp3"].read_bytes(), "/b.mp3": sounds[".flac"].read_bytes()}
    site.pages["/feed"] = rss(item("a"), item("b"))
    call("ingest", feed, *root)
    deleted, merged = sorted(each.key for each in archive.episodes())
    for act in (lambda: delete_episode(archive, deleted), lambda: merge(archive, deleted, merged)):
        act()
        undo(archive)
    assert len(archive.episodes()) == 2
    assert not (archive.root / "gone.json").exists()
    delete_episode(archive, deleted)
    empty_trash(archive)
    call("follow", feed, *root)
    for _look in range(2):
        call("follow", "--now", *root)
        assert [each.key for each in archive.episodes()] == [merged]
        (archive.cache / "follows.json").unlink()
    assert "skip\tdeleted here" in call("ingest", feed, *root, "--dry-run").stdout
    site.pages["/moved.mp3"] = site.pages["/a.mp3"]
    site.pages["/feed"] = rss(item("moved"), item("b"))  # another name, the same sound
    done = call("ingest", feed, *root)
    assert done.stderr.splitlines()[-1] == "1 taken before, 1 deleted here, left out"
    assert "skip\tdeleted here" in call("ingest", feed, *root, "--dry-run").stdout
    assert len(archive.episodes()) == 1


def test_a_keeper_may_ask_an_address_for_what_was_deleted(
    site: Site, archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    root, feed, table = (
        ("--root", str(archive.root)),
        f"{site.address}/feed?a&b",
        tmp_path / "p.csv",
    )
    site.pages = {"/a.mp3": sounds[".mp3"].read_bytes(), "/b.mp3": sounds[".flac"].read_bytes()}
    site.pages["/feed?a&b"] = rss(item("a"), item("b"))
    call("ingest", feed, *root)
    keys = sorted(each.key for each in archive.episodes())
    delete_episode(archive, keys[0])
    assert f"`radio ingest --anew '{feed}'` takes it again" in call("ingest", feed, *root).stderr
    call("ingest", feed, *root, "--anew", "--plan", str(table))
    assert [line.cells["action"] for line in read_table(table.read_bytes(), table, ("file",))] == [
        "take",
        "twin",
    ]
    done = call("ingest", feed, *root, "--anew")
    assert "/a.mp3: taken again, though it was deleted here on" in done.stderr
    assert sorted(each.key for each in archive.episodes()) == keys
    delete_episode(archive, keys[0])
    call("ingest", *root, "--apply", str(table))
    assert sorted(each.key for each in archive.episodes()) == keys
    merge(archive, keys[0], keys[1])
    call("ingest", feed, *root, "--anew")
    assert [each.key for each in archive.episodes()] == [keys[0]]


def test_a_folder_brings_back_nothing_that_was_deleted_and_the_file_itself_does(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    root, folder = ("--root", str(archive.root)), tmp_path / "clé"
    folder.mkdir()
    (folder / "un.mp3").write_bytes(sounds[".mp3"].read_bytes())
    call("ingest", str(folder), *root)
    key = archive.episodes()[0].key
    quality_of(archive, archive.episode(key))
    (path,) = measured(archive, archive.episode(key))
    delete_episode(archive, key)
    assert not (archive.root / path).exists()
    empty_trash(archive)
    (archive.cache / "ingested.json").unlink()
    table = tmp_path / "plan.csv"
    call("ingest", str(folder), *root, "--plan", str(table))
    (row,) = (line.cells for line in read_table(table.read_bytes(), table, ("file",)))
    assert row["action"] == "skip"
    assert key in row["reason"]
    for _run in range(2):
        done = call("ingest", str(folder), *root)
        assert "deleted here on" in done.stderr
        assert archive.episodes() == []
    done = call("ingest", str(folder / "un.mp3"), *root)
    assert "taken again" in done.stderr
    assert [each.key for each in archive.episodes()] == [key]
    assert "nothing to do" in call("ingest", str(folder / "un.mp3"), *root).stderr


def test_a_copy_that_was_merged_does_not_come_back_beside_its_twin(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    root, folder = ("--root", str(archive.root)), tmp_path / "clé"
    folder.mkdir()
    for kind in (".mp3", ".flac"):
        (folder / f"un{kind}").write_bytes(sounds[kind].read_bytes())
    call("ingest", str(folder), *root)
    kept, left = archive.episodes()
    merge(archive, kept.key, left.key)
    empty_trash(archive)
    assert f"merged into {kept.key} here" in call("ingest", str(folder), *root).stderr
    assert [each.key for each in archive.episodes()] == [kept.key]


def test_a_volunteer_empties_the_trash_by_a_french_yes(archive: Archive) -> None:
    put(archive, STREET)
    command = ["delete", f"emission/{STREET}", "--root", str(archive.root)]
    done = CliRunner().invoke(delete, command)
    assert "`radio undo`" in done.output
    empty = ["--empty-trash", "--root", str(archive.root)]
    assert CliRunner().invoke(delete, empty, input="n\n").exit_code == 1
    assert (archive.root / "trash").exists()
    assert CliRunner().invoke(delete, empty, input="oui\n").exit_code == 0
    assert not (archive.root / "trash").exists()


def test_a_trash_that_is_emptied_is_emptied_whole_though_the_power_fails(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part of it stayed for good, and what was left of it came back by no undo."""
    for slug in (STREET, CITY):
        put(archive, slug)
        delete_episode(archive, f"emission/{slug}")

    def dying(folder: Path) -> None:
        next(each for each in folder.rglob("*") if each.is_file()).unlink()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(shutil, "rmtree", dying)
        empty_trash(archive)
    with archive.lock():  # of the next writer
        pass
    assert not (archive.root / "trash").exists()
    assert {act.state for act in history.acts(archive.root)} == {"emptied"}
