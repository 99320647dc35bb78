"""Pages through HTTP: how soon the first byte comes, and how much a telephone has to load.

The measured episode lasts two hours and has evidence, a waveform, proposed chapters and 18,000
words; beside it lie as many episodes of one hour as HOURS says.
"""

import gzip
import http.client
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import radio.web
from bench.memory import timed
from bench.search import SEED, french, served, spread, write_archive
from radio.archive import Archive
from radio.audio.waveform import BARS
from radio.disk import write_whole
from radio.episode import Episode
from radio.transcript import (
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Word,
    render_evidence,
    render_vtt,
)

HOURS = 300
ASKED = 100  # times each page
LENGTH = 7200.0  # seconds
DOUBTED = 0.08  # of the words, as on the sample shows
NAMED = 0.007  # of the words, as there
PASSAGE = 40  # cues
NOTE = {"status": "machine", "engine": "openai-whisper", "model": "base", "date": "2026-11-25"}
PAGES = {
    "home": "/",
    "show of 60 episodes": "/shows/emission-0/",
    "catalogue": "/catalogue",
    "episode of two hours": "{key}",
    "at a second": "{key}?t={second}",
    "with a search in it": "{key}?q=ville&t={second}",
    "search": "/search?q=ville",
    "words in context": "/search/words?q=ville",
    "passages to hear": "/search/listen?q=ville",
}


@dataclass(frozen=True)
class Measured:
    """What one page costs."""

    first: float  # ms until its first byte, asked for the first time
    times: Sequence[float]  # ms, afterwards
    packed: int  # bytes, compressed
    size: int  # bytes


def lengthen(archive: Archive) -> Episode:
    """Make one episode two hours long, with all that its page may show."""
    chance = random.Random(SEED)  # noqa: S311
    episode = archive.episodes("emission-0")[0]
    audio = replace(episode.audio, duration=LENGTH)
    long = replace(episode, audio=audio)
    archive.write_episode(long)
    said = archive.transcript(long.key)
    assert said  # noqa: S101 (write_archive wrote it)
    moved = (replace(cue, start=cue.start + 3600, end=cue.end + 3600) for cue in said.cues)
    cues = [_named(number, cue, chance) for number, cue in enumerate((*said.cues, *moved))]
    write_whole(archive.vtt_path(long.key), render_vtt(Transcript(tuple(cues), NOTE)).encode())
    segments = tuple(_heard(number, cue, chance) for number, cue in enumerate(cues))
    evidence = Evidence("x", {}, "base", "", {}, "", "fr", LENGTH, tuple(_regions()), segments)
    write_whole(archive.evidence_path(long.key), render_evidence(evidence))
    archive.write_waveform(long, bytes(chance.randrange(256) for _ in range(BARS)))
    return long


def _regions() -> Iterator[Region]:
    """Let some music play every ten minutes."""
    for end in range(600, int(LENGTH) + 1, 600):
        yield Region(end - 600.0, end - 8.0, "speech")
        yield Region(end - 8.0, float(end), "music")


def _named(number: int, cue: Cue, chance: random.Random) -> Cue:
    """Make names of some words, each said once."""
    words = (
        f"{word.title()}-{number}" if chance.random() < NAMED else word for word in cue.text.split()
    )
    return replace(cue, text=" ".join(words))


def _heard(number: int, cue: Cue, chance: random.Random) -> Segment:
    """Have words follow one another; every third passage was heard worse than the others."""
    doubted = DOUBTED * (2 if number // PASSAGE % 3 == 0 else 0.5)
    texts = cue.text.split()
    pace = (cue.end - cue.start) / len(texts)
    words = tuple(
        Word(
            round(cue.start + place * pace, 2),
            round(cue.start + (place + 1) * pace, 2),
            text,
            0.2 if chance.random() < doubted else 0.9,
        )
        for place, text in enumerate(texts)
    )
    return Segment(cue.start, cue.end, cue.text, words, 5, 0.0, -0.3, 1.2, 0.0)


def measure(port: int, pattern: str, key: str) -> Measured:
    """Ask a page again and again, each time at another second."""
    chance = random.Random(SEED)  # noqa: S311
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times, content = [], b""
    for _ in range(ASKED + 1):
        second = chance.randrange(int(LENGTH))
        path = pattern.format(key=f"/shows/{key}", second=second)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        first = answer.read(1)
        times.append((time.perf_counter() - began) * 1000)
        content = first + answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return Measured(times[0], times[1:], len(content), len(gzip.decompress(content)))


def table() -> str:
    """Measure every page, one after the other, and weigh style and scripts."""
    with tempfile.TemporaryDirectory() as folder:
        archive = write_archive(Path(folder) / "archive", HOURS, french())
        key = lengthen(archive).key
        os.environ["RADIO_ROOT"] = str(archive.root)
        timed([sys.executable, "-m", "radio", "index", "--pages"])
        with served([sys.executable, "-m", "radio", "serve", "--port"]) as (port, _):
            found = {name: measure(port, path, key) for name, path in PAGES.items()}
    rows = [
        f"| {name} | {each.first:.0f} | {spread(each.times)} | {each.packed / 1000:.1f} kB "
        f"| {each.size / 1000:.0f} kB |"
        for name, each in found.items()
    ]
    head = "| | first byte, first time, ms | then, p50 / p95 | compressed | whole |"
    static = Path(radio.web.__file__).parent / "static"
    for name, pattern in (("style", "*.css"), ("all scripts together", "*.js")):
        sizes = [path.read_bytes() for path in static.glob(pattern)]
        packed = sum(len(gzip.compress(each)) for each in sizes)
        rows.append(
            f"| {name} | | | {packed / 1000:.1f} kB | {sum(map(len, sizes)) / 1000:.1f} kB |"
        )
    return "\n".join([head, "|---|---|---|---|---|", *rows])
