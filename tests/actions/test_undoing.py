"""What was done to an episode is told, and taken back: one field, or an act wherever it was."""

from dataclasses import replace

import pytest

from radio.actions import protecting
from radio.actions.editing import edit, write
from radio.actions.undoing import deeds, undo_act, undo_field
from radio.archive import Archive, history, journal
from radio.archive.episode import Person
from radio.system.errors import ArchiveError, NotFoundError
from tests.processes import call
from tests.samples import CITY, STREET, put

KEY, OTHER = f"emission/{STREET}", f"emission/{CITY}"


@pytest.fixture
def renamed(archive: Archive) -> Archive:
    """A speaker who is called otherwise everywhere, by one act; then a title that changes."""
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


def test_a_whole_act_comes_back_everywhere_whatever_else_changed_since(renamed: Archive) -> None:
    (act,) = (each.act for each in deeds(renamed, OTHER))
    undo_act(renamed, OTHER, act.name, "Zoé")
    assert names(renamed) == ["Camille", "Camille"]
    assert renamed.episode(KEY).title == "Rue"
    (entry, *_) = journal.entries(renamed.root)
    assert (entry.who, entry.what, entry.key, entry.line) == ("Zoé", "undo", OTHER, "import")
    undo_act(renamed, OTHER, deeds(renamed, OTHER)[0].act.name)  # what was taken back comes again
    assert names(renamed) == ["Camille Durand", "Camille Durand"]


def test_nothing_is_taken_back_of_what_changed_since(renamed: Archive) -> None:
    (act,) = (each.act for each in deeds(renamed, OTHER))
    renamed.write_episode(replace(renamed.episode(KEY), people=()))
    with pytest.raises(ArchiveError, match="people changed since"):
        undo_act(renamed, OTHER, act.name)
    assert renamed.episode(OTHER).people[0].name == "Camille Durand"
    with pytest.raises(NotFoundError):
        undo_act(renamed, OTHER, history.acts(renamed.root)[0].name)  # of another episode
    undo_field(renamed, OTHER, "people", act.name, "Noé")
    assert renamed.episode(OTHER).people[0].name == "Camille"
    assert journal.entries(renamed.root)[0].line == "people"


def test_the_command_takes_back_what_the_desk_does_and_writes_the_same_journal(
    renamed: Archive,
) -> None:
    (act,) = (each.act for each in deeds(renamed, OTHER))
    told = call("undo", "--root", str(renamed.root), act.name)  # the title changed since
    assert told.stderr.startswith("undone: the import of")
    assert (names(renamed), renamed.episode(KEY).title) == (["Camille", "Camille"], "Rue")
    (entry, *_) = journal.entries(renamed.root)
    assert (entry.who, entry.what, entry.key, entry.line) == ("", "undo", KEY, "import")
    states = {each.name: each.state for each in history.acts(renamed.root)}
    assert states[act.name] == "undone"
