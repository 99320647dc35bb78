"""All tortures by name, each with its usual count, and that of the suite."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.torture.air import pige
from tests.torture.cuts import kills, power_cuts
from tests.torture.disks import clocks, errors, no_space, signals, transcriptions, unmounted
from tests.torture.feeds import feeds
from tests.torture.intakes import intakes
from tests.torture.reached import contract, reached
from tests.torture.readers import captions, clips, downloads, pictures, sidecars
from tests.torture.rereading import rereading
from tests.torture.sittings import sittings
from tests.torture.sounds import sounds, tags
from tests.torture.writers import writers

Torture = Callable[[int, random.Random, Path], Iterator[str]]

TORTURES: dict[str, tuple[Torture, int, int]] = {
    "captions": (captions, 5000, 200),
    "sidecars": (sidecars, 1000, 30),
    "pictures": (pictures, 200, 3),
    "sounds": (sounds, 200, 6),
    "tags": (tags, 10_000, 90),
    "feeds": (feeds, 10_000, 40),
    "intakes": (intakes, 200, 2),
    "pige": (pige, 30, 1),
    "clips": (clips, 300, 5),
    "downloads": (downloads, 20, 1),
    "clocks": (clocks, 50, 2),
    "errors": (errors, 100, 1),
    "no-space": (no_space, 12, 1),
    "signals": (signals, 100, 1),
    "kills": (kills, 1000, 12),
    "power-cuts": (power_cuts, 500, 12),
    "writers": (writers, 200, 4),
    "reached": (reached, 20_000, 500),
    "contract": (contract, 100, 5),
    "unmounted": (unmounted, 500, 60),
    "transcriptions": (transcriptions, 200, 4),
    "rereading": (rereading, 200, 3),
    "sittings": (sittings, 1000, 6),
}
