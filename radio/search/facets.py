"""The episodes of an index, counted by show, year, person and tag: all of them, or some."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from radio.search.fields import About
from radio.search.hits import Facets

MOST_NAMES = 12  # people, or tags, that are counted
Name = TypeVar("Name", str, int)


@dataclass(frozen=True)
class Tally(Generic[Name]):
    """Which episodes bear which names: one entry for each name of each episode."""

    names: Sequence[Name]
    name: NDArray[np.int32]  # of each entry, by its place in `names`
    episode: NDArray[np.int32]  # of each entry, by its place

    def count(self, some: NDArray[np.bool_]) -> list[tuple[Name, int]]:
        """Count how many of some episodes bear each name, the most frequent first."""
        counted = np.bincount(self.name[some[self.episode]], minlength=len(self.names))
        found = [
            (self.names[place], int(counted[place])) for place in np.flatnonzero(counted).tolist()
        ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))


class Census:
    """Counts episodes, given by their numbers."""

    def __init__(self, known: Mapping[int, About]):
        self._places = {number: place for place, number in enumerate(known)}
        every = known.values()
        self._shows = tally((about.show,) for about in every)
        self._years = tally((about.year,) for about in every)
        self._people = tally(about.people for about in every)
        self._tags = tally(about.tags for about in every)

    def among(self, numbers: Iterable[int]) -> Facets:
        """Count some episodes by each of their traits."""
        some = np.zeros(len(self._places), bool)
        found = map(self._places.get, numbers)
        some[[place for place in found if place is not None]] = True
        return Facets(
            tuple(self._shows.count(some)),
            tuple(sorted(self._years.count(some), reverse=True)),
            tuple(self._people.count(some)[:MOST_NAMES]),
            tuple(self._tags.count(some)[:MOST_NAMES]),
        )


def tally(borne: Iterable[Iterable[Name]]) -> Tally[Name]:
    """Note the names that each episode bears."""
    places: dict[Name, int] = {}
    entries = [
        (places.setdefault(name, len(places)), episode)
        for episode, names in enumerate(borne)
        for name in dict.fromkeys(names)
    ]
    table = np.array(entries, np.int32).reshape(-1, 2)
    return Tally(list(places), table[:, 0].copy(), table[:, 1].copy())
