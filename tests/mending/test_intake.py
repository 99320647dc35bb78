"""What listeners propose is kept, bounded, and says nothing of them."""

import itertools
import json
import stat
import time

import pytest

from radio import journal
from radio.archive import Archive
from radio.errors import ArchiveError
from radio.mending import intake, proposals
from radio.mending.intake import Budget, Sentence, fault_in, take
from radio.mending.proposals import are_taken, read

SAID = Sentence("emission/2024-01-16-x", 2.5, 6.25, "La kni dit non à la ville.")


class Clock:
    """Time that goes on when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_proposal_keeps_words_place_and_day_and_nothing_else(archive: Archive) -> None:
    assert take(archive.root, Budget(), SAID, "La CNIL dit non à la ville.", "Je l’entends") == (
        "kept"
    )
    path = archive.root / "desk" / "proposals" / "queue.json"
    (kept,) = json.loads(path.read_text(encoding="utf-8"))["waiting"]
    day = time.strftime("%Y-%m-%d")
    assert kept == {
        "id": kept["id"],
        "key": SAID.key,
        "start": 2.5,
        "end": 6.25,
        "was": SAID.words,
        "seen": SAID.seen,
        "words": "La CNIL dit non à la ville.",
        "day": day,
        "comment": "Je l’entends",
        "count": 1,
        "is_far": False,
        "accepted": "",
    }
    for each in (path, path.parent):
        told = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(each.stat().st_mtime))
        assert told == f"{day} 00:00:00"
    modes = [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


def test_equal_proposals_are_one_that_stands_out(archive: Archive) -> None:
    budget = Budget()
    for words in ("La CNIL dit non.", "la cnil dit non.", "Le chenil dit non."):
        take(archive.root, budget, SAID, words, "")
    take(archive.root, budget, SAID, "La CNIL dit non.", "C’est clair")
    waiting = read(archive.root).waiting
    assert [(each.words, each.count) for each in waiting] == [
        ("La CNIL dit non.", 3),
        ("Le chenil dit non.", 1),
    ]
    assert waiting[0].comment == "C’est clair"


def test_words_that_have_little_to_do_with_the_sentence_are_marked(archive: Archive) -> None:
    take(archive.root, Budget(), SAID, "Achetez nos montres sur example.org", "")
    take(archive.root, Budget(), SAID, "La CNIL dit non à la vie.", "")
    assert [each.is_far for each in read(archive.root).waiting] == [True, False]


@pytest.mark.parametrize(
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


def test_an_hour_takes_so_many_and_an_episode_half_of_them(archive: Archive) -> None:
    clock = Clock()
    budget, numbers = Budget(clock), itertools.count()

    def send(key: str) -> str:
        sentence = Sentence(key, 1.0, 2.0, "Un.")
        return take(archive.root, budget, sentence, f"Deux {next(numbers)}.", "")

    assert [send("emission/a") for _ in range(31)] == ["kept"] * 30 + ["full"]
    assert [send("emission/b") for _ in range(31)] == ["kept"] * 30 + ["full"]
    assert send("emission/c") == "full"
    clock.now += intake.HOUR
    assert send("emission/a") == "kept"


def test_a_flood_of_ten_thousand_is_bounded_and_loses_nothing_that_waited(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 150)  # a tenth of the time: each is written whole
    monkeypatch.setattr(intake, "MOST_OF_EPISODE", 20)
    clock = Clock()
    budget = Budget(clock)
    take(archive.root, budget, SAID, "La CNIL dit non à la ville.", "")
    outcomes = list[str]()
    for number in range(10_000):  # four a minute, for 41 hours
        clock.now += 15
        sentence = Sentence(f"emission/{number % 9}", float(number), number + 1.0, "é" * 90)
        outcomes.append(take(archive.root, budget, sentence, f"{number}" + "è" * 90, "ù" * 30))
    waiting = read(archive.root).waiting
    assert outcomes.count("kept") == len(waiting) - 1 == 149
    assert waiting[0].words == "La CNIL dit non à la ville."
    assert all(
        sum(each.key == key for each in waiting) <= 20 for key in {each.key for each in waiting}
    )
    path = archive.root / "desk" / "proposals" / "queue.json"
    assert path.stat().st_size < 150 * 1000
    assert {each.name for each in path.parent.iterdir()} == {"queue.json"}
    assert len(budget._taken) <= intake.OF_ALL
    clock.now += intake.HOUR  # what waits already is counted, though nothing more may wait
    assert take(archive.root, budget, SAID, "La CNIL dit non à la ville.", "") == "kept"
    assert read(archive.root).waiting[0].count == 2


def test_what_a_keeper_refused_is_thanked_for_and_not_kept(archive: Archive) -> None:
    name = proposals.name_of(SAID.key, SAID.seen, "La CNIL.")
    with proposals.changing(archive.root) as states:
        states.append(proposals.Mendings(refused=(name,)))
    assert take(archive.root, Budget(), SAID, "La CNIL.", "") == "known"
    assert read(archive.root).waiting == ()


def test_proposals_are_taken_if_the_site_says_so_or_a_keeper_has_an_account(
    archive: Archive,
) -> None:
    site, desk = archive.root / "site.json", journal.desk(archive.root)
    assert not are_taken(archive.root)
    site.write_text('{"proposals": true}', encoding="utf-8")
    assert are_taken(archive.root)
    site.unlink()
    (desk / "accounts.json").write_text('{"version": 1, "accounts": []}', encoding="utf-8")
    assert not are_taken(archive.root)
    account = '{"version": 1, "accounts": [{"name": "Zoé", "role": "keeper"}]}'
    (desk / "accounts.json").write_text(account, encoding="utf-8")
    assert are_taken(archive.root)
    site.write_text('{"proposals": false}', encoding="utf-8")
    assert not are_taken(archive.root)


def test_what_was_proposed_of_an_episode_is_forgotten_with_it(archive: Archive) -> None:
    other = Sentence("emission/autre", 1.0, 2.0, "Un.")
    for sentence in (SAID, other):
        take(archive.root, Budget(), sentence, "Deux.", "")
    proposals.forget(archive.root, SAID.key)
    assert [each.key for each in read(archive.root).waiting] == [other.key]
    path = archive.root / "desk" / "proposals" / "queue.json"
    assert b"kni" not in path.read_bytes()


def test_a_disk_that_refuses_is_told(archive: Archive) -> None:
    (archive.root / "desk").write_bytes(b"")  # where the folder should be
    with pytest.raises(ArchiveError, match="desk"):
        take(archive.root, Budget(), SAID, "La CNIL.", "")
