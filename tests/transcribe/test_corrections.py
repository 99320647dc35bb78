"""Corrections: whole words in any case, times kept, and never over what a person wrote."""

import dataclasses
import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.system.errors import NotFoundError, TranscriptError
from radio.text.transcript import PAUSE, Word, render_evidence
from radio.transcribe.corrections import apply_again, correct
from radio.transcribe.versions import is_by_hand
from tests.heard import evidence_of, hear, transcript_of
from tests.samples import STREET
from tests.tables import for_each

KEY = f"emission/{STREET}"
CORRECTIONS = {"la kni": "la CNIL", "Bobran": "Beaubrun"}
MACHINE, CORRECTED = "La kni ne dit rien de Bobran.", "La CNIL ne dit rien de Beaubrun."


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
def test_mishearings_are_mended(heard: str, corrections: dict[str, str], expected: str) -> None:
    corrected = correct(spoken(*heard.split()), corrections)
    assert " ".join(word.text for word in corrected) == expected


def test_new_words_share_the_time_of_the_old_by_length() -> None:
    words = spoken("au", "crédit", "roque.", "oui")
    corrected = correct(words, {"crédit roque": "Crêt de Roc"})
    assert (corrected[0], corrected[4]) == (words[0], words[3])
    assert [(word.text, word.start, word.end) for word in corrected[1:4]] == [
        ("Crêt", 0.5, 0.9),
        ("de", 0.9, 1.1),
        ("Roc.", 1.1, 1.5),
    ]
    assert {word.probability for word in corrected[1:4]} == {0.88}
    corrected = correct(spoken("et", "la", "kni ?", "« Bobran »"), {"la kni": "la CNIL", "x": "y"})
    assert [word.text for word in corrected] == ["et", "la", "CNIL ?", "« Bobran »"]
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


@given(heard, tables, st.integers(0, 40))
def test_what_is_not_misheard_and_all_times_stay(
    drawn: list[tuple[str, float, float, float]], corrections: dict[str, str], place: int
) -> None:
    words = placed(drawn)
    corrected = correct(words, corrections)
    assert corrected == correct(words, dict(reversed(corrections.items())))
    for before, after in itertools.pairwise(corrected):
        assert before.start <= before.end <= after.start
    for word in corrected:
        assert words[0].start <= word.start <= word.end <= words[-1].end
        assert min(each.probability for each in words) <= word.probability <= 1
    assert words == correct(words, {}) == correct(words, {"": "x", "\t": "y", "zzz": "z"})
    number = min(place, len(drawn))
    words = placed([*drawn[:number], ("misheard!", 1.0, 0.0, 0.5), *drawn[number:]])
    corrected = correct(words, {"Misheard": "put right"})
    assert corrected[:number] == words[:number]
    assert corrected[number + 2 :] == words[number + 1 :]
    assert [word.text for word in corrected[number : number + 2]] == ["put", "right!"]


@pytest.fixture
def transcribed(archive: Archive) -> Archive:
    hear(archive, {0: MACHINE}, KEY.partition("/")[2])
    evidence = evidence_of(archive, KEY)
    changed = dataclasses.replace(evidence, extra={"kept": True}, turns=None)
    archive.evidence_path(KEY).write_bytes(render_evidence(changed))
    return archive


def learn(archive: Archive, corrections: Mapping[str, str]) -> None:
    archive.write_show(dataclasses.replace(archive.show("emission"), corrections=corrections))


def text(archive: Archive) -> str:
    return " ".join(cue.text for cue in transcript_of(archive, KEY).cues)


def test_corrections_are_applied_again_and_taken_back(transcribed: Archive) -> None:
    heard = evidence_of(transcribed, KEY)
    original = transcribed.vtt_path(KEY).read_bytes()
    learn(transcribed, CORRECTIONS)
    assert apply_again(transcribed, KEY)
    assert text(transcribed) == CORRECTED
    assert transcribed.vtt_path(KEY).read_bytes().startswith(original.partition(b"\n1\n")[0])
    assert not is_by_hand(transcribed, KEY)
    evidence = evidence_of(transcribed, KEY)
    assert evidence.segments == heard.segments
    assert evidence.extra["kept"] is True
    learn(transcribed, {})
    assert apply_again(transcribed, KEY)
    assert transcribed.vtt_path(KEY).read_bytes() == original
    stamps = [path.stat() for path in sorted(transcribed.transcripts.rglob("*"))]
    learn(transcribed, {"la quenille": "la CNIL"})  # which nobody says
    assert not apply_again(transcribed, KEY)
    assert [path.stat() for path in sorted(transcribed.transcripts.rglob("*"))] == stamps


@pytest.mark.parametrize(
    ("old", "new"), [("status: machine", "status: reread"), ("rien", "presque rien")]
)
def test_a_person_s_text_is_kept(transcribed: Archive, old: str, new: str) -> None:
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
