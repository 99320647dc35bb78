"""What is followed: the sources whose new recordings `radio work` takes, in `follows.json`. People
may edit the file. What was seen there is in the cache (`ingest.looks`)."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.records import RecordFile

EVERY = "6h"
UNITS = {"min": 60, "h": 3600, "d": 86_400, "j": 86_400}
SHORTEST, LONGEST = 900, 31 * 86_400  # seconds between two looks


@dataclass(frozen=True)
class Follow:
    """A source that is looked at again and again: an address, or a folder that a recorder fills."""

    address: str
    into: str  # the show that its recordings belong to; "" of a recorder: all that have a grid
    every: str = EVERY  # how long to wait between two looks: 30min, 6h, 1d
    jingles: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # files, by the show on air
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def pause(self) -> float:
        """Seconds between two looks; EVERY where the text is not valid."""
        return read_pause(self.every) or float(6 * 3600)


@dataclass(frozen=True)
class Follows:
    """All that is followed."""

    follows: tuple[Follow, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def of(self, address: str) -> Follow | None:
        """Give what is followed at an address."""
        return next((each for each in self.follows if each.address == address), None)

    def with_one(self, follow: Follow) -> "Follows":
        """Follow one more source, or change it in its place."""
        changed = {each.address: each for each in (*self.follows, follow)}
        return dataclasses.replace(self, follows=tuple(changed.values()))

    def without(self, address: str) -> "Follows":
        """Follow a source no more."""
        others = tuple(each for each in self.follows if each.address != address)
        return dataclasses.replace(self, follows=others)


def is_folder(address: str) -> bool:
    """Whether it is the folder of a recorder, or the pattern of its files, and nothing of the web.

    >>> is_folder("/srv/pige"), is_folder("/srv/pige/%Y/%m%d-%H.mp3"), is_folder("https://a.org/")
    (True, True, False)
    """
    return address.startswith("/")


def read_pause(text: str) -> float | None:
    """Read a duration in seconds, within limits; None if it is none.

    >>> read_pause("6h"), read_pause("1 j"), read_pause("5min"), read_pause("often")
    (21600.0, 86400.0, 900.0, None)
    """
    match = re.fullmatch(r"(\d{1,5})\s*(min|h|d|j)", text.strip().lower(), re.ASCII)
    if match is None:
        return None
    return float(min(max(int(match[1]) * UNITS[match[2]], SHORTEST), LONGEST))


def _require_times(found: Follows, where: object) -> None:
    message = _("{path} : every : {every!r:.40} n’est pas une durée ; écrivez 30min, 6h ou 1j")
    for each in found.follows:
        if read_pause(each.every) is None:
            raise ArchiveError(message, path=where, every=each.every)


FOLLOWS = RecordFile("follows.json", Follows, require=_require_times)
read_follows, write_follows = FOLLOWS.read, FOLLOWS.write
