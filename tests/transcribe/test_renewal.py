"""Transcribed anew, or better, or in English: the old text stays until the new one is whole.

What is put aside is kept, and a person's text is never taken for the machine's.
"""

import dataclasses
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import jiwer
import pytest

from radio.archive import Archive
from radio.ingest.files import ingest
from radio.system.disk import write_whole
from radio.system.errors import ModelError, TranscriptError
from radio.text.transcript import Segment
from radio.transcribe import renewal, transcription, versions, windows
from radio.transcribe.engines.interface import Attempt, DecodeOptions, provenance
from radio.transcribe.models.weights import Weights
from radio.transcribe.pool import local_pool
from radio.transcribe.regions import find_speech
from radio.transcribe.renewal import candidates, confidence, improve, renew
from radio.transcribe.transcription import require_translator, transcribe, translate, untranslated
from radio.transcribe.versions import is_by_hand, texts_aside
from radio.transcribe.windows import Window
from tests.fakes import Fake, Short, Slow, Sure, every_five_seconds, heard_street
from tests.processes import EASE, GROWTH, KILLED, LONGEST, Mortal, radio
from tests.samples import DEMO, SHOW, files, plain, said, spoken, street
from tests.tables import for_each

KILLS = 40
SEED = 11
BOTH = [".1.json", ".1.vtt", ".json", ".vtt"]


@pytest.fixture(autouse=True)
def speech_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "find_speech", every_five_seconds)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose only episode the model `base` transcribed, 60 % sure."""
    return heard_street(tmp_path_factory.mktemp("first"), Sure(sureness=0.6, word="premier"))


@pytest.fixture
def transcribed(first: Path, tmp_path: Path) -> Archive:
    """A copy of it for each test."""
    return Archive(shutil.copytree(first, tmp_path, dirs_exist_ok=True))


def text(archive: Archive) -> str:
    return archive.vtt_path(archive.episodes()[0].key).read_text(encoding="utf-8")


def anew(archive: Archive, engine: Fake, **options: Any) -> None:
    with local_pool(engine) as pool:
        renew(archive, archive.episodes()[0], pool, **options)


def edit(archive: Archive, old: str, new: str) -> str:
    changed = text(archive).replace(old, new)
    archive.vtt_path(archive.episodes()[0].key).write_text(changed, encoding="utf-8")
    return changed


def test_listeners_keep_the_old_text_until_the_new_one_is_whole(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PART", 15 * 16_000)
    monkeypatch.setattr(windows, "find_speech", find_speech)
    (episode,) = transcribed.episodes()
    old, seen = text(transcribed), list[str]()
    with pytest.raises(KeyboardInterrupt):
        anew(transcribed, Short(stop_at=2))
    assert text(transcribed) == old
    assert transcribed.missing() == []
    assert transcribed.evidence(episode.key)
    rest = Short()
    anew(transcribed, rest, progress=lambda _: seen.append(text(transcribed)))
    assert set(seen) == {old}
    assert rest.calls == len(seen) >= 2  # the two pieces of the first run are not decoded again
    assert "parole" in text(transcribed)
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text("utf-8") == old
    assert files(transcribed) == BOTH
    assert not is_by_hand(transcribed, episode.key)


@pytest.mark.parametrize(
    ("old", "new"),
    [("status: machine", "status: reread"), ("premier", "Premier"), ("WEBVTT", "Rien")],
)
def test_what_a_person_wrote_goes_aside_by_force_alone(
    transcribed: Archive, old: str, new: str
) -> None:
    (episode,) = transcribed.episodes()
    edited = edit(transcribed, old, new)
    engine = Fake()
    with pytest.raises(TranscriptError, match="`--again --force` keeps that aside"):
        anew(transcribed, engine)
    assert (engine.calls, text(transcribed), files(transcribed)) == (0, edited, [".json", ".vtt"])
    anew(transcribed, engine, force=True)
    assert "parole" in text(transcribed)
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text("utf-8") == edited
    assert files(transcribed) == BOTH
    assert not is_by_hand(transcribed, episode.key)


def test_a_person_who_corrects_meanwhile_is_not_overwritten(transcribed: Archive) -> None:
    with pytest.raises(TranscriptError, match="a person"):
        anew(
            transcribed, Fake(), progress=lambda _: edit(transcribed, "premier", "Premier") and None
        )
    assert "Premier" in text(transcribed)
    anew(transcribed, Fake(), force=True)
    assert files(transcribed) == BOTH


def test_what_was_never_finished_is_gone_on_with(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "PART", 15 * 16_000)
    (episode,) = transcribed.episodes()
    transcribed.vtt_path(episode.key).unlink()
    transcribed.evidence_path(episode.key).unlink()
    with local_pool(Short(stop_at=2)) as pool, pytest.raises(KeyboardInterrupt):
        transcribe(transcribed, episode, pool)
    edit(transcribed, "parole", "Parole")
    with pytest.raises(TranscriptError, match="--again --force"):
        anew(transcribed, Short())
    anew(transcribed, Short(), force=True)
    assert "Parole" not in text(transcribed)
    assert files(transcribed) == [".1.vtt", ".json", ".vtt"]


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("write", [1, 2])
def test_killed_while_they_change_places(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch, write: int, by_hand: bool
) -> None:
    """Whatever was written by then, the old text is kept once and never taken for the machine's."""
    (episode,) = transcribed.episodes()
    old = edit(transcribed, "premier", "Premier") if by_hand else text(transcribed)
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        for module in (renewal, versions):
            patch.setattr(module, "write_whole", stopped_at(write))
        anew(transcribed, Fake(), force=True)
    assert text(transcribed) == old
    assert is_by_hand(transcribed, episode.key) == by_hand
    anew(transcribed, Fake(), force=True)
    assert "parole" in text(transcribed)
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text("utf-8") == old
    assert files(transcribed) == BOTH
    if by_hand:  # put back by a person, it is still theirs
        transcribed.vtt_path(episode.key).write_text(old, encoding="utf-8")
        assert is_by_hand(transcribed, episode.key)


