"""Voices: told by the machine, named by people, and nothing kept to know one again."""

import dataclasses
import json
import re
import shutil
import time
from collections.abc import Callable
from itertools import groupby, starmap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench.overlaps import KeptEar
from radio.archive import Archive
from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.archive.locks import is_locked
from radio.sound import decode
from radio.system.errors import ModelError, TranscriptError
from radio.text.transcript import Region, Turn
from radio.transcribe import transcription, voices
from radio.transcribe.attribution import Speakers
from radio.transcribe.corrections import apply_again
from radio.transcribe.models import weights
from radio.transcribe.models.weights import Weights
from radio.transcribe.pool import Pool, local_pool
from radio.transcribe.renewal import improve, renew
from radio.transcribe.transcription import transcribe
from radio.transcribe.turns import find_turns
from radio.transcribe.versions import Checkpoint, save, texts_aside
from radio.transcribe.voices import renumber
from tests.fakes import Sure, at_work
from tests.heard import KEY, alter, edit, evidence_of, transcript_of
from tests.killed import DISK
from tests.processes import call, command, radio
from tests.samples import SHOW, STREET, files_in, holding
from tests.tables import for_each

OTHER = dataclasses.replace(Sure().weights, sha256="7" * 64)
BEFORE_TEXT = re.compile(rb'"vtt_before": "[0-9a-f]*"')
TURNS = (Turn(0.0, 22.4, 1), Turn(22.4, 31.5, 2), Turn(31.5, 41.5, 1), Turn(41.5, 62.0, 2))
BOTH = ["Voix 1", "Voix 2", "Voix 1", "Voix 2"]
CAMILLE = ["Camille", "Voix 2", "Camille", "Voix 2"]
VECTOR = re.compile(rb"(?:-?\d[\d.e-]*,\s*){9}")  # ten numbers in a row
REREAD = ("status: machine", "status: relu"), ("premier", "corrigé")


@pytest.fixture
def told(transcribed: Archive) -> Archive:
    alter(transcribed, turns=TURNS)
    assert apply_again(transcribed, KEY)
    return transcribed


def labels(archive: Archive) -> list[str]:
    return [name for name, _ in groupby(cue.voice for cue in transcript_of(archive, KEY).cues)]


def words(archive: Archive) -> str:
    return " ".join(" ".join(cue.text.split()) for cue in transcript_of(archive, KEY).cues)


def voices_command(archive: Archive, *arguments: str, check: bool = True) -> Any:
    return command(archive, "text", "voices", KEY, *arguments, check=check)


def test_a_cue_has_one_voice_and_a_named_text_is_still_the_machines(told: Archive) -> None:
    assert labels(told) == BOTH
    before = told.vtt_path(KEY).read_bytes()
    for cue in transcript_of(told, KEY).cues:
        (turn,) = [each for each in TURNS if each.start <= (cue.start + cue.end) / 2 < each.end]
        assert cue.voice == f"Voix {turn.voice}"
    said = words(told)
    voices.name(told, KEY, {1: "Camille", 2: "  Zoé &  l’ami <3> "})
    assert labels(told) == ["Camille", "Zoé & l’ami <3>", "Camille", "Zoé & l’ami <3>"]
    assert (words(told), status_of(told, KEY)) == (said, "machine")
    voices.name(told, KEY, {1: "", 2: ""})
    assert (told.vtt_path(KEY).read_bytes(), told.episode(KEY).voices) == (before, {})


