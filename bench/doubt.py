"""Whether the certainty that is shown is true, and whether the dots are where the errors are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np

from bench.heard import ENGINES, heard
from bench.reliability import Point, draw
from bench.rightness import tell_right
from bench.shows import SOUNDS, SampleShow, shows
from radio.text.doubt import (
    DOUBTED,
    HeardWord,
    Signs,
    right_in_ten,
    said_once,
    signs,
    strange_words,
    weigh,
)
from radio.text.transcript import Evidence

PLOT = Path(__file__).parent.parent / "docs" / "doubt.svg"
EDGES = tuple(each / 10 for each in range(11))
FEWEST = 10  # words that a point of the plot stands for
PASSAGE = 60  # words
STEPS = 25  # of Newton's method


@dataclass(frozen=True)
class Judged:
    """A word that was heard, and whether it is right."""

    engine: str
    show: SampleShow
    heard: HeardWord
    signs: Signs
    right: bool
    crossed: float = 0.0  # certainty by numbers that were fitted on all other shows


Measure = Callable[[Judged], float]


@lru_cache
def judged() -> tuple[Judged, ...]:
    """Judge all that both engines heard."""
    words = [
        word
        for name, engine in ENGINES.items()
        for show, evidence in heard(engine)
        for word in _judge(name, show, evidence)
    ]
    return tuple(word for show in shows() for word in _cross(words, show))


def _judge(engine: str, show: SampleShow, evidence: Evidence) -> Iterator[Judged]:
    words = list(weigh(evidence))
    strange = strange_words(evidence, said_once(evidence))
    audible = (each for each in evidence.segments if each.audible)
    found = [some for each in audible for some in signs(each.words, strange)]
    right = tell_right([each.word.text for each in words], show.text)
    for each, some, is_right in zip(words, found, right, strict=True):
        yield Judged(engine, show, each, some, is_right)


def _cross(words: Sequence[Judged], show: SampleShow) -> Iterator[Judged]:
    """Fit the numbers of the curve on the other shows, and judge this one by them."""
    others = [each for each in words if each.show != show]
    here = [each for each in words if each.show == show]
    for each, chance in zip(here, _curve(_design(here), fit(others)), strict=True):
        yield replace(each, crossed=float(chance))


def fit(words: Sequence[Judged]) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Fit the curve of `radio.text.doubt`: a logistic regression, by Newton's method."""
    design, right = _design(words), np.array([each.right for each in words], dtype=np.float64)
    numbers = np.zeros(design.shape[1])
    for _ in range(STEPS):
        chance = _curve(design, numbers)
        slope = design.T @ (design * (chance * (1 - chance))[:, None])
        numbers = numbers - np.linalg.solve(slope, design.T @ (chance - right))
    return numbers


def _design(words: Sequence[Judged]) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return np.array([(1.0, *each.signs) for each in words])


