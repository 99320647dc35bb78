"""Two editors at once, in two processes, 500 times: the second sees both texts, nothing is lost."""

import multiprocessing
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from radio.actions.drafts import Draft, save
from radio.actions.fields import texts_of
from radio.actions.undoing import deeds
from radio.archive import Archive, history, journal
from tests.patience import LONG
from tests.samples import STREET, put

KEY = f"emission/{STREET}"
ROUNDS = 500
OWN = {"Zoé": "description", "Noé": "language"}
"""The field that each changes alone; both change the title."""
SPOKEN = ("fr", "oc")


def run(*told: Any) -> None:
    """Edit in a process of its own, which waits for no disk, as the tests don’t."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        edit(*told)


def edit(root: Path, who: str, together: Any, met: Any) -> None:
    """Open the page, wait until the other has it open too, save; choose where that clashes."""
    archive = Archive(root)
    try:
        for number in range(ROUNDS):
            shown = texts_of(archive.episode(KEY))
            own = f"{who} {number}" if who == "Zoé" else SPOKEN[number % 2]
            together.wait(LONG)
            draft = Draft(shown, shown | {"title": f"{who} {number}", OWN[who]: own})
            laid = save(archive, KEY, draft, who)
            if laid.clashes:
                met.put((number, who, laid.clashes["title"].now, sorted(laid.clashes)))
                assert save(archive, KEY, laid.draft, who).is_clear
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
    editors = [
        processes.Process(target=run, args=(archive.root, who, together, met)) for who in OWN
    ]
    for each in editors:
        each.start()
    clashes = sorted(met.get(timeout=LONG) for _ in range(ROUNDS))
    for each in editors:
        each.join(LONG)
    assert [each.exitcode for each in editors] == [0, 0]

    others = {"Zoé": "Noé", "Noé": "Zoé"}
    assert clashes == [
        (number, who, f"{others[who]} {number}", ["title"])
        for number, (_number, who, *_rest) in enumerate(clashes)
    ]
    past = deeds(archive, KEY)[::-1]
    titles = [each.changes["title"] for each in past]
    assert {after for _before, after in titles} == {
        f"{who} {number}" for who in OWN for number in range(ROUNDS)
    }
    assert all(first[1] == second[0] for first, second in pairwise(titles))
    own = [each.changes.get("description") for each in past if each.act.who == "Zoé"]
    assert [each and each[1] for each in own] == [f"Zoé {number}" for number in range(ROUNDS)]
    assert archive.episode(KEY).description == f"Zoé {ROUNDS - 1}"
    assert archive.episode(KEY).language == SPOKEN[(ROUNDS - 1) % 2]
    assert len(history.acts(archive.root)) == len(journal.entries(archive.root)) == 2 * ROUNDS
