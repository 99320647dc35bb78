"""Who speaks when: the real network on the sample shows, and what may come to it."""

import itertools
import pickle
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.heard import samples_of
from bench.shows import SampleShow, shows
from bench.voices import measure, score, telephone
from radio.sound import RATE, Samples, decode
from radio.system.errors import ModelError
from radio.text.transcript import Evidence, Region, Segment, Word
from radio.transcribe import turns
from radio.transcribe.attribution import Speakers
from radio.transcribe.models import campplus
from radio.transcribe.turns import Ear, SpeechWindow, Vectors, find_turns, lay_out, unit
from tests.heard import evidence_for
from tests.tables import for_each

FILE = "voices.campplus"
SHORT = [each for each in shows("demo", "air") if each.reference["duration"] < 120]
AIR = [each for each in SHORT if each.group == "air"]


@pytest.fixture(scope="module")
def ear(voice_models: Path) -> Ear:
    return Ear(voice_models / FILE)


def evidence_of(regions: list[Region], *words: Word) -> Evidence:
    segment = Segment(0, 0, "", words, 5, 0, 0, 1, 0)
    return evidence_for("", segment, duration=regions[-1].end, regions=tuple(regions))


def told(show: SampleShow) -> Evidence:
    """What an engine would find without an error: the speech, and each word in its time."""
    known = show.reference["regions"]
    regions = [Region(float(each["start"]), float(each["end"]), each["kind"]) for each in known]
    return evidence_of(regions, *(word for each in show.speech for word in spread(each)))


def spread(region: dict[str, Any]) -> Iterator[Word]:
    texts = str(region["text"]).split()
    times = np.linspace(region["start"], region["end"], len(texts) + 1).tolist()
    for text, both in zip(texts, itertools.pairwise(times), strict=True):
        yield Word(*both, text, 1.0)


def blocks(samples: Samples) -> list[Samples]:
    return np.array_split(samples, range(30 * RATE, len(samples), 30 * RATE))


@pytest.mark.parametrize(
    "show",
    [SHORT[0], AIR[0], *(pytest.param(each, marks=pytest.mark.torture) for each in AIR[1:])],
    ids=lambda show: show.sound.stem,
)
def test_each_sentence_is_given_to_who_says_it(ear: Ear, show: SampleShow) -> None:
    turns = find_turns(told(show), decode(show.sound), ear)
    assert all(turn.start < turn.end for turn in turns)
    assert all(one.end <= other.start for one, other in itertools.pairwise(turns))
    found = score(show, turns)
    assert found.right >= (0.95 if show.group == "demo" else 0.9)
    assert found.wrong < 0.03
    assert found.found == found.present
    if show.group == "demo":  # in a room too
        found = measure(show, told(show), "room", ear)
        assert found.right >= 0.9
        assert found.wrong < 0.03


def test_who_comes_back_by_telephone_is_still_one_voice(ear: Ear) -> None:
    """The same show twice, the second time as a telephone carries it: two voices, not four."""
    samples, evidence = samples_of(SHORT[0]), told(SHORT[0])
    shift = len(samples) / RATE
    later = [Region(each.start + shift, each.end + shift, each.kind) for each in evidence.regions]
    twice = evidence_of([*evidence.regions, *later])
    turns = find_turns(twice, blocks(np.concatenate([samples, telephone(samples)])), ear)
    assert {turn.voice for turn in turns} == {1, 2}
    (later_voice,) = (turn.voice for turn in turns if turn.start < shift + 1 < turn.end)
    assert later_voice == 1


def test_one_voice_is_one_voice_and_what_is_none_is_no_quarrel(ear: Ear) -> None:
    def voices(samples: Iterable[Samples], *regions: Region) -> set[int]:
        return {turn.voice for turn in find_turns(evidence_of([*regions]), samples, ear)}

    show = SHORT[0]
    alone = [each for each in show.speech if each["voice"] == "A"]
    regions = (Region(float(each["start"]), float(each["end"]), "speech") for each in alone)
    assert voices(decode(show.sound), *regions) == {1}
    assert voices(decode(show.sound), Region(0.0, 60.0, "music")) == set()
    hiss = np.random.default_rng(1).normal(0, 0.1, 20 * RATE).astype(np.float32)
    for samples in (hiss, np.zeros_like(hiss), hiss[:100], hiss[:0]):
        assert voices(blocks(samples), Region(0.0, 20.0, "speech")) <= {1}


