"""All tortures by name, each with its usual count."""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.torture.disks import clocks, errors, no_space, power_cuts, transcriptions, unmounted
from tests.torture.feeds import feeds
from tests.torture.intakes import intakes
from tests.torture.readers import captions, clips, downloads, pictures, sidecars
from tests.torture.rereading import rereading
from tests.torture.sounds import sounds, tags

Torture = Callable[[int, random.Random, Path], Iterator[str]]

TORTURES: dict[str, tuple[Torture, int]] = {
    "captions": (captions, 5000),
    "sidecars": (sidecars, 1000),
    "pictures": (pictures, 200),
    "sounds": (sounds, 200),
    "tags": (tags, 10_000),
    "feeds": (feeds, 10_000),
    "intakes": (intakes, 200),
    "clips": (clips, 300),
    "downloads": (downloads, 20),
    "clocks": (clocks, 50),
    "errors": (errors, 100),
    "no-space": (no_space, 12),
    "power-cuts": (power_cuts, 100),
    "unmounted": (unmounted, 500),
    "transcriptions": (transcriptions, 200),
    "rereading": (rereading, 200),
}
