"""What was done is told, and taken back: one field, or an act, beside what was done since."""

from dataclasses import replace

import pytest

from radio.actions import protecting
from radio.actions.deletion import forget_episode
from radio.actions.editing import edit, write
from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.renaming import rename_episode
from radio.actions.undoing import deeds, restore, undo, undo_act, undo_field
from radio.archive import Archive, history, journal
from radio.archive.episode import Person
from radio.archive.gone import read_gone
from radio.system.errors import ArchiveError, NotFoundError
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, delete_episode, put, put_all

KEY, OTHER = f"emission/{STREET}", f"emission/{CITY}"


@pytest.fixture
def renamed(archive: Archive) -> Archive:
    for slug in (STREET, CITY):
        put(archive, slug, people=(Person("Camille"),))
    people = {"people": "Camille Durand"}
    write(archive, [edit(archive, each, people) for each in (KEY, OTHER)], "import", who="Zoé")
    write(archive, [edit(archive, KEY, {"title": "Rue"})], who="Noé")
    return archive


def names(archive: Archive) -> list[str]:
    return [archive.episode(each).people[0].name for each in (KEY, OTHER)]


def test_the_past_of_an_episode_is_told_the_newest_first(renamed: Archive) -> None:
    protecting.withdraw(renamed, [KEY], who="Noé")
    told = [(each.act.what, each.act.who, each.number) for each in deeds(renamed, KEY)]
    assert told == [("withdraw", "Noé", 1), ("edit", "Noé", 1), ("import", "Zoé", 2)]
    assert deeds(renamed, KEY)[1].changes == {"title": (STREET, "Rue")}
    assert [each.act.what for each in deeds(renamed, OTHER)] == ["import"]
    assert deeds(renamed, "emission") == []


def test_an_act_comes_back_as_a_whole_unless_something_changed_since(renamed: Archive) -> None:
    (act,) = (each.act for each in deeds(renamed, OTHER))
    renamed.write_episode(replace(renamed.episode(KEY), people=()))
    with pytest.raises(ArchiveError, match="people has changed since"):
        undo_act(renamed, OTHER, act.name)
    assert renamed.episode(OTHER).people[0].name == "Camille Durand"
    with pytest.raises(NotFoundError):
        undo_act(renamed, OTHER, history.acts(renamed.root)[0].name)  # of another episode
    undo_field(renamed, OTHER, "people", act.name, "Noé")
    assert renamed.episode(OTHER).people[0].name == "Camille"
    assert journal.entries(renamed.root)[0].line == "people"
    renamed.write_episode(replace(renamed.episode(KEY), people=(Person("Camille Durand"),)))
    write(renamed, [edit(renamed, OTHER, {"people": "Camille Durand"})])
    told = command(renamed, "undo", act.name)  # the title changed since
    assert told.stderr.startswith("undone: the import of")
    assert (names(renamed), renamed.episode(KEY).title) == (["Camille", "Camille"], "Rue")
    (entry, *_) = journal.entries(renamed.root)
    assert (entry.who, entry.what, entry.key, entry.line) == ("", "undo", KEY, "import")
    undo_act(renamed, OTHER, deeds(renamed, OTHER)[0].act.name, "Zoé")
    assert names(renamed) == ["Camille Durand"] * 2  # what was taken back comes again
    (entry, *_) = journal.entries(renamed.root)
    assert (entry.who, entry.what, entry.key) == ("Zoé", "undo", OTHER)


NAME = "Zoé Zimmermann"


@pytest.fixture
def two(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY)
    return archive


def test_what_was_deleted_comes_back_whatever_was_deleted_since(two: Archive) -> None:
    put(two, MEMORY)
    first = delete_episode(two, KEY, "Doublon")
    second = delete_episode(two, OTHER)
    third = delete_episode(two, f"emission/{MEMORY}")
    restore(two, first.name)
    assert [each.key for each in two.episodes()] == [KEY]
    assert {*read_gone(two.root).episodes} == {OTHER, f"emission/{MEMORY}"}
    assert len(read_gone(two.root).recordings) == 2
    undo(two, third.name)
    undo(two, second.name)
    assert len(two.episodes()) == 3
    assert not (two.root / "gone.json").exists()


def test_what_is_forgotten_keeps_no_other_deletion_from_coming_back(two: Archive) -> None:
    put(two, MEMORY)
    rename_episode(two, f"emission/{MEMORY}", f"{STREET}-2")
    act = delete_episode(two, f"{KEY}-2", "Doublon")
    delete_episode(two, OTHER)
    forget_episode(two, OTHER)
    forget_episode(two, KEY)
    assert history.acts(two.root)[0].line == f"{KEY}-2"
    restore(two, act.name)
    assert [each.key for each in two.episodes()] == [f"{KEY}-2"]
    assert read_gone(two.root).episodes == {}


@pytest.mark.parametrize("way", ["field", "act"])
@pytest.mark.parametrize("later", ["", "Plus tard."])
def test_no_title_of_before_brings_a_replaced_name_back(two: Archive, way: str, later: str) -> None:
    write(two, [edit(two, KEY, {"title": f"Avec {NAME}"})])
    act = write(two, [edit(two, KEY, {"title": "Avec une voisine"})])
    write(two, [edit(two, OTHER, {"description": f"Par {NAME}."})])
    replace_name(two, ["emission"], Replacement(NAME, "Camille"))
    if later:
        write(two, [edit(two, KEY, {"description": later})])
    assert act
    undo_field(two, KEY, "title", act.name) if way == "field" else undo(two, act.name)
    assert (two.episode(KEY).title, two.episode(KEY).description) == ("Avec Camille", later)


def test_no_text_comes_back_with_a_name_that_was_replaced_since(two: Archive) -> None:
    """Neither a sentence of before, nor the text of what was deleted."""
    write(two, [edit(two, OTHER, {"title": f"Chez {NAME}"})])
    text = write_cues(two, OTHER, Cue(0, 2, f"Bonjour {NAME}."))
    deleted = delete_episode(two, OTHER)
    write_cues(two, KEY, Cue(0, 2, f"Bonjour {NAME}."))
    change = history.Rewriting(f"transcripts/{KEY}.vtt", text, text.replace(NAME, "madame"))
    mended = history.perform(two.root, history.Act("mend", rewritings=(change,)))
    write(two, [edit(two, KEY, {"description": f"Par {NAME}."})])
    replace_name(two, [], Replacement(NAME, "Camille"))
    undo(two, mended.name)
    restore(two, deleted.name)
    assert two.episode(OTHER).title == "Chez Camille"
    for key in (KEY, OTHER):
        assert two.vtt_path(key).read_text(encoding="utf-8") == text.replace(NAME, "Camille")
    assert not (two.root / "trash").exists() or not any((two.root / "trash").rglob("*.vtt"))
