"""Transcribed anew, better, or in English: the old text stays until the new one is whole."""

import dataclasses
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.ingest.files import ingest
from radio.system.disk import write_whole
from radio.system.errors import ModelError, TranscriptError
from radio.text.transcript import Segment
from radio.transcribe import renewal, windows
from radio.transcribe.engines.interface import provenance
from radio.transcribe.models.weights import Weights
from radio.transcribe.pool import local_pool
from radio.transcribe.renewal import candidates, confidence, improve, renew
from radio.transcribe.transcription import require_translator, transcribe, translate, untranslated
from radio.transcribe.versions import is_by_hand, texts_aside
from radio.transcribe.windows import Window
from tests.fakes import Fake, Short, Sure, every_five_seconds
from tests.heard import evidence_of, transcript_of
from tests.processes import radio
from tests.samples import DEMO, STREET, files, said, street

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


def edit(archive: Archive, old: str, new: str) -> str:
    changed = text(archive).replace(old, new)
    archive.vtt_path(KEY).write_text(changed, encoding="utf-8")
    return changed


def anew(archive: Archive, engine: Fake, **options: Any) -> None:
    with local_pool(engine) as pool:
        renew(archive, archive.episode(KEY), pool, **options)


def better(archive: Archive, engine: Fake) -> bool:
    with local_pool(engine) as pool:
        return improve(archive, archive.episode(KEY), pool)


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
    edited, engine = edit(transcribed, old, new), small(0.9)
    assert candidates(transcribed, provenance(engine)) == []
    with pytest.raises(TranscriptError, match="a person"):
        better(transcribed, engine)
    with pytest.raises(TranscriptError, match="`--again --force` keeps that aside"):
        anew(transcribed, engine)
    assert (engine.calls, text(transcribed), files(transcribed)) == (0, edited, [".json", ".vtt"])
    anew(transcribed, Fake(), force=True)
    is_the_machines(transcribed, "parole", edited)


def test_a_person_who_corrects_meanwhile_is_not_overwritten(transcribed: Archive) -> None:
    with pytest.raises(TranscriptError, match="a person"):
        anew(transcribed, Fake(), progress=lambda _: edit(transcribed, "premier", "Premier"))
    edited = text(transcribed)
    assert "Premier" in edited
    anew(transcribed, Fake(), force=True)
    is_the_machines(transcribed, "parole", edited)


def test_what_was_never_finished_is_gone_on_with(transcribed: Archive) -> None:
    transcribed.vtt_path(KEY).unlink()
    transcribed.evidence_path(KEY).unlink()
    with pytest.raises(TranscriptError, match="no transcript to improve"):
        better(transcribed, Sure())
    with local_pool(Short(stop_at=2)) as pool, pytest.raises(KeyboardInterrupt):
        transcribe(transcribed, transcribed.episode(KEY), pool)
    edit(transcribed, "parole", "Parole")
    with pytest.raises(TranscriptError, match="--again --force"):
        anew(transcribed, Short())
    anew(transcribed, Short(), force=True)
    assert "Parole" not in text(transcribed)
    assert files(transcribed) == [".1.vtt", ".json", ".vtt"]


def stopped_at(number: int) -> Callable[[Path, bytes], None]:
    """Write until the `number`th file, then be killed: two are checkpoints."""
    written = 0

    def write(path: Path, content: bytes) -> None:
        nonlocal written
        written += 1
        if written == number:
            raise KeyboardInterrupt
        write_whole(path, content)

    return write


def killed_at(number: int, work: Callable[[], object]) -> None:
    with pytest.raises(KeyboardInterrupt), pytest.MonkeyPatch.context() as patch:
        write = stopped_at(number)
        for module in ("transcribe.renewal", "transcribe.versions", "system.disk"):
            patch.setattr(f"radio.{module}.write_whole", write)
        work()


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("write", range(3, 7))
def test_killed_while_they_change_places(transcribed: Archive, write: int, by_hand: bool) -> None:
    """Whatever was written by then, the old text is kept once and never taken for the machine's."""
    old = edit(transcribed, "premier", "Premier") if by_hand else text(transcribed)
    killed_at(write, lambda: anew(transcribed, Fake(), force=True))
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
    killed_at(write, lambda: better(transcribed, engine))
    assert not is_by_hand(transcribed, KEY)
    assert candidates(transcribed, provenance(engine)) == [transcribed.episode(KEY)]
    assert better(transcribed, engine)
    is_the_machines(transcribed, "second.", old)
    assert candidates(transcribed, provenance(engine)) == []


@pytest.mark.torture
@pytest.mark.long
def test_the_real_engine_killed_leaves_the_old_text(
    models: Path, thrice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`radio transcribe --again` killed once it has kept a piece, then run to its end."""
    monkeypatch.setenv("RADIO_MODELS", str(models))
    root = tmp_path / "long"
    archive = street(root, copies=3)
    with local_pool(Sure(word="premier")) as pool:
        transcribe(archive, archive.episode(KEY), pool)
    reread = edit(archive, "status: machine", "status: reread")
    arguments = ["transcribe", "--root", str(root), "--engine", "faster", "--again", KEY]
    refused = radio(*arguments, check=False)
    assert (refused.returncode, text(archive)) == (1, reread)
    assert "a person reread or changed its transcript" in refused.stderr
    command = [sys.executable, "-m", "radio", *arguments, "--force"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        kept = archive.checkpoint_path(KEY, renewal.RENEWAL)
        while process.poll() is None and not kept.exists():
            assert text(archive) == reread
            time.sleep(0.01)
        process.kill()
    assert kept.exists()
    assert text(archive) == reread
    radio(*arguments, "--force")
    assert said(archive) == thrice
    assert aside(archive) == reread


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
        (small(0.4, word="second"), True),
        (small(0.65, "tiny", word="second"), False),
        (small(0.605, "base", word="second"), True),
        (Terse(weights=SMALL, sureness=0.99, word="second"), True),
    ],
    ids=["less sure", "lesser model", "another form of base", "leaves out speech"],
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
    with local_pool(Sure(sureness=0.4)) as pool:
        transcribe(transcribed, other, pool)
    found = candidates(transcribed, provenance(small(0.9)))
    assert [each.key for each in found] == [other.key, KEY]
    evidence = evidence_of(transcribed, other.key)
    assert confidence(evidence) == pytest.approx(0.4, abs=0.02)
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
    episode = transcribed.episode(KEY)
    with local_pool(Sure()) as pool:
        with pytest.raises(TranscriptError, match="speaks English already"):
            translate(transcribed, dataclasses.replace(episode, language="en"), pool)
        translate(transcribed, episode, pool)
        with pytest.raises(TranscriptError, match="there already"):
            translate(transcribed, episode, pool)
    for model in ("base", "large-v3"):
        require_translator(provenance(small(0.9, model)))
    for model in ("base.en", "turbo"):
        with pytest.raises(ModelError, match="can't translate"):
            require_translator(provenance(small(0.9, model)))
