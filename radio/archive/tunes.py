"""The playlist of an episode: a line for each piece of music that it plays. Pure.

    Colette Magny – Melocoton [CBS] 2:12 @12:30

Artist, title, label in brackets, how long it is played, and when it begins; the title alone must
be there. It is read as people write it, and written in one way.
"""

import re
from dataclasses import dataclass

DASH = "\N{EN DASH}"
TIME = r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d"
LINE = re.compile(
    rf"""(?:(?P<artist>.+?)\s[-\N{{EN DASH}}\N{{EM DASH}}]\s)?
    (?P<title>.+?)
    (?:\s+\[(?P<label>[^\[\]]+)\])?
    (?:\s+(?P<length>{TIME}))?
    (?:\s+@\s*(?P<start>{TIME}))?""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Tune:
    """A piece of music that an episode plays."""

    title: str
    artist: str = ""
    label: str = ""
    length: float | None = None  # seconds that are played
    start: float | None = None  # second of the episode

    @property
    def name(self) -> str:
        """Its artist and its title."""
        return f"{self.artist} {DASH} {self.title}" if self.artist else self.title


def read_tune(line: str) -> Tune:
    """Read a line of a playlist; where no more is told, it is a title.

    >>> read_tune("Magny - Melocoton [CBS] 2:12 @1:02:30").start, read_tune("4:33").title
    (3750.0, '4:33')
    """
    line = " ".join(line.split())
    found = LINE.fullmatch(line)
    if found is None:
        return Tune(line)
    length, start = _seconds(found["length"]), _seconds(found["start"])
    return Tune(found["title"], found["artist"] or "", found["label"] or "", length, start)


def write_tune(tune: Tune) -> str:
    """Write a line of a playlist.

    >>> write_tune(Tune("Melocoton", "Magny", "CBS", 132.0, 3750.0))
    'Magny – Melocoton [CBS] 2:12 @1:02:30'
    """
    parts = [tune.name]
    if tune.label:
        parts.append(f"[{tune.label}]")
    if tune.length is not None:
        parts.append(_clock(tune.length))
    if tune.start is not None:
        parts.append(f"@{_clock(tune.start)}")
    return " ".join(parts)


def _clock(seconds: float) -> str:
    """Write a time as a playlist has it.

    >>> _clock(5.4), _clock(3750.0)
    ('0:05', '1:02:30')
    """
    minutes, second = divmod(round(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def _seconds(time: str | None) -> float | None:
    """Read a time as people write it.

    >>> _seconds("12:30"), _seconds("1:02:30"), _seconds(None)
    (750.0, 3750.0, None)
    """
    if time is None:
        return None
    seconds = 0
    for part in time.split(":"):
        seconds = seconds * 60 + int(part)
    return float(seconds)
