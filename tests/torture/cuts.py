"""Power that fails: a file system on a disk of its own loses all that was not flushed."""

import contextlib
import fcntl
import multiprocessing
import os
import posix
import random
import re
import secrets
import shutil
import struct
import subprocess
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from radio.archive import Archive, history
from radio.archive.episode import Show
from radio.search import Index
from radio.system.disk import write_whole
from tests.acts import ACTS, KEY, Act, fill, held
from tests.killed import Disk, Killed
from tests.processes import call
from tests.samples import DEMO, MEMORY

# Linux, fs/ext4/ext4.h: EXT4_IOC_SHUTDOWN, and to do it without writing the log
SHUTDOWN, NOTHING_MORE = 0x8004587D, struct.pack("I", 2)
# ext4 would flush by itself what replaces a file, and everything after five seconds: others do not
LIKE_OTHERS = "loop,commit=600,noauto_da_alloc"
SIZE = 24 << 20
TIMES = re.compile(rb"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?|[0-9a-f-]{32,}")
DONE, WRONG, CUT = 0, 1, 9  # how a child ended
Flushed = Callable[[os.stat_result], bool]
Files = dict[str, bytes]


def take(archive: Archive) -> None:
    call("ingest", "--root", str(archive.root), str(DEMO / f"{MEMORY}.mp3"))


def correct(archive: Archive) -> None:
    write_whole(archive.vtt_path(KEY), archive.vtt_path(KEY).read_bytes() + b"\nNOTE heard\n")


AGAIN: dict[str, tuple[Act, Act]] = {  # what one does once more where it was not told to be done
    "ingest": (lambda _: None, take),
    "correction": (lambda _: None, correct),
    "index": (lambda _: None, lambda each: Index(each).refresh()),
}
EVERY = ACTS | AGAIN


class Power(Disk):
    """A disk whose power, or whose writer, ends at one of the calls that write."""

    def __init__(self, flushed: Flushed | None) -> None:
        super().__init__()
        self.flushed = flushed

    def end(self, code: int) -> None:
        if self.flushed:
            fcntl.ioctl(os.open(self.root, os.O_RDONLY), SHUTDOWN, NOTHING_MORE)
        os._exit(code)

    def flush(self, descriptor: int) -> None:
        if self.flushed and self.flushed(os.fstat(descriptor)):
            posix.fsync(descriptor)

    def _watch(self, event: str, about: tuple[object, ...]) -> None:
        try:
            super()._watch(event, about)
        except Killed:
            self.end(CUT)


@contextlib.contextmanager
def copied(image: Path) -> Iterator[Path]:
    """Give a disk like another, under a name of its own: a loop device may still know the last."""
    copy = image.with_name(secrets.token_hex(8))
    shutil.copy(image, copy)
    yield copy
    copy.unlink()


@contextlib.contextmanager
def mounted(image: Path, folder: Path) -> Iterator[Archive]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-o", LIKE_OTHERS, str(image), str(folder)], check=True)  # noqa: S607
    try:
        yield Archive(folder / "archive")
    finally:
        subprocess.run(["umount", str(folder)], check=True)  # noqa: S607


def formatted(image: Path, folder: Path, before: Act) -> None:
    """Make a disk with a small archive, all of it flushed."""
    image.write_bytes(b"")
    os.truncate(image, SIZE)
    subprocess.run(["mkfs.ext4", "-qF", str(image)], check=True)  # noqa: S607
    with mounted(image, folder) as archive:
        archive.root.mkdir()
        archive.create()
        archive.write_show(Show("emission", "Émission"))
        before(fill(archive))


def act_until(archive: Archive, act: Act, step: int, flushed: Flushed | None) -> int:
    """Act in a child that ends at a step, or once all is done; tell which it was."""
    child = os.fork()
    if not child:
        power = Power(flushed)
        os.fsync = power.flush  # type: ignore[assignment]
        try:
            with power.failing(archive.root, step, Killed(), stays=True):
                act(archive)
                power.end(DONE)
        except BaseException:  # noqa: BLE001 another thread of it met the end, or it went wrong
            if power.is_through:
                traceback.print_exc()
        os._exit(WRONG if power.is_through else CUT)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kills(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """A process that is killed at any write of any act: all is as before, or done."""
    return power_cuts(count, chance, folder, None)


def power_cuts(
    count: int, chance: random.Random, folder: Path, flushed: Flushed | None = lambda _: True
) -> Iterator[str]:
    """Power that fails at any write of any act, or just after it: all is as before, or done."""
    for number, name in enumerate(EVERY):
        own = len(range(number, count, len(EVERY)))
        yield from (f"{name}: {each}" for each in _cut(own, chance, folder, name, flushed))


def _cut(
    count: int, chance: random.Random, folder: Path, name: str, flushed: Flushed | None
) -> Iterator[str]:
    before, act = EVERY[name]
    first, place = folder / f"{name}.ext4", folder / "disk"
    formatted(first, place, before)
    with copied(first) as image, mounted(image, place) as archive:
        was, done, steps = _aside(_acted, archive, name)
    for number in range(count):
        step = chance.choice((steps, chance.randrange(steps + 1), chance.randrange(steps + 1)))
        with copied(first) as image:
            with mounted(image, place) as archive:
                ended = act_until(archive, act, step, flushed)
            told = f"{number}, at {step} of {steps}, ended with {ended}"
            if ended not in (DONE, CUT):
                yield told
            with mounted(image, place) as archive:
                good = [done] if ended == DONE or name in AGAIN else [was, done]
                again = name if ended == CUT else ""
                yield from (f"{told}: {each}" for each in _aside(_judged, archive, good, again))


def _aside(work: Callable[..., Any], *given: object) -> Any:
    """Work in a process that ends, so that the disk can go."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as aside:
        return aside.submit(work, *given).result()


def _acted(archive: Archive, name: str) -> tuple[Files, Files, int]:
    """Act undisturbed: the files before and after it, and at how many calls the power may fail."""
    was, counted, many = _found(archive), Disk(), 1 << 20
    with counted.failing(archive.root, many, Killed(), stays=True):
        EVERY[name][1](archive)
    return was, _found(archive), many - counted.left


def _found(archive: Archive) -> Files:
    """What must be one or the other, without the times in it."""
    files = held(archive, ("media/", "transcripts/", "desk/pseudonyms/", "gone.json"))
    return {path: TIMES.sub(b"?", each) for path, each in files.items() if ".part" not in path}


def _judged(archive: Archive, good: list[Files], again: str) -> list[str]:
    try:
        return list(_judge(archive, good, again))
    except Exception as error:  # noqa: BLE001 whatever it is, it is a fault
        return [f"{type(error).__name__}: {error}"]


def _judge(archive: Archive, good: list[Files], again: str) -> Iterator[str]:
    archive.finished()
    if again in AGAIN and _found(archive) not in good:
        AGAIN[again][1](archive)
    if history.is_cut_short(archive.root):
        yield "still cut short"
    now = _found(archive)
    if now not in good:
        yield f"{[path for path in {*good[0], *now} if good[0].get(path) != now.get(path)]}"
    index = Index(archive)
    index.refresh()
    said = [each for each in archive.episodes() if archive.vtt_path(each.key).exists()]
    if index.search("bonjour").total != sum(each.status == "published" for each in said):
        yield "not found"
