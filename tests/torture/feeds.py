"""Feeds with some of their bytes changed: each is read or refused, in little time and memory."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

from radio.ingest import feed_page
from radio.ingest.feeds import MEMORY
from radio.system import sandbox
from radio.system.errors import ReaderError
from radio.system.progress import Progress
from tests.ingest.written import mutated
from tests.torture.sounds import let_children_import_tests

BATCH, SLOWEST = 500, 5.0  # feeds that one child reads, seconds of the processor for one


def feeds(count: int, chance: random.Random, _folder: Path) -> Iterator[str]:
    """A child that reads hundreds of bad feeds neither dies nor stands still."""
    let_children_import_tests()
    first, target = chance.randrange(1, 1 << 30), "tests.torture.feeds:read_all"
    for start in range(0, count, BATCH):
        span = f"{first + start}", f"{min(BATCH, count - start)}"
        try:
            yield from sandbox.call(target, *span, memory=MEMORY, seconds=600)
        except ReaderError as error:
            yield f"a child died: {error}"


def read_all(first: str, _progress: Progress, number: str) -> list[str]:
    faults, read = [], 0
    for seed in range(int(first), int(first) + int(number)):
        began = time.process_time()
        try:
            feed_page.read(mutated(seed), "https://radio.example/")
            read += 1
        except ReaderError:
            continue
        except Exception as error:  # noqa: BLE001 (any other is a fault)
            faults.append(f"{seed}: {error!r}")
        if (seconds := time.process_time() - began) > SLOWEST:
            faults.append(f"{seed}: {seconds:.1f} s")
    return faults if read else [*faults, "no feed was read: nothing is proved"]
