"""Corrections: whole words in any case, times kept, and never over what a person wrote."""

import dataclasses
import datetime as dt
import hashlib
import itertools
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.archive.episode import Audio, Episode
from radio.system.disk import write_whole
from radio.system.errors import NotFoundError, TranscriptError
from radio.text.transcript import (
    PAUSE,
    Evidence,
    Region,
    Segment,
    Word,
    render_evidence,
    render_vtt,
)
from radio.transcribe.corrections import apply_again, compose, correct
from radio.transcribe.versions import is_by_hand
from tests.tables import for_each

KEY = "emission/2024-02-20-la-ville"


def spoken(*texts: str, pace: float = 0.5) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, text, 0.9 - i / 100) for i, text in enumerate(texts)]


@for_each(
    ("heard", "corrections", "expected"),
    [
        ("à la kni de", {"la kni": "la CNIL"}, "à la CNIL de"),
        ("chez la kni, hier", {"la kni": "la CNIL"}, "chez la CNIL, hier"),
        ("quartier Bobran.", {"bobran": "Beaubrun"}, "quartier Beaubrun."),
        ("« BOBRAN »", {"Bobran": "Beaubrun"}, "« Beaubrun »"),
        ("loi d'Amnesti hier", {"Amnesti": "Amnesty"}, "loi d'Amnesty hier"),
        ("loi d’ Amnesti", {"D'Amnesti": "d'Amnesty"}, "loi d'Amnesty"),
        ("de l'ami", {"l’ ami": "Lamy"}, "de Lamy"),
        ("Bobran-Centre", {"Bobran": "Beaubrun"}, "Beaubrun-Centre"),
        ("Bobran-Ziwani, oui", {"bobran": "Beaubrun", "ziwani": "Z"}, "Beaubrun-Z, oui"),
        ("saint‑étienne", {"Saint-Étienne": "Saint-Étienne"}, "Saint-Étienne"),
        ("bobrane Bobrans", {"Bobran": "Beaubrun"}, "bobrane Bobrans"),
        ("tache tâche", {"tache": "tag"}, "tag tâche"),
        ("e\u0301te\u0301", {"été": "Été"}, "Été"),
        ("la, kni", {"la kni": "la CNIL"}, "la, kni"),
        ("le Crédit roque", {"Crédit roque": "Crêt de Roc"}, "le Crêt de Roc"),
        ("le cré de roc", {"cré de roc": "Crêt-de-Roc"}, "le Crêt-de-Roc"),
        ("a b c", {"a": "1", "a b": "2", "a b c": "3"}, "3"),
        ("a b", {"a": "b", "b": "a"}, "b a"),
        ("a a a", {"a a": "a"}, "a a"),
        ("La kni dit", {"la kni": "la cnil"}, "La cnil dit"),
        ("oui. Kni dit", {"kni": "la cnil"}, "oui. La cnil dit"),
        ("oui. « Kni dit", {"kni": "la cnil"}, "oui. « La cnil dit"),
        ("une Kni dit", {"kni": "cnil"}, "une cnil dit"),
        ("Aifone dit", {"aifone": "iPhone"}, "iPhone dit"),
        ("oui, euh, donc euh non euh. Non", {"euh": ""}, "oui, donc non. Non"),
        ("euh. Non", {"euh": " "}, "Non"),
        ("R.U.S. oui", {"r.u.s.": "RUS"}, "RUS oui"),
        ("un (deux) [trois]", {"": "x", " ": "x", "…": "x", "(": "x"}, "un (deux) [trois]"),
    ],
)
def test_what_was_misheard_is_put_right(
    heard: str, corrections: dict[str, str], expected: str
) -> None:
    corrected = correct(spoken(*heard.split()), corrections)
    assert " ".join(word.text for word in corrected) == expected


def test_signs_that_hold_a_space_stay_with_their_word() -> None:
    corrected = correct(spoken("et", "la", "kni ?", "« Bobran »"), {"la kni": "la CNIL", "x": "y"})
    assert [word.text for word in corrected] == ["et", "la", "CNIL ?", "« Bobran »"]