@pytest.mark.parametrize("work", [transcribe, renew, improve])
def test_a_name_given_while_the_machine_hears_is_not_lost(
    told: Archive,
    work: Callable[[Archive, Episode, Pool], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if work is transcribe:
        told.vtt_path(KEY).unlink()
    stale, held = told.episode(KEY), list[bool]()

    def rename() -> None:
        with told.lock():
            told.write_episode(dataclasses.replace(stale, voices={"1": "Camille"}))

    def look(path: Path, checkpoint: Checkpoint) -> None:
        held.append(is_locked(told.root, "archive"))
        save(path, checkpoint)

    monkeypatch.setattr(transcription, "save", look)
    with local_pool(Sure(word="mieux", weights=OTHER, meanwhile=rename)) as pool:
        work(told, stale, pool)
    assert "mieux" in words(told)
    assert labels(told) == CAMILLE
    assert status_of(told, KEY) == "machine"
    assert set(held) == {True}


DOUBTED = (Turn(0.0, 22.4, 1), Turn(22.4, 31.5, 2), Turn(31.5, 41.5, 1, 3), Turn(41.5, 62.0, 2, 1))


@pytest.mark.parametrize("by_hand", [False, True])
def test_who_may_be_somebody_else_is_told_and_named_apart(told: Archive, by_hand: bool) -> None:
    alter(told, turns=DOUBTED)
    if by_hand:
        edit(told, *REREAD)
    two, several = voices_command(told).stderr.splitlines()
    assert two == "radio: voice 2 may be the same as voice 1"
    assert "voice 1 may be several people; the other speaks at 0:32" in several
    assert "2  Voix 2  0:" in voices_command(told, "3=Zoé", "1=Camille").stdout
    assert labels(told) == ["Camille", "Voix 2", "Zoé", "Voix 2"]
    assert voices_command(told, "2=Camille").stderr.splitlines() == [
        "radio: voices 1, 2 are all called Camille now"
    ]
    for _act in range(2):
        command(told, "undo")
    assert (labels(told), told.episode(KEY).voices) == (BOTH, {})


def test_a_voice_set_apart_keeps_its_number_and_its_name(told: Archive) -> None:
    found = (0.0, 22.0, 2, 0), (22.0, 31.0, 1, 2), (32.0, 41.0, 2, 4), (42.0, 61.0, 1, 2)
    later = tuple(starmap(Turn, found))
    known = Speakers(DOUBTED, {"3": "Zoé"})
    again = renumber(later, known.named_turns, known.named)
    assert [(each.voice, each.other) for each in again] == [(1, 0), (2, 1), (1, 3), (2, 1)]
    again = renumber(later, DOUBTED, {3})
    assert [(each.voice, each.other) for each in again] == [(1, 0), (2, 1), (1, 4), (2, 1)]


def test_voices_that_are_found_anew_keep_their_numbers() -> None:
    """A new one never gets an old name; under the lock, many turns take little time."""
    shifted = (Turn(0.5, 22.0, 2), Turn(22.0, 31.0, 1), Turn(62.0, 70.0, 3))
    later = (*TURNS, Turn(62.0, 70.0, 3))
    assert [turn.voice for turn in renumber(shifted, TURNS, ())] == [1, 2, 3]
    assert [turn.voice for turn in renumber(later, TURNS, {3})] == [1, 2, 1, 2, 4]
    assert [turn.voice for turn in renumber(TURNS, (), {1, 2})] == [3, 4, 3, 4]
    quarrel = tuple(Turn(float(at), at + 0.9, 1 + at % 2) for at in range(20_000))
    began = time.process_time()  # 0.1 s; minutes if each turn were compared with all
    assert renumber(quarrel, quarrel, ()) == quarrel
    assert time.process_time() - began < 5


def test_a_name_whose_voice_is_gone_is_told_and_taken_away(told: Archive) -> None:
    odd = "1" * 5000
    named = {"1": "Camille", "3": "Zoé", odd: "Paul", "un": "Noé"}
    told.write_episode(dataclasses.replace(told.episode(KEY), voices=named))
    assert voices_command(told).stderr.splitlines() == [
        f"radio: {KEY}: voice 3, named Zoé, is gone; `radio text voices {KEY} 3=` removes that name"
    ]
    assert voices_command(told, "3=").stderr == ""
    assert told.episode(KEY).voices == {"1": "Camille", odd: "Paul", "un": "Noé"}
    refused = voices_command(told, f"{odd}=Camille", check=False)
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert "write it as NUMBER=NAME" in refused.stderr
    assert len(refused.stderr) < 500


@for_each("spans", [[(0.0, 1e15)], [(-5.0, 4.0)], [(3.0, 9.0), (1.0, 4.0)]])
def test_regions_that_cannot_be_are_one_line(
    transcribed: Archive, spans: list[tuple[float, float]]
) -> None:
    alter(transcribed, regions=tuple(Region(*span, "speech") for span in spans))
    with pytest.raises(TranscriptError) as caught:
        voices.tell(transcribed, KEY)
    path, remedy = transcribed.evidence_path(KEY), f"`radio transcribe {KEY} --again` redoes it"
    assert str(caught.value) == f"{path}: impossible regions; {remedy}"


def test_turns_that_cannot_be_are_one_line(told: Archive) -> None:
    path, remedy = told.evidence_path(KEY), f"`radio text voices {KEY} --again` finds them again"
    for odd in ((10.0, 30.0, 2), (70.0, 1e15, 2), (70.0, 71.0, 0), (70.0, 71.0, 10**9)):
        alter(told, turns=(*TURNS, Turn(*odd)))
        apply_again(told, KEY)
        assert labels(told) == [""]
        first, *others = voices_command(told, check=False).stderr.splitlines()
        assert first == f"radio: {path}: impossible speaking turns; {remedy}"
        assert "radio model fetch voices" in others[-1]  # it listens for them once more


ACTS: dict[str, Callable[[Archive], object]] = {
    "tell": lambda archive: [voices.tell(archive, key) for key in voices.untold(archive)],
    "name": lambda archive: voices.name(archive, KEY, {1: "Camila", 2: "Zoé"}),
    "forget": lambda archive: voices.forget(archive, KEY),
}


@pytest.mark.parametrize(
    ("act", "by_hand"), [("tell", False), ("name", False), ("name", True), ("forget", False)]
)
def test_killed_at_any_write_the_same_command_ends_the_work(
    transcribed: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str, by_hand: bool
) -> None:
    monkeypatch.setattr(voices, "find_turns", lambda *_rest: TURNS)
    monkeypatch.setattr(weights, "find", lambda name: Weights(name, "campplus", tmp_path, "", 0))
    monkeypatch.setattr(weights, "has_voices", lambda: True)
    if act != "tell":
        alter(transcribed, turns=TURNS)
        apply_again(transcribed, KEY)
        voices.name(transcribed, KEY, {1: "Camille"})
    if by_hand:
        edit(transcribed, *REREAD)

    def live(number: int) -> dict[str, bytes]:
        archive = Archive(Path(shutil.copytree(transcribed.root, tmp_path / f"at-{number}")))
        with DISK.killing(archive.root, number):
            ACTS[act](archive)
        for _ in range(2):
            assert status_of(archive, KEY) == ("reread" if by_hand else "machine")
            ACTS[act](archive)
        texts = files_in(archive.transcripts) | files_in(archive.media)
        return {path: BEFORE_TEXT.sub(b"", content) for path, content in texts.items()}

    unbroken = live(999)
    for number in range(99):
        assert live(number) == unbroken
        if DISK.is_through:
            break
    assert number > 6


def test_naming_a_reread_text_keeps_its_words(told: Archive) -> None:
    first = re.search(r"--> [\d:.]+", edit(told, *REREAD))
    assert first
    voices_of_people = ("<v Voix 2>", "<v Paul>"), ("<v Voix 1>", "")
    more = ("\n\n1\n", "\n\nNOTE de Paul\n\n1\n"), (first[0], f"{first[0]} align:start")
    text = edit(told, *voices_of_people, *more, times=1)
    before = words(told)
    voices.name(told, KEY, {1: "Camille", 2: "Zoé"})
    after = told.vtt_path(KEY).read_text(encoding="utf-8")
    assert (words(told), status_of(told, KEY)) == (before, "reread")
    assert labels(told)[:2] == ["Camille", "Paul"]
    assert "Zoé" in labels(told)
    assert "NOTE de Paul" in after
    assert f"{first[0]} align:start" in after
    assert [each.read_text(encoding="utf-8") for each in texts_aside(told, KEY)] == [text]


def test_naming_leaves_to_a_voice_what_a_person_gave_it(told: Archive) -> None:
    """Where the machine is wrong about who speaks, a person writes the number of the other."""
    edit(told, *REREAD)
    edit(told, ("<v Voix 1>", "<v Voix 2>"), times=1)
    voices.name(told, KEY, {1: "Camille"})
    assert labels(told)[:3] == ["Voix 2", "Camille", "Voix 2"]
    voices.name(told, KEY, {2: "Zoé"})
    assert labels(told) == ["Zoé", "Camille", "Zoé", "Camille", "Zoé"]


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("\n", "\r\n", "machine"),
        ("WEBVTT", "\ufeffWEBVTT", "machine"),
        ("status:", "relecteur: Camille\nstatus:", "machine"),
        ("status: machine\n", "status: relu\r\n", "reread"),
    ],
)
def test_naming_makes_no_text_a_person_s(told: Archive, old: str, new: str, status: str) -> None:
    """An editor, or git, saved the text in another form: its words are as they were."""
    path = told.vtt_path(KEY)
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))
    returns = path.read_bytes().count(b"\r\n")
    assert status_of(told, KEY) == status
    voices.name(told, KEY, {1: "Camille"})
    assert labels(told) == CAMILLE
    assert status_of(told, KEY) == status
    assert path.read_bytes().count(b"\r\n") == returns
    if status == "machine":
        path.write_bytes(path.read_bytes().replace(b"premier", b"autre", 1))
        assert status_of(told, KEY) == "changed"


