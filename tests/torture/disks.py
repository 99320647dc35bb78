"""Disks that fail, fill up, vanish or lose power while something is written."""

import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from radio.archive import Archive, losses
from radio.archive.check import check
from radio.search import Index
from tests.samples import DEMO
from tests.torture.readers import SLUGS, fresh

CALLS = ("write", "fsync", "rename", "openat", "pwrite64", "ftruncate", "mkdir", "unlink")


def run(*arguments: str, inject: str = "", largest: int = 0) -> "subprocess.CompletedProcess[str]":
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
    """Something that writes."""
    root = ["--root", str(archive.root)]
    shutil.rmtree(folder / "bag", ignore_errors=True)
    return chance.choice(
        [
            ["ingest", *root, str(DEMO / f"{SLUGS[2]}.mp3")],
            ["ingest", *root, str(DEMO / f"{SLUGS[2]}.mp3")],
            ["index", "--rebuild", *root],
            ["export", "bag", *root, str(folder / "bag")],
            ["export", "site", *root, str(folder / "site")],
        ]
    )


def _back(archive: Archive, before: dict[str, bytes]) -> None:
    """Take away what was added."""
    for path in _truth(archive).keys() - before.keys():
        (archive.root / path).unlink()
    losses.take_inventory(archive.root, forget=True)


def errors(count: int, chance: random.Random, folder: Path) -> list[str]:
    """A system call that fails costs a line and exit 1, or nothing; never a traceback or a file."""
    named = ("EIO", "ENOSPC", "EDQUOT", "EROFS")
    return _injected(count, chance, folder, [f"error={each}:when={{first}}+" for each in named])


def power_cuts(count: int, chance: random.Random, folder: Path) -> list[str]:
    """A process that ends at any system call leaves every file whole, and the next goes on.

    The kernel lives on, so this shows the order of writing, not what a disk forgets.
    """
    return _injected(count, chance, folder, ["signal=KILL:when={first}"])


def _injected(count: int, chance: random.Random, folder: Path, faults: list[str]) -> list[str]:
    archive, found = fresh(folder, *SLUGS[:2]), list[str]()
    before = _truth(archive)
    for number in range(count):
        call = chance.choice(CALLS)
        first = chance.randrange(1, 400 if call in ("write", "openat") else 20)
        inject = f"{call}:{chance.choice(faults).format(first=first)}"
        command = _act(archive, folder, chance)
        done = run(*command, inject=inject)
        told = f"{inject} in {command[0]}"
        if call not in ("openat", "write") and "Traceback" in done.stderr:
            found.append(f"{number}: {told}: {done.stderr.strip().splitlines()[-1]}")
        found += _judge(archive, before, number, told)
        again = run("ingest", "--root", str(archive.root), str(DEMO / f"{SLUGS[2]}.mp3"))
        if again.returncode and "the same audio" not in again.stderr:
            found.append(f"{number}: {told}: not well afterwards: {again.stderr[-300:]}")
        if "KILL" in inject:
            found += [f"{number}: {each} after {told}" for each in check(archive)]
        _back(archive, before)
    return found


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


def no_space(count: int, chance: random.Random, folder: Path) -> list[str]:
    """A disk that is full somewhere in the middle of a run costs a line, and no file.

    Where we may not mount one, the process itself may write no large file.
    """
    faults = list[str]()
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
                    faults.append(f"{number}: {told}: {done.stderr.strip().splitlines()[-1]}")
                faults += _judge(archive, before, number, told)
    return faults


def unmounted(count: int, chance: random.Random, folder: Path) -> list[str]:
    """So many episodes on a disk that comes and goes: the index keeps them all."""
    archive = fresh(folder, SLUGS[0])
    sidecar = archive.sidecar_path(f"emission/{SLUGS[0]}").read_text(encoding="utf-8")
    for number in range(count):
        slug = f"2020-01-01-numero-{number}"
        text = re.sub(re.escape(SLUGS[0]), slug, sidecar)
        archive.sidecar_path(f"emission/{slug}").write_text(text, encoding="utf-8")
        archive.vtt_path(f"emission/{slug}").write_text(
            f"WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\nmot{number}\n", encoding="utf-8"
        )
    index, faults = Index(archive), list[str]()
    index.refresh()
    for part in (archive.media, archive.transcripts, archive.media / "emission"):
        away = archive.root / "away"
        part.rename(away)
        part.mkdir()
        held = index.refresh().held
        if held < count:
            faults.append(f"{part.name}: {held} held of {count}")
        part.rmdir()
        away.rename(part)
        changes = index.refresh()
        if changes.indexed or changes.removed or changes.held:
            faults.append(f"{part.name}: {changes} once it was back")
    if index.search(f"mot{chance.randrange(count)}").total != 1:
        faults.append("not found")
    return faults
