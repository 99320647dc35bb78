"""How surely copies of a recording are found, and how surely two shows are not taken for one.

Each show is made of pieces of the sample shows, five to nine seconds long, at another pitch and
pace, over music of its own (chords drawn at random); all begin with the same jingle. So the voices,
the words and the jingle are the same again and again, but no two shows are the same. Pairs of short
shows over the same music are the hardest: what both hold may be half of each.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import av
import numpy as np
import soundfile
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from bench.shows import MADE, shows
from radio.sound import RATE, Samples, decode
from radio.sound.fingerprint import Fingerprint, fingerprint
from radio.sound.likeness import Likeness, compare, find

SHOWS, COPIED = 1000, 20
SECONDS, JINGLE = 90, 8  # of a show, of the jingle that all have
PAIRS, LENGTHS = 1000, (24, 30, 45, 60, 90)  # over the same music; seconds of their shows
CUT = 5.125  # seconds: the steps of the two lie as far apart as they can


@dataclass(frozen=True)
class Copy:
    """How a copy is made."""

    suffix: str
    rate: int  # Hz
    gain: float = 0.0  # dB
    start: float = 0.0  # seconds cut off there
    end: float = 0.0


COPIES = [
    *(Copy(suffix, rate) for suffix, rate in ((".mp3", 44_100), (".m4a", 44_100))),
    *(Copy(suffix, 48_000) for suffix in (".opus", ".ogg")),
    *(Copy(suffix, 24_000, -3, start=CUT) for suffix in (".mp3", ".m4a", ".opus", ".ogg")),
    *(Copy(suffix, 24_000, 3, end=CUT) for suffix in (".mp3", ".m4a", ".opus", ".ogg")),
]
CODECS = {".mp3": ("libmp3lame", "mp3"), ".m4a": ("aac", "mp4"), ".opus": ("libopus", "ogg")}


def table() -> str:
    """Make the shows and the copies, and compare all with all."""
    began = time.process_time()
    prints: dict[str, Fingerprint] = {}
    copies: dict[str, list[Likeness]] = {}
    rates: dict[str, list[float]] = {}
    for number, samples in enumerate(mixed_shows(SHOWS)):
        prints[str(number)] = fingerprint([samples])
        for place, each in enumerate(COPIES if number < COPIED else ()):
            told, rate = _copied(samples, each)
            prints[f"{number} {place}"] = told
            copies.setdefault(each.suffix, []).append(compare(prints[str(number)], told))
            rates.setdefault(each.suffix, []).append(rate)
    pairs = [compare(*map(_printed, pair)) for pair in pairs_over_like_music(PAIRS)]
    made = time.process_time() - began
    began = time.process_time()
    strangers = [
        likeness
        for one, two, likeness in find(prints, [], list(prints))
        if one.split()[0] != two.split()[0]
    ]
    compared = time.process_time() - began
    head = "| | pairs | taken for the same | agreement |\n|---|---|---|---|\n"
    return head + "\n".join((
        *(_row(suffix, each, statistics.mean(rates[suffix])) for suffix, each in copies.items()),
        _stranger_row(len(prints), strangers),
        _pair_row(pairs),
        f"\nProcessor: {made:.0f} s to make all, {compared:.0f} s to compare all with all.",
    ))  # fmt: skip


def _row(suffix: str, found: Sequence[Likeness], rate: float) -> str:
    twins = sum(each.is_twin and each.is_whole for each in found)
    least = min(each.agreement for each in found)
    name = f"copies as {suffix[1:]}, {rate:.0f} kbit/s"
    return f"| {name} | {len(found)} | {twins} | at least {least:.2f} |"


def _stranger_row(count: int, found: Sequence[Likeness]) -> str:
    pairs = SHOWS * (SHOWS - 1) // 2 + (count - SHOWS) * (SHOWS - 1)
    twins = sum(each.is_twin for each in found)
    most = max((each.agreement for each in found), default=0.0)
    return f"| different shows, and their copies | {pairs:,} | {twins} | at most {most:.2f} |"


def _pair_row(found: Sequence[Likeness]) -> str:
    """Say how many are surely taken for the same, and how many are told to be listened to."""
    sure, maybe = (sum(each) for each in zip(*((f.is_sure, f.is_twin) for f in found), strict=True))
    least = max(each.least for each in found if each.is_twin)
    name = "pairs over the same music and jingles"
    return (
        f"| {name} | {len(found):,} | {sure} (« ? »: {maybe}) | weakest fifth at most {least:.2f} |"
    )


def _printed(samples: Samples) -> Fingerprint:
    return fingerprint([samples])


def pairs_over_like_music(count: int) -> Iterator[tuple[Samples, Samples]]:
    """Make pairs of different shows, with the same music beneath, mostly at the same moment, the
    same jingle before or not, and the same one behind or not."""
    sounds = _voices()
    jingle = _music(np.random.default_rng(0), JINGLE)
    beds = [_music(np.random.default_rng(1000 + number), 100) for number in range(12)]
    for number in range(count):
        drawn = np.random.default_rng([7, number])
        seconds, bed = LENGTHS[number % len(LENGTHS)], beds[drawn.integers(len(beds))]
        loud, head, tail = drawn.uniform(0.05, 0.5), drawn.choice((0, 4, 8)), drawn.choice((0, 4))
        later = 0 if drawn.random() < 0.7 else int(drawn.uniform(0, JINGLE) * RATE)
        pair = []
        for start, volume in ((0, loud), (later, loud * drawn.uniform(0.7, 1.4))):
            samples = _pieces(sounds, drawn, seconds)
            samples += volume * bed[start : start + len(samples)]
            samples[: head * RATE] = jingle[: head * RATE]
            samples[len(samples) - tail * RATE :] = jingle[len(jingle) - tail * RATE :]
            pair.append(samples)
        yield pair[0], pair[1]


def _voices() -> list[Samples]:
    return [np.concatenate(list(decode(each.sound))) for each in shows(*MADE)]


def _pieces(sounds: list[Samples], drawn: np.random.Generator, seconds: float) -> Samples:
    """Put pieces of sounds in a row, for some seconds."""
    parts, length = list[Samples](), 0
    while length < seconds * RATE:
        parts.append(_piece(sounds[drawn.integers(len(sounds))], drawn))
        length += len(parts[-1])
    return np.concatenate(parts)[: round(seconds * RATE)]


def mixed_shows(count: int, seconds: float = SECONDS) -> Iterator[Samples]:
    """Make different shows, that many, of the same voices and with the same jingle."""
    sounds = _voices()
    jingle = _music(np.random.default_rng(0), JINGLE)
    for number in range(1, count + 1):
        drawn = np.random.default_rng(number)
        samples = np.concatenate([jingle, _pieces(sounds, drawn, seconds - JINGLE)])
        bed = _music(drawn, seconds - JINGLE)
        samples[len(jingle) :] += drawn.uniform(0.05, 0.3) * bed[: len(samples) - len(jingle)]
        yield samples


def _piece(sound: Samples, drawn: np.random.Generator) -> Samples:
    """Take some seconds of a sound, at another pitch and pace."""
    pace = drawn.uniform(0.85, 1.18)
    length = int(drawn.uniform(5, 9) * RATE)
    first = drawn.integers(0, max(1, len(sound) - int(length * pace) - 1))
    part = sound[first : first + int(length * pace) + 2]
    piece = np.interp(np.arange(length) * pace, np.arange(len(part)), part)
    return np.asarray(piece, np.float32)


def _music(drawn: np.random.Generator, seconds: float) -> Samples:
    """Make chords, each of three notes with their overtones, half a second to two."""
    parts, length = [], 0
    while length < seconds * RATE:
        size = int(drawn.uniform(0.5, 2) * RATE)
        times = np.arange(size, dtype=np.float32) / RATE
        notes = 110 * 2 ** (drawn.integers(0, 36, 3) / 12)
        tones = [
            np.sin(2 * np.pi * np.float32(n * k) * times) / k for n in notes for k in (1, 2, 3)
        ]
        parts.append(sum(tones) * np.exp(-times) / 8)
        length += size
    samples: Samples = np.concatenate(parts)[: round(seconds * RATE)].astype(np.float32)
    return samples


def _copied(samples: Samples, copy: Copy) -> tuple[Fingerprint, float]:
    """Make a copy, give its fingerprint and its kbit/s."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_copy(samples, Path(folder), copy)
        told = fingerprint(decode(path))
        return told, path.stat().st_size * 8 / 1000 / (len(samples) / RATE - copy.start - copy.end)


