"""Whether the network of voices tells where two speak at once: sample shows whose turns overlap.

Six turns in ten begin before the last one ends, by 0.5 to 2 seconds, as loud as it; where the words
of a sentence end is known but for 0.3 seconds. A window would be of several voices where it is like
two of them, or like none: each rule is tried with several limits.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.heard import samples_of
from bench.shows import SampleShow, shows
from radio.sound import RATE, Samples
from radio.text.transcript import Evidence, Region, Segment, Turn, Word
from radio.transcribe.attribution import Speakers
from radio.transcribe.turns import Ear, Vectors, find_turns, unit

LENGTH = 150.0  # seconds of a show
GAP = 0.3  # seconds between turns that do not overlap
OVERLAPS = 0.5, 2.0  # seconds, at least and at most
SHARE = 0.6  # of turns that do
ROUGH = 0.3  # seconds by which the end of a sentence may be elsewhere
ALIKE = (0.3, 0.4, 0.5)  # cosines of two voices from which both would speak
UNLIKE = (0.4, 0.5, 0.6)  # cosines of the nearest voice below which several would


@dataclass
class KeptEar(Ear):
    """Keeps the vectors and the lengths, in seconds, of all windows that it heard."""

    path: Path
    vectors: list[Vectors] = field(default_factory=list)
    lengths: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.path)

    def hear(self, windows: Sequence[Samples]) -> Vectors:
        """Hear as the program does."""
        self.vectors.append(super().hear(windows))
        self.lengths += [len(each) / RATE for each in windows]
        return self.vectors[-1]


@dataclass(frozen=True)
class Window:
    """What the network heard of some seconds in which somebody speaks."""

    seconds: float
    shared: float  # seconds in which two speak
    best: float  # cosine of the nearest voice
    second: float  # of the next one


def windows(path: Path) -> Iterator[Window]:
    """Hear every show with overlaps, and compare its windows with its voices."""
    for seed, show in enumerate(shows()):
        mixed, spoken = _mixed(show, np.random.default_rng(seed))
        both = [(later[0], one[1]) for one, later in itertools.pairwise(spoken)]
        ear, whole = KeptEar(path), Region(0.0, len(mixed) / RATE, "speech")
        turns = find_turns(_evidence(whole, spoken, seed), [mixed], ear)
        vectors, ends = np.concatenate(ear.vectors), np.cumsum(ear.lengths)
        times = list(zip(ends - ear.lengths, ends, strict=True))
        for (start, end), cosines in zip(times, _cosines(turns, times, vectors), strict=True):
            shared = sum(max(0.0, min(end, to) - max(start, at)) for at, to in both)
            yield Window(end - start, shared, *sorted([-1.0, *cosines])[-1:-3:-1])


def _mixed(
    show: SampleShow, chance: np.random.Generator
) -> tuple[Samples, list[tuple[float, float]]]:
    """Lay the turns of a show anew, and say when each begins and ends."""
    whole, track = samples_of(show), np.zeros(round((LENGTH + 60) * RATE), np.float32)
    times, place, last = list[tuple[float, float]](), 0.0, ""
    for each in show.speech:
        sound = whole[round(each["start"] * RATE) : round(each["end"] * RATE)]
        loud = np.flatnonzero(np.abs(sound) > 0.01)
        sound = sound[loud[0] : loud[-1]]
        overlap = -GAP
        if last not in ("", each["voice"]) and chance.random() < SHARE:
            shorter = min(len(sound) / RATE, times[-1][1] - times[-1][0])
            overlap = min(chance.uniform(*OVERLAPS), 0.8 * shorter)
        start = round(max(0.0, place - overlap) * RATE)
        track[start : start + len(sound)] += sound
        times.append((start / RATE, (start + len(sound)) / RATE))
        place, last = max(place, times[-1][1]), each["voice"]
        if place > LENGTH:
            break
    return track[: round(place * RATE)], times


def _evidence(whole: Region, spoken: Sequence[tuple[float, float]], seed: int) -> Evidence:
    chance = np.random.default_rng(seed)
    changes = (
        (end + start) / 2 + float(chance.uniform(-ROUGH, ROUGH))
        for (_, end), (start, _) in itertools.pairwise(spoken)
    )
    words = tuple(Word(at, at, text, 1.0) for at in sorted(changes) for text in ("Fin.", "Et"))
    segment = Segment(0.0, whole.end, "", words, 5, 0.0, 0.0, 1.0, 0.0)
    return Evidence("", {}, "", "", {}, "", "fr", whole.end, (whole,), (segment,))


def _cosines(
    turns: tuple[Turn, ...], times: Sequence[tuple[float, float]], vectors: Vectors
) -> Iterator[list[float]]:
    """Compare each window with the middle of each voice that was found."""
    speakers = Speakers(turns)
    heard = np.array([speakers.voice_of(*each) for each in times])
    middles = [unit(vectors[heard == voice].sum(axis=0)) for voice in range(1, max(heard) + 1)]
    return ([float(vector @ middle) for middle in middles] for vector in vectors)


def table(path: Path) -> str:
    """Lay out how right each rule would be, by seconds."""
    found = list(windows(path))
    shared = sum(each.shared for each in found)
    rules = {
        **{
            f"like two voices: {limit}": [each.second >= limit for each in found] for limit in ALIKE
        },
        **{f"like none: {limit}": [each.best < limit for each in found] for limit in UNLIKE},
    }
    rows = [
        "| several voices, where a window is… | windows | precision | recall |",
        "|---|---|---|---|",
    ]
    for name, rule in rules.items():
        marked = [each for each, is_marked in zip(found, rule, strict=True) if is_marked]
        right, told = sum(each.shared for each in marked), sum(each.seconds for each in marked)
        precision = f"{right / told:.2f}" if told else "–"
        rows.append(f"| {name} | {len(marked)} | {precision} | {right / shared:.2f} |")
    head = f"Two at once for {shared:.0f} of {sum(each.seconds for each in found):.0f} s:"
    return "\n".join([head, "", *rows])