def test_memory_holds_one_region_of_a_long_show(ear: Ear) -> None:
    """Blocks are asked for one after the other, none long before it is heard."""
    asked: list[int] = []

    def ask() -> Iterator[Samples]:
        for number in range(40):
            asked.append(number)
            yield np.zeros(30 * RATE, np.float32)

    heard: list[tuple[float, int]] = []
    regions = [Region(at * 60.0, at * 60.0 + 2, "speech") for at in range(20)]
    find_turns(evidence_of(regions), ask(), ear, lambda done: heard.append((done, len(asked))))
    assert all(count * 30 <= done + 60 for done, count in heard)
    assert len(heard) == 20


def vectors(*people: int, spread: float = 0.3) -> Vectors:
    drawn = np.random.default_rng(7)
    middles = unit(drawn.standard_normal((max(people) + 1, 192)).astype(np.float32))
    away = unit(drawn.standard_normal((len(people), 192)).astype(np.float32))
    return unit(middles[list(people)] + spread * away)


def group(people: list[int], seconds: float = 2.0) -> list[int]:
    return turns.group(vectors(*people), np.full(len(people), seconds), range(len(people)))


CROWD = [person for _round in range(4) for person in range(200)]


@for_each(
    ("people", "told"),
    [
        ([3, 3, 1, 3, 1, 1], [1, 1, 2, 1, 2, 2]),  # numbered as they first speak
        ([1, 1, 1, 2, 2], [1, 1, 1, 0, 0]),  # for less than six seconds
        (CROWD, [person + 1 for person in CROWD]),
        (list(range(200)), [0] * 200),  # short words
    ],
)
def test_people_are_told_apart(people: list[int], told: list[int]) -> None:
    assert group(people) == told


def test_a_long_show_of_lone_words_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many windows are like no other, few are compared at once; a voice is still found."""
    monkeypatch.setattr(turns, "BLOCK", 20)
    monkeypatch.setattr(turns, "MOST", 50)
    link, sizes = turns._link, list[int]()

    def count(groups: list[turns.Group], *rest: Any) -> list[turns.Group]:
        sizes.append(len(groups))
        return link(groups, *rest)

    monkeypatch.setattr(turns, "_link", count)
    assert group([*range(1, 201), *[0] * 6]) == [0] * 200 + [1] * 6
    assert max(sizes) <= 50


def two_people(cosine: float, one: int, other: int, spread: float) -> Vectors:
    heard = np.repeat([[1.0, 0.0], [cosine, (1 - cosine**2) ** 0.5]], [one, other], axis=0)
    away = unit(np.random.default_rng(1).standard_normal((one + other, 192)).astype(np.float32))
    return unit(np.pad(heard.astype(np.float32), ((0, 0), (0, 190))) + spread * away)


def test_voices_that_are_near_and_one_of_two_kinds_are_doubted() -> None:
    """Not surely one, not surely two: who speaks less gets no name. Else near voices may be one,
    and a voice with other sentences may be two."""

    def doubts(cosine: float, voices: list[int]) -> list[int]:
        heard = two_people(cosine, 10, 8, spread=0.3)
        return turns.doubt(voices, heard, np.full(18, 2.0), range(18))

    alike = two_people(0.77, 5, 4, spread=0.8)
    assert turns.group(alike, np.full(9, 2.0), range(9)) == [1] * 5 + [0] * 4
    assert turns.group(alike[:0], np.zeros(0), []) == []

    assert doubts(0.6, [1] * 10 + [2] * 8) == [0] * 10 + [1] * 8
    assert doubts(0.3, [1] * 10 + [2] * 8) == doubts(0.9, [1] * 18) == [0] * 18
    assert doubts(0.6, [1] * 18) == [0] * 10 + [2] * 8
    assert doubts(0.6, [0] * 18) == [0] * 18


class Harm:
    def __reduce__(self) -> tuple[Any, ...]:
        return print, ("harm",)


def test_a_file_of_weights_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / FILE
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("archive/data.pkl", pickle.dumps(Harm()))
    for content in (path.read_bytes(), b"", b"PK", pickle.dumps({})):
        path.write_bytes(content)
        with pytest.raises(ModelError, match=r"not the model CAM\+\+"):
            campplus.convert(path)
    assert capsys.readouterr().out == ""


def test_a_short_answer_of_nobody_known_gets_no_name_of_a_neighbour() -> None:
    """« Oui. », too short to be sure of, between two sentences of one voice."""
    times = ((0.0, 2.0), (2.1, 2.5), (2.6, 5.0), (6.0, 8.0))
    spans = [SpeechWindow(*both, place) for place, both in enumerate(times)]
    turns = list(lay_out(spans, [1, 0, 1, 2], [0] * 4))
    speakers = Speakers(tuple(turns))
    assert speakers.voice_of(2.1, 2.5) == 0
    assert speakers.voice_of(1.9, 2.05) == speakers.voice_of(2.6, 2.9) == 1
    assert (turns[1].end, turns[2].start, turns[2].end) == (5.5, 5.5, 8.5)
