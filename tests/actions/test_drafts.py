"""Two keepers write at once: what both changed is shown to the second, and nothing is lost."""

import json
import multiprocessing
import os
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from radio.actions.editing import Draft, check_draft, current, save
from radio.actions.fields import read_site, render_site, texts_of
from radio.actions.undoing import deeds, undo_act, undo_field
from radio.archive import Archive, history, journal
from radio.archive.episode import Link, Person
from radio.archive.imprint import FILE
from radio.system.errors import ArchiveError
from tests.patience import LONG
from tests.samples import STREET, put

KEY = f"emission/{STREET}"


@pytest.fixture
def street(archive: Archive) -> Archive:
    people = (Person("Camille", "présentation"), Person("Zoé"))
    links = (Link("https://a.org/x;y", "L’article"),)
    put(archive, STREET, people=people, links=links, description="Un.\n\nDeux.", tags=("eau",))
    return archive


def draft(archive: Archive, **mine: str) -> Draft:
    """A page as it was shown, with what somebody writes there."""
    shown = texts_of(archive.episode(KEY))
    return Draft(shown, shown | mine)


def test_two_who_change_different_fields_both_have_it(street: Archive) -> None:
    same = {"people": "Camille (présentation);Zoé ;", "description": "Un.\r\n\r\nDeux.\r\n"}
    checked = save(street, KEY, draft(street, **same), "Zoé")  # a page that is sent as it came
    assert (checked.is_clear, checked.edit.changes) == (True, {})
    assert history.acts(street.root) == []
    assert journal.entries(street.root) == []
    first, second = draft(street, title="Rue"), draft(street, tags="air", date="mars 2024")
    for _again in range(2):  # who writes the same has no quarrel
        assert save(street, KEY, first, "Zoé").is_clear
    checked = save(street, KEY, second, "Noé")
    assert (checked.is_clear, checked.others) == (True, ("title",))
    now = street.episode(KEY)
    assert (now.title, now.tags) == ("Rue", ("air",))
    assert (now.date_precision, now.date_sure) == ("month", True)
    acts = [(act.who, act.line) for act in history.acts(street.root)]
    assert acts == [("Noé", f"{KEY}: date, tags"), ("Zoé", f"{KEY}: title")]
    (entry, _first) = journal.entries(street.root)
    assert (entry.who, entry.what, entry.key, entry.line) == ("Noé", "edit", KEY, "date, tags")


def test_what_changes_on_the_disk_meanwhile_stays(street: Archive) -> None:
    page = draft(street, title="Rue")
    street.write_episode(replace(street.episode(KEY), description="À la main."))
    checked = save(street, KEY, page)
    assert checked.others == ("description",)
    assert street.episode(KEY).description == "À la main."
    assert check_draft(
        street.read_show("emission"), Draft({}, {"title": "x", "guid": "y"})
    ).is_clear
    with pytest.raises(ArchiveError):
        save(street, "emission/x", page)


def test_the_site_is_changed_as_its_file_has_it(archive: Archive) -> None:
    words = '{\n  "name": "Dio",\n  "colour": 1\n}\n'
    assert render_site(read_site(words), words) == words  # nobody changed it
    path = archive.root / FILE
    assert save(archive, FILE, Draft({}, {"name": "Radio Dio"}), "Zoé").is_clear
    assert json.loads(path.read_text(encoding="utf-8")) == {"name": "Radio Dio"}
    other = {"name": "Dio", "logo": "x.png", "colour": 1, "contact": "?"}
    path.write_text(json.dumps(other))
    day = "fond #ffffff ; accent #1f5a2e"
    assert save(archive, FILE, Draft({}, {"day": day, "proposals": "non"})).is_clear
    site = current(archive, FILE)
    assert texts_of(site)["day"] == day
    assert json.loads(path.read_text(encoding="utf-8")) == other | {
        "proposals": False,
        "colors": {"day": {"background": "#ffffff", "accent": "#1f5a2e"}},
    }
    wrong = {"day": "accent #fbf6ee", "contact": "x", "source": "x", "legal": "x" * 50_001}
    assert set(check_draft(site, Draft({}, wrong)).faults) == set(wrong)
    undo_field(archive, FILE, "proposals")
    act = next(each.act for each in deeds(archive, FILE) if "name" in each.changes)
    with pytest.raises(ArchiveError, match="name has changed since"):
        undo_act(archive, FILE, act.name)
    assert json.loads(path.read_text(encoding="utf-8"))["proposals"] is None


ROUNDS = 500
OWN = {"Zoé": "description", "Noé": "language"}  # what each changes alone; both, the title
SPOKEN = ("fr", "oc")


def edit(who: str, root: Path, together: Any, met: Any) -> None:
    """Open the page, wait until the other has it open too, save; choose where that clashes."""
    archive = Archive(root)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", lambda _: None)
            for number in range(ROUNDS):
                shown = texts_of(archive.episode(KEY))
                own = f"{who} {number}" if who == "Zoé" else SPOKEN[number % 2]
                together.wait(LONG)
                draft = Draft(shown, shown | {"title": f"{who} {number}", OWN[who]: own})
                checked = save(archive, KEY, draft, who)
                if checked.clashes:
                    met.put((number, who, checked.clashes["title"].now, sorted(checked.clashes)))
                    assert save(archive, KEY, checked.draft, who).is_clear
                together.wait(LONG)
    except BaseException:
        together.abort()
        raise


@pytest.mark.torture
@pytest.mark.long
def test_nothing_is_lost_between_two_editors(archive: Archive) -> None:
    put(archive, STREET)
    processes = multiprocessing.get_context("spawn")
    together, met = processes.Barrier(2), processes.Queue()
    given = (archive.root, together, met)
    editors = [processes.Process(target=edit, args=(who, *given)) for who in OWN]
    for each in editors:
        each.start()
    clashes = sorted(met.get(timeout=LONG) for _ in range(ROUNDS))
    for each in editors:
        each.join(LONG)
    assert [each.exitcode for each in editors] == [0, 0]
    others = {"Zoé": "Noé", "Noé": "Zoé"}
    seconds = [(n, who, f"{others[who]} {n}", ["title"]) for n, (_, who, *_) in enumerate(clashes)]
    assert clashes == seconds
    past = deeds(archive, KEY)[::-1]
    titles = [each.changes["title"] for each in past]
    every = {f"{who} {number}" for who in OWN for number in range(ROUNDS)}
    assert {after for _before, after in titles} == every
    assert all(first[1] == second[0] for first, second in pairwise(titles))
    own = [each.changes.get("description") for each in past if each.act.who == "Zoé"]
    assert [each and each[1] for each in own] == [f"Zoé {number}" for number in range(ROUNDS)]
    assert archive.episode(KEY).description == f"Zoé {ROUNDS - 1}"
    assert archive.episode(KEY).language == SPOKEN[(ROUNDS - 1) % 2]
    assert len(history.acts(archive.root)) == len(journal.entries(archive.root)) == 2 * ROUNDS