@for_each(
    ("names", "complaint"),
    [
        ({3: "Camille"}, "no voice 3; `radio text voices"),
        ({1: "C" * 81}, "one line of at most 80 characters"),
        ({1: "Camille\n\nNOTE"}, "must be one line"),
        ({1: "Camille"}, "SubRip; save it as WebVTT in UTF-8"),
    ],
)
def test_a_bad_name_changes_nothing(told: Archive, names: dict[int, str], complaint: str) -> None:
    path = told.vtt_path(KEY)
    if "SubRip" in complaint:
        path.write_bytes(b"1\n00:00:01,000 --> 00:00:04,000\nBonjour\n")
    before = path.read_bytes()
    with pytest.raises(TranscriptError, match=complaint):
        voices.name(told, KEY, names)
    assert (path.read_bytes(), told.episode(KEY).voices) == (before, {})


def test_an_english_show_has_english_voices_and_a_name_fills_no_disk(told: Archive) -> None:
    told.write_episode(dataclasses.replace(told.episode(KEY), language="en"))
    apply_again(told, KEY)
    assert labels(told) == ["Voice 1", "Voice 2", "Voice 1", "Voice 2"]
    told.write_episode(dataclasses.replace(told.episode(KEY), voices={"1": "é" * 100_000}))
    assert apply_again(told, KEY)
    assert set(labels(told)) == {"é" * 80, "Voice 2"}


