"""What an engine says: tried again where it fails, never believed where it invents."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from radio.sound import RATE
from radio.text.transcript import Segment, Word
from radio.transcribe.corrections import drop_hallucinations
from radio.transcribe.engines.interface import Attempt, DecodeOptions
from radio.transcribe.fallback import (
    decode_with_fallback,
    echoes,
    fails,
    loses_words,
    wordless_seconds,
)
from radio.transcribe.windows import Window
from tests.fakes import Fake
from tests.tables import for_each

ATTEMPTS = (Attempt(), Attempt(beam=5), Attempt(1, 0.2))
LOOP = "et voilà " * 30
NAMES = "Dans cette émission, il est question de la CNIL."


def window(first: int, last: int) -> Window:
    return Window(np.zeros((last - first) * RATE, np.float32), ((first * RATE, last * RATE),))


def heard(each: Window, text: str, logprob: float = -0.2, until: float | None = None) -> Segment:
    """A segment whose words fill the window evenly, or until a second of the episode."""
    words = text.split()
    step = ((until or each.end) - each.start) / max(len(words), 1)
    starts = [each.start + i * step for i in range(len(words))]
    timed = tuple(Word(at, at + step, word, 0.9) for at, word in zip(starts, words, strict=True))
    return Segment(each.start, each.end, text, timed, 1, 0.0, logprob, 1.2, 0.0)


@dataclasses.dataclass
class Scripted(Fake):
    """Says what is scripted for an attempt, a prompt and a number of windows; keeps all three."""

    says: Callable[[Attempt, bool, int], str] = lambda *_: LOOP
    until: float | None = None
    asked: list[tuple[Attempt, bool, int]] = dataclasses.field(default_factory=list)
    attempts: tuple[Attempt, ...] = ATTEMPTS

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        self.asked.append((attempt, bool(options.prompt), len(windows)))
        text, until, self.until = self.says(*self.asked[-1]), self.until, None
        return [heard(each, text, until=until) for each in windows]


def decoded(engine: Fake, *windows: Window, prompt: str = "") -> list[Segment]:
    return decode_with_fallback(windows, engine, DecodeOptions("fr", prompt))


GOOD = (
    "Les habitants du quartier n'avaient pas été consultés avant l'installation des micros, et la "
    "mairie ne leur a jamais dit combien de temps les enregistrements seraient gardés."
)


def test_a_batch_is_decoded_together() -> None:
    engine = Scripted(says=lambda *_: GOOD)
    windows = [window(i * 30, i * 30 + 4 + i % 7) for i in range(11)]
    assert [each.start for each in decoded(engine, *windows)] == [each.start for each in windows]
    assert [size for *_, size in engine.asked] == [11]
    assert decoded(engine) == []


def test_what_fails_is_decoded_alone_in_other_ways_and_never_invented() -> None:
    engine = Scripted(says=lambda attempt, *_: GOOD if attempt == ATTEMPTS[2] else LOOP)
    (segment,) = decoded(engine, window(0, 10))
    assert segment.text == GOOD
    assert engine.asked == [(attempt, False, 1) for attempt in ATTEMPTS]
    (segment,) = decoded(Scripted(), window(5, 15))
    assert not segment.audible
    assert segment.text == LOOP  # kept, for the evidence
    assert drop_hallucinations(segment) == [Word(5.0, 15.0, "[inaudible]", 0.0)]


def test_what_is_unsaid_at_the_end_is_looked_at_again() -> None:
    first, second = decoded(Scripted(says=lambda *_: GOOD, until=6.0), window(0, 10))
    assert first.words[-1].end == pytest.approx(6.0)
    assert second.start == pytest.approx(6.0)
    assert second.end == 10.0


def losing(halves: str) -> Scripted:
    """An engine that hears two words in a long window, and this in its halves."""
    return Scripted(says=lambda _attempt, _prompt, size: "Oui, voilà." if size == 1 else halves)


def test_a_window_with_too_few_words_is_heard_again_in_halves() -> None:
    pause = ((0, 7 * RATE), (8 * RATE, 13 * RATE), (14 * RATE, 16 * RATE))
    engine, paused = losing(GOOD), Window(np.zeros(14 * RATE, np.float32), pause)
    first, second = decoded(engine, paused)
    assert (first.start, first.end, second.start, second.end) == (0, 7, 8, 16)
    assert [size for *_, size in engine.asked] == [1, 2]


def test_a_window_without_pause_is_halved_where_it_is_quiet() -> None:
    samples = np.sin(np.arange(12 * RATE, dtype=np.float32))
    samples[1 * RATE : 2 * RATE] = samples[int(7.2 * RATE) : int(7.4 * RATE)] = 0.0
    first, second = Window(samples, ((RATE, 13 * RATE),)).halves()
    assert first.end == second.start == pytest.approx(8.3, abs=0.06)
    assert len(first.samples) + len(second.samples) == 12 * RATE


@for_each("halves", ["Voilà.", LOOP])
def test_halves_that_find_nothing_change_nothing(halves: str) -> None:
    (segment,) = decoded(losing(halves), window(0, 14))
    assert segment.text == "Oui, voilà."


def test_who_speaks_slowly_or_little_loses_nothing() -> None:
    slow, little = ((10, "mot " * 21), (10, "mot " * 19)), ((3, "Oui, voilà."), (5, "Oui, voilà."))
    for spoken in (slow, little):
        lost = [loses_words(window(0, n), heard(window(0, n), text)) for n, text in spoken]
        assert lost == [False, True], spoken


def test_a_prompt_that_costs_words_is_left_out() -> None:
    engine = Scripted(says=lambda _attempt, is_prompted, _size: "La CNIL." if is_prompted else GOOD)
    (segment,) = decoded(engine, window(0, 10), prompt=NAMES)
    assert segment.text == GOOD
    named = GOOD.replace("habitants", "Beaubrun")
    engine = Scripted(says=lambda *_: named)
    (segment,) = decoded(engine, window(0, 10), prompt=NAMES)
    assert (segment.text, engine.asked) == (named, [(ATTEMPTS[0], True, 1)])


ARTICLES = "Article 1. Article 2. Article 3. Article 4. Article 5."


@for_each(
    ("text", "expected"),
    [
        *(("non non non non non non", True), ("la ville sûre " * 6, True)),
        *(("Non, non, non, merci.", False), (GOOD, False), ("", False), (ARTICLES, False)),
    ],
)
def test_loops_and_the_decoders_own_doubt_are_failures(text: str, expected: bool) -> None:
    assert echoes(text) is expected
    segment = heard(window(0, 10), text)
    assert fails(segment) is expected
    assert fails(dataclasses.replace(segment, avg_logprob=-1.2))
    assert fails(dataclasses.replace(segment, compression_ratio=2.5))


def test_slow_words_hide_others() -> None:
    for text, seconds in ((GOOD, 0), ("Deux mots", 8), ("", 10)):
        missed = wordless_seconds(window(0, 10), heard(window(0, 10), text))
        assert missed == pytest.approx(seconds)


PHANTOMS = [
    "Sous-titrage ST' 501",
    "Sous-titres réalisés par la communauté d'Amara.org",
    "Sous-titrage Société Radio-Canada",
    "Merci d'avoir regardé cette vidéo !",
    "Abonnez-vous à la chaîne.",
]


@for_each("line", PHANTOMS)
def test_a_phantom_goes_with_a_second_sign_only(line: str) -> None:
    each = window(0, 4)
    assert drop_hallucinations(heard(each, line)) == list(heard(each, line).words)
    doubtful = heard(each, line, logprob=-0.8)
    assert drop_hallucinations(doubtful) == []
    assert doubtful.words  # they stay in the evidence
    assert drop_hallucinations(heard(window(0, 29), line)) == []  # so few words in so much time
    beside = heard(each, f"Merci à toutes et à tous. {PHANTOMS[0]}.", logprob=-0.8)
    said = " ".join(word.text for word in drop_hallucinations(beside))
    assert said == "Merci à toutes et à tous."
    text = "Les sous-titres réalisés par la radio sont relus par des bénévoles chaque semaine."
    assert drop_hallucinations(heard(window(0, 9), text, logprob=-0.8))  # speech about subtitles
