"""How often an episode was opened and heard, where a keeper asks for that: numbers by day, in
`desk/heard/`, a file for each episode. Nothing of who: no address, hour or browser; nothing links
two visits."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from radio.archive import journal, paths
from radio.archive.archive import Archive
from radio.archive.episode import Episode
from radio.system.records import RecordFile

FOLDER = f"{journal.FOLDER}/heard"
Event = Literal["page", "play", "file"]
EVENTS: tuple[Event, ...] = ("page", "play", "file")  # opened, begun in its player, asked for

Numbers = tuple[int, int, int]  # of EVENTS, in their order


@dataclass(frozen=True)
class _Heard:
    days: Mapping[str, Numbers] = field(default_factory=dict)


def add(archive: Archive, key: str, new: Mapping[tuple[str, Event], int]) -> None:
    """Add numbers by day and event, unless the episode is gone. Raises BusyError while somebody
    writes, ArchiveError if the file can't be read or written."""
    with archive.lock(wait=False):
        if not archive.sidecar_path(key).is_file():
            return
        file = _file(key)
        days = {day: [*numbers] for day, numbers in file.read(archive.root).days.items()}
        for (day, event), number in new.items():
            days.setdefault(day, [0, 0, 0])[EVENTS.index(event)] += number
        written = {day: (page, play, asked) for day, (page, play, asked) in sorted(days.items())}
        file.write(archive.root, _Heard(written))


def heard_in(archive: Archive, year: int) -> Iterator[tuple[str, Episode, Numbers]]:
    """Give what was counted in a year, by day and episode; nothing of shows that forbid it, nor of
    what is withdrawn."""
    now, allowed = dt.datetime.now(), {e.slug for e in archive.shows() if not e.uncounted}
    found = list[tuple[str, Episode, Numbers]]()
    for each in archive.episodes():
        if each.show in allowed and not each.is_withdrawn(now):
            days = _file(each.key).recall(archive.root).days.items()
            found += [(day, each, numbers) for day, numbers in days if day[:4] == str(year)]
    yield from sorted(found, key=lambda row: (row[0], row[1].key))


def _file(key: str) -> RecordFile[_Heard]:
    return RecordFile(f"{FOLDER}/{paths.checked_key(key)}.json", _Heard)
