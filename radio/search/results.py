"""The results of a search: episodes, and in each the passages to listen to."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from radio.archive.dossier import Subject
from radio.archive.episode import Episode
from radio.search.passage import (
    CharacterRange,
    Mark,
    Passage,
    Ranges,
    Snippet,
    quote,
    sentences_of,
)
from radio.search.syntax import between, period

Aired = NDArray[np.int32]  # rows: first possible day, number of days (0: unknown), seconds
LENGTHS = (0, 900, 1800, 3600)  # seconds, at which the classes of lengths begin
LEAD_IN = 2.0  # seconds played before the word
LONGEST_LEAD = 6.0  # seconds before the word at which its sentence, or clause, may begin
_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"[,;:–—]\s+")


def table(episodes: Iterable[tuple[str, float]]) -> Aired:
    """Make the table of some episodes, from known date and length of each.

    >>> table([("2024-02", 600.0), ("", 60.0)]).tolist()
    [[738917, 29, 600], [0, 0, 60]]
    """
    rows = list[tuple[int, int, int]]()
    for known, seconds in episodes:
        first, last = period(known) or (None, None)
        days = (first.toordinal(), (last - first).days + 1) if first and last else (0, 0)
        rows.append((*days, int(seconds)))
    return np.array(rows, np.int32).reshape(-1, 3)


def lead_in(second: float) -> float:
    """Give the second at which to start playing, a little before a word.

    >>> lead_in(754.0), lead_in(0.5)
    (752.0, 0.0)
    """
    return max(0.0, second - LEAD_IN)


@dataclass(frozen=True)
class Hit:
    """A passage that matches the query."""

    passage: Passage
    matches: Ranges  # in order
    again: bool = False  # its sentence was quoted for an episode before

    @cached_property
    def start(self) -> float:
        """The second at which the first match is said."""
        return self.passage.time(self.matches[0].start)

    @cached_property
    def snippet(self) -> Snippet:
        """What is quoted of it, made only when asked for."""
        return quote(self.passage.text, self.matches, is_part=True)

    @cached_property
    def sentence(self) -> frozenset[str]:
        """The words of the sentence of the first match."""
        start, end, _ = self._whole
        return frozenset(_WORD.findall(self.passage.text[start:end].lower()))

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Where to mark it in the transcript, in order."""
        return tuple(mark for match in self.matches for mark in self.passage.marks(match))

    @cached_property
    def listen_at(self) -> float:
        """The second at which to start listening: where the sentence of the first match begins,
        else its clause, else a little before it."""
        place, text = self._whole.start, self.passage.text
        clauses = (each.end() for each in _CLAUSE.finditer(text, place, self.matches[0].start))
        starts = map(self.passage.surely_before, (place, *clauses))
        near = (each for each in starts if self.start - each <= LONGEST_LEAD)
        return next(near, lead_in(self.start))

    @cached_property
    def listen_until(self) -> float:
        """The second at which that sentence ends; a little after the match, at least."""
        return max(self.passage.time(self._whole.end - 1, is_end=True), self.start + LEAD_IN)

    @cached_property
    def _whole(self) -> CharacterRange:
        """The sentence of the first match, in the text of the passage."""
        text, place = self.passage.text, self.matches[0].start
        whole = (each for each in sentences_of(text) if each.start <= place < each.end)
        return next(whole, CharacterRange(0, len(text)))

    @property
    def in_context(self) -> tuple[str, str, str]:
        """Split the snippet: before the first match, the match, after it.

        >>> from radio.search.passage import CharacterRange
        >>> passage = Passage(0, ((0.0, 4.0, "la reconnaissance faciale"),))
        >>> Hit(passage, [CharacterRange(3, 17)]).in_context
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
    """An episode of the results; without hits where only its title or description matches."""

    episode: Episode
    hits: tuple[Hit, ...]  # best first
    more: int = 0  # further passages, about
    heading: Snippet = ()  # the title, where it matches
    told: tuple[Snippet, ...] = ()  # of its people, tags and description, what matches beside

    @property
    def key(self) -> str:
        """The key of the episode."""
        return self.episode.key

    @property
    def title(self) -> str:
        """The title of the episode."""
        return self.episode.title


Order = Literal["best", "newest", "oldest"]


@dataclass(frozen=True)
class SearchOptions:
    """What to search beside the words, and which results to give."""

    show: str | None = None  # slug
    episode: str | None = None  # key
    page: int = 1
    size: int = 10  # episodes on a page
    most: int = 10  # passages of an episode
    order: Order = "best"
    whole: bool = False  # every match of an episode in order, not its best passages
    as_typed: bool = False  # do not replace a word that is not in the index


@dataclass(frozen=True)
class Facets:
    """The episodes of the results counted by show, year, person and tag, the most first."""

    shows: tuple[tuple[str, int], ...] = ()
    years: tuple[tuple[int, int], ...] = ()  # the newest first
    people: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    voices: tuple[tuple[str, int], ...] = ()  # that speak in these episodes
    lengths: tuple[tuple[int, int], ...] = ()  # from so many seconds on, up to the next of LENGTHS


@dataclass(frozen=True)
class PeriodChoice:
    """A time of the query, applied or offered as a filter; an open side has no day."""

    first: dt.date | None
    last: dt.date | None
    words: str  # the other words
    episodes: int = 0  # that are found with the filter
    is_meant: bool = True  # as the time of broadcast, and not what is spoken of
    missed: "PeriodChoice | None" = None  # the time that was said, where nothing was aired then

    @property
    def query(self) -> str:
        """The other words and the filter."""
        return f"{self.words} {between(self.first, self.last)}".strip()


@dataclass(frozen=True)
class Alternative:
    """What is searched beside an acronym or its words, and where it is explained."""

    text: str  # the words of the acronym that was typed, or the acronym
    acronym: str
    words: str
    title: str  # of the show whose glossary tells it, else of an episode
    show: str = ""  # slug of the show
    episode: str = ""  # key of the episode
    second: float | None = None  # where it is said there

    @property
    def query(self) -> str:
        """The query for these words alone."""
        return f'"{self.text}"'


@dataclass(frozen=True)
class Interpretation:
    """What a query was taken for, where that is not what was typed."""

    asked: str = ""  # the words of a question
    instead: str = ""  # the query that was searched where a word is not in the index
    without: tuple[str, ...] = ()  # words left out, since nothing meets them with the others
    is_either: bool = False  # of these, one or another
    is_apart: bool = False  # all are said in an episode, though not in one passage
    french: str = ""  # what to try, where nobody says an English word and all shows are French
    also: tuple[Alternative, ...] = ()  # what is looked for too
    time: PeriodChoice | None = None  # to which the results are narrowed
    idle: tuple[str, ...] = ()  # words that are said everywhere, and not looked for

    def __bool__(self) -> bool:
        return self != Interpretation()

    def narrowed(self, query: str) -> str:
        """Give the query, its time as a filter."""
        return self.time.query if self.time else query


@dataclass(frozen=True)
class Near:
    """What is near to a query; all of it public."""

    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    episodes: tuple[tuple[str, str], ...] = ()  # key and title
    subjects: tuple[Subject, ...] = ()  # people and themes that a keeper names
    is_close: bool = True  # to the words of the query; else what there is at hand

    def __bool__(self) -> bool:
        return bool(self.people or self.tags or self.episodes or self.subjects)


@dataclass(frozen=True)
class Results:
    """One page of results."""

    query: str
    total: int  # episodes found
    episodes: tuple[EpisodeHits, ...]  # of this page, in order
    page: int
    pages: int
    facets: Facets = Facets()
    interpretation: Interpretation = Interpretation()
    periods: tuple[PeriodChoice, ...] = ()
    near: Near = Near()  # where nothing was found, or words were left out
    shows: tuple[str, ...] = ()  # whose titles are typed, by slug
    beyond: int = 0  # episodes that the words find without filters, where they find none with them
    # Of all pages.
    aired: Aired = field(default_factory=lambda: table(()), compare=False, repr=False)


@dataclass(frozen=True)
class IndexChanges:
    """What a refresh did, in episodes."""

    indexed: int
    removed: int
    held: int = 0  # kept although their files are gone, because too many are
