"""Episodes and shows get other names: nothing is lost, nothing is made again, addresses lead on."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from radio.actions.deletion import delete_show
from radio.actions.renaming import move, rename_episode, rename_show
from radio.archive import Archive, history, losses
from radio.archive.acts import undo
from radio.archive.check import check
from radio.archive.episode import Episode, Show
from radio.ingest.files import free_slug
from radio.ingest.recordings import Recordings
from radio.search import Index
from radio.search.writer import Writer
from radio.system.disk import stamp, write_whole
from radio.system.errors import ArchiveError, BusyError
from tests.samples import CITY, MEMORY, STREET, delete_episode, put, snapshot

KEY, OTHER = f"emission/{STREET}", f"autre/{STREET}"
NEW = "emission/2024-01-16-les-oreilles"
BESIDE = (".json", ".en.vtt", ".1.vtt", ".source.docx")


@pytest.fixture
def full(archive: Archive) -> Archive:
    archive.write_show(Show("autre", "Autre", guid="guid-of-autre"))
    put(archive, CITY)
    episode = put(archive, STREET, image=f"{STREET}.jpg")
    (archive.media / f"{KEY}.jpg").write_bytes(b"jpeg")
    for end in BESIDE:
        (archive.transcripts / f"{KEY}{end}").write_text("{}" if end == ".json" else end)
    archive.checkpoint_path(KEY, "improvement").write_text("{}")
    archive.write_waveform(episode, bytes(240))
    for path in (f"chapters/{KEY}.json", f"sense/{KEY}.npz"):
        write_whole(archive.cache / path, b"{}")
    return archive


def renamed(files: dict[str, bytes], old: str, new: str) -> set[str]:
    was, now = (each.replace("/", "/.") for each in (old, new))
    return {path.replace(old, new).replace(was, now) for path in files}


def test_a_renamed_episode_keeps_all_that_belongs_to_it(full: Archive) -> None:
    write_whole(full.cache / "hearings" / f"{KEY}.json", b"{}")  # which goes into no trash
    before, guid = snapshot(full), full.episode(KEY).guid
    text = stamp(full.vtt_path(KEY))
    episode = rename_episode(full, KEY, NEW.partition("/")[2])
    assert set(snapshot(full)) == renamed(before, KEY, NEW)
    found = Archive(full.root).episode(NEW)
    assert (found, found.guid, found.formerly) == (episode, guid, (KEY,))
    assert full.audio_path(found).exists()
    assert stamp(full.vtt_path(NEW)) == text  # so that nothing is made of it again
    assert not [each for each in check(full) if each.kind in ("missing", "damaged", "orphaned")]
    free = free_slug(full, "emission", STREET, "0" * 64, Recordings(full))
    assert free == f"{STREET}-2"  # what comes in takes no address that leads to another episode
    full.write_episode(replace(episode, title="Corrigé"))
    before = snapshot(full)
    with pytest.raises(ArchiveError, match=NEW):
        undo(full)  # which overwrites nothing that changed since
    assert snapshot(full) == before


def test_a_title_makes_the_address_and_no_guessed_day_stands_in_it(full: Archive) -> None:
    episode = rename_episode(full, KEY, "L’œil  du quartier")
    assert episode.key == "emission/2024-01-16-l-oeil-du-quartier"
    assert episode.title == "L’œil du quartier"
    guessed = replace(full.episode(f"emission/{CITY}"), date_sure=False)
    full.write_episode(guessed)
    assert rename_episode(full, guessed.key, "La ville").key == "emission/la-ville"
    assert full.episode("emission/la-ville").title == "La ville"


def test_an_episode_moves_and_a_renamed_show_keeps_guid_and_files(full: Archive) -> None:
    write_whole(full.cache / "hearings" / f"{KEY}.json", b"{}")
    before, show = snapshot(full), full.show("emission")
    move(full, [KEY], show="autre")
    assert full.episode(OTHER).formerly == (KEY,)
    assert set(snapshot(full)) == renamed(before, KEY, OTHER)
    assert full.is_transcribed(OTHER)
    undo(full)
    named: dict[str, Any] = {"slug": "la-machine", "title": "La Machine", "formerly": ("emission",)}
    assert rename_show(full, "emission", "La Machine") == replace(show, **named)
    assert set(snapshot(full)) == {path.replace("emission", "la-machine") for path in before}
    undo(full)
    assert snapshot(full) == before


def test_a_name_that_is_taken_or_none_changes_nothing(full: Archive) -> None:
    before = snapshot(full)
    acts: list[tuple[Callable[[Archive, str, str], object], str, str]] = [
        *((rename_episode, KEY, each) for each in (CITY, STREET, "…", "show")),
        (rename_episode, "emission/nothing", "x"),
        (rename_show, "emission", "Autre"),
        (lambda _full, old, new: move(_full, [old], show=new), KEY, "nowhere"),
    ]
    for act, old, new in acts:
        with pytest.raises(ArchiveError):
            act(full, old, new)
        assert snapshot(full) == before
    assert history.acts(full.root) == []


def test_what_is_transcribed_keeps_its_name_and_a_copy_follows_its_original(full: Archive) -> None:
    with full.lock("transcribe"), pytest.raises(BusyError):
        rename_episode(full, KEY, "x")
    (full.root / "mirror.json").write_text("{}")
    for act in (delete_episode, partial(rename_episode, name="x")):
        with pytest.raises(ArchiveError, match="original"):
            act(full, KEY)


def test_nothing_renamed_is_read_again(full: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index(full)
    index.refresh()
    added, add = list[str](), Writer.add

    def note(writer: Writer, episode: Episode, *rest: Any) -> None:
        added.append(episode.key)
        add(writer, episode, *rest)

    monkeypatch.setattr(Writer, "add", note)
    rename_episode(full, KEY, NEW.partition("/")[2])
    move(full, [f"emission/{CITY}"], show="autre")
    index.refresh()
    assert added == []
    found = {each.key for each in index.search("bonjour").episodes}
    assert found == {NEW, f"autre/{CITY}"}
    full.write_episode(replace(full.episode(NEW), tags=("nouveau",), formerly=(KEY,)))
    index.refresh()
    assert added == [NEW]


def test_deleted_episodes_are_no_loss_and_come_back_whole(full: Archive) -> None:
    put(full, MEMORY)
    Index(full).refresh()
    before = snapshot(full)
    for slug in (STREET, CITY, MEMORY):
        delete_episode(full, f"emission/{slug}", "Doublon")
    changes = Index(full).refresh()
    assert (changes.removed, changes.held, full.episodes()) == (3, 0, [])
    losses.refuse(full.root, losses.inventory(full.root))
    assert not list(check(full))
    for _each in range(3):
        undo(full)
    assert snapshot(full) == before
    assert not (full.root / "gone.json").exists()
    delete_show(full, "emission")
    assert [show.slug for show in full.shows()] == ["autre"]
    assert json.loads((full.root / "gone.json").read_text())["shows"]["emission"]
    undo(full)
    assert snapshot(full) == before


def test_no_deletion_leaves_a_busy_history(full: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "KEPT", 3)
    before = snapshot(full)
    deleted = delete_episode(full, KEY)
    path = f"transcripts/emission/{CITY}.vtt"
    for number in range(7):
        texts = history.text_of(full.root / path), f"WEBVTT\n\nNOTE {number}\n"
        act = history.Act("mend", rewritings=(history.Rewriting(path, *texts),))
        history.perform(full.root, act)
    assert [act.what for act in history.acts(full.root)] == ["mend"] * 3 + ["delete"]
    undo(full, deleted.name)
    assert snapshot(full).items() >= {a: b for a, b in before.items() if a != path}.items()


def test_disks_without_links_take_files(full: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(full)

    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    delete_episode(full, KEY)
    monkeypatch.setattr(Path, "rename", refuse)
    undo(full)
    assert snapshot(full) == before


def test_undoing_a_rename_takes_along_the_text_that_was_written_since(full: Archive) -> None:
    rename_episode(full, KEY, NEW.partition("/")[2])
    rename_show(full, "autre", "nouvelle")  # whose first text it is
    for name in (f"{NEW}.2.vtt", "nouvelle/x.vtt"):
        (full.transcripts / name).parent.mkdir(exist_ok=True)
        (full.transcripts / name).write_text("since")
    undo(full)
    undo(full)
    for name in (f"{KEY}.2.vtt", "autre/x.vtt"):
        assert (full.transcripts / name).read_text() == "since"
    assert list((full.transcripts / "emission").glob("2024-01-16-les-oreilles*")) == []
    assert not (full.transcripts / "nouvelle").exists()
