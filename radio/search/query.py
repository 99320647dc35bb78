"""A query: clauses that one passage must meet, and filters that the episode must fit.

No text is refused: what is neither a word nor a sign of the syntax is ignored. A function word
(« le », « de ») makes a clause only in a phrase, or where the query holds no other word.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from tantivy import Occur, Query

from radio.french.letters import fold
from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Prefix, QueriedWord, Term
from radio.search.french import AnalysedWord, words
from radio.search.snippet import CharacterRange
from radio.search.syntax import Field, Item, Lengths, items, lengths, period
from radio.search.vocabulary import Vocabulary

LONGEST_QUERY = 200  # characters
MOST_WORDS = 12
SHORTEST_PREFIX = 2  # letters


@dataclass(frozen=True)
class Filters:
    """What an episode must fit: every person, tag and show that is named, and the dates."""

    persons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    first: dt.date | None = None  # broadcast on that day or later
    last: dt.date | None = None  # or earlier
    voices: tuple[str, ...] = ()  # who says it
    lengths: tuple[Lengths, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


class PlacedWord(QueriedWord, Protocol):
    """A word of a text that is to be marked, by its characters."""

    @property
    def start(self) -> int: ...  # noqa: D102
    @property
    def end(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class ParsedQuery:
    """A parsed query: clauses to meet, clauses that must not match, filters.

    `closest` is no condition: a passage that holds this phrase ranks higher.
    """

    clauses: tuple[Clause, ...] = ()
    exclusions: tuple[Clause, ...] = ()
    filters: Filters = field(default_factory=Filters)
    closest: Phrase | None = None

    def __bool__(self) -> bool:
        return bool(self.clauses or self.filters)

    def around(self, met: Query, vocabulary: Vocabulary) -> Query:
        """Add to the query of what meets the clauses all else but the filters."""
        parts = [(Occur.Must, met)]
        parts += [(Occur.MustNot, clause.compile(vocabulary)) for clause in self.exclusions]
        if self.closest is not None:
            parts.append((Occur.Should, self.closest.compile(vocabulary)))
        return Query.boolean_query(parts)

    def matches(
        self,
        text: Sequence[PlacedWord],
        unless: Collection[int] = (),
        told: Collection[int] = (),
    ) -> list[CharacterRange]:
        """Find the words of a text that meet the clauses; words that start at `unless` don't count.

        `text` may leave out words that no clause can match. Gives nothing unless every clause is
        met, but for those that are `told` elsewhere, given by their place.
        """
        ranges: dict[int, CharacterRange] = {}
        for place, clause in enumerate(self.clauses):
            new = [word for word in clause.matches(text) if word.start not in unless]
            if not new and place not in told:
                return []
            for word in new:
                other = ranges.get(word.start)
                if other is None or other.end < word.end:
                    ranges[word.start] = CharacterRange(word.start, word.end, place)
        return [ranges[start] for start in sorted(ranges)]


def parse(text: str) -> ParsedQuery:
    """Parse what was typed. No text is refused: what is not a sign of the syntax is words."""
    groups = items(text[:LONGEST_QUERY])
    aside = [group[0] for group in groups if _is_aside(group)]
    free = list(_free_words(groups))
    singles = tuple(word.forms for word in free if not word.is_compound)
    return ParsedQuery(
        tuple(_clauses(groups, free)[:MOST_WORDS]),
        tuple(_all_of(_clause(item) for item in aside if item.is_negated and not item.field)),
        _filters([item for item in aside if item.field]),
        Phrase(singles) if len(singles) > 1 else None,
    )


def _free_words(groups: Sequence[Sequence[Item]]) -> Iterator[AnalysedWord]:
    """Give the words typed without a sign; a sign between two of them ends a compound."""
    runs = (list(some) for is_free, some in groupby(groups, key=_is_free) if is_free)
    texts = (" ".join(group[0].text for group in run) for run in runs)
    return (word for word in words(" , ".join(texts)) if word.position < MOST_WORDS)


def _clauses(groups: Sequence[Sequence[Item]], free: Sequence[AnalysedWord]) -> list[Clause]:
    """Make the clauses to meet: those with a sign first, then one for each free word.

    Function words make clauses only where there is no other.
    """
    signed = (group for group in groups if not _is_free(group) and not _is_aside(group))
    terms = list(_terms(free))
    clauses = _all_of(map(_either, signed)) + [term for term, is_light in terms if not is_light]
    return clauses or [term for term, _ in terms]


def phrase(text: str) -> Phrase | None:
    """Make a phrase of the words of a text; None where it has no word."""
    text_words = (word for word in words(text) if word.position < MOST_WORDS)
    singles = tuple(word.forms for word in text_words if not word.is_compound)
    return Phrase(singles) if singles else None


def _is_free(group: Sequence[Item]) -> bool:
    """Whether it is one word without any sign of the syntax."""
    item = group[0]
    return len(group) == 1 and item == Item(item.text)


def _is_aside(group: Sequence[Item]) -> bool:
    """Whether it is a filter or an exclusion, and so no clause to meet."""
    return len(group) == 1 and (group[0].is_negated or group[0].field is not None)


def _all_of(clauses: Iterator[Clause | None]) -> list[Clause]:
    return [clause for clause in clauses if clause is not None]


def _either(group: Sequence[Item]) -> Clause | None:
    clauses = _all_of(_clause(item) for item in group)
    return Either(tuple(clauses)) if len(clauses) > 1 else next(iter(clauses), None)


def _clause(item: Item) -> Clause | None:
    """Make one clause of an item; None where it holds no word."""
    if item.is_quoted:
        return phrase(item.text)
    if item.is_prefix:
        start = "".join(re.findall(r"[^\W_]+", fold(item.text.lower())))
        if len(start) >= SHORTEST_PREFIX:
            return Prefix(start)
    text_words = [word for word in words(item.text) if word.position < MOST_WORDS]
    terms = list(_terms(text_words))
    heavy = [term for term, light in terms if not light] or [term for term, _ in terms]
    return Every(tuple(heavy)) if len(heavy) > 1 else next(iter(heavy), None)


def _filters(aside: Sequence[Item]) -> Filters:
    return Filters(
        tuple(item.text for item in aside if item.field == "person"),
        tuple(item.text for item in aside if item.field == "tag"),
        tuple(item.text for item in aside if item.field == "show"),
        first=max(map(_day_after, _periods(aside, "after")), default=None),
        last=min(map(_day_before, _periods(aside, "before")), default=None),
        voices=tuple(item.text for item in aside if item.field == "voice"),
        lengths=tuple(
            found for item in aside if item.field == "length" and (found := lengths(item.text))
        ),
    )


def _periods(aside: Sequence[Item], side: Field) -> Iterator[tuple[dt.date, dt.date]]:
    return (days for item in aside if item.field == side and (days := period(item.text)))


def _day_before(days: tuple[dt.date, dt.date]) -> dt.date:
    """Give the last day before a period; its own first day where the calendar begins."""
    return days[0] - dt.timedelta(days=1) if days[0] > dt.date.min else days[0]


def _day_after(days: tuple[dt.date, dt.date]) -> dt.date:
    """Give the first day after a period; its own last day where the calendar ends."""
    return days[1] + dt.timedelta(days=1) if days[1] < dt.date.max else days[1]


def _terms(text_words: Sequence[AnalysedWord]) -> Iterator[tuple[Clause, bool]]:
    """Make a clause of each word, and tell whether it is a function word.

    The parts of a compound belong to its clause and make none of their own.
    """
    compounds = [word for word in text_words if word.is_compound]
    for word in text_words:
        if word.is_compound:
            inside = (each for each in text_words if not each.is_compound and _within(each, word))
            whole, parts = Term(word.forms), tuple(Term(each.forms) for each in inside)
            yield Compound(whole, parts) if parts else whole, word.is_light
        elif not any(_within(word, compound) for compound in compounds):
            yield Term(word.forms), word.is_light


def _within(word: AnalysedWord, compound: AnalysedWord) -> bool:
    return compound.start <= word.start and word.end <= compound.end
