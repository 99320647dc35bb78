"""The figures of a year: what was broadcast, by whom, of what, and how much of it was reread."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from radio.archive import Archive, imprint
from radio.archive.episode import Episode, Show
from radio.archive.slugs import slugify
from radio.archive.standing import status_of
from radio.system.errors import RadioError

MONTHS = 12
Count = tuple[str, int, float]
"""A name, of how many episodes it is, and their seconds."""


@dataclass(frozen=True)
class Programme:
    """An episode that was broadcast in the year."""

    show: Show
    episode: Episode
    status: str  # of its text; nothing while there is none


@dataclass(frozen=True)
class YearFigures:
    """What there is to tell of a year; lengths are seconds."""

    year: int
    programmes: tuple[Programme, ...]  # the oldest first; of the withdrawn ones none
    withdrawn: int  # of the year: counted, not named
    episodes_kept: int  # up to the end of the year
    kept: float
    added: int  # episodes of any date that came into the archive in the year
    added_length: float

    @property
    def length(self) -> float:
        """How long all programmes of the year are."""
        return _length(each.episode for each in self.programmes)

    @property
    def reread(self) -> float:
        """The share of that whose text was reread by a person, 0 to 1."""
        done = _length(each.episode for each in self.programmes if each.status == "reread")
        return done / self.length if self.length else 0.0

    @property
    def transcribed(self) -> float:
        """The share of that which has a text, 0 to 1."""
        done = _length(each.episode for each in self.programmes if each.status)
        return done / self.length if self.length else 0.0

    @property
    def months(self) -> list[tuple[int, float]]:
        """How many episodes of each month, and their length; those of no known month in none."""
        found = [
            [p.episode for p in self.programmes if p.episode.known_date[5:7] == f"{month:02d}"]
            for month in range(1, MONTHS + 1)
        ]
        return [(len(each), _length(each)) for each in found]

    @property
    def shows(self) -> list[Count]:
        """The shows of the year."""
        return _counted(self.programmes, lambda each: [each.show.title])

    @property
    def themes(self) -> list[Count]:
        """The tags of the year."""
        return _counted(self.programmes, lambda each: each.episode.tags)

    @property
    def people(self) -> list[Count]:
        """Who is named in the year."""
        return _counted(self.programmes, lambda each: [p.name for p in each.episode.people])

    @property
    def producers(self) -> list[Count]:
        """The collectives that made what was broadcast."""
        return _counted(self.programmes, lambda each: each.show.producers_of(each.episode))


def name_of(archive: Archive) -> str:
    """Name the radio as its site does, else by its stations."""
    stations = sorted({each.station for each in archive.shows() if each.station})
    return imprint.about(archive.root).name or ", ".join(stations)


def years_of(archive: Archive) -> list[int]:
    """List the years in which something was broadcast, the newest first; this one always."""
    known = {each.date.year for each in archive.episodes() if not each.is_guessed}
    return sorted(known | {dt.date.today().year}, reverse=True)


def played_in(archive: Archive, year: int) -> list[Episode]:
    """List what was on the air in a year and tells of music, the oldest first; withdrawn too."""
    found = [each for each in archive.episodes() if each.playlist and each.date.year == year]
    return sorted(found, key=lambda each: (each.date, each.slug))


def figures_of(archive: Archive, year: int) -> YearFigures:
    """Count what there is to tell of a year."""
    shows = {each.slug: each for each in archive.shows()}
    known = [each for each in archive.episodes() if each.show in shows]
    today = dt.date.today()
    told = [each for each in known if each.is_public(today)]
    until = [each for each in told if each.date.year <= year]
    added = [each for each in told if each.source.retrieved.startswith(f"{year:04d}-")]
    own = [each for each in until if each.date.year == year and not each.is_guessed]
    own.sort(key=lambda each: (each.date, each.slug))
    return YearFigures(
        year=year,
        programmes=tuple(Programme(shows[e.show], e, _status(archive, e)) for e in own),
        withdrawn=sum(each.is_withdrawn(today) and each.date.year == year for each in known),
        episodes_kept=len(until),
        kept=_length(until),
        added=len(added),
        added_length=_length(added),
    )


def _status(archive: Archive, episode: Episode) -> str:
    """Tell the status of a text; nothing where there is none, or it can't be read."""
    try:
        return status_of(archive, episode.key) or ""
    except RadioError:
        return ""


def _length(episodes: Iterable[Episode]) -> float:
    return sum(each.audio.duration for each in episodes)


def _counted(
    programmes: Sequence[Programme], names: Callable[[Programme], Iterable[str]]
) -> list[Count]:
    """Count some names, the most frequent first, however their letters are written."""
    written, numbers, lengths = dict[str, str](), Counter[str](), Counter[str]()
    for key, name, length in _named(programmes, names):
        written.setdefault(key, name)
        numbers[key] += 1
        lengths[key] += round(length)
    order = sorted(numbers, key=lambda key: (-numbers[key], key))
    return [(written[key], numbers[key], float(lengths[key])) for key in order]


def _named(
    programmes: Sequence[Programme], names: Callable[[Programme], Iterable[str]]
) -> Iterator[tuple[str, str, float]]:
    for each in programmes:
        once = {slugify(name): name for name in names(each)}
        for key, name in once.items():
            yield key, name, each.episode.audio.duration
