"""Transcribed anew, better, or in English: the old text stays until the new one is whole."""

import dataclasses
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.ingest.files import ingest
from radio.system.errors import ModelError, TranscriptError
from radio.text.transcript import Segment
from radio.transcribe import windows
from radio.transcribe.engines.interface import provenance
from radio.transcribe.models.weights import Weights
from radio.transcribe.renewal import candidates, confidence, improve, renew
from radio.transcribe.transcription import require_translator, transcribe, translate, untranslated
from radio.transcribe.versions import is_by_hand, texts_aside
from radio.transcribe.windows import Window
from tests.fakes import Fake, Short, Sure, at_work, every_five_seconds, killed_writing
from tests.heard import edit, evidence_of, transcript_of
from tests.processes import radio
from tests.samples import DEMO, STREET, files, street

KEY = f"emission/{STREET}"
BOTH = [".1.json", ".1.vtt", ".json", ".vtt"]
SMALL = Weights("small", "openai", Path("small.pt"), "of small", 2)
BY_HAND = [("status: machine", "status: reread"), ("premier", "Premier"), ("WEBVTT", "Rien")]


@pytest.fixture(autouse=True)
def speech_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "find_speech", every_five_seconds)
    monkeypatch.setattr(windows, "PART", 15 * 16_000)


def text(archive: Archive) -> str:
    return archive.vtt_path(KEY).read_text(encoding="utf-8")


def aside(archive: Archive) -> str:
    return texts_aside(archive, KEY)[0].read_text(encoding="utf-8")


anew, better = partial(at_work, renew), partial(at_work, improve)


def small(sureness: float, name: str = "small", **options: Any) -> Sure:
    """Another engine, so sure of the word that it hears."""
    weights = dataclasses.replace(SMALL, name=name, sha256=f"of {name}")
    return Sure(weights=weights, sureness=sureness, **options)


def is_the_machines(archive: Archive, word: str, old: str) -> None:
    """The new text took the place, and the old one is kept once."""
    assert word in text(archive)
    assert aside(archive) == old
    assert files(archive) == BOTH
    assert not is_by_hand(archive, KEY)


@pytest.mark.parametrize("work", [anew, better])
def test_listeners_keep_the_old_text_until_the_new_one_is_whole(
    transcribed: Archive, work: Callable[[Archive, Fake], object]
) -> None:
    old = text(transcribed)
    whole = small(0.9, word="second", window_samples=160_000, batch=1)
    with pytest.raises(KeyboardInterrupt):
        work(transcribed, dataclasses.replace(whole, stop_at=2))
    assert text(transcribed) == old
    assert (transcribed.missing(), files(transcribed)[-2:]) == ([], [".json", ".vtt"])
    assert transcribed.evidence(KEY)
    seen = list[str]()
    work(transcribed, dataclasses.replace(whole, meanwhile=lambda: seen.append(text(transcribed))))
    assert set(seen) == {old}
    assert len(seen) >= 2  # the pieces of the first run are not decoded again
    is_the_machines(transcribed, "second", old)


@pytest.mark.parametrize(("old", "new"), BY_HAND)
def test_a_person_s_text_yields_to_force_alone(transcribed: Archive, old: str, new: str) -> None:
    edited, engine = edit(transcribed, (old, new)), small(0.9)
    assert candidates(transcribed, provenance(engine)) == []
    with pytest.raises(TranscriptError, match="someone"):
        better(transcribed, engine)
    with pytest.raises(TranscriptError, match="`--again --force` keeps it aside"):
        anew(transcribed, engine)
    assert (engine.calls, text(transcribed), files(transcribed)) == (0, edited, [".json", ".vtt"])
    anew(transcribed, Fake(), force=True)
    is_the_machines(transcribed, "parole", edited)


def test_a_person_who_corrects_meanwhile_is_not_overwritten(transcribed: Archive) -> None:
    with pytest.raises(TranscriptError, match="someone"):
        anew(transcribed, Fake(), progress=lambda _: edit(transcribed, ("premier", "Premier")))
    edited = text(transcribed)
    assert "Premier" in edited
    anew(transcribed, Fake(), force=True)
    is_the_machines(transcribed, "parole", edited)


def test_what_was_never_finished_is_gone_on_with(transcribed: Archive) -> None:
    transcribed.vtt_path(KEY).unlink()
    transcribed.evidence_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="no transcript to improve"):
        better(transcribed, Sure())
    with pytest.raises(KeyboardInterrupt):
        at_work(transcribe, transcribed, Short(stop_at=2))
    edit(transcribed, ("parole", "Parole"))
    with pytest.raises(TranscriptError, match="--again --force"):
        anew(transcribed, Short())
    anew(transcribed, Short(), force=True)
    assert "Parole" not in text(transcribed)
    assert files(transcribed) == [".1.vtt", ".json", ".vtt"]


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("write", range(3, 7))
def test_killed_while_they_change_places(transcribed: Archive, write: int, by_hand: bool) -> None:
    """Whatever was written by then, the old text is kept once and never taken for the machine's."""
    old = edit(transcribed, ("premier", "Premier")) if by_hand else text(transcribed)
    with killed_writing(write):  # two are checkpoints
        anew(transcribed, Fake(), force=True)
    assert text(transcribed) == old
    assert is_by_hand(transcribed, KEY) == by_hand
    anew(transcribed, Fake(), force=True)
    is_the_machines(transcribed, "parole", old)
    if by_hand:  # put back by a person, it is still theirs
        transcribed.vtt_path(KEY).write_text(old, encoding="utf-8")
        assert is_by_hand(transcribed, KEY)


