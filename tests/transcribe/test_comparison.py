"""Texts by different models: an archive never gets worse for a better model that breaks down."""

import dataclasses
import shutil
from functools import partial
from pathlib import Path

import jiwer
import pytest

from bench.versions import Worsened, noisy
from radio.archive import Archive
from radio.transcribe import engines
from radio.transcribe.engines.interface import Engine
from radio.transcribe.pool import local_pool
from radio.transcribe.renewal import improve
from radio.transcribe.transcription import transcribe
from tests.samples import STREET, plain, spoken, street


@pytest.fixture
def base(models: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    return engines.load("faster", "base")


def named(engine: Engine, model: str) -> Worsened:
    """An engine whose weights bear another name: its rank is that of the name."""
    other = Worsened(engine)
    other.weights = dataclasses.replace(engine.weights, name=model, sha256=model)
    return other


def rate(archive: Archive) -> float:
    (episode,) = archive.episodes()
    transcript = archive.transcript(episode.key)
    assert transcript
    heard = plain(" ".join(cue.text for cue in transcript.cues))
    return jiwer.wer(spoken(STREET), heard)


@pytest.mark.torture
def test_a_better_model_that_breaks_down_does_not_spoil_a_text(
    base: Engine, tmp_path: Path
) -> None:
    """Real `base`, then a « small » that hears as much noise as speech."""
    archive = street(tmp_path)
    (episode,) = archive.episodes()
    with local_pool(base) as pool:
        transcribe(archive, episode, pool)
    before, text = rate(archive), archive.vtt_path(episode.key).read_bytes()
    deaf = named(base, "small")
    deaf.harm = partial(noisy, 0)
    with local_pool(deaf) as pool:
        assert not improve(archive, episode, pool)
    assert archive.vtt_path(episode.key).read_bytes() == text
    aside = archive.vtt_path(episode.key).with_suffix(".1.vtt")
    shutil.copy(aside, archive.vtt_path(episode.key))
    assert rate(archive) > before + 0.1


@pytest.mark.torture
def test_a_better_model_takes_the_place_of_a_lesser_one(base: Engine, tmp_path: Path) -> None:
    """A « tiny » that hears as much noise as speech, then real `base`."""
    archive = street(tmp_path)
    (episode,) = archive.episodes()
    deaf = named(base, "tiny")
    deaf.harm = partial(noisy, 0)
    with local_pool(deaf) as pool:
        transcribe(archive, episode, pool)
    before = rate(archive)
    with local_pool(base) as pool:
        assert improve(archive, episode, pool)
    assert rate(archive) < before - 0.1
