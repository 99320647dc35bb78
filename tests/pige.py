"""A station on the air, and recorders that record it: what is heard is known to the second."""

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from radio.sound.cutting import Strip, assemble, measure
from tests import sounds

RATE = 16_000
TILE = 20  # seconds


@dataclass
class Station:
    """What is on the air from a moment on (seconds since the epoch): tiles, no two alike."""

    folder: Path
    begin: float
    tiles: int = 12
    seed: int = 0

    @cached_property
    def strips(self) -> list[Strip]:
        """Each tile as a file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return [self._strip(number) for number in range(self.tiles + 1)]  # one is a jingle

    def _strip(self, number: int) -> Strip:
        path = self.folder / f"tile-{number}.mp3"
        if not path.exists():
            sounds.encode(melody(1000 * self.seed + number, TILE), path, RATE)
        return Strip(str(path), 0.0, measure(path).seconds)

    def on_air(self, first: float, last: float, programme: dict[float, list[int]]) -> list[Strip]:
        """Give what is heard between two moments: the tiles of a programme from its moment on,
        else all in turn."""
        found, place, turn = list[Strip](), self.begin, 0
        starts = sorted(programme)
        queue = list[int]()
        while place < last:
            if starts and place >= starts[0] - 1e-6:
                queue = list(programme[starts.pop(0)])
            number = queue.pop(0) if queue else turn % self.tiles
            turn += not queue
            strip = self.strips[number]
            length = strip.end
            if starts:
                length = min(length, starts[0] - place)
            start, end = max(place, first), min(place + length, last)
            if end > start:
                found.append(Strip(strip.path, start - place, end - place))
            place += length
        return found


def melody(seed: int, seconds: float) -> Any:
    """Notes drawn by chance, each with its own overtones, over a little noise."""
    draw = np.random.default_rng(seed)
    parts = list[Any]()
    while sum(len(each) for each in parts) < seconds * RATE:
        at = np.arange(round(draw.uniform(0.1, 0.5) * RATE)) / RATE
        pitches = draw.uniform(150, 3500, 4)
        swell = np.minimum(1, np.minimum(at, at[-1] - at) * 50)
        parts.append(swell * sum(np.sin(2 * np.pi * pitch * at) for pitch in pitches) / 8)
    sound = np.concatenate(parts)[: round(seconds * RATE)]
    return sound + 0.003 * draw.standard_normal(len(sound))


def record(strips: list[Strip], path: Path, ended: float) -> Path:
    """Write what a recorder heard, which ended at a moment by its clock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assemble(strips, path)
    os.utime(path, (ended, ended))
    return path