def write_copy(samples: Samples, folder: Path, copy: Copy) -> Path:
    """Encode samples as a copy, mono at 64 kbit/s (Vorbis: at its own quality)."""
    path = folder / f"copy{copy.suffix}"
    part = samples[int(copy.start * RATE) : len(samples) - int(copy.end * RATE)]
    louder = np.clip(part * 10 ** (copy.gain / 20), -1, 1).astype(np.float32)
    if copy.suffix == ".ogg":
        _write_vorbis(louder, path, copy.rate)
        return path
    codec, form = CODECS[copy.suffix]
    frame = _frame(louder)
    with av.open(path, "w", format=form) as container:
        stream = cast(AudioStream, container.add_stream(codec, rate=copy.rate))
        stream.layout, stream.bit_rate = "mono", 64_000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _frame(samples: Samples) -> AudioFrame:
    frame = AudioFrame.from_ndarray(samples[None], "flt", "mono")
    frame.sample_rate, frame.pts = RATE, 0
    return frame


def _write_vorbis(samples: Samples, path: Path, rate: int) -> None:
    resampler = av.AudioResampler("flt", "mono", rate)
    frames = [*resampler.resample(_frame(samples)), *resampler.resample(None)]
    with soundfile.SoundFile(path, "w", rate, 1, "VORBIS", format="OGG") as file:
        for frame in frames:
            for part in np.array_split(frame.to_ndarray()[0], 1 + frame.samples // rate):
                file.write(part)