def _curve(
    design: "np.ndarray[tuple[int, int], np.dtype[np.float64]]",
    numbers: "np.ndarray[tuple[int], np.dtype[np.float64]]",
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    return np.asarray(1 / (1 + np.exp(-design @ numbers)))


def _right(words: Sequence[Judged]) -> float:
    return sum(each.right for each in words) / len(words)


def _mean(words: Sequence[Judged], measure: Measure) -> float:
    return sum(map(measure, words)) / len(words)


def _raw(each: Judged) -> float:
    return each.heard.word.probability


def _shown(each: Judged) -> float:
    return each.heard.certainty


def _crossed(each: Judged) -> float:
    return each.crossed


def bins(words: Iterable[Judged], measure: Measure) -> list[list[Judged]]:
    """Sort words into bins by a measure."""
    found = list(words)
    return [
        [each for each in found if low <= measure(each) < high or measure(each) == high == 1.0]
        for low, high in pairwise(EDGES)
    ]


def points(engine: str) -> Iterator[Point]:
    """Give the points of the plot of an engine, one for each set and bin."""
    for group in SOUNDS:
        words = [each for each in judged() if each.engine == engine and each.show.group == group]
        for each in bins(words, _crossed):
            if len(each) >= FEWEST:
                yield Point(group, _mean(each, _crossed), _right(each), len(each))


def _by_show() -> str:
    rows = ["| right of 100 words | words | true | told | by numbers of the other shows |"]
    rows.append("|---|---|---|---|---|")
    for (engine, show), group in groupby(
        sorted(judged(), key=lambda each: (each.engine, each.show.name)),
        key=lambda each: (each.engine, each.show.name),
    ):
        words = list(group)
        figures = (_right(words), _mean(words, _shown), _mean(words, _crossed))
        shown = " | ".join(f"{100 * each:.0f}" for each in figures)
        rows.append(f"| {show}, {engine} | {len(words)} | {shown} |")
    return "\n".join(rows)


def _by_bin() -> str:
    rows = ["| true share of words told as | " + " | ".join(_names()) + " |"]
    rows.append("|---" * len(EDGES) + "|")
    for title, measure in (("Whisper's own", _raw), ("by numbers of the other shows", _crossed)):
        for engine in ENGINES:
            words = (each for each in judged() if each.engine == engine)
            cells = (
                f"{_mean(each, measure):.2f} → {_right(each):.2f} ({len(each)})" if each else ""
                for each in bins(words, measure)
            )
            rows.append(f"| {title}, {engine} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def _names() -> list[str]:
    return [f"{low:.1f}-{high:.1f}" for low, high in pairwise(EDGES)]


def _dots() -> str:
    rows = ["| dots | words with dots | of these wrong | of the wrong words, with dots |"]
    rows.append("|---|---|---|---|")
    for engine in ENGINES:
        words = [each for each in judged() if each.engine == engine]
        for group in SOUNDS:
            some = [each for each in words if each.show.group == group]
            rows.append(_dots_row(f"{engine}, {group}", list(filter(_has_dots, some)), some))
        dotted = list(filter(_has_dots, words))
        rows.append(_dots_row(f"{engine}, all", dotted, words))
        for reason in ("unsure", "name", "long", "sparse"):
            some = [each for each in dotted if each.heard.reason == reason]
            if some:
                rows.append(_dots_row(f"… of these: {reason}", some, words))
    return "\n".join(rows)


def _has_dots(each: Judged) -> bool:
    """Whether a word has dots by what other shows tell."""
    return each.crossed < DOUBTED or each.heard.reason not in ("", "unsure")


def _dots_row(name: str, dotted: Sequence[Judged], words: Sequence[Judged]) -> str:
    wrong = sum(not each.right for each in dotted)
    found = wrong / sum(not each.right for each in words)
    share = len(dotted) / len(words)
    return f"| {name} | {len(dotted)}, {share:.1%} | {wrong / len(dotted):.0%} | {found:.0%} |"


def _passages() -> str:
    """Compare what is told of a passage with the truth."""
    rows = ["| passages told as | of | true, on the whole | further off than 10 points |"]
    rows.append("|---|---|---|---|")
    found: dict[int, list[float]] = {}
    for _, group in groupby(judged(), key=lambda each: (each.engine, each.show.name)):
        words = list(group)
        for first in range(0, len(words), PASSAGE):
            part = words[first : first + PASSAGE]
            told = right_in_ten(each.heard for each in part)
            if told is not None and len(part) >= PASSAGE / 2:
                found.setdefault(told, []).append(10 * _right(part))
    for told, true in sorted(found.items()):
        far = sum(abs(each - told) > 1 for each in true)
        rows.append(f"| {told} in 10 | {len(true)} | {sum(true) / len(true):.1f} in 10 | {far} |")
    return "\n".join(rows)


def table() -> str:
    """Draw the plot and write the tables."""
    PLOT.write_text(draw({engine: list(points(engine)) for engine in ENGINES}), encoding="utf-8")
    numbers = ", ".join(f"{each:.2f}" for each in fit(judged()))
    plot = f"![Reliability](docs/{PLOT.name})\n\nFitted on all: {numbers}."
    return "\n\n".join([plot, _by_show(), _by_bin(), _passages(), _dots()])
