"""The episodes of an index, counted by show, year, person and tag: all of them, or some."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from radio.search.aired import Aired, table
from radio.search.fields import About
from radio.search.hits import LENGTHS, Facets

MOST_NAMES = 12  # people, or tags, that are counted
Name = TypeVar("Name", str, int)
Numbers = NDArray[np.int64]
"""Of episodes, each once."""


@dataclass(frozen=True)
class FacetColumn(Generic[Name]):
    """The names of one facet: one entry for each name of each episode."""

    names: Sequence[Name]
    name: NDArray[np.int32]  # of each entry: its index in `names`
    episode: NDArray[np.int32]  # of each entry: its index

    def count(self, mask: NDArray[np.bool_]) -> list[tuple[Name, int]]:
        """Count some of the episodes by name, the most frequent first."""
        counts = np.bincount(self.name[mask[self.episode]], minlength=len(self.names))
        pairs = [
            (self.names[ordinal], int(counts[ordinal]))
            for ordinal in np.flatnonzero(counts).tolist()
        ]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


class FacetCounter:
    """Counts episodes by show, year, person and tag."""

    def __init__(self, episodes: Mapping[int, About]):
        numbers = np.fromiter(episodes, np.int64, len(episodes))
        self._places = np.argsort(numbers)  # of the numbers, in their order
        self._numbers = numbers[self._places]
        abouts = episodes.values()
        self._shows = facet_column((about.show,) for about in abouts)
        self._years = facet_column((about.year,) for about in abouts)
        self._people = facet_column(about.people for about in abouts)
        self._tags = facet_column(about.tags for about in abouts)
        self._voices = facet_column(about.voices for about in abouts)
        self._lengths = facet_column((_class(about.seconds),) for about in abouts)
        self._aired = table((about.known, about.seconds) for about in abouts)

    def count(self, numbers: Numbers) -> tuple[Facets, Aired]:
        """Count some episodes, given by their numbers, and tell when they were aired."""
        mask = np.zeros(len(self._places), bool)
        wanted = np.sort(numbers)  # found much sooner in order
        places = np.searchsorted(self._numbers[:-1], wanted)
        mask[self._places[places[self._numbers[places] == wanted]]] = True
        facets = Facets(
            tuple(self._shows.count(mask)),
            tuple(sorted(self._years.count(mask), reverse=True)),
            tuple(self._people.count(mask)[:MOST_NAMES]),
            tuple(self._tags.count(mask)[:MOST_NAMES]),
            tuple(self._voices.count(mask)[:MOST_NAMES]),
            tuple(sorted(self._lengths.count(mask))),
        )
        return facets, self._aired[mask]


def _class(seconds: int) -> int:
    """Give the class of a length: the highest of LENGTHS that it reaches."""
    return max(each for each in LENGTHS if each <= seconds)


def facet_column(names_by_episode: Iterable[Iterable[Name]]) -> FacetColumn[Name]:
    """Make a column of the names of each episode."""
    ordinals: dict[Name, int] = {}
    entries = [
        (ordinals.setdefault(name, len(ordinals)), episode)
        for episode, names in enumerate(names_by_episode)
        for name in dict.fromkeys(names)
    ]
    table = np.array(entries, np.int32).reshape(-1, 2)
    return FacetColumn(list(ordinals), table[:, 0].copy(), table[:, 1].copy())
