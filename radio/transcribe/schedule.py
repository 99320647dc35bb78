"""The hours in which transcription may work."""

import datetime as dt
import re
from dataclasses import dataclass

from radio.system.messages import _

TIMES = re.compile(r"((?:[01]\d|2[0-3]):[0-5]\d)-((?:[01]\d|2[0-3]):[0-5]\d)")


@dataclass(frozen=True)
class Hours:
    """A part of each day; it spans midnight if it closes before it opens."""

    opens: dt.time
    closes: dt.time  # no longer within

    def __str__(self) -> str:
        """Write them as they are read.

        >>> str(parse_hours("23:00-07:00"))
        '23:00-07:00'
        """
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"

    def contains(self, time: dt.time) -> bool:
        """Whether a time of the day lies within.

        >>> night = parse_hours("23:00-07:00")
        >>> night.contains(dt.time(2, 30)), night.contains(dt.time(7, 0))
        (True, False)
        """
        if self.opens < self.closes:
            return self.opens <= time < self.closes
        return time >= self.opens or time < self.closes

    def wait(self, now: dt.datetime) -> dt.timedelta:
        """Give the time until they open; zero while they are open."""
        if self.contains(now.time()):
            return dt.timedelta(0)
        opening = dt.datetime.combine(now.date(), self.opens, now.tzinfo)
        return (opening if opening >= now else opening + dt.timedelta(days=1)) - now


def parse_hours(text: str) -> Hours:
    """Read `23:00-07:00`. Raises ValueError with what is expected."""
    match = TIMES.fullmatch(text.strip())
    if match is None:
        raise ValueError(_("{text!r} : il faut deux heures du jour, comme 23:00-07:00", text=text))
    opens, closes = map(dt.time.fromisoformat, match.groups())
    if opens == closes:
        raise ValueError(
            _("{text!r} : début et fin pareils ; sans l’option, c’est à toute heure", text=text)
        )
    return Hours(opens, closes)
