"""What an engine says: tried again where it fails, never believed where it invents."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from radio.sound import RATE
from radio.text.transcript import Segment, Word
from radio.transcribe.corrections import audible_words
from radio.transcribe.engines.interface import Attempt, DecodeOptions, compression
from radio.transcribe.fallback import decode_with_fallback, loses_words, repeats
from radio.transcribe.windows import Window
from tests.fakes import Fake
from tests.tables import for_each

ATTEMPTS = (Attempt(), Attempt(1, 0.4))
LOOP = "et voilà " * 30
NAMES = "Dans cette émission, il est question de la CNIL."


def window(first: int, last: int) -> Window:
    return Window(np.zeros((last - first) * RATE, np.float32), ((first * RATE, last * RATE),))


def heard(each: Window, text: str) -> Segment:
    """A segment whose words fill the window evenly."""
    words = text.split()
    step = (each.end - each.start) / max(len(words), 1)
    starts = [each.start + i * step for i in range(len(words))]
    timed = tuple(Word(at, at + step, word, 0.9) for at, word in zip(starts, words, strict=True))
    return Segment(each.start, each.end, text, timed, 1, 0.0, -0.2, compression(text), 0.0)


@dataclasses.dataclass
class Scripted(Fake):
    """Says what is scripted for an attempt, a prompt and a number of windows; keeps all three."""

    says: Callable[[Attempt, bool, int], str] = lambda *_: LOOP
    asked: list[tuple[Attempt, bool, int]] = dataclasses.field(default_factory=list)
    attempts: tuple[Attempt, ...] = ATTEMPTS

    def decode(
        self, windows: Sequence[Window], options: DecodeOptions, attempt: Attempt
    ) -> list[Segment]:
        self.asked.append((attempt, bool(options.prompt), len(windows)))
        text = self.says(*self.asked[-1])
        return [heard(each, text) for each in windows]


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


def test_what_repeats_itself_is_decoded_alone_in_another_way_and_never_invented() -> None:
    engine = Scripted(says=lambda attempt, *_: GOOD if attempt == ATTEMPTS[1] else LOOP)
    (segment,) = decoded(engine, window(0, 10), prompt=NAMES)
    assert segment.text == GOOD
    assert engine.asked == [(ATTEMPTS[0], True, 1), (ATTEMPTS[1], False, 1)]
    (segment,) = decoded(Scripted(), window(5, 15))
    assert not segment.audible
    assert segment.text == LOOP  # kept, for the evidence
    assert audible_words(segment) == [Word(5.0, 15.0, "[inaudible]", 0.0)]


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


def test_what_is_unsaid_at_the_end_is_heard_again_in_halves() -> None:
    whole = heard(window(0, 10), GOOD)
    for end, is_lost in ((8.6, False), (7.9, True)):
        spoken = tuple(word for word in whole.words if word.end <= end)
        assert loses_words(window(0, 10), dataclasses.replace(whole, words=spoken)) is is_lost


def test_who_speaks_slowly_or_little_loses_nothing() -> None:
    slow, little = ((10, "mot " * 21), (10, "mot " * 19)), ((3, "Oui, voilà."), (5, "Oui, voilà."))
    for spoken in (slow, little):
        lost = [loses_words(window(0, n), heard(window(0, n), text)) for n, text in spoken]
        assert lost == [False, True], spoken


def test_a_prompt_that_costs_words_is_left_out() -> None:
    engine = Scripted(says=lambda _attempt, is_prompted, _size: "La CNIL." if is_prompted else GOOD)
    assert [each.text for each in decoded(engine, window(0, 10), prompt=NAMES)] == [GOOD, GOOD]
    named = GOOD.replace("habitants", "Beaubrun")
    engine = Scripted(says=lambda *_: named)
    (segment,) = decoded(engine, window(0, 10), prompt=NAMES)
    assert (segment.text, engine.asked) == (named, [(ATTEMPTS[0], True, 1)])


ARTICLES = "Article 1. Article 2. Article 3. Article 4. Article 5."


@for_each(
    ("text", "expected"),
    [
        *(("la ville sûre " * 6, True), ("non non non non non non", False)),
        *(("Non, non, non, merci.", False), (GOOD, False), ("", False), (ARTICLES, False)),
    ],
)
def test_loops_are_known_by_how_short_they_can_be_written(text: str, expected: bool) -> None:
    assert repeats(heard(window(0, 10), text)) is expected


PHANTOMS = [
    "Sous-titrage ST' 501",
    "Sous-titres réalisés par la communauté d'Amara.org",
    "Sous-titrage Société Radio-Canada",
    "Merci d'avoir regardé cette vidéo !",
    "Abonnez-vous à la chaîne.",
]


@for_each("line", PHANTOMS)
def test_a_line_of_subtitles_that_nobody_says_is_not_written(line: str) -> None:
    def written(said: str, until: int, logprob: float = -0.2) -> str:
        segment = dataclasses.replace(heard(window(0, until), said), avg_logprob=logprob)
        return " ".join(word.text for word in audible_words(segment))

    assert written(line, 4) == line, "it may be said"
    assert written(line, 4, -0.8) == written(line, 29) == ""
    said = "Merci à toutes et à tous."
    assert written(f"{said} {line}", 9, -0.8) == said
    text = "Les sous-titres réalisés par la radio sont relus par des bénévoles chaque semaine."
    assert written(text, 9, -0.8) == text
