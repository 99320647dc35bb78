"""What a search answers: episodes, and in each the passages to listen to."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

LEAD_IN = 2.0  # seconds heard before the word that was looked for


def lead_in(second: float) -> float:
    """Tell where to start listening to a word; what is marked and quoted is at the word itself.

    >>> lead_in(754.0), lead_in(0.5)
    (752.0, 0.0)
    """
    return max(0.0, second - LEAD_IN)


@dataclass(frozen=True)
class Mark:
    """Some characters of a cue that match, its spaces made one."""

    cue: int  # its number in the transcript, from 1
    start: int
    end: int


@dataclass(frozen=True)
class Hit:
    """A passage in which the query is said."""

    start: float  # seconds: where the first matching word is said
    snippet: tuple[tuple[str, bool], ...]  # the text as written, and whether it matches
    marks: tuple[Mark, ...] = ()  # in order, the first where the hit begins

    @property
    def listen_at(self) -> float:
        """Where to start listening."""
        return lead_in(self.start)

    @property
    def in_context(self) -> tuple[str, str, str]:
        """Give what is said before the first match, the match, and what is said after.

        >>> Hit(0.0, (("la ", False), ("reconnaissance", True), (" faciale", False))).in_context
        ('la ', 'reconnaissance', ' faciale')
        """
        first = next((i for i, (_, is_match) in enumerate(self.snippet) if is_match), 0)
        last = first
        for place, (text, is_match) in enumerate(self.snippet[first:], first):
            if is_match:
                last = place
            elif any(letter.isalnum() for letter in text):
                break
        texts = [text for text, _ in self.snippet]
        return "".join(texts[:first]), "".join(texts[first : last + 1]), "".join(texts[last + 1 :])


@dataclass(frozen=True)
class EpisodeHits:
    """An episode that was found; without hits where only its title or description matches."""

    key: str
    show: str
    title: str
    date: dt.date
    hits: tuple[Hit, ...]  # best first
    more: int = 0  # passages beside these, about


Order = Literal["best", "newest", "oldest"]


@dataclass(frozen=True)
class Wanted:
    """What is wanted of an answer."""

    show: str | None = None  # slug
    episode: str | None = None  # key
    page: int = 1
    size: int = 10  # episodes on a page
    order: Order = "best"
    whole: bool = False  # every place of an episode in order, not its best passages
    as_typed: bool = False  # a word that is nowhere said is taken for no other


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
    held: int = 0  # kept although their files are gone, because too many are