def stopped_at(number: int) -> Callable[[Path, bytes], None]:
    """Write until the `number`th file, then be killed."""
    written = 0

    def write(path: Path, content: bytes) -> None:
        nonlocal written
        written += 1
        if written == number:
            raise KeyboardInterrupt
        write_whole(path, content)

    return write


def run(root: Path, counter: "Synchronized[int]") -> None:
    windows.PART, windows.__dict__["find_speech"] = 10 * 16_000, every_five_seconds
    archive = Archive(root)
    with local_pool(Slow(counter=counter)) as pool:
        renew(archive, archive.episodes()[0], pool, force=True)


@pytest.mark.torture
@pytest.mark.long
def test_the_text_stands_through_forty_kills(transcribed: Archive) -> None:
    (episode,) = transcribed.episodes()
    path, chance = transcribed.vtt_path(episode.key), random.Random(SEED)
    work = Mortal(run, transcribed.root)
    old = edit(transcribed, "premier", "Premier")
    began = time.monotonic()
    assert work.live() == 0
    longest = usual = LONGEST * (time.monotonic() - began)
    new, kills, ends = text(transcribed), 0, 0
    assert old != new
    while kills < KILLS:
        path.write_text(old, encoding="utf-8")
        while (code := work.live(chance.uniform(0, longest))) == KILLED:
            kills, longest = kills + 1, GROWTH * longest
            assert text(transcribed) in (old, new)
            assert transcribed.is_transcribed(episode.key)
        assert code == 0
        assert text(transcribed) == new
        assert old in {each.read_text("utf-8") for each in texts_aside(transcribed, episode.key)}
        ends, longest = ends + 1, max(usual, EASE * longest)
    print(f"{kills} kills, {ends} renewals, {work.counter.value} batches")  # noqa: T201
    assert not list(transcribed.transcripts.glob("*/.*.json"))


