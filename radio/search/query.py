"""A query: clauses that one passage must meet, and filters that the episode must fit.

No text is refused: what is neither a word nor a sign of the syntax is ignored. A function word
(« le », « de ») makes a clause only in a phrase, or where the query holds no other word.
"""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

from tantivy import Occur, Query

from radio.french.letters import fold
from radio.search.clauses import (
    Clause,
    Compound,
    Either,
    Every,
    Phrase,
    Prefix,
    QueriedWord,
    Term,
    compiled,
    matches,
)
from radio.search.french import AnalysedWord, words
from radio.search.passage import CharacterRange
from radio.search.syntax import Item, Lengths, aired, items, lengths
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
        parts += [(Occur.MustNot, compiled(clause, vocabulary)) for clause in self.exclusions]
        if self.closest is not None:
            parts.append((Occur.Should, compiled(self.closest, vocabulary)))
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
            new = [word for word in matches(clause, text) if word.start not in unless]
            if not new and place not in told:
                return []
            for word in new:
                other = ranges.get(word.start)
                if other is None or other.end < word.end:
                    ranges[word.start] = CharacterRange(word.start, word.end, place)
        found: list[CharacterRange] = []
        for start in sorted(ranges):
            if not found or start >= found[-1].end:  # no word within another
                found.append(ranges[start])
        return found


def parse(text: str) -> ParsedQuery:
    """Parse what was typed. No text is refused: what is not a sign of the syntax is words.

    Clauses with a sign come first, then one for each free word.
    """
    groups = items(text[:LONGEST_QUERY])
    aside = [group[0] for group in groups if _is_aside(group)]
    signed = (group for group in groups if not (_is_free(group) or _is_aside(group)))
    free = list(_free_words(groups))
    singles = tuple(word.forms for word in free if not word.is_compound)
    terms = list(_terms(free))
    clauses = [clause for clause in map(_either, signed) if clause]
    clauses += [term for term, is_light in terms if not is_light]
    excluded = (_clause(item) for item in aside if item.is_negated and not item.field)
    return ParsedQuery(
        tuple(clauses or (term for term, _ in terms))[:MOST_WORDS],
        tuple(clause for clause in excluded if clause),
        _filters([item for item in aside if item.field]),
        Phrase(singles) if len(singles) > 1 else None,
    )


def _is_free(group: Sequence[Item]) -> bool:
    """Whether it is one word without any sign of the syntax."""
    return len(group) == 1 and group[0].is_plain


def _is_aside(group: Sequence[Item]) -> bool:
    """Whether it is a filter or an exclusion, and so no clause to meet."""
    return len(group) == 1 and (group[0].is_negated or group[0].field is not None)


def _free_words(groups: Sequence[Sequence[Item]]) -> Iterator[AnalysedWord]:
    """Give the words typed without a sign; a sign between two of them ends a compound."""
    runs = (list(some) for is_free, some in groupby(groups, key=_is_free) if is_free)
    return _first_words(" , ".join(" ".join(group[0].text for group in run) for run in runs))


def _first_words(text: str) -> Iterator[AnalysedWord]:
    return (word for word in words(text) if word.position < MOST_WORDS)


def phrase(text: str) -> Phrase | None:
    """Make a phrase of the words of a text; None where it has no word."""
    singles = tuple(word.forms for word in _first_words(text) if not word.is_compound)
    return Phrase(singles) if singles else None


def _either(group: Sequence[Item]) -> Clause | None:
    return _joined(Either, [clause for item in group if (clause := _clause(item))])


def _joined(kind: type[Either | Every], clauses: Sequence[Clause]) -> Clause | None:
    return kind(tuple(clauses)) if len(clauses) > 1 else next(iter(clauses), None)


def _clause(item: Item) -> Clause | None:
    """Make one clause of an item; None where it holds no word."""
    if item.is_quoted:
        return phrase(item.text)
    if item.is_prefix:
        start = "".join(re.findall(r"[^\W_]+", fold(item.text.lower())))
        if len(start) >= SHORTEST_PREFIX:
            return Prefix(start)
    terms = list(_terms(_first_words(item.text)))
    heavy = [term for term, is_light in terms if not is_light]
    return _joined(Every, heavy or [term for term, _ in terms])


def _filters(aside: Sequence[Item]) -> Filters:
    persons, tags, shows, voices, durations = (
        tuple(item.text for item in aside if item.field == field)
        for field in ("person", "tag", "show", "voice", "length")
    )
    allowed = tuple(found for text in durations if (found := lengths(text)))
    return Filters(persons, tags, shows, *aired(aside), voices, allowed)


def _terms(text_words: Iterable[AnalysedWord]) -> Iterator[tuple[Clause, bool]]:
    """Make a clause of each word, and tell whether it is a function word.

    The parts of a compound belong to its clause and make none of their own.
    """
    every = list(text_words)
    compounds = [word for word in every if word.is_compound]
    for word in every:
        if word.is_compound:
            inside = (each for each in every if not each.is_compound and _within(each, word))
            whole, parts = Term(word.forms), tuple(Term(each.forms) for each in inside)
            yield Compound(whole, parts) if parts else whole, word.is_light
        elif not any(_within(word, compound) for compound in compounds):
            yield Term(word.forms), word.is_light


def _within(word: AnalysedWord, compound: AnalysedWord) -> bool:
    return compound.start <= word.start and word.end <= compound.end
