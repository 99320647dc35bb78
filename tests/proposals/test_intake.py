"""What listeners propose is kept, bounded, and says nothing of them."""

import contextlib
import itertools
import json
import shutil
import stat
import time
from collections import Counter
from typing import Any

import pytest

from radio.archive import Archive
from radio.proposals import intake
from radio.proposals import queue as proposals
from radio.proposals.intake import Budget, Sentence, fault_in, take
from radio.proposals.queue import are_taken, read
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError
from tests.samples import holding
from tests.tables import for_each
from tests.web.desks import Clock

SAID = Sentence("emission/2024-01-16-x", 2.5, 6.25, "La kni dit non à la ville.")


def test_a_proposal_keeps_words_place_and_day_and_nothing_else(archive: Archive) -> None:
    right = "La CNIL dit non à la ville."
    assert take(archive.root, Budget(), SAID, right, "Je l’entends") == "kept"
    path = archive.root / "desk" / "proposals" / "queue.json"
    (kept,) = json.loads(path.read_text(encoding="utf-8"))["waiting"]
    day = time.strftime("%Y-%m-%d")
    place = {"key": SAID.key, "start": 2.5, "end": 6.25, "was": SAID.words, "seen": SAID.seen}
    said = {"words": right, "day": day, "comment": "Je l’entends"}
    assert kept == place | said | {"id": kept["id"], "count": 1, "is_far": False, "accepted": ""}
    for each in (path, path.parent):
        told = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(each.stat().st_mtime))
        assert told == f"{day} 00:00:00"
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_equal_proposals_are_one_that_stands_out(archive: Archive) -> None:
    room = Budget()
    for words in ("La CNIL dit non.", "la cnil dit non.", "Le chenil dit non."):
        take(archive.root, room, SAID, words, "")
    take(archive.root, room, SAID, "La CNIL dit non.", "C’est clair")
    waiting = read(archive.root).waiting
    found = [(each.words, each.count) for each in waiting]
    assert found == [("La CNIL dit non.", 3), ("Le chenil dit non.", 1)]
    assert waiting[0].comment == "C’est clair"


@for_each(
    ("words", "comment", "fault"),
    [
        ("La CNIL dit non", "", ""),
        ("", "", "empty"),
        (SAID.words, "", "same"),
        ("a" * 1001, "", "long"),
        ("a", "b" * 301, "long"),
        ("a\x00b", "", "unseen"),
        ("a\u202eb", "", "unseen"),
        ("a", "\x1b[31m", "unseen"),
    ],
)
def test_what_is_no_proposal_is_told_so(words: str, comment: str, fault: str) -> None:
    assert fault_in(words, comment, SAID.words) == fault


class Door:
    def __init__(self, archive: Archive):
        self.clock, self.archive, self._numbers = Clock(0.0), archive, itertools.count()
        self.budget = Budget(self.clock)

    def send(self, key: str, *, far: bool = False, start: float | None = None) -> str:
        number = next(self._numbers)
        at = float(number) if start is None else start
        sentence = Sentence(f"emission/{key}", at, at + 1, "La kni dit non à la ville.")
        words = f"Achetez {number}" if far else f"La kni {number} dit non à la ville."
        return take(self.archive.root, self.budget, sentence, words, "")

    def sent(self, times: int, key: str, **how: Any) -> int:
        return [self.send(key, **how) for _ in range(times)].count("kept")


def test_an_episode_takes_a_part_and_room_comes_back_steadily(archive: Archive) -> None:
    door = Door(archive)
    assert door.sent(40, "a") == intake.OF_EPISODE
    assert door.sent(20, "b") == 20
    assert door.sent(20, "c") == intake.OF_SITE - intake.OF_EPISODE - 20
    assert door.sent(1, "d") == 0
    door.clock.now += 10 * 60  # a sixth of it is back
    assert (door.sent(9, "a"), door.sent(9, "d")) == (5, 5)
    door.clock.now += intake.HOUR + 1
    assert door.sent(99, "e") == intake.OF_EPISODE
    assert len(door.budget._taken) == 2  # what is old is forgotten


