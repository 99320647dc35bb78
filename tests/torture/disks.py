"""Disks that fail, fill up, vanish or lose power while something is written; clocks that jump."""

import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from radio.archive import Archive, losses
from radio.archive.check import check
from radio.bags.export import export_bag
from radio.search import Index
from radio.system.errors import RadioError
from tests.fakes import transcribe_slowly
from tests.processes import KILLED, Mortal
from tests.samples import DEMO, said, street
from tests.torture.readers import SITE, SLUGS, fresh
from tests.web.sites import visit

CALLS = ("write", "fsync", "rename", "openat", "pwrite64", "ftruncate", "mkdir", "unlink")
LAST = str(DEMO / f"{SLUGS[2]}.mp3")
CUE = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n{}\n"
# Seconds since 1970: 1906, 1970, the day before ZIPs begin, 2038, 2106, 2100, 2477
YEARS = [-2_000_000_000, 0, 1, 315_532_799, 2**31 - 1, 2**31, 2**32, 4_102_444_800, 16_000_000_000]
SAID_WHY = 3  # the exit code of a transcription that ended with an error of ours


def run(*arguments: str, inject: str = "", largest: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the `radio` command, with a fault injected by strace, or no file larger than that."""
    command = [sys.executable, "-m", "radio", *arguments]
    if largest:
        command = ["prlimit", f"--fsize={largest}", *command]
    if inject:
        traced = f"--trace={inject.partition(':')[0]}"
        command = ["strace", "-f", "-qq", "-o", os.devnull, traced, f"--inject={inject}", *command]
    return subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")


def _truth(archive: Archive) -> dict[str, bytes]:
    """What the archive holds, its half files and locks apart."""
    paths = [*archive.media.glob("*/[!.]*"), *archive.transcripts.glob("*/[!.]*")]
    return {str(path.relative_to(archive.root)): path.read_bytes() for path in paths}


def _judge(archive: Archive, before: dict[str, bytes], number: int, told: str) -> Iterator[str]:
    """Nothing that was there is lost, changed or half, and nothing new is half."""
    now = _truth(archive)
    for path, content in before.items():
        if now.get(path) != content:
            yield f"{number}: {path} lost or changed by {told}"
    bad = [each for each in check(archive) if each.kind not in ("leftover", "orphaned")]
    yield from (f"{number}: {each} by {told}" for each in bad)


def _act(archive: Archive, folder: Path, chance: random.Random) -> list[str]:
    root = ["--root", str(archive.root)]
    shutil.rmtree(folder / "bag", ignore_errors=True)
    ingest = ["ingest", *root, LAST]
    index = ["index", "--rebuild", *root]
    exports = [["export", kind, *root, str(folder / kind)] for kind in ("bag", "site")]
    return chance.choice([ingest, ingest, index, *exports])


def errors(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A system call that fails costs a line and exit 1, or nothing; never a traceback or a file."""
    named = ("EIO", "ENOSPC", "EDQUOT", "EROFS")
    return _injected(count, chance, folder, [f"error={each}:when={{first}}+" for each in named])


def signals(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A process that ends at any system call leaves every file whole, and the next goes on."""
    return _injected(count, chance, folder, ["signal=KILL:when={first}"])


def _injected(count: int, chance: random.Random, folder: Path, faults: list[str]) -> Iterator[str]:
    archive = fresh(folder, *SLUGS[:2])
    before = _truth(archive)
    for number in range(count):
        call = chance.choice(CALLS)
        first = chance.randrange(1, 400 if call in ("write", "openat") else 20)
        inject = f"{call}:{chance.choice(faults).format(first=first)}"
        command = _act(archive, folder, chance)
        done = run(*command, inject=inject)
        told = f"{inject} in {command[0]}"
        if call not in ("openat", "write") and "Traceback" in done.stderr:
            yield f"{number}: {told}: {done.stderr.strip().splitlines()[-1]}"
        yield from _judge(archive, before, number, told)
        again = run("ingest", "--root", str(archive.root), LAST)
        if again.returncode and "the same recording" not in again.stderr:
            yield f"{number}: {told}: not well afterwards: {again.stderr[-300:]}"
        if "KILL" in inject:
            yield from (f"{number}: {each} after {told}" for each in check(archive))
        for path in _truth(archive).keys() - before.keys():
            (archive.root / path).unlink()
        losses.take_inventory(archive.root, forget=True)


@contextlib.contextmanager
def small_disk(folder: Path, size: int) -> Iterator[bool]:
    """A disk of so many bytes in a folder, where the system lets us; tells whether it does."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(folder)]
    done = subprocess.run(mount, capture_output=True, check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607


def no_space(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A disk that is full in the middle of a run costs a line, and no file."""
    for number in range(count):
        place = folder / f"disk{number}"
        size = chance.randrange(1_400_000, 3_500_000)
        with small_disk(place, size) as is_mounted:
            archive = fresh(place, SLUGS[0])
            largest = 0 if is_mounted else size // 4
            before = _truth(archive)
            for command in (
                ["ingest", *(str(DEMO / f"{slug}.mp3") for slug in SLUGS[1:])],
                ["index", "--pages"],
                ["export", "bag", str(place / "bag")],
            ):
                done = run(*command, "--root", str(archive.root), largest=largest)
                told = f"a disk of {size} bytes in {command[0]}"
                if "Traceback" in done.stderr:
                    yield f"{number}: {told}: {done.stderr.strip().splitlines()[-1]}"
                yield from _judge(archive, before, number, told)


def unmounted(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """So many episodes on a disk that comes and goes: the index keeps them all."""
    archive = fresh(folder, SLUGS[0])
    sidecar = archive.sidecar_path(f"emission/{SLUGS[0]}").read_text(encoding="utf-8")
    for number in range(count):
        slug = f"2020-01-01-numero-{number}"
        text = re.sub(re.escape(SLUGS[0]), slug, sidecar)
        archive.sidecar_path(f"emission/{slug}").write_text(text, encoding="utf-8")
        archive.vtt_path(f"emission/{slug}").write_text(CUE.format(f"mot{number}"))
    index = Index(archive)
    index.refresh()
    for part in (archive.media, archive.transcripts, archive.media / "emission"):
        away = archive.root / "away"
        part.rename(away)
        part.mkdir()
        held = index.refresh().held
        if held < count:
            yield f"{part.name}: {held} held of {count}"
        part.rmdir()
        away.rename(part)
        changes = index.refresh()
        if changes.indexed or changes.removed or changes.held:
            yield f"{part.name}: {changes} once it was back"
    if index.search(f"mot{chance.randrange(count)}").total != 1:
        yield "not found"


def clocks(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A file is as good in any year, and a change shows even where time goes backwards."""
    archive = fresh(folder, *SLUGS)
    client = visit(archive, SITE)
    for number in range(count):
        slug = chance.choice(SLUGS)
        word = f"mot{number}x"
        archive.vtt_path(f"emission/{slug}").write_text(CUE.format(word))
        for path in archive.root.glob(f"*/emission/{slug}.*"):
            when = chance.choice(YEARS) + number  # else bytes that change unseen, which is damage
            os.utime(path, (when, when))
        index = Index(archive)
        if index.refresh().indexed != 1 or index.search(word).total != 1:
            yield f"{number}: the change of {slug} was not seen"
        own = f"/shows/emission/{slug}", f"/media/emission/{slug}.mp3"
        for address in (*own, "/feed.xml", "/sitemap.xml", "/download/archive.zip"):
            if (status := client.get(address, buffered=True).status_code) != 200:
                yield f"{number}: {address} {status}"
        export_bag(archive, folder / "bag")
        yield from (f"{number}: {each}" for each in check(archive))


def transcriptions(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """However often it was killed or had no space, the text is the same in the end."""
    with small_disk(folder / "disk", 64 << 20) as is_mounted:
        archive = street(folder / "disk")
        work = Mortal(_attempt, archive.root)
        (episode,) = archive.episodes()
        text, evidence = archive.vtt_path(episode.key), archive.evidence_path(episode.key)
        began = time.monotonic()
        work.live()
        whole, longest = said(archive), time.monotonic() - began
        filler = archive.root / "filler"
        for number in range(count):
            text.unlink()
            evidence.unlink()
            is_full = chance.random() < 0.5 and is_mounted  # else we may not fill it
            if is_full:
                free = os.statvfs(archive.root).f_bavail * os.statvfs(archive.root).f_frsize
                filler.write_bytes(bytes(max(0, free - 4096 * chance.randrange(0, 12))))
            code = work.live(None if is_full else chance.uniform(0, longest))
            if code not in ((0, SAID_WHY) if is_full else (0, KILLED)):
                yield f"{number}: exit {code}, disk full: {is_full}"
            archive.transcript(episode.key)  # never half written
            filler.unlink(missing_ok=True)
            if not archive.is_transcribed(episode.key) and work.live() != 0:
                yield f"{number}: it does not go on, disk full: {is_full}"
            elif said(archive) != whole:
                yield f"{number}: another text after it, disk full: {is_full}"


def _attempt(root: Path, counter: "Synchronized[int]") -> None:
    try:
        transcribe_slowly(root, counter)
    except RadioError:
        sys.exit(SAID_WHY)