def test_a_name_that_stays_in_a_version_is_not_said_to_be_forgotten(told: Archive) -> None:
    voices.name(told, KEY, {1: "Camille"})
    at_work(renew, told, Sure(word="mieux"))
    edit(told, *REREAD, ("mieux", "corrigé"))
    text, before = told.vtt_path(KEY), told.vtt_path(KEY).read_bytes()
    done = voices_command(told, "--forget")
    (aside,) = texts_aside(told, KEY)
    said = "still names speakers, and no machine changes it; remove `<v …>` there in an editor"
    first, *others, last = done.stderr.splitlines()
    assert first == f'{KEY}: voices forgotten 1="Camille"'
    assert others == [f"radio: {path}: {said}" for path in (text, aside)]
    assert last == f"{KEY}: no voice can be told from another"
    assert text.read_bytes() == before
    for path in (text, aside):
        path.write_text(re.sub("<v [^>]*>", "", path.read_text("utf-8")), encoding="utf-8")
    assert "still names" not in voices_command(told, "--forget").stderr
    assert holding(told.root, "Camille", '"voice": ') == set()


def test_what_nobody_listened_to_is_named(
    transcribed: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path))
    assert voices.untold(transcribed) == []
    weights.place(weights.VOICES, "campplus").touch()
    assert voices.untold(transcribed) == [KEY]
    for turns in ((), TURNS, 99 * TURNS):
        alter(transcribed, turns=turns)
        assert voices.untold(transcribed) == []
    old = transcribed.evidence_path(KEY).read_text(encoding="utf-8")
    old = re.sub(r'  "turns": \[.*?\n  \],\n', "", old, flags=re.DOTALL)
    assert '"turns"' not in old
    transcribed.evidence_path(KEY).write_text(old, encoding="utf-8")
    assert voices.untold(transcribed) == [KEY]


