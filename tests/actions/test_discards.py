"""What a keeper deleted, or merged, comes back when a keeper says so, and by no other way."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from radio.actions.deletion import empty_trash
from radio.actions.merging import merge
from radio.actions.undoing import undo as take_back
from radio.archive import Archive, history
from radio.archive.acts import undo
from radio.cli import cli
from radio.derived.cache import measured
from radio.derived.soundness import quality_of
from radio.formats.tables import read_table
from radio.system.errors import NotFoundError
from tests.ingest.site import Site, serving
from tests.ingest.written import item, rss
from tests.killed import Killed
from tests.processes import command
from tests.samples import CITY, STREET, delete_episode, put_all


def keys_of(archive: Archive) -> list[str]:
    return sorted(each.key for each in archive.episodes())


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, sounds: dict[str, Path]) -> Iterator[Site]:
    """One with a feed of two episodes."""
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")
    with serving() as site:
        site.pages = {"/a.mp3": sounds[".mp3"].read_bytes()}
        site.pages |= {"/b.mp3": sounds[".flac"].read_bytes(), "/feed": rss(item("a"), item("b"))}
        yield site


def test_a_source_brings_back_nothing_that_was_deleted(site: Site, archive: Archive) -> None:
    feed = f"{site.address}/feed"
    command(archive, "ingest", feed)
    deleted, merged = sorted(each.key for each in archive.episodes())
    for act in (lambda: delete_episode(archive, deleted), lambda: merge(archive, deleted, merged)):
        act()
        undo(archive)
    assert len(archive.episodes()) == 2
    assert not (archive.root / "gone.json").exists()
    delete_episode(archive, deleted)
    empty_trash(archive)
    command(archive, "follow", feed)
    for _look in range(2):
        command(archive, "follow", "--now")
        assert [each.key for each in archive.episodes()] == [merged]
        (archive.cache / "follows.json").unlink()
    assert "skip\talready deleted here" in command(archive, "ingest", feed, "--dry-run").stdout
    site.pages["/moved.mp3"] = site.pages["/a.mp3"]
    site.pages["/feed"] = rss(item("moved"), item("b"))  # another name, the same sound
    done = command(archive, "ingest", feed)
    assert done.stderr.splitlines()[-1] == "1 already here, 1 deleted here, skipped"
    assert "skip\talready deleted here" in command(archive, "ingest", feed, "--dry-run").stdout
    assert len(archive.episodes()) == 1


def test_a_source_brings_back_nothing_that_was_undone_until_a_keeper_asks(
    site: Site, archive: Archive
) -> None:
    feed = f"{site.address}/feed"
    command(archive, "follow", feed)
    command(archive, "follow", "--now")
    (run,), taken = history.acts(archive.root), keys_of(archive)
    assert taken
    take_back(archive, run.name)
    (archive.cache / "follows.json").unlink()
    command(archive, "follow", "--now")
    assert keys_of(archive) == []
    command(archive, "ingest", feed)
    assert keys_of(archive) == taken
    delete_episode(archive, taken[0])  # which was meant for good
    command(archive, "ingest", feed)
    assert keys_of(archive) == taken[1:]


def test_a_keeper_may_ask_for_the_deleted(site: Site, archive: Archive, tmp_path: Path) -> None:
    feed, table = f"{site.address}/feed?a&b", tmp_path / "p.csv"
    site.pages["/feed?a&b"] = site.pages["/feed"]
    command(archive, "ingest", feed)
    keys = sorted(each.key for each in archive.episodes())
    delete_episode(archive, keys[0])
    told = f"`radio ingest --anew '{feed}'` adds it again"
    assert told in command(archive, "ingest", feed).stderr
    command(archive, "ingest", feed, "--anew", "--plan", str(table))
    lines = read_table(table.read_bytes(), table, ("file",))
    assert [line.cells["action"] for line in lines] == ["take", "twin"]
    done = command(archive, "ingest", feed, "--anew")
    assert "/a.mp3: added again, although it was deleted here on" in done.stderr
    assert sorted(each.key for each in archive.episodes()) == keys
    delete_episode(archive, keys[0])
    command(archive, "ingest", "--apply", str(table))
    assert sorted(each.key for each in archive.episodes()) == keys
    merge(archive, keys[0], keys[1])
    command(archive, "ingest", feed, "--anew")
    assert [each.key for each in archive.episodes()] == [keys[0]]


def test_a_folder_brings_back_nothing_and_the_file_itself_does(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "clé"
    folder.mkdir()
    shutil.copy(sounds[".mp3"], folder / "un.mp3")
    command(archive, "ingest", str(folder))
    key = archive.episodes()[0].key
    quality_of(archive, archive.episode(key))
    (path,) = measured(archive, archive.episode(key))
    delete_episode(archive, key)
    assert not (archive.root / path).exists()
    empty_trash(archive)
    (archive.cache / "ingested.json").unlink()
    table = tmp_path / "plan.csv"
    command(archive, "ingest", str(folder), "--plan", str(table))
    (row,) = (line.cells for line in read_table(table.read_bytes(), table, ("file",)))
    assert row["action"] == "skip" and key in row["reason"]
    for _run in range(2):
        done = command(archive, "ingest", str(folder))
        assert "deleted here on" in done.stderr
        assert archive.episodes() == []
    assert "added again" in command(archive, "ingest", str(folder / "un.mp3")).stderr
    assert [each.key for each in archive.episodes()] == [key]
    assert "nothing to do" in command(archive, "ingest", str(folder / "un.mp3")).stderr
    shutil.copy(sounds[".flac"], folder / "un.flac")
    command(archive, "ingest", str(folder))
    (other,) = (each.key for each in archive.episodes() if each.key != key)
    merge(archive, key, other)
    empty_trash(archive)
    assert f"merged into {key} here" in command(archive, "ingest", str(folder)).stderr
    assert [each.key for each in archive.episodes()] == [key]


def test_a_trash_is_emptied_whole_by_oui(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    put_all(archive, STREET, CITY)
    done = command(archive, "delete", f"emission/{STREET}")
    assert "`radio undo`" in done.stdout + done.stderr
    trash, empty = archive.root / "trash", ["delete", "--empty-trash", "--root", str(archive.root)]
    for answer, expected in (("n", (1, True)), ("oui", (0, False))):
        code = CliRunner().invoke(cli, empty, input=f"{answer}\n").exit_code
        assert (code, trash.exists()) == expected
    delete_episode(archive, f"emission/{CITY}")

    def dying(folder: Path) -> None:
        next(each for each in folder.rglob("*") if each.is_file()).unlink()
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(shutil, "rmtree", dying)
        empty_trash(archive)
    archive.finished()
    assert not trash.exists()
    for act in history.acts(archive.root):
        assert act.state == "emptied"
        with pytest.raises(NotFoundError):
            undo(archive, act.name)
