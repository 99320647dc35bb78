"""Corrections: whole words in any case, times kept, and never over what a person wrote."""

import dataclasses
import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.archive import Archive
from radio.system.disk import stamp
from radio.system.errors import NotFoundError, TranscriptError
from radio.text.transcript import PAUSE, Word, render_evidence
from radio.transcribe.corrections import apply_again, correct
from radio.transcribe.versions import is_by_hand
from tests.heard import KEY, edit, evidence_of, hear, transcript_of
from tests.search.lists import rows
from tests.tables import for_each

CORRECTIONS = {"la kni": "la CNIL", "Bobran": "Beaubrun"}
MISHEARD = rows("conventions", "misheard")
MACHINE, CORRECTED = "La kni ne dit rien de Bobran.", "La CNIL ne dit rien de Beaubrun."


def spoken(*texts: str, pace: float = 0.5) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, text, 0.9 - i / 100) for i, text in enumerate(texts)]


@for_each(
    ("heard", "corrections", "expected"),
    [
        *((said, {wrong: right}, mended) for said, wrong, right, mended in MISHEARD),
        ("Bobran-Ziwani, oui", {"bobran": "Beaubrun", "ziwani": "Z"}, "Beaubrun-Z, oui"),
        ("e\u0301te\u0301", {"été": "Été"}, "Été"),
        ("a b c", {"a": "1", "a b": "2", "a b c": "3"}, "3"),
        ("a b", {"a": "b", "b": "a"}, "b a"),
        ("euh. Non", {"euh": " "}, "Non"),
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
    times = (0.5, 0.9, "Crêt"), (0.9, 1.1, "de"), (1.1, 1.5, "Roc.")
    assert list(map(dataclasses.astuple, corrected[1:4])) == [(*each, 0.88) for each in times]
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
    hear(archive, {0: MACHINE})
    changed = dataclasses.replace(evidence_of(archive), extra={"kept": True}, turns=None)
    archive.evidence_path(KEY).write_bytes(render_evidence(changed))
    return archive


def learn(archive: Archive, corrections: Mapping[str, str]) -> None:
    archive.write_show(dataclasses.replace(archive.show("emission"), corrections=corrections))


def text(archive: Archive) -> str:
    return " ".join(cue.text for cue in transcript_of(archive, KEY).cues)


def test_corrections_are_applied_again_and_taken_back(transcribed: Archive) -> None:
    heard = evidence_of(transcribed)
    original = transcribed.vtt_path(KEY).read_bytes()
    learn(transcribed, CORRECTIONS)
    assert apply_again(transcribed, KEY)
    assert text(transcribed) == CORRECTED
    assert transcribed.vtt_path(KEY).read_bytes().startswith(original.partition(b"\n1\n")[0])
    assert not is_by_hand(transcribed, KEY)
    evidence = evidence_of(transcribed)
    assert (evidence.segments, evidence.extra["kept"]) == (heard.segments, True)
    learn(transcribed, {})
    assert apply_again(transcribed, KEY)
    assert transcribed.vtt_path(KEY).read_bytes() == original
    stamps = [stamp(path) for path in sorted(transcribed.transcripts.rglob("*"))]
    learn(transcribed, {"la quenille": "la CNIL"})  # which nobody says
    assert not apply_again(transcribed, KEY)
    assert [stamp(path) for path in sorted(transcribed.transcripts.rglob("*"))] == stamps


@pytest.mark.parametrize(
    ("old", "new"), [("status: machine", "status: reread"), ("rien", "presque rien")]
)
def test_a_person_s_text_is_kept(transcribed: Archive, old: str, new: str) -> None:
    path = transcribed.vtt_path(KEY)
    learn(transcribed, CORRECTIONS)
    for corrected_before in (False, True):
        if corrected_before:
            assert apply_again(transcribed, KEY)
        machine, changed = path.read_bytes(), edit(transcribed, (old, new))
        assert is_by_hand(transcribed, KEY)
        with pytest.raises(TranscriptError, match="someone"):
            apply_again(transcribed, KEY)
        assert path.read_text(encoding="utf-8") == changed
        path.write_bytes(machine)


def test_without_transcript_or_evidence_nothing_is_made_up(transcribed: Archive) -> None:
    transcribed.evidence_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="someone"):
        apply_again(transcribed, KEY)
    transcribed.vtt_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="no transcript"):
        apply_again(transcribed, KEY)
    with pytest.raises(NotFoundError):
        apply_again(transcribed, "emission/2024-01-01-autre")