def test_new_words_share_the_time_of_the_old_by_length() -> None:
    words = spoken("au", "crédit", "roque.", "oui")
    corrected = correct(words, {"crédit roque": "Crêt de Roc"})
    assert corrected[0] == words[0]
    assert corrected[4] == words[3]
    assert [(word.text, word.start, word.end) for word in corrected[1:4]] == [
        ("Crêt", 0.5, 0.9),
        ("de", 0.9, 1.1),
        ("Roc.", 1.1, 1.5),
    ]
    assert {word.probability for word in corrected[1:4]} == {0.88}


def test_no_phrase_crosses_a_silence() -> None:
    before, after = Word(0, 1, "la", 0.9), Word(1 + PAUSE, 3, "kni", 0.9)
    assert correct([before, after], {"la kni": "la CNIL"}) == [before, after]


texts = st.one_of(
    st.sampled_from(["la", "kni", "Kni,", "l'kni", "Bobran-kni", "euh", "d'", "« la", "la ?"]),
    st.text("aéA'’-., ", min_size=1, max_size=8),
    st.text(min_size=1, max_size=4),
)
heard = st.lists(st.tuples(texts, st.floats(0, 3), st.floats(0, 2), st.floats(0, 1)), max_size=40)
wrongs = st.one_of(st.sampled_from(["la kni", "kni", "la", "euh", "bobran"]), st.text(max_size=5))
tables = st.dictionaries(wrongs, st.one_of(st.sampled_from(["la CNIL", "", "a b c"]), st.text()))


def placed(drawn: list[tuple[str, float, float, float]]) -> list[Word]:
    time, words = 0.0, []
    for text, length, gap, probability in drawn:
        words.append(Word(time + gap, time + gap + length, text, probability))
        time = words[-1].end
    return words


@given(heard, tables)
def test_times_go_on_within_those_of_the_machine(
    drawn: list[tuple[str, float, float, float]], corrections: dict[str, str]
) -> None:
    words = placed(drawn)
    corrected = correct(words, corrections)
    assert corrected == correct(words, dict(reversed(corrections.items())))
    for before, after in itertools.pairwise(corrected):
        assert before.start <= before.end <= after.start
    for word in corrected:
        assert words[0].start <= word.start <= word.end <= words[-1].end
        assert min(each.probability for each in words) <= word.probability <= 1


@given(heard)
def test_without_corrections_words_stay_as_they_are(
    drawn: list[tuple[str, float, float, float]],
) -> None:
    words = placed(drawn)
    assert correct(words, {}) == words
    assert correct(words, {"": "x", "\t": "y", "zzz": "z"}) == words


@given(heard, st.integers(0, 40))
def test_words_around_a_correction_stay_as_they_are(
    drawn: list[tuple[str, float, float, float]], place: int
) -> None:
    words = placed([*drawn[:place], ("misheard!", 1.0, 0.0, 0.5), *drawn[place:]])
    number = min(place, len(drawn))
    corrected = correct(words, {"Misheard": "put right"})
    assert corrected[:number] == words[:number]
    assert corrected[number + 2 :] == words[number + 1 :]
    assert [word.text for word in corrected[number : number + 2]] == ["put", "right!"]


@pytest.fixture
def transcribed(archive: Archive) -> Archive:
    """An archive with one transcript as the machine wrote it."""
    name = KEY.partition("/")[2]
    audio = Audio(f"{name}.mp3", "00" * 32, 1, "audio/mpeg", 9.0)
    archive.write_episode(Episode("emission", name, "La ville", dt.date(2024, 2, 20), audio, "g"))
    words = tuple(spoken("La", "kni", "ne", "dit", "rien", "de", "Bobran."))
    segments = (Segment(0, 4, "La kni ne dit rien de Bobran.", words, 1, 0, -0.1, 1, 0),)
    note = {"status": "machine", "engine": "fake 1", "audio": "00" * 32}
    text = render_vtt(compose(segments, {}, note)).encode()
    evidence = Evidence(
        engine="fake",
        versions={"fake": "1"},
        model="base",
        weights="00" * 32,
        parameters={"beam": 5},
        audio="00" * 32,
        language="fr",
        duration=9.0,
        regions=(Region(0, 4, "speech"),),
        segments=segments,
        vtt=hashlib.sha256(text).hexdigest(),
        extra={"kept": True},
    )
    write_whole(archive.evidence_path(KEY), render_evidence(evidence))
    write_whole(archive.vtt_path(KEY), text)
    return archive


