"""How much of the speech is given to the right voice, on each show and as other channels carry it.

A reference tells who speaks; a voice that was found stands for the one it shares most time with,
one for one. The words come from `bench.heard`, and are those of the sound as it is.
"""

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench import overlaps
from bench.conversations import NEEDED, are_possible, conversations
from bench.heard import hear, heard, samples_of
from bench.shows import SampleShow
from radio.sound import RATE, Samples, decode
from radio.text.transcript import Evidence, Turn
from radio.transcribe import engines
from radio.transcribe.models import weights
from radio.transcribe.turns import Ear, find_turns

STEP = 0.01  # seconds between two looks at who speaks
SEED = 5  # of noise, and of the channel that each turn gets


@dataclass(frozen=True)
class Score:
    """Shares of the time in which somebody speaks, as the reference tells it."""

    right: float
    wrong: float  # given to another voice
    found: int  # voices
    present: int
    seconds: float  # of a processor


def score(show: SampleShow, turns: Sequence[Turn], seconds: float = 0.0) -> Score:
    """Compare turns with the reference."""
    names = sorted({region["voice"] for region in show.speech})
    count = round(show.reference["duration"] / STEP) + 1
    truth, told = np.zeros(count, int), np.zeros(count, int)
    for region in show.speech:
        truth[_steps(region["start"], region["end"])] = 1 + names.index(region["voice"])
    for turn in turns:
        told[_steps(turn.start, turn.end)] = turn.voice
    found = int(told.max())
    size = max(len(names), found)
    shared = np.zeros((size, size))
    for voice, name in itertools.product(range(found), range(len(names))):
        shared[voice, name] = ((told == voice + 1) & (truth == name + 1)).sum()
    right = max(
        sum(shared[pair] for pair in enumerate(order))
        for order in itertools.permutations(range(size))
    )
    total, named = (truth > 0).sum(), ((truth > 0) & (told > 0)).sum()
    return Score(right / total, (named - right) / total, found, len(names), seconds)


def _steps(start: float, end: float) -> slice:
    return slice(max(0, round(start / STEP)), round(end / STEP))


