"""What a search answers: episodes, and in each the passages to listen to."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

LEAD_IN = 2.0  # seconds heard before the word that was looked for


@dataclass(frozen=True)
class Hit:
    """A passage in which the query is said."""

    start: float  # seconds: where the first matching word is said
    snippet: tuple[tuple[str, bool], ...]  # the text as written, and whether it matches

    @property
    def listen_at(self) -> float:
        """Where to start listening.

        >>> Hit(754.0, ()).listen_at, Hit(0.5, ()).listen_at
        (752.0, 0.0)
        """
        return max(0.0, self.start - LEAD_IN)


@dataclass(frozen=True)
class EpisodeHits:
    """An episode that was found; without hits where only its title or description matches."""

    key: str
    show: str
    title: str
    date: dt.date
    hits: tuple[Hit, ...]  # best first


Order = Literal["best", "newest", "oldest"]


@dataclass(frozen=True)
class Facets:
    """How many of the episodes found there are of each kind, the most first."""

    shows: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # the newest first
    people: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Results:
    """One page of an answer."""

    query: str
    total: int  # episodes found
    episodes: tuple[EpisodeHits, ...]  # of this page, in order
    page: int
    pages: int
    facets: Facets = Facets()
    instead: str = ""  # what was looked for where what was typed is nowhere said


@dataclass(frozen=True)
class Changes:
    """What a refresh did, in episodes."""

    indexed: int
    removed: int
