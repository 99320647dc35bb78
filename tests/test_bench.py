"""The bench: what it measures is of what it tells, whatever the bench itself holds."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench import __main__ as bench
from bench import ablation, hands, keepers, rereading, sentences, transcription
from bench.asked import Asked
from bench.choice import CANDIDATES
from bench.errors import count, interval, outside, rate
from bench.memory import memory, timed
from bench.rules import RULES, Rule, without
from bench.shows import HUMAN, MADE, SOUNDS, SampleShow, shows
from radio.proposals.offers import SentenceOffers, Stop, WordOffer
from radio.sound import RATE
from radio.text.accuracy import plain
from radio.text.transcript import Cue
from radio.transcribe import regions, windows
from radio.transcribe import transcription as transcribing
from radio.transcribe.engines.interface import Attempt
from tests.fakes import Fake
from tests.tables import for_each

HELD = 300_000  # kB
BLOCKS = np.array([[2, 50], [0, 40], [5, 60], [1, 45]])

ALIKE = [
    ("dix-neuf heures trente", "19 h 30"),
    ("dix-neuf heures trente", "19h30"),
    ("Quatorze heures", "14 h"),
    ("deux caméras", "2 caméras"),
    ("deux mille dix-neuf", "2019"),
    ("douze mille euros", "12 000 €"),
    ("deux mille trois cents euros", "2.300 euros"),
    ("six millions d'euros", "6 millions d’euros"),
    ("quarante et une", "41"),
    ("trois pour cent", "3 %"),
    ("trois virgule cinq", "3,5"),
    ("Article premier", "article 1er"),
    ("la CNIL", "la C.N.I.L."),
    ("numéro quarante-deux", "n° 42"),
    ("Œuvre", "oeuvre"),
]
APART = [("un micro", "deux micros"), ("19 h 30", "19 h 13"), ("2019", "2 019 300")]
APART += [("premier", "un"), ("a b", "ab")]


def test_the_memory_of_a_command_is_its_own_and_one_that_failed_has_no_figure() -> None:
    """A bench that held engines told of a small program that it takes as much as they."""
    held = bytearray(b"1") * (HELD << 10)
    assert memory("self", "VmRSS")[0] > HELD
    _, small = timed([sys.executable, "-c", "print('of the command')"])
    _, large = timed([sys.executable, "-c", f"bytearray(b'1') * ({HELD} << 9)"])
    del held
    assert small < HELD / 4
    assert HELD / 2 < large < HELD * 3 / 4
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
    hand = hands.Hands(replace(task, times=((0.0, 2.0), (2.0, 4.0))))
    heard = 2 * 2.3 + hand.heard(errors[0])[1] + 0.15  # both once, then to the wrong word again
    assert hand.at_desk() == hands.Cost.of(task.going_on(), heard)
    assert hand.in_editor() == hands.Cost.of(3 + 5 + 3, 4.0 + 3.0)


def test_a_rule_that_is_taken_out_is_missed(tmp_path: Path) -> None:
    """Its row decides whether a rule stays: no other rule is out, and it is back afterwards."""
    should = [Asked("fichage", "Ils gardent sa fiche.")]
    should += [Asked("35 heures", "Les trente-cinq heures, d’abord.")]
    some = [ablation.write(tmp_path / "few", should, [Asked("feu rouge", "Le feu a pris.")])]
    rules = [each for each in RULES if each.name in ("families", "a word left out")]
    usual, families, left_out, *others = ablation.rows(rules, some)
    assert not others, "each rule changes something"
    figures = [each.figures[0] for each in (usual, families, left_out)]
    assert [(each.whole, each.wrong) for each in figures] == [(2, 1), (1, 1), (2, 0)]
    assert ablation.judge(some[0]) == usual.figures[0]


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


@for_each(
    ("one", "other", "are_same"),
    [*((*pair, True) for pair in ALIKE), *((*pair, False) for pair in APART)],
)
def test_the_same_words_are_equal_however_written(one: str, other: str, are_same: bool) -> None:
    assert (plain(one) == plain(other)) == are_same


def show() -> SampleShow:
    """A show of three sentences, over a minute."""
    made = SampleShow("bench", Path("made.mp3"))
    regions = [(0, 3, "un deux trois"), (31, 34, "quatre cinq"), (61, 64, "six sept huit")]
    speech = [{"start": a, "end": b, "kind": "speech", "text": text} for a, b, text in regions]
    vars(made)["reference"] = {"regions": speech}
    return made


@for_each(
    ("heard", "errors"),
    [
        ("Un, deux, trois. Quatre cinq. Six sept huit", [0, 0, 0]),
        ("un deux mois quatre cinq six huit", [1, 0, 1]),
        ("un deux trois quatre cinq encore six sept huit", [0, 1, 0]),
        ("", [3, 2, 3]),
    ],
)
def test_an_error_counts_where_it_was_said_or_where_nobody_speaks(
    heard: str, errors: list[int]
) -> None:
    counts = count(show(), [(word, 1.0) for word in heard.split()])
    assert counts[:, 0].tolist() == errors
    assert counts[:, 1].tolist() == [3, 2, 3]
    assert outside(show(), [("un", 1.0), ("merci", 20.0), ("deux", 3.4), ("fin", 64.6)]) == 2


def test_chance_has_its_interval() -> None:
    low, high = interval(BLOCKS)
    assert low < rate(BLOCKS) == 8 / 195 < high
    assert interval(BLOCKS, BLOCKS) == (0.0, 0.0)
    worse = BLOCKS + np.array([[3, 0]] * 4)
    assert interval(worse, BLOCKS)[0] > 0, "worse in every block: no chance"


def test_a_sign_that_nobody_says_has_no_figure() -> None:
    read = [Cue(0.0, 3.0, "un deux trois"), Cue(31.0, 34.0, "quatre, cinq ? Six sept huit")]
    never, wrong = "– / – / –", "0.00 / – / 0.00"
    cells = ["–", never, never, never, never]
    assert sentences.row([(show(), read[:1])]) == " | ".join(cells)
    assert sentences.row([(show(), read)]) == " | ".join(["–", wrong, wrong, wrong, wrong])


def test_every_sample_show_said_right_has_no_error() -> None:
    for each in shows(*MADE):
        words = [(each.text, 0.0)]
        assert count(each, words)[:, 0].sum() == 0, each.name


def test_each_set_is_told_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sum of made voices and of people would say what is true of neither."""
    right = {"said": [("", 0.0)], "seconds": 2.0, "cpu": 3.0}
    heard = {
        show.name: right | {"said": [(show.text, show.speech[0]["start"])]} for show in shows()
    }
    found = {"shows": heard, "memory": 1000}
    monkeypatch.setattr(transcription, "_run", lambda _subject: found)
    lines = transcription.table().splitlines()
    rows = [line.split(" | ")[:4] for line in lines[2:] if line.startswith("|")]
    assert [row[0].strip("| ") for row in rows[::4]] == sorted(
        SOUNDS, key=lambda each: each not in HUMAN
    )
    assert {row[2] for row in rows} == {"0.000 (0.000 to 0.000)"}
    assert [row[3] for row in rows[:2]] == ["", "+0.000 (+0.000 to +0.000)"]
    assert (lines[-1] == transcription.UNHEARD) == ("human" not in SOUNDS)


def choices(engine: Fake) -> tuple[object, ...]:
    modules = regions.PAD, regions.PAUSE, windows.REST, vars(transcribing)["prompt_of"]
    return engine.window_samples, engine.attempts, *modules


def test_a_candidate_changes_one_thing_and_puts_it_back() -> None:
    engine = Fake(window_samples=18 * RATE, attempts=(Attempt(beam=4), Attempt()))
    today = choices(engine)
    for candidate in (each for some in CANDIDATES.values() for each in some[1:]):
        with candidate.chosen(engine):
            changed = sum(a != b for a, b in zip(choices(engine), today, strict=True))
        assert changed == 1, candidate.name
        assert choices(engine) == today


@pytest.mark.torture
def test_a_keeper_finds_no_dead_end_in_a_day_and_a_year() -> None:
    """Some three minutes, in a browser."""
    with ThreadPoolExecutor(1) as thread:  # in this one a browser of other tests may be open
        table = thread.submit(keepers.table).result()
    assert [row for row in table.splitlines() if f"| {keepers.DEAD_END}:" in row] == []
