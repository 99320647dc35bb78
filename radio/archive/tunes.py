"""The playlist of an episode: a line for each piece of music that it plays. Pure.

    Colette Magny – Melocoton [CBS] 2:12 @12:30

Artist, title, label in brackets, length and start; only the title is required.
"""

import re
from dataclasses import dataclass

from radio.archive.protection import read_moment
from radio.text.transcript import clock

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
        return f"{self.artist} – {self.title}" if self.artist else self.title


def read_tune(line: str) -> Tune:
    """Read a line of a playlist; one in no known form is a title.

    >>> read_tune("Magny - Melocoton [CBS] 2:12 @1:02:30").start, read_tune("4:33").title
    (3750.0, '4:33')
    """
    line = " ".join(line.split())
    found = LINE.fullmatch(line)
    if found is None:
        return Tune(line)
    length, start = (read_moment(found[each] or "") for each in ("length", "start"))
    return Tune(found["title"], found["artist"] or "", found["label"] or "", length, start)


def write_tune(tune: Tune) -> str:
    """Write a line of a playlist, its times in whole seconds.

    >>> write_tune(Tune("Melocoton", "Magny", "CBS", 132.0, 3750.0))
    'Magny – Melocoton [CBS] 2:12 @1:02:30'
    """
    label = f"[{tune.label}]" if tune.label else ""
    length = "" if tune.length is None else clock(round(tune.length))
    start = "" if tune.start is None else f"@{clock(round(tune.start))}"
    return " ".join(filter(None, (tune.name, label, length, start)))
