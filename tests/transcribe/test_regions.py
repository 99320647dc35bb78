"""Regions: speech, music and silence, on sounds made here, on instruments and pieces that Debian
carries, and on the show of the benchmark, of which every moment is known."""

import json
import os
import struct
import subprocess
import sys
import tracemalloc
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from radio.sound import RATE, Samples
from radio.text.transcript import Region
from radio.transcribe.regions import SECOND, SampleRange, describe, find_music, find_speech, join
from tests.samples import DEMO, REFERENCES, ROOT, STREET
from tests.sounds import samples
from tests.tables import for_each

BENCH, SPEECH = ROOT / "tests" / "data" / "bench", DEMO / f"{STREET}.mp3"
SOUNDS = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")  # Debian's timgm6mb-soundfont
PIECES = Path("/usr/share/games/openttd/baseset/openmsx")  # Debian's openttd-openmsx
STEPS = 100  # a second; regions are compared so finely
AUDIBLE = -50.0  # dB under full scale; below are the pauses of the voices
CHORDS = ((48, 60, 64, 67), (45, 57, 60, 64), (41, 57, 60, 65), (43, 55, 59, 62))
DRUMS = 9  # the channel of General MIDI
Note = tuple[float, float, int]  # start and length in seconds, and key (60 is the middle C)
# Four chords of two seconds, twice; the same, note after note; bass drum, snare and cymbal
SLOW: list[Note] = [(2.0 * bar, 1.9, key) for bar in range(8) for key in CHORDS[bar % 4]]
BROKEN: list[Note] = [(n / 4, 0.4, CHORDS[n // 8 % 4][n % 4]) for n in range(64)]
BAR = [*((0.25 * step, 42) for step in range(8)), (0.0, 36), (1.25, 36), (0.5, 38), (1.5, 38)]
STROKES: list[Note] = [(2.0 * bar + at, 0.1, key) for bar in range(8) for at, key in BAR]
CHORDAL = {"organ": 19, "accordion": 21, "distorted guitar": 30, "strings": 48, "choir": 52}
CHORDAL |= {"electronic pad": 89}
MELODIC = {"piano": 0, "guitar": 24, "bass": 33, "voice": 53, "flute": 73, "electronic lead": 80}
INSTRUMENTS = {name: (program, SLOW) for name, program in CHORDAL.items()}
INSTRUMENTS |= {name: (program, BROKEN) for name, program in MELODIC.items()}
INSTRUMENTS |= {"drums": (0, STROKES)}
GENRES = ["city_blues_redfarn", "boogi_marabi_redfarn", "modern_motion"]  # blues, jazz, techno
GENRES += ["harp_harmony", "flying_scotsman", "run_for_your_life"]  # harp, march, rock


def midi(notes: Sequence[Note], program: int, channel: int) -> bytes:
    """Write a file of one track, at 1000 ticks a second."""
    events = [(0, bytes([0xC0 | channel, program]))]
    for start, length, key in notes:
        events.append((round(1000 * start), bytes([0x90 | channel, key, 100])))
        events.append((round(1000 * (start + length)), bytes([0x80 | channel, key, 0])))
    track = b""
    for (before, _), (tick, event) in pairwise([(0, b""), *sorted(events)]):
        track += bytes([tick - before >> 7 | 0x80, tick - before & 0x7F]) + event
    track += b"\0\xff\x2f\0"
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 500)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track


def play(score: Path, folder: Path) -> Samples:
    path = folder / f"{score.stem}.wav"
    command = ["fluidsynth", "-niq", "-R0", "-C0", "-g0.6", f"-r{RATE}", f"-F{path}"]
    subprocess.run([*command, str(SOUNDS), str(score)], check=True, capture_output=True)
    samples, _ = soundfile.read(path, dtype="float32", always_2d=True)
    return np.asarray(samples.mean(axis=1), np.float32)


@pytest.fixture(scope="module")
def instruments(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Samples]:
    folder = tmp_path_factory.mktemp("instruments")
    played = {}
    for name, (program, tune) in INSTRUMENTS.items():
        score = folder / f"{name}.mid"
        score.write_bytes(midi(tune, program, DRUMS if name == "drums" else 0))
        played[name] = play(score, folder)[: 16 * RATE]
    return played


def noise(slope: float) -> Samples:
    """Noise whose power falls with frequency: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(np.random.default_rng(1).normal(size=20 * RATE))
    frequencies = np.maximum(np.fft.rfftfreq(20 * RATE, 1 / RATE), 20)
    shaped = np.fft.irfft(spectrum / frequencies ** (slope / 2))
    return np.asarray(0.05 * shaped / shaped.std(), np.float32)


def hum(*parts: float, frequency: float = 50) -> Samples:
    """The mains: a tone and its overtones, which never change."""
    time = np.arange(20 * RATE) / RATE
    tones = (size * np.sin(2 * np.pi * n * frequency * time) for n, size in enumerate(parts, 1))
    return np.asarray(0.05 * sum(tones), np.float32)


def claps(rate: float, seconds: float) -> Samples:
    """Short strokes of noise at random times, so many a second."""
    chance = np.random.default_rng(2)
    times = (chance.random(20 * RATE) < rate / RATE) * chance.normal(size=20 * RATE)
    length = round(seconds * RATE)
    stroke = chance.normal(size=length) * np.exp(-5 * np.arange(length) / length)
    return np.asarray(0.05 * np.convolve(times, stroke)[: 20 * RATE], np.float32)


def ticks() -> Samples:
    ticking = 0.01 * noise(1)
    ticking[:: RATE // 2] += 0.3
    return ticking


NOISES = {
    "nothing": np.zeros(20 * RATE, np.float32),
    "white": noise(0),
    "pink": noise(1),
    "brown": noise(2),
    "room": 0.02 * noise(1),
    "hum": hum(1, 0.5, 0.3, 0, 0.1),
    "hum in a room": hum(1, 0.5, 0.3, 0, 0.1) + 0.2 * noise(1),
    "test tone": hum(1, frequency=1000),
    "rain": claps(3000, 0.002),
    "applause": claps(400, 0.008),
    "typing": claps(6, 0.02) + 0.02 * noise(1),
    "clock": ticks(),
}


def steps(regions: Sequence[Region], kind: str, seconds: float) -> np.ndarray[Any, np.dtype[Any]]:
    mask = np.zeros(int(seconds * STEPS), bool)
    for region in regions:
        if region.kind == kind:
            mask[round(region.start * STEPS) : round(region.end * STEPS)] = True
    return mask


def heard(samples: Samples) -> tuple[Region, ...]:
    return describe(samples, find_speech(samples), 0)


def shares(samples: Samples) -> tuple[float, float]:
    """What share of samples is music, and what is speech."""
    both = (steps(heard(samples), each, len(samples) / RATE) for each in ("music", "speech"))
    music, speech = (float(each.mean()) for each in both)
    return music, speech


def audible(samples: Samples) -> np.ndarray[Any, np.dtype[Any]]:
    length = RATE // STEPS
    squares = samples[: len(samples) // length * length].reshape(-1, length) ** 2
    return np.asarray(10 * np.log10(squares.mean(axis=1) + 1e-12) > AUDIBLE)


def reference(path: Path) -> list[Region]:
    regions = json.loads(path.read_text(encoding="utf-8"))["regions"]
    return [Region(each["start"], each["end"], each["kind"]) for each in regions]


@pytest.fixture(scope="module")
def bench() -> Samples:
    return samples(BENCH / "show.mp3")


@pytest.fixture(scope="module")
def bench_speech(bench: Samples) -> list[SampleRange]:
    return find_speech(bench)


def tortured(name: str) -> Any:
    """What is like others costs time, and is proved by `make torture`."""
    return pytest.param(name, marks=pytest.mark.torture)


HEAR = """
import sys
from radio.sound import RATE, decode
from radio.transcribe.regions import find_speech
print(len(find_speech(next(decode(sys.argv[1]))[: 30 * RATE])))
"""
FORGES = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "CIRCLECI", "TF_BUILD", "JENKINS_URL", "BUILD_ID")
"""Where these are set, onnxruntime believes that nobody uses it, and sends nothing."""
SILENT = ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY", "XDG_CACHE_HOME")


def test_no_library_tells_its_maker_about_this_machine(tmp_path: Path) -> None:
    known = {name: value for name, value in os.environ.items() if name not in (*FORGES, *SILENT)}
    command, env = [sys.executable, "-c", HEAR, str(SPEECH)], known | {"HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    assert int(done.stdout) > 0
    assert "telemetry" not in done.stderr.lower()
    left = [str(path) for path in tmp_path.rglob("*") if "microsoft" in str(path).lower()]
    assert left == [], "the number of this device, and what is to be sent"


@for_each("name", INSTRUMENTS)
def test_instruments_are_music(instruments: dict[str, Samples], name: str) -> None:
    """Singing without words too: neither choir nor solo voice is taken for speech."""
    music, speech = shares(instruments[name])
    assert music >= 0.95
    assert speech == 0


@pytest.mark.parametrize("name", [*GENRES[:2], *map(tortured, GENRES[2:])])
def test_pieces_of_many_kinds_are_music(name: str, tmp_path: Path) -> None:
    music, speech = shares(play(PIECES / f"{name}.mid", tmp_path)[: 60 * RATE])
    assert music >= 0.9
    assert speech <= 0.01


@for_each("name", NOISES)
def test_noise_is_silence(name: str) -> None:
    assert find_speech(NOISES[name]) == []
    assert describe(NOISES[name], [], 0) == (Region(0.0, 20.0, "silence"),)


def test_the_bench_is_told_as_it_is(bench: Samples, bench_speech: list[SampleRange]) -> None:
    """Speech is counted where it is audible: the reference counts the pauses of its voices too."""
    seconds = len(bench) / RATE
    told, known = describe(bench, bench_speech, 0), reference(BENCH / "show.json")
    speech, said = steps(told, "speech", seconds), steps(known, "speech", seconds)
    lost = said & ~speech & audible(bench)[: len(said)]
    assert lost.sum() / said.sum() < 0.005
    assert (speech & ~said).sum() / speech.sum() < 0.001
    for kind in ("music", "silence"):
        assert steps(told, kind, seconds)[steps(known, kind, seconds)].mean() > 0.97


@pytest.mark.parametrize(
    "bed", ["guitar", "drums", *map(tortured, ("piano", "choir", "electronic lead"))]
)
def test_speech_over_music_is_speech(instruments: dict[str, Samples], bed: str) -> None:
    speech = samples(SPEECH)
    seconds = len(speech) / RATE
    said = steps(reference(REFERENCES / f"{STREET}.json"), "speech", seconds)
    said &= audible(speech)[: len(said)]
    music = np.resize(instruments[bed], len(speech))
    for decibels in (-6, -18):
        mixed = speech + music * 10 ** (decibels / 20) * (speech.std() / music.std())
        assert steps(heard(mixed), "speech", seconds)[said].mean() >= 0.99


def test_pieces_joined_are_the_whole(bench: Samples, bench_speech: list[SampleRange]) -> None:
    seconds, whole = len(bench) / RATE, describe(bench, bench_speech, 0)
    pauses = [(before[1] + after[0]) // 2 for before, after in pairwise(bench_speech)]
    parts = list[Region]()
    for first, last in pairwise([0, *pauses[10::10], len(bench)]):
        inside = [(a - first, b - first) for a, b in bench_speech if first <= a and b <= last]
        parts += describe(bench[first:last], inside, first)
    assert len(pauses) > 40
    joined = join(parts)
    for regions in (joined, whole):
        assert_whole(regions, 0.0, seconds)
    for kind in ("speech", "music", "silence"):
        assert (steps(joined, kind, seconds) == steps(whole, kind, seconds)).mean() > 0.99


def assert_whole(regions: Sequence[Region], start: float, end: float) -> None:
    assert (regions[0].start, regions[-1].end) == (start, end)
    for before, after in pairwise(regions):
        assert before.end == after.start
        assert before.kind != after.kind
    assert all(region.end > region.start for region in regions)


def test_every_moment_has_its_region() -> None:
    chance = np.random.default_rng(4)
    samples = noise(0)
    for _ in range(50):
        places = np.sort(chance.integers(0, len(samples) + 1, 2 * chance.integers(1, 6))).tolist()
        speech = [(a, b) for a, b in zip(places[::2], places[1::2], strict=True) if b > a]
        regions = describe(samples, speech, 7 * RATE)
        assert_whole(regions, 7.0, 27.0)
        spoken = sum(region.end - region.start for region in regions if region.kind == "speech")
        assert spoken == pytest.approx(sum(b - a for a, b in speech) / RATE)
    some = samples[:RATE]
    assert describe(some[:0], [], 0) == ()
    assert describe(some, [(0, RATE)], RATE) == (Region(1.0, 2.0, "speech"),)
    assert describe(some, [(0, 10), (10, RATE)], 0) == (Region(0.0, 1.0, "speech"),)


def test_a_rest_is_music_and_a_short_sound_is_none(instruments: dict[str, Samples]) -> None:
    first, rest, second = Region(0, 9, "music"), Region(9, 10, "silence"), Region(10, 20, "music")
    assert join([first, rest, second]) == (Region(0, 20, "music"),)
    long = Region(9, 12, "silence"), Region(12, 20, "music")
    for others in (long, (rest, Region(10, 11, "speech"))):
        assert join([first, *others]) == (first, *others)
    piano = instruments["piano"]
    assert not find_music(piano[: 2 * SECOND - 1]).any()
    assert find_music(piano[: 3 * SECOND]).all()


def test_memory_is_bounded_by_the_piece(instruments: dict[str, Samples]) -> None:
    samples = np.resize(instruments["piano"], 240 * RATE)
    tracemalloc.start()
    assert find_music(samples).all()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 120e6  # bytes
