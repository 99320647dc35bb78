"""The episodes of a show by year: those of one year, or the newest, and how many others hold."""

from collections.abc import Sequence
from dataclasses import dataclass

from radio.archive.episode import Episode

FULL = 24  # episodes, after which a page begins no other year
UNDATED = "0"  # the year of those whose date is unknown, as an address names it


@dataclass(frozen=True)
class ShowYear:
    """A year of a show."""

    year: str  # nothing where the date is unknown
    number: int
    episodes: Sequence[Episode] = ()  # none where another page lists them

    @property
    def name(self) -> str:
        """Name it in addresses."""
        return self.year or UNDATED


def shelve(episodes: Sequence[Episode], asked: str, *, whole: bool = False) -> list[ShowYear]:
    """Put the episodes of a show on shelves, the newest first; those without a date come last.

    Lists what is on the shelf that is asked for, else on the newest until the page is full; of the
    others it tells the number. `whole` lists everything.
    """
    found = dict[str, list[Episode]]()
    for each in episodes:
        found.setdefault(each.known_date[:4], []).append(each)
    shelves = [
        ShowYear(year, len(found[year]), found[year]) for year in sorted(found, reverse=True)
    ]
    if whole:
        return shelves
    names = {each.name for each in shelves}
    shown = {asked} if asked in names else _newest(shelves)
    return [each if each.name in shown else ShowYear(each.year, each.number) for each in shelves]


def _newest(shelves: Sequence[ShowYear]) -> set[str]:
    """Name the first shelves, until a page is full."""
    listed, names = 0, set[str]()
    for shelf in shelves:
        if listed and listed + shelf.number > FULL:
            break
        listed += shelf.number
        names.add(shelf.name)
    return names