def learn(archive: Archive, corrections: Mapping[str, str]) -> None:
    show = archive.show("emission")
    archive.write_show(dataclasses.replace(show, corrections=corrections))


def text(archive: Archive) -> str:
    transcript = archive.transcript(KEY)
    assert transcript is not None
    return " ".join(cue.text for cue in transcript.cues)


CORRECTIONS = {"la kni": "la CNIL", "Bobran": "Beaubrun"}
MACHINE, CORRECTED = "La kni ne dit rien de Bobran.", "La CNIL ne dit rien de Beaubrun."


def test_corrections_are_applied_again_and_taken_back(transcribed: Archive) -> None:
    heard = transcribed.evidence(KEY)
    original = transcribed.vtt_path(KEY).read_bytes()
    learn(transcribed, CORRECTIONS)
    assert apply_again(transcribed, KEY)
    assert text(transcribed) == CORRECTED
    assert transcribed.vtt_path(KEY).read_bytes().startswith(original.partition(b"\n1\n")[0])
    assert not is_by_hand(transcribed, KEY)
    evidence = transcribed.evidence(KEY)
    assert heard is not None
    assert evidence is not None
    assert evidence.segments == heard.segments
    assert evidence.extra["kept"] is True

    learn(transcribed, {})
    assert apply_again(transcribed, KEY)
    assert transcribed.vtt_path(KEY).read_bytes() == original


def test_nothing_is_written_where_nothing_changes(transcribed: Archive) -> None:
    stamps = [path.stat() for path in sorted(transcribed.transcripts.rglob("*"))]
    learn(transcribed, {"la quenille": "la CNIL"})
    assert not apply_again(transcribed, KEY)
    assert [path.stat() for path in sorted(transcribed.transcripts.rglob("*"))] == stamps


@pytest.mark.parametrize(
    ("old", "new"), [("status: machine", "status: reread"), ("rien", "presque rien")]
)
def test_what_a_person_wrote_is_kept(transcribed: Archive, old: str, new: str) -> None:
    path = transcribed.vtt_path(KEY)
    learn(transcribed, CORRECTIONS)
    for corrected_before in (False, True):
        if corrected_before:
            assert apply_again(transcribed, KEY)
        machine = path.read_text(encoding="utf-8")
        path.write_text(machine.replace(old, new), encoding="utf-8")
        assert is_by_hand(transcribed, KEY)
        with pytest.raises(TranscriptError, match="a person"):
            apply_again(transcribed, KEY)
        assert path.read_text(encoding="utf-8") == machine.replace(old, new)
        path.write_text(machine, encoding="utf-8")


def test_without_transcript_or_evidence_nothing_is_made_up(transcribed: Archive) -> None:
    transcribed.evidence_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="a person"):
        apply_again(transcribed, KEY)
    transcribed.vtt_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="no transcript"):
        apply_again(transcribed, KEY)
    with pytest.raises(NotFoundError):
        apply_again(transcribed, "emission/2024-01-01-autre")


def die_at_rename(root: Path, number: int) -> None:
    """Apply corrections, killed as a file is about to get its name."""
    left = itertools.count(number, -1)

    def watch(event: str, _arguments: object) -> None:
        if event == "os.rename" and next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    apply_again(Archive(root), KEY)


@pytest.mark.parametrize("renames", [0, 1])
def test_kill_9_leaves_what_the_next_run_mends(transcribed: Archive, renames: int) -> None:
    """Before the evidence is written, and between evidence and text."""
    learn(transcribed, CORRECTIONS)
    evidence = transcribed.evidence_path(KEY).read_bytes()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=die_at_rename, args=(transcribed.root, renames))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert text(transcribed) == MACHINE
    assert (transcribed.evidence_path(KEY).read_bytes() != evidence) is bool(renames)
    assert not is_by_hand(transcribed, KEY)

    learn(transcribed, {**CORRECTIONS, "rien": "mot"})
    assert apply_again(transcribed, KEY)
    assert text(transcribed) == CORRECTED.replace("rien", "mot")
    assert not is_by_hand(transcribed, KEY)
