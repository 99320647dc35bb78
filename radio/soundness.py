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
from radio.errors import ArchiveError, RadioError
from radio.progress import Progress

VERSION = 1
LOW = -35.0  # LUFS; radio aims at -23
CLIPPED = 30  # tenths of a second
ONE_EAR = 30.0  # dB between the two sides
ABRUPT = 10.0  # dB below the loudness of all, at most, at an end that is cut
NEAR = 0.3  # seconds from an end within which somebody speaks there

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


def spoken_ends(archive: Archive, episode: Episode) -> tuple[bool, bool]:
    """Tell whether somebody speaks as an episode begins and as it ends, as its text says.

    Without a text, or where that can't be read, nobody does.
    """
    try:
        transcript = archive.transcript(episode.key)
    except RadioError:
        return False, False
    if transcript is None or not transcript.cues:
        return False, False
    end = max(each.end for each in transcript.cues)
    return transcript.cues[0].start < NEAR, end > episode.audio.duration - NEAR


def faults(quality: Quality, spoken: tuple[bool, bool] = (False, False)) -> Iterator[Fault]:
    """Tell what a listener would complain of; `spoken` tells as `spoken_ends` does.

    Music that begins or ends at once is none: jingles do.
    """
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
    if spoken[0] and quality.first > least:
        yield Fault("begins cut")
    if spoken[1] and quality.last > least:
        yield Fault("ends cut")
    if not quality.seekable:
        yield Fault("no seek")