@pytest.mark.torture
@pytest.mark.long
def test_the_real_engine_killed_leaves_the_old_text(
    models: Path, transcribed: Archive, thrice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`radio transcribe --again` killed once it has kept a piece, then run to its end."""
    monkeypatch.setenv("RADIO_MODELS", str(models))
    root = tmp_path / "long"
    archive = street(root, copies=3)
    (episode,) = archive.episodes()
    with local_pool(Sure(word="premier")) as pool:
        transcribe(archive, episode, pool)
    reread = edit(archive, "status: machine", "status: reread")
    arguments = ["transcribe", "--root", str(root), "--engine", "faster", "--again", episode.key]
    refused = radio(*arguments, check=False)
    assert (refused.returncode, text(archive)) == (1, reread)
    assert "a person reread or changed its transcript" in refused.stderr
    command = [sys.executable, "-m", "radio", *arguments, "--force"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        kept = archive.checkpoint_path(episode.key, renewal.RENEWAL)
        while process.poll() is None and not kept.exists():
            assert text(archive) == reread
            time.sleep(0.01)
        process.kill()
    assert kept.exists()
    assert text(archive) == reread
    radio(*arguments, "--force")
    assert said(archive) == thrice
    assert texts_aside(archive, episode.key)[0].read_text("utf-8") == reread


SMALL = Weights("small", "openai", Path("small.pt"), "11" * 32, 2)


def better(archive: Archive, engine: Fake) -> bool:
    with local_pool(engine) as pool:
        return improve(archive, archive.episodes()[0], pool)


def test_what_is_better_takes_the_place(transcribed: Archive) -> None:
    (episode,) = transcribed.episodes()
    old = transcribed.vtt_path(episode.key).read_bytes()
    assert better(transcribed, Sure(weights=SMALL, sureness=0.8, word="second"))
    assert "second." in said(transcribed)
    transcript, evidence = transcribed.transcript(episode.key), transcribed.evidence(episode.key)
    assert transcript is not None
    assert transcript.note["model"] == "small"
    assert evidence is not None
    assert evidence.weights == SMALL.sha256
    assert not is_by_hand(transcribed, episode.key)
    assert files(transcribed) == [".1.json", ".1.vtt", ".json", ".vtt"]
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_bytes() == old
    assert transcribed.missing() == []


def test_what_is_not_better_is_kept_aside_and_not_tried_again(transcribed: Archive) -> None:
    (episode,) = transcribed.episodes()
    old = said(transcribed)
    small = Sure(weights=SMALL, sureness=0.4, word="second")
    assert candidates(transcribed, provenance(small)) == [episode]
    assert not better(transcribed, small)
    assert said(transcribed) == old
    assert "second." in transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text()
    assert candidates(transcribed, provenance(small)) == []
    assert candidates(transcribed, provenance(Sure(sureness=0.9))) == []  # it made the present one


def test_a_better_model_need_not_be_surer(transcribed: Archive) -> None:
    """Larger weights are not surer by as much as they are better: their rank decides."""
    assert better(transcribed, Sure(weights=SMALL, sureness=0.55, word="second"))
    assert "second." in said(transcribed)


def test_a_lesser_model_never_takes_the_place(transcribed: Archive) -> None:
    tiny = Sure(weights=dataclasses.replace(SMALL, name="tiny"), sureness=0.65, word="second")
    assert candidates(transcribed, provenance(tiny)) == []
    assert not better(transcribed, tiny)
    assert "second." not in said(transcribed)


def test_weights_of_the_same_model_are_compared_by_how_sure_they_are(transcribed: Archive) -> None:
    """Another form of `base` has another hash, and is no better model."""
    other = dataclasses.replace(SMALL, name="base")
    assert not better(transcribed, Sure(weights=other, sureness=0.605, word="second"))
    third = dataclasses.replace(other, sha256="22" * 32)
    assert better(transcribed, Sure(weights=third, sureness=0.65, word="third"))


def test_what_leaves_out_speech_is_no_better(transcribed: Archive) -> None:
    """Few words, all sure: much of the speech is unsaid."""

    class Terse(Sure):
        def decode(
            self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
        ) -> list[Segment]:
            heard = super().decode(windows, options, attempt)
            return [dataclasses.replace(each, words=each.words[::3]) for each in heard]

    assert not better(transcribed, Terse(weights=SMALL, sureness=0.99))


def test_the_least_certain_come_first(transcribed: Archive) -> None:
    other = ingest(transcribed, DEMO / "2024-03-19-garder-la-memoire.mp3", "emission")
    with local_pool(Sure(sureness=0.4)) as pool:
        transcription.transcribe(transcribed, other, pool)
    small = provenance(Sure(weights=SMALL))
    found = candidates(transcribed, small)
    assert found[0].key == other.key
    assert len(found) == 2
    evidence = transcribed.evidence(other.key)
    assert evidence is not None
    assert confidence(evidence) == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize(("old", "new"), [("machine", "reread"), ("premier.", "Première !")])
def test_what_a_person_wrote_is_left_alone(transcribed: Archive, old: str, new: str) -> None:
    (episode,) = transcribed.episodes()
    path = transcribed.vtt_path(episode.key)
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    corrected = path.read_bytes()
    assert candidates(transcribed, provenance(Sure(weights=SMALL))) == []
    engine = Sure(weights=SMALL)
    with pytest.raises(TranscriptError, match="a person"):
        better(transcribed, engine)
    assert engine.calls == 0
    assert path.read_bytes() == corrected


def test_what_is_missing_is_not_improved(tmp_path: Path) -> None:
    archive = street(tmp_path)
    with pytest.raises(TranscriptError, match="no transcript to improve"):
        better(archive, Sure())


def test_a_stopped_improvement_goes_on_and_nobody_sees_it(transcribed: Archive) -> None:
    old = said(transcribed)
    whole = Sure(weights=SMALL, window_samples=160_000, batch=1)
    stopped = dataclasses.replace(whole, stop_at=1)
    with pytest.raises(KeyboardInterrupt):
        better(transcribed, stopped)
    assert said(transcribed) == old
    assert transcribed.missing() == []
    assert better(transcribed, whole)
    assert whole.calls >= 1
    assert files(transcribed) == [".1.json", ".1.vtt", ".json", ".vtt"]


@pytest.mark.parametrize("writes", range(4))
def test_a_crash_while_it_takes_the_place(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """Whatever was written when we died, the next run ends with the new text and the old aside."""
    left = writes

    def write(path: Path, content: bytes) -> None:
        nonlocal left
        if not left:
            raise KeyboardInterrupt
        left -= 1
        write_whole(path, content)

    engine = Sure(weights=SMALL, word="second")
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        patch.setattr(versions, "write_whole", write)
        patch.setattr("radio.archive.archive.write_whole", write)
        better(transcribed, engine)
    (episode,) = transcribed.episodes()
    assert not is_by_hand(transcribed, episode.key)
    assert candidates(transcribed, provenance(engine)) == [episode]
    assert better(transcribed, engine)
    assert "second." in said(transcribed)
    assert "premier." in transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text()
    assert candidates(transcribed, provenance(engine)) == []


@pytest.mark.torture
@pytest.mark.torch
def test_with_real_engines(chain: Path, models: Path, tmp_path: Path) -> None:
    """A show that was taken for English is put right; what is as good stays as it was."""
    for folder in ("media", "transcripts"):
        shutil.copytree(chain / folder, tmp_path / folder)
    archive = Archive(tmp_path)
    episode = archive.episode(f"{SHOW}/2024-01-16-les-micros-de-la-rue")
    faster = ("transcribe", "--root", str(tmp_path), "--engine", "faster")
    archive.write_episode(dataclasses.replace(episode, language="en"))
    radio(*faster, "--again", episode.key, RADIO_MODELS=str(models))
    archive.write_episode(episode)
    wrong = rates(tmp_path)
    done = radio(*faster, "--improve", RADIO_MODELS=str(models))
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    right = rates(tmp_path)
    print(told, wrong, right)  # noqa: T201 (shown by `pytest -s`)
    assert next(iter(told)) == episode.key  # the least certain
    assert told[episode.key] == "improved"
    assert len(told) == len(right) == 3
    assert right[episode.key] < 0.30 < wrong[episode.key]
    assert radio(*faster, "--improve", RADIO_MODELS=str(models)).stdout == ""


def rates(root: Path) -> dict[str, float]:
    """The word error rate of each transcript of an archive of the sample shows."""
    archive = Archive(root)
    found = {}
    for episode in archive.episodes(SHOW):
        transcript = archive.transcript(episode.key)
        assert transcript is not None
        words = spoken(episode.slug)
        heard = plain(" ".join(cue.text for cue in transcript.cues))
        found[episode.key] = jiwer.wer(words, heard)
    return found


@pytest.mark.torture
def test_english_subtitles_for_real(models: Path, tmp_path: Path) -> None:
    archive = street(tmp_path)
    (episode,) = archive.episodes()
    assert untranslated(archive) == [episode]
    command = ("transcribe", "--root", str(tmp_path), "--engine", "faster", "--translate")
    done = radio(*command, RADIO_MODELS=str(models))
    assert done.stdout == f"{episode.key}\n{episode.key} in English\n"
    english = archive.translation_path(episode.key).read_text(encoding="utf-8")
    print(english)  # noqa: T201 (shown by `pytest -s`)
    assert "status: machine\n" in english
    assert "language: en\n" in english
    assert sum(word in english.lower() for word in (" the ", " and ", " city", "camera")) >= 3
    assert " les " not in english
    assert archive.missing() == untranslated(archive) == []
    assert radio("check", "--root", str(tmp_path)).stdout == ""
    mended = english.replace("1\n", "1\n", 1) + "\n"
    archive.translation_path(episode.key).write_text(mended, encoding="utf-8")
    assert "Every episode" in radio(*command, RADIO_MODELS=str(models)).stderr
    assert archive.translation_path(episode.key).read_text(encoding="utf-8") == mended


def test_a_translation_is_refused_where_it_makes_no_sense(transcribed: Archive) -> None:
    (episode,) = transcribed.episodes()
    english = dataclasses.replace(episode, language="en")
    with local_pool(Sure()) as pool:
        with pytest.raises(TranscriptError, match="speaks English already"):
            translate(transcribed, english, pool)
        translate(transcribed, episode, pool)
        with pytest.raises(TranscriptError, match="there already"):
            translate(transcribed, episode, pool)


@for_each(
    ("model", "can"), [("base", True), ("large-v3", True), ("base.en", False), ("turbo", False)]
)
def test_some_models_can_not_translate(model: str, can: bool) -> None:
    made = provenance(Sure(weights=dataclasses.replace(SMALL, name=model)))
    if can:
        require_translator(made)
    else:
        with pytest.raises(ModelError, match="can't translate"):
            require_translator(made)
