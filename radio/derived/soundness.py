"""What a listener would complain of in a recording, for keepers; the file stays. Measures are saved
in `cache/quality/`, named by the recording, so it is decoded once."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radio.archive import Archive, paths
from radio.archive.episode import Episode
from radio.sound.quality import SILENT, Quality, listen_closely
from radio.system import records
from radio.system.disk import write_whole
from radio.system.errors import RadioError
from radio.system.progress import Progress, silent

VERSION = 1
LISTENING = -16.0  # LUFS
CEILING = -1.0  # dBTP
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


def quality_of(archive: Archive, episode: Episode, progress: Progress = silent) -> Quality:
    """Measure how an episode sounds, once. Raises AudioError if it can't be decoded."""
    known = known_quality(archive, episode)
    if known is not None:
        return known
    quality = listen_closely(archive.audio_path(episode), progress)
    write_whole(quality_path(archive, episode), records.render(quality, version=VERSION))
    return quality


def known_quality(archive: Archive, episode: Episode) -> Quality | None:
    """Tell how an episode sounds, if it was measured."""
    return records.recall(Quality, quality_path(archive, episode), version=VERSION)


def quality_path(archive: Archive, episode: Episode) -> Path:
    """Give the path of the measures of an episode."""
    return archive.root / paths.quality(episode.audio.sha256)


def unmeasured(archive: Archive) -> list[Episode]:
    """List the episodes that are not measured, the newest first."""
    lacking = (each for each in archive.episodes() if not quality_path(archive, each).exists())
    return [each for each in lacking if archive.holds(archive.audio_path(each))]


def gain(quality: Quality) -> float | None:
    """Give by how many dB to play a recording so that all are as loud, and nothing clips.

    EBU R 128 (https://tech.ebu.ch/publications/r128) defines loudness and true peak; its supplement
    s2 has streams at -20 to -16 LUFS, at most -1 dBTP. Weak sound is raised as far as its peak
    allows, loud sound lowered. None for silence.

    >>> from dataclasses import replace
    >>> weak = Quality(-26.0, -14.0, 0, (), (), 0.0, 0.0, True)
    >>> gain(weak), gain(replace(weak, peak=-4.0)), gain(replace(weak, loudness=-9.5, peak=0.4))
    (10.0, 3.0, -6.5)
    """
    if quality.loudness is None or quality.peak is None:
        return None
    wanted = LISTENING - quality.loudness
    return round(min(wanted, max(0.0, CEILING - quality.peak)), 1)


def known_gain(archive: Archive, episode: Episode) -> float | None:
    """Give the gain of an episode, if it was measured."""
    quality = known_quality(archive, episode)
    return gain(quality) if quality else None


def spoken_ends(archive: Archive, episode: Episode) -> tuple[bool, bool]:
    """Whether somebody speaks as an episode begins and as it ends, by its text, if it has one."""
    try:
        transcript = archive.transcript(episode.key)
    except RadioError:
        return False, False
    if transcript is None or not transcript.cues:
        return False, False
    end = max(each.end for each in transcript.cues)
    return transcript.cues[0].start < NEAR, end > episode.audio.duration - NEAR


def faults(quality: Quality, spoken: tuple[bool, bool] = (False, False)) -> Iterator[Fault]:
    """Find what a listener would complain of; music may begin or end at once."""
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