@pytest.mark.parametrize(
    ("episodes", "far", "kept"), [(1, False, 1.0), (1, True, 1.0), (200, False, 0.0)]
)
def test_who_floods_leaves_room_for_the_others(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, episodes: int, far: bool, kept: float
) -> None:
    """Ten thousand in an hour, while a listener mends a sentence every five minutes. A flood about
    many episodes takes all of the room: nobody can be told apart from anybody."""
    none = proposals.Mendings()  # of the disk see below
    monkeypatch.setattr(intake, "read", lambda _: none)
    monkeypatch.setattr(intake, "changing", lambda _: contextlib.nullcontext([none]))
    door, listener = Door(archive), list[str]()
    for number in range(10_000):
        door.clock.now += intake.HOUR / 10_000
        door.send(f"{number % episodes}", far=far)
        if number % 833 == 800:
            listener.append(door.send(f"listener-{number % 3}", start=float(number)))
    assert len(listener) == 12
    assert listener.count("kept") / 12 == pytest.approx(kept, abs=0.1)


def test_a_flood_drives_no_proposal_out(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 150)  # a tenth of the time: each is written whole
    monkeypatch.setattr(intake, "MOST_OF_EPISODE", 20)
    door = Door(archive)
    take(archive.root, Budget(), SAID, "La CNIL dit non à la ville.", "")
    outcomes = list[str]()
    for number in range(10_000):  # four a minute, for 41 hours
        door.clock.now += 15
        outcomes.append(door.send(f"{number % 9}"))
    waiting = read(archive.root).waiting
    assert outcomes.count("kept") == len(waiting) - 1 == 119  # a fifth of the room is kept free
    assert waiting[0].words == "La CNIL dit non à la ville."
    assert max(Counter(each.key for each in waiting).values()) <= 20
    path = archive.root / "desk" / "proposals" / "queue.json"
    assert path.stat().st_size < 150 * 1000
    assert {each.name for each in path.parent.iterdir()} == {"queue.json"}
    door.clock.now += intake.HOUR  # what waits already is counted, though nothing more may wait
    assert door.sent(1, "another") == 1
    assert door.sent(1, "another", far=True) == 0
    assert take(archive.root, door.budget, SAID, "La CNIL dit non à la ville.", "") == "kept"
    assert read(archive.root).waiting[0].count == 2


def test_proposals_are_taken_if_told_or_if_a_keeper_has_an_account(archive: Archive) -> None:
    told, keeper = '{"version": 1, "accounts": [%s]}', '{"name": "Zoé", "role": "keeper"}'
    steps = [("site.json", '{"proposals": true}', True), ("site.json", "{}", False)]
    steps += [("desk/accounts.json", told % "", False), ("desk/accounts.json", told % keeper, True)]
    assert not are_taken(archive.root)
    for path, text, taken in (*steps, ("site.json", '{"proposals": false}', False)):
        write_whole(archive.root / path, text.encode())
        assert are_taken(archive.root) == taken, text


def test_what_was_proposed_of_an_episode_is_forgotten_with_it(archive: Archive) -> None:
    other = Sentence("emission/autre", 1.0, 2.0, "Un.")
    for sentence in (SAID, other):
        take(archive.root, Budget(), sentence, "Deux.", "")
    proposals.forget(archive.root, SAID.key)
    assert [each.key for each in read(archive.root).waiting] == [other.key]
    assert holding(archive.root, "kni") == set()
    refused = proposals.name_of(SAID.key, SAID.seen, "La CNIL.")
    with proposals.changing(archive.root) as states:
        states.append(proposals.Mendings(refused=(refused,)))
    assert take(archive.root, Budget(), SAID, "La CNIL.", "") == "known"  # and thanked for
    assert read(archive.root).waiting == ()
    shutil.rmtree(archive.root / "desk")
    (archive.root / "desk").write_bytes(b"")  # where the folder should be
    with pytest.raises(ArchiveError, match="desk"):
        take(archive.root, Budget(), SAID, "La CNIL.", "")