@pytest.mark.parametrize("write", range(3, 7))
def test_killed_while_a_better_text_takes_the_place(transcribed: Archive, write: int) -> None:
    old, engine = text(transcribed), small(0.9, word="second")
    with killed_writing(write):
        better(transcribed, engine)
    assert not is_by_hand(transcribed, KEY)
    assert candidates(transcribed, provenance(engine)) == [transcribed.episode(KEY)]
    assert better(transcribed, engine)
    is_the_machines(transcribed, "second.", old)
    assert candidates(transcribed, provenance(engine)) == []


def test_what_is_better_takes_the_place(transcribed: Archive) -> None:
    """A better model need not be surer: larger weights are not surer by as much as better."""
    old = text(transcribed)
    assert better(transcribed, small(0.55, word="second"))
    assert transcript_of(transcribed, KEY).note["model"] == "small"
    assert evidence_of(transcribed, KEY).weights == SMALL.sha256
    is_the_machines(transcribed, "second.", old)
    assert transcribed.missing() == []


class Terse(Sure):
    """Says few words, all sure: much of the speech is unsaid."""

    def _hear(self, window: Window) -> Segment:
        heard = super()._hear(window)
        return dataclasses.replace(heard, words=heard.words[::3])


@pytest.mark.parametrize(
    ("engine", "is_tried"),
    [
        (small(0.4, word="second"), True),  # less sure
        (small(0.65, "tiny", word="second"), False),
        (small(0.605, "base", word="second"), True),  # another form of it
        (Terse(weights=SMALL, sureness=0.99, word="second"), True),
    ],
)
def test_what_is_not_better_is_kept_aside_and_not_tried_again(
    transcribed: Archive, engine: Sure, is_tried: bool
) -> None:
    old, episode = text(transcribed), transcribed.episode(KEY)
    assert candidates(transcribed, provenance(engine)) == [episode] * is_tried
    assert not better(transcribed, engine)
    assert text(transcribed) == old
    assert "second." in aside(transcribed)
    assert candidates(transcribed, provenance(engine)) == []
    assert candidates(transcribed, provenance(Sure(sureness=0.9))) == []  # it made the present one


def test_weights_of_the_same_model_are_compared_by_how_sure_they_are(transcribed: Archive) -> None:
    assert better(transcribed, small(0.65, "base", word="third"))
    other = ingest(transcribed, DEMO / "2024-03-19-garder-la-memoire.mp3", "emission")
    at_work(transcribe, transcribed, Sure(sureness=0.4), other.key)
    found = candidates(transcribed, provenance(small(0.9)))
    assert [each.key for each in found] == [other.key, KEY]
    assert confidence(evidence_of(transcribed, other.key)) == pytest.approx(0.4, abs=0.02)
    same = provenance(Sure())
    assert [each.key for each in candidates(transcribed, same)] == []
    transcribed.write_episode(dataclasses.replace(other, language="en"))
    assert [each.key for each in candidates(transcribed, same)] == [other.key]  # in English now


@pytest.mark.torture
def test_english_subtitles_for_real(models: Path, tmp_path: Path) -> None:
    archive = street(tmp_path)
    assert untranslated(archive) == [archive.episode(KEY)]
    command = ("transcribe", "--root", str(tmp_path), "--engine", "faster", "--translate")
    done = radio(*command, RADIO_MODELS=str(models))
    assert done.stdout == f"{KEY}\n{KEY} in English\n"
    english = archive.translation_path(KEY).read_text(encoding="utf-8")
    print(english)  # noqa: T201 (shown by `pytest -s`)
    assert "status: machine\n" in english
    assert "language: en\n" in english
    assert sum(word in english.lower() for word in (" the ", " and ", " city", "camera")) >= 3
    assert " les " not in english
    assert archive.missing() == untranslated(archive) == []
    assert radio("check", "--root", str(tmp_path)).stdout == ""
    mended = english + "\n"
    archive.translation_path(KEY).write_text(mended, encoding="utf-8")
    assert "Every episode" in radio(*command, RADIO_MODELS=str(models)).stderr
    assert archive.translation_path(KEY).read_text(encoding="utf-8") == mended


def test_a_translation_is_refused_where_it_makes_no_sense(transcribed: Archive) -> None:
    at_work(translate, transcribed, Sure())
    with pytest.raises(TranscriptError, match="already there"):
        at_work(translate, transcribed, Sure())
    transcribed.write_episode(dataclasses.replace(transcribed.episode(KEY), language="en"))
    with pytest.raises(TranscriptError, match="already in English"):
        at_work(translate, transcribed, Sure())
    for model in ("base", "large-v3"):
        require_translator(provenance(small(0.9, model)))
    for model in ("base.en", "turbo"):
        with pytest.raises(ModelError, match="can’t translate"):
            require_translator(provenance(small(0.9, model)))
