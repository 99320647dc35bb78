"""Pages through HTTP and in a browser: how soon the first byte comes, how much a telephone loads.

The measured episode lasts two hours and has evidence, a waveform, proposed chapters and 18,000
words; beside it lie as many episodes of one hour as `HOURS=885` says.
"""

import http.client
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from bench.browsing import Browsed, browse
from bench.memory import timed
from bench.search import SEED, SHOWS, french, served, settle, spread, write_archive
from bench.shows import SOUNDS
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.sound.probing import BARS
from radio.system.disk import write_whole
from radio.text.transcript import (
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Word,
    render_evidence,
    render_vtt,
)

HOURS = int(os.environ.get("HOURS", "885"))
WORDS = 3_000  # of each hour
ASKED = 100  # times each page
PACKING = "gzip, deflate, br, zstd"  # as browsers ask, through https
LENGTH = 7200.0  # seconds
PARTS = 6  # episodes whose words make those of the long one
DOUBTED = 0.08  # of the words, as on the sample shows
NAMED = 0.007  # of the words, as there
PASSAGE = 40  # cues
NOTE = {"status": "machine", "engine": "openai-whisper", "model": "base", "date": "2026-11-25"}
PAGES = {
    "home": "/",
    f"show of {HOURS // SHOWS} episodes": "/shows/emission-0/",
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
    episode, *others = archive.episodes("emission-0")[:PARTS]
    audio = replace(episode.audio, duration=LENGTH)
    long = replace(episode, audio=audio)
    archive.write_episode(long)
    shutil.copy(next(SOUNDS["demo"].glob("*.mp3")), archive.audio_path(long))
    said = chain.from_iterable(
        _pressed(archive, each.key, place) for place, each in enumerate((episode, *others))
    )
    cues = [_named(number, cue, chance) for number, cue in enumerate(said)]
    write_whole(archive.vtt_path(long.key), render_vtt(Transcript(tuple(cues), NOTE)).encode())
    segments = tuple(_heard(number, cue, chance) for number, cue in enumerate(cues))
    evidence = Evidence("x", {}, "base", "", {}, "", "fr", LENGTH, tuple(_regions()), segments)
    write_whole(archive.evidence_path(long.key), render_evidence(evidence))
    archive.write_waveform(long, bytes(chance.randrange(256) for _ in range(BARS)))
    return long


def _pressed(archive: Archive, key: str, place: int) -> Iterator[Cue]:
    """Have what is said in an hour be said in one of the parts of the long episode."""
    said, part = archive.transcript(key), LENGTH / PARTS
    for cue in said.cues if said else ():
        start, end = (place * part + moment * part / 3600 for moment in (cue.start, cue.end))
        yield replace(cue, start=round(start, 3), end=round(end, 3))


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
    times, sizes = [], {}
    for packing in ("identity", *[PACKING] * ASKED):
        second = chance.randrange(int(LENGTH))
        path = pattern.format(key=f"/shows/{key}", second=second)
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": packing})
        answer = connection.getresponse()
        first = answer.read(1)
        times.append((time.perf_counter() - began) * 1000)
        sizes[packing] = len(first + answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
    return Measured(times[0], times[1:], sizes[PACKING], sizes["identity"])


def table() -> str:
    """Measure every page, one after the other, as HTTP and as a browser have it."""
    with tempfile.TemporaryDirectory() as folder:
        archive = write_archive(Path(folder) / "archive", HOURS, french(), WORDS)
        key = lengthen(archive).key
        os.environ |= {"RADIO_ROOT": str(archive.root), "RADIO_SENSE": "off"}
        timed([sys.executable, "-m", "radio", "index"])
        with served([sys.executable, "-m", "radio", "serve", "--port"]) as (port, process):
            settle(process.pid)
            found = {name: measure(port, path, key) for name, path in PAGES.items()}
            site = f"http://127.0.0.1:{port}"
            paths = {
                name: path.format(key=f"/shows/{key}", second=4000) for name, path in PAGES.items()
            }
            seen = browse({name: site + path for name, path in paths.items()})
    head = (
        "| | first byte, first time, ms | then, p50 / p95 | compressed | whole "
        "| scripts, compressed / whole | all that is loaded at first | shift | blocking, ms |"
    )
    rows = [_row(name, found[name], seen[name]) for name in PAGES]
    return "\n".join([head, "|---|---|---|---|---|---|---|---|---|", *rows])


def _row(name: str, each: Measured, seen: Browsed) -> str:
    return (
        f"| {name} | {each.first:.0f} | {spread(each.times)} | {each.packed / 1000:.1f} kB "
        f"| {each.size / 1000:.0f} kB "
        f"| {seen.packed_scripts / 1000:.1f} / {seen.scripts / 1000:.1f} kB "
        f"| {seen.packed / 1000:.1f} kB | {seen.shift:.3f} | {seen.blocking:.0f} |"
    )
