"""Real words by a real engine: most are right, and no better model that breaks down does harm."""

import dataclasses
from functools import partial
from pathlib import Path

import jiwer
import numpy as np
import pytest

from bench.errors import count, outside, rate
from bench.rightness import tell_right
from bench.shows import SampleShow, shows
from bench.transcription import read_with
from bench.versions import Worsened, noisy
from radio.archive import Archive
from radio.text.doubt import HeardWord, right_in_ten, weigh
from radio.transcribe import engines
from radio.transcribe.engines.interface import DecodeOptions, Engine, LoadedEngine
from radio.transcribe.fallback import decode_with_fallback
from radio.transcribe.renewal import improve
from radio.transcribe.transcription import transcribe
from radio.transcribe.windows import Window
from tests.fakes import at_work
from tests.heard import evidence_of, transcript_of
from tests.samples import CITY, MEMORY, ROOT, SHOW, STREET, plain, reference, said, spoken, street
from tests.sounds import samples

AIR = shows("air")[::-1]  # the shortest first


@pytest.fixture(scope="module")
def base(models: Path) -> LoadedEngine:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RADIO_MODELS", str(models))
        return engines.load("faster", "base")


@pytest.mark.parametrize(
    "show",
    [AIR[0], *(pytest.param(each, marks=pytest.mark.torture) for each in AIR[1:])],
    ids=lambda show: show.sound.stem,
)
def test_nothing_is_heard_where_nobody_speaks(base: LoadedEngine, show: SampleShow) -> None:
    heard = read_with(base)(show)
    assert outside(show, heard) == 0
    assert rate(count(show, heard)) < 0.25


MARKET = ROOT / "tests" / "data" / "air" / "2025-10-07-le-marche-couvert.mp3"
BEFORE = ((1001408, 1272384),)  # samples of speech, as Silero finds it
HERE = ((1275328, 1404480), (1405376, 1442368), (1445824, 1466944), (1467840, 1515072))


def test_a_sentence_lost_under_a_long_word_is_heard_again(base: LoadedEngine) -> None:
    """In this batch, a beam of 5 takes « pas. » for 81 to 88 s, where 28 words more are said."""
    sound = samples(MARKET)
    parts = [(np.concatenate([sound[a:b] for a, b in each]), each) for each in (BEFORE, HERE)]
    windows = [Window(*part) for part in parts]
    segments = decode_with_fallback(windows, base, DecodeOptions("fr"))
    here = [segment for segment in segments if segment.start >= windows[1].start]
    text = plain(" ".join(segment.text for segment in here))
    assert "je ne peux pas répondre à sa place mais la délibération du conseil municipal" in text
    assert 40 < len(text.split()) < 65  # people said 52
    assert not any(word.end - word.start > 2 for each in here for word in each.words)


def deaf(engine: Engine, model: str) -> Worsened:
    """An engine that hears as much noise as speech; its rank is that of another name."""
    other = Worsened(engine)
    other.weights = dataclasses.replace(engine.weights, name=model, sha256=model)
    other.harm = partial(noisy, 0)
    return other


def wrong_share(archive: Archive) -> float:
    text = " ".join(cue.text for cue in transcript_of(archive).cues)
    return jiwer.wer(spoken(STREET), plain(text))


@pytest.mark.torture
def test_a_better_model_takes_the_place_unless_it_breaks_down(base: Engine, tmp_path: Path) -> None:
    """A « tiny » that hears as much noise as speech, then real `base`, then such a « small »."""
    archive = street(tmp_path)
    at_work(transcribe, archive, deaf(base, "tiny"))
    wrong = wrong_share(archive)
    assert at_work(improve, archive, base)
    assert wrong_share(archive) < wrong - 0.1
    text = said(archive)
    assert not at_work(improve, archive, deaf(base, "small"))
    assert said(archive) == text


def judged(chain: Path, slug: str) -> list[tuple[HeardWord, bool]]:
    words = list(weigh(evidence_of(Archive(chain), f"{SHOW}/{slug}")))
    spoken = " ".join(str(region["text"]) for region in reference(slug))
    return list(zip(words, tell_right([each.word.text for each in words], spoken), strict=True))


def test_the_certainty_that_is_told_is_near_the_truth(chain: Path) -> None:
    """Ten points, and five more for chance: a show has 140 words."""
    for slug in (STREET, CITY, MEMORY):
        words = judged(chain, slug)
        true = 10 * sum(right for _, right in words) / len(words)
        told = right_in_ten(heard for heard, _ in words)
        assert told is not None
        assert abs(told - true) < 1.5


def test_words_that_are_told_as_sure_are_right_and_dots_are_where_errors_are(chain: Path) -> None:
    words = [each for slug in (STREET, CITY, MEMORY) for each in judged(chain, slug)]
    sure = [right for heard, right in words if heard.certainty > 0.9]
    doubted = [right for heard, right in words if heard.reason]
    assert len(sure) > len(words) / 2
    assert sum(sure) / len(sure) > 0.9
    assert 10 < len(doubted) < len(words) / 5
    assert sum(doubted) / len(doubted) < 0.7 < 0.8 < sum(right for _, right in words) / len(words)
