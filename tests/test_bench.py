"""The bench tells of each subject what that takes, whatever the bench itself holds."""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import ablation, rereading
from bench.asked import Asked
from bench.memory import memory, timed
from bench.rules import RULES, Rule, without
from radio.proposals.offers import SentenceOffers, Stop, WordOffer

HELD = 300_000  # kB


def test_the_memory_of_a_command_is_its_own() -> None:
    """A bench that held engines told of a small program that it takes as much as they."""
    held = bytearray(b"1") * (HELD << 10)
    assert memory("self", "VmRSS")[0] > HELD
    _, small = timed([sys.executable, "-c", "print('of the command')"])
    _, large = timed([sys.executable, "-c", f"bytearray(b'1') * ({HELD} << 9)"])
    del held
    assert small < HELD / 4
    assert HELD / 2 < large < HELD * 3 / 4


def test_a_command_that_failed_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="exit"):
        timed([sys.executable, "-c", "raise SystemExit(3)"])


def test_no_section_weighs_on_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines that one had loaded lay in the memory beside the next."""
    commands: list[Sequence[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_options: commands.append(command))
    bench.main([])
    assert commands == [[sys.executable, "-m", "bench", name] for name in bench.SECTIONS]


def test_keys_are_counted_by_the_shortest_way() -> None:
    """Two sentences, one of them with a doubt that is wrong."""
    words = ["Oui,", "la", "kni", "dit", "non.", "Et", "voilà", "ce", "matin."]
    errors = rereading.errors_in(words, "Oui, la CNIL dit non. Et voilà ce matin.")
    first = "WEBVTT\n\n1\n00:00.000 --> 00:02.000\nOui, la kni dit non.\n\n"
    file = f"{first}2\n00:02.000 --> 00:04.000\n"
    spans = (rereading.Span(0, 5), rereading.Span(5, 9))
    stops = (Stop(2, 3, "unsure"),)
    offers = (SentenceOffers(stops=stops), SentenceOffers())
    task = rereading.Task(words, errors, spans, offers, f"{file}Et voilà ce matin.\n")
    assert task.wrong_sentences == 1
    assert task.typing == 5  # the word, then four letters
    assert task.at_desk() == 2 + 1 + 4  # two sentences, F4, what is typed over the doubt
    assert task.going_on() == 1 + 1 + 1 + 4
    assert task.in_editor() == 3 + 5  # search, its first letter, and out of the search

    known = SentenceOffers((WordOffer(2, 3, "Knil"), WordOffer(2, 3, "CNIL")), stops)
    offered = replace(task, offers=(known, SentenceOffers()))
    assert offered.at_desk() == 2 + 2  # two sentences, F9, F9 again
    assert offered.in_editor() == task.in_editor()


def test_a_rule_that_is_taken_out_is_missed(tmp_path: Path) -> None:
    """Its row decides whether a rule stays: no other rule is out, and it is back afterwards."""
    should = [
        Asked("fichage", "Ils gardent sa fiche."),
        Asked("35 heures", "Les trente-cinq heures, d’abord."),
    ]
    some = [ablation.write(tmp_path / "few", should, [Asked("feu rouge", "Le feu a pris.")])]
    rules = [each for each in RULES if each.name in ("families", "a word left out")]
    usual, families, left_out, *others = ablation.rows(rules, some)
    assert not others, "each rule changes something"
    assert [
        (each.figures[0].whole, each.figures[0].wrong) for each in (usual, families, left_out)
    ] == [(2, 1), (1, 1), (2, 0)]
    assert ablation.judge(some[0]) == usual.figures[0]
    shown = ablation.lay_out([usual, families], some).splitlines()
    assert len({line.count("|") for line in shown}) == 1
    assert "**" in shown[-1] and "**" not in shown[-2]


def test_no_row_is_of_a_rule_that_takes_no_part(tmp_path: Path) -> None:
    """A function that is renamed, or that nothing calls, would pass for one that nobody needs."""
    some = [ablation.write(tmp_path / "one", [Asked("feu", "Le feu a pris.")], [])]
    for rule in RULES:
        with without(rule):
            pass
    with pytest.raises(AttributeError, match="gone"):
        ablation.measure(Rule("gone", {"radio.search.compiler.gone": dict}), some)
    with pytest.raises(RuntimeError, match="mishearings"):
        ablation.measure(next(each for each in RULES if each.name == "mishearings"), some)
