"""What a listener would complain of in a recording, told to keepers; derived, the file stays.

What was measured is kept in `cache/quality/`, named by the recording, so it is listened to once.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from radio import paths, records
from radio.archive import Archive
from radio.audio.quality import SILENT, Quality, listen_closely
from radio.disk import read_bytes, write_whole
from radio.episode import Episode
from radio.errors import ArchiveError
from radio.progress import Progress

VERSION = 1
LOW = -35.0  # LUFS; radio aims at -23
CLIPPED = 30  # tenths of a second
ONE_EAR = 30.0  # dB between the two sides
ABRUPT = 15.0  # dB below the loudness of all, at most, at an end that is cut

Complaint = Literal["clipping", "silence", "one ear", "low", "begins cut", "ends cut", "no seek"]


@dataclass(frozen=True)
class Fault:
    """Something that a listener would complain of."""

    kind: Complaint
    value: float = 0.0  # seconds; of `low`: LUFS; of `one ear`: 1 left, 2 right, which is heard
    at: float = 0.0  # seconds, of a silence


def quality_of(archive: Archive, episode: Episode, progress: Progress = lambda _: None) -> Quality:
    """Tell how an episode sounds; it is measured once.

    Raises AudioError if it can't be decoded, ArchiveError if the disk refuses.
    """
    path = archive.root / paths.quality(episode.audio.sha256)
    try:
        return records.read(Quality, read_bytes(path), path, version=VERSION)
    except ArchiveError:  # none yet, or one of another version
        quality = listen_closely(archive.audio_path(episode), progress)
        write_whole(path, records.render(quality, version=VERSION))
        return quality


def faults(quality: Quality) -> Iterator[Fault]:
    """Tell what a listener would complain of."""
    if quality.loudness is None or quality.loudness < LOW:
        yield Fault("low", quality.loudness if quality.loudness is not None else -70.0)
    if quality.clipped >= CLIPPED:
        yield Fault("clipping", quality.clipped / 10)
    for begin, end in quality.silences:
        yield Fault("silence", round(end - begin, 1), begin)
    if len(quality.sides) == 2 and max(quality.sides) > SILENT:
        weaker, louder = sorted(quality.sides)
        if 10 * math.log10(max(weaker, 1e-12) / louder) < -ONE_EAR:
            yield Fault("one ear", 1.0 + quality.sides.index(louder))
    least = 10 ** (((quality.loudness or 0.0) - ABRUPT) / 10)
    if quality.first > least:
        yield Fault("begins cut")
    if quality.last > least:
        yield Fault("ends cut")
    if not quality.seekable:
        yield Fault("no seek")