def telephone(samples: Samples) -> Samples:
    """Leave what a telephone carries: 300 to 3,400 Hz, in 8 bits by the µ-law."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE)
    low = 1 + (300 / np.maximum(hertz, 1)) ** 8
    gain = 1 / np.sqrt(low * (1 + (hertz / 3400) ** 16))
    band = np.fft.irfft(spectrum * gain, len(samples))
    peak = np.abs(band).max()
    law = np.sign(band) * np.log1p(255 * np.abs(band) / peak) / np.log(256)
    law = np.round(law * 127) / 127
    carried = np.sign(law) * np.expm1(np.abs(law) * np.log(256)) / 255 * peak
    return np.asarray(carried, np.float32)


def room(samples: Samples) -> Samples:
    """Add the echo of a room, half a second long."""
    length = RATE // 2
    echo = np.random.default_rng(SEED).standard_normal(length)
    echo *= np.exp(-6.9 * np.arange(length) / length)
    size = len(samples) + length
    wet = np.fft.irfft(
        np.fft.rfft(samples, size) * np.fft.rfft(echo / np.linalg.norm(echo), size), size
    )
    return (0.4 * samples + 0.4 * wet[: len(samples)]).astype(np.float32)


def noise(samples: Samples) -> Samples:
    """Add pink noise, 15 dB under the speech."""
    white = np.fft.rfft(np.random.default_rng(SEED).standard_normal(len(samples)))
    white[1:] /= np.sqrt(np.arange(1, len(white)))
    pink = np.fft.irfft(white, len(samples))
    loud = np.sqrt((samples[np.abs(samples) > 0.01] ** 2).mean())
    return np.asarray(samples + pink / pink.std() * loud * 10 ** (-15 / 20), np.float32)


def another_each_turn(samples: Samples, show: SampleShow) -> Samples:
    """Let each turn come from the studio, by telephone or out of a room."""
    mixed = samples.copy()
    carried = {"studio": samples, "telephone": telephone(samples), "room": room(samples)}
    drawn = np.random.default_rng(SEED)
    for _voice, regions in itertools.groupby(show.speech, key=lambda each: each["voice"]):
        turn = list(regions)
        part = slice(int(turn[0]["start"] * RATE), int(turn[-1]["end"] * RATE))
        mixed[part] = carried[str(drawn.choice(list(carried)))][part]
    return mixed


CHANNELS: dict[str, Callable[[Samples, SampleShow], Samples]] = {
    "as it is": lambda samples, _show: samples,
    "telephone": lambda samples, _show: telephone(samples),
    "room": lambda samples, _show: room(samples),
    "noise": lambda samples, _show: noise(samples),
    "another at each turn": another_each_turn,
}


HUMAN = {"studio": {}, "one in a room": {"June": room}}
"""What carries each voice of a conversation of two people."""


def measure(show: SampleShow, evidence: Evidence, channel: str, ear: Ear) -> Score:
    """Find the voices of a show as a channel carries it; the decoding of the sound counts."""
    samples = samples_of(show)
    carried = CHANNELS[channel](samples, show)
    blocks: Iterable[Samples] = np.array_split(carried, range(30 * RATE, len(carried), 30 * RATE))
    start = time.process_time()
    if channel == "as it is":
        blocks = decode(show.sound)
    turns = find_turns(evidence, blocks, ear)
    return score(show, turns, time.process_time() - start)


def rows(evidences: dict[SampleShow, Evidence]) -> Iterator[str]:
    """Measure each show, then each set by channel."""
    ear = Ear(weights.find(weights.VOICES).path)
    by_channel = {
        channel: {
            show: measure(show, evidence, channel, ear) for show, evidence in evidences.items()
        }
        for channel in CHANNELS
    }
    for show, each in by_channel["as it is"].items():
        yield _row(show.name, "as it is", [each])
    for channel, scores in by_channel.items():
        for group in dict.fromkeys(show.group for show in scores):
            own = [each for show, each in scores.items() if show.group == group]
            yield _row(f"all of {group}", channel, own)


def _human_rows() -> Iterator[str]:
    """Measure conversations of two human voices."""
    ear = Ear(weights.find(weights.VOICES).path)
    with tempfile.TemporaryDirectory() as folder:
        shows = list(conversations(Path(folder), HUMAN))
        found = [
            (show, measure(show, evidence, "as it is", ear))
            for show, evidence in hear(engines.load("faster", "base"), shows)
        ]
    for name, each in itertools.groupby(found, key=lambda both: both[0].group):
        yield _row(name, "as it is", [score for _show, score in each])


def _row(name: str, channel: str, scores: Sequence[Score]) -> str:
    right = statistics.fmean(each.right for each in scores)
    wrong = statistics.fmean(each.wrong for each in scores)
    found, present = sum(each.found for each in scores), sum(each.present for each in scores)
    seconds = sum(each.seconds for each in scores)
    return (
        f"| {name} | {channel} | {right:.1%} | {wrong:.1%} | {1 - right - wrong:.1%} "
        f"| {found} of {present} | {seconds:.1f} s |"
    )


def table() -> str:
    """Lay the measures out, with the time that transcription takes."""
    start = time.process_time()
    evidences = dict(heard("faster"))
    seconds = time.process_time() - start
    head = "| | channel | right | wrong | without a voice | voices found | processor |"
    human = _human_rows() if are_possible() else [f"| humans | without {NEEDED} |" + 5 * " |"]
    lines = "\n".join([head, "|---" * 7 + "|", *rows(evidences), *human])
    told = f"Their transcription with `base`, faster-whisper: {seconds:.1f} s of processor."
    return "\n\n".join([lines, told, overlaps.table(weights.find(weights.VOICES).path)])
