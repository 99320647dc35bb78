"""Folders of recordings with every habit of naming, taken by a command that is killed again."""

import hashlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from radio.archive import Archive
from radio.archive.check import check
from radio.ingest.files import new_show
from radio.search import Index
from tests.sounds import KINDS, encode
from tests.tables import rows

FILES = 10  # for each kill
RATE = 48_000
OLD = os.fsdecode(b"caf\xe9 cr\xe8me du 12 mai 2023.mp3")  # as disks had them before UTF-8
NAMES = (*(row["path"] for row in rows("names.tsv")), OLD)
COPIED, WRITTEN = 20, 15  # one in so many is there twice, has a text beside it


def intakes(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Ten files for each kill: in the end each is there once and whole, and nothing else is."""
    heap, archive = folder / "clé", Archive(folder / "archive")
    archive.root.mkdir()
    new_show(archive, "lmad", "La Machine à découdre")
    sounds, texts = _fill(heap, count * FILES, chance), len(list(heap.rglob("*.txt")))
    seen = dict[str, str]()
    for number in range(count):
        _kill(archive, heap, chance)
        yield from (f"{number}: {each}" for each in _judge(archive, sounds, seen))
    for expected in (len(sounds) - len(seen), 0):
        done = subprocess.run(_command(archive, heap), capture_output=True, text=True, check=False)
        taken = len(done.stdout.splitlines())
        if done.returncode or taken != expected:
            told = done.stderr[-300:]
            yield f"{taken} taken instead of {expected}, exit {done.returncode}: {told}"
    yield from _judge(archive, sounds, seen)
    if missing := sounds - set(seen.values()):
        yield f"{len(missing)} lost"
    kept = len(list(archive.transcripts.rglob("*.source.txt")))
    if kept != texts:
        yield f"{kept} texts of {texts}"
    if (changes := Index(archive).refresh()).indexed:
        yield f"{changes.indexed} not indexed"
    yield from map(str, (*check(archive), *archive.media.rglob(".*")))


def _command(archive: Archive, heap: Path) -> list[str]:
    return [sys.executable, "-m", "radio", "ingest", "--root", str(archive.root), str(heap)]


def _fill(heap: Path, count: int, chance: random.Random) -> set[str]:
    hashes = set[str]()
    for number, name in zip(range(count), itertools.cycle(NAMES), strict=False):
        kind = Path(name).suffix.lower()
        path = heap / f"dossier {number}" / name
        path = path if kind in KINDS else path.with_suffix(".mp3")
        path.parent.mkdir(parents=True)
        length = chance.randrange(RATE // 2, RATE)
        wave = np.sin(np.arange(length) * (0.02 + number / 20_000)) / 2
        sound = encode(wave, heap / f"sound{kind if kind in KINDS else '.mp3'}", RATE)
        hashes.add(hashlib.sha256(sound.read_bytes()).hexdigest())
        if number % COPIED == 0:
            shutil.copy(sound, heap / f"copie de {number}{sound.suffix}")
        if number % WRITTEN == 7:  # never one of the copied
            path.with_suffix(".txt").write_text(f"Bonsoir {number}.", encoding="utf-8")
        sound.rename(path)
    return hashes


def _kill(archive: Archive, heap: Path, chance: random.Random) -> None:
    """Run the command, and kill it a moment after it took some, or as it begins."""
    pipe, none = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(_command(archive, heap), stdout=pipe, stderr=none) as process:
        assert process.stdout
        for _taken in range(chance.randrange(2 * FILES)):
            process.stdout.readline()
        time.sleep(chance.uniform(0, 1.5) if chance.random() < 0.2 else chance.uniform(0, 0.1))
        process.send_signal(signal.SIGKILL)


def _judge(archive: Archive, sounds: set[str], seen: dict[str, str]) -> Iterator[str]:
    """Nothing that was there is lost, nothing is partial, twice or from elsewhere."""
    now = {each.key: each for each in archive.episodes()}
    yield from (f"{key} lost" for key in seen.keys() - now.keys())
    for key in now.keys() - seen.keys():
        content = archive.audio_path(now[key]).read_bytes()
        seen[key] = hashlib.sha256(content).hexdigest()
        if seen[key] != now[key].audio.sha256 or seen[key] not in sounds:
            yield f"{key} is not as it was"
    yield from (f"{sha256} twice" for sha256, n in Counter(seen.values()).items() if n > 1)
