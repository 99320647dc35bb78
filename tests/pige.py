"""A station on the air, and what recorders write of it: what is heard is known to the frame."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import av
import numpy as np

RATE = 16_000  # Hz
FRAME, BYTES = 0.036, 72  # seconds and bytes of a frame of MP3 at that rate and 16 kbit/s
FRAMES = 556  # of a tile
TILE = FRAMES * FRAME  # 20.016 seconds

Shows = Mapping[float, Sequence[int]]  # the tiles of each, by the moment at which it begins


@dataclass(frozen=True)
class Station:
    """What is on the air at each moment (seconds since the epoch): tiles of sound, no two alike."""

    folder: Path
    tiles: int = 12  # beside as many that only shows have: jingles
    jingles: int = 1

    @cached_property
    def sounds(self) -> list[bytes]:
        """Each tile, as frames."""
        return [self._sound(number) for number in range(self.tiles + self.jingles)]

    def path(self, number: int) -> Path:
        """Give a tile as a file."""
        path = self.folder / f"tile-{number}.mp3"
        if not path.exists():
            path.write_bytes(self.sounds[number])
        return path

    @cached_property
    def silence(self) -> bytes:
        """A tile in which nothing is heard."""
        return self._encoded("silence", np.zeros(round((TILE + 2) * RATE)))

    def _sound(self, number: int) -> bytes:
        return self._encoded(str(number), melody(number, TILE + 2))

    def _encoded(self, name: str, sound: Any) -> bytes:
        path = self.folder / f"encoded-{name}.mp3"
        with av.open(
            path, "w", format="mp3", options={"write_xing": "0", "id3v2_version": "0"}
        ) as made:
            stream = made.add_stream("libmp3lame", rate=RATE)
            assert isinstance(stream, av.AudioStream)
            stream.layout, stream.bit_rate = "mono", 16_000
            frame = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), "fltp", "mono")
            frame.sample_rate = RATE
            made.mux([*stream.encode(frame), *stream.encode(None)])
        content = path.read_bytes()
        return content[3 * BYTES : (3 + FRAMES) * BYTES]  # without what the encoder begins with

    def heard(self, first: float, last: float, shows: Shows) -> bytes:
        """Give what is heard between two moments: shows, and else tiles in an order of its own."""
        begin, end = round(first / FRAME), round(last / FRAME)
        found = bytearray(
            b"".join(
                self.sounds[int(np.random.default_rng(each).integers(self.tiles))]
                for each in range(begin // FRAMES, end // FRAMES + 1)
            )
        )[begin % FRAMES * BYTES :][: (end - begin) * BYTES]
        for moment, tiles in shows.items():
            start = round(moment / FRAME) - begin
            sound = b"".join(self.sounds[each] for each in tiles)
            if start < end - begin and start + len(sound) // BYTES > 0:
                cut = sound[max(0, -start) * BYTES : (end - begin - start) * BYTES]
                place = max(0, start) * BYTES
                found[place : place + len(cut)] = cut
        return bytes(found)


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


def record(heard: bytes, path: Path, ended: float) -> Path:
    """Write what a recorder heard, which ended at a moment by its clock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(heard)
    os.utime(path, (ended, ended))
    return path
