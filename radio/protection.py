"""What keepers did to protect people, as the sidecar of an episode tells it. Pure."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Protection:
    """What was done for people, as far as listeners are told of it."""

    since: dt.date | None = None  # the day on which it was withdrawn
    noindex: bool = False  # whether search engines are asked to leave it out

    def joined(self, other: "Protection", since: dt.date | None) -> "Protection":
        """Keep what protects people in either of two episodes that become one."""
        return Protection(since, self.noindex or other.noindex)