def test_a_network_that_is_missing_or_broken_costs_no_text(
    transcribed: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path))
    voices.tell_if_untold(transcribed, KEY)
    with pytest.raises(ModelError, match="radio model fetch voices"):
        voices.tell(transcribed, KEY)
    weights.place(weights.VOICES, "campplus").write_bytes(b"broken")
    voices.tell_if_untold(transcribed, KEY)
    assert labels(transcribed) == [""]
    done = command(transcribed, "index", check=False)
    assert done.returncode == 1
    assert "delete it, then `radio model fetch voices`" in done.stderr
    assert "1 indexed" in done.stderr


def test_no_voice_print_is_kept(chain: Path, voice_models: Path, tmp_path: Path) -> None:
    """The real command on a real show: it finds both voices, and writes no vector anywhere."""
    root = Path(shutil.copytree(chain, tmp_path / "root"))
    present = files_in(root)
    key, models = f"{SHOW}/{STREET}", dict[str, Any](RADIO_MODELS=str(voice_models))
    listed = call("model", "list", **models).stdout.splitlines()
    assert [line.split("  ")[0] for line in listed] == ["base", "voices"]
    listed = radio("text", "voices", "--root", str(root), key, **models).stdout.splitlines()
    assert [line.split("  ")[:2] for line in listed] == [["1", "Voix 1"], ["2", "Voix 2"]]
    archive = Archive(root)
    evidence = evidence_of(archive, key)
    assert len(evidence.turns or ()) == 5
    assert status_of(archive, key) == "machine"
    assert {cue.voice for cue in transcript_of(archive, key).cues} == {"Voix 1", "Voix 2"}
    ear, blocks = KeptEar(voice_models / "voices.campplus"), decode(archive.media / f"{key}.mp3")
    assert find_turns(evidence, blocks, ear) == evidence.turns
    beginnings = np.concatenate(ear.vectors)[:, :2]
    for path, content in files_in(root).items():
        for values in beginnings:
            assert values.tobytes() not in content, path
            assert str(values[0]).encode() not in content, path
        if path.endswith(".json") and content != present.get(path):
            assert not VECTOR.search(content), path
    turn = json.loads(archive.evidence_path(key).read_bytes())["turns"][0]
    assert set(turn) == {"start", "end", "voice", "other"}
    again = radio("text", "voices", "--root", str(root), "--missing", **models)
    assert [line.split("  ")[-1] for line in again.stderr.splitlines()] == ["2 voices"] * 2
