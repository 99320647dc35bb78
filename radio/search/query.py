"""What people type, as clauses that must all be met in one passage, and what the episode must be.

Nothing typed is an error: what is no word is passed over. Function words are asked for only in a
phrase, or where there is nothing else.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import tantivy
from tantivy import Occur, Query

from radio.search.clauses import Clause, Compound, Either, Every, Phrase, Prefix, Term, every
from radio.search.french import Word, fold, words
from radio.search.passage import Span
from radio.search.syntax import Item, items, period

LONGEST_QUERY = 200  # characters
MOST_WORDS = 12
SHORTEST_PREFIX = 2  # letters


@dataclass(frozen=True)
class Filters:
    """What an episode must be; of each kind that names something, all must fit."""

    persons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    first: dt.date | None = None  # broadcast on that day or later
    last: dt.date | None = None  # or earlier

    def __bool__(self) -> bool:
        return self != Filters()


@dataclass(frozen=True)
class Asked:
    """A whole query: what to meet, what not, and a phrase that ranks what it meets higher."""

    clauses: tuple[Clause, ...] = ()
    excluded: tuple[Clause, ...] = ()
    filters: Filters = field(default_factory=Filters)
    closest: Phrase | None = None

    def __bool__(self) -> bool:
        return bool(self.clauses or self.filters)

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query that finds passages and episodes, whatever the filters."""
        found = every(clause.query(schema) for clause in self.clauses)
        parts = [(Occur.Must, found if self.clauses else Query.all_query())]
        parts += [(Occur.MustNot, clause.query(schema)) for clause in self.excluded]
        if self.closest is not None:
            parts.append((Occur.Should, self.closest.query(schema)))
        return Query.boolean_query(parts)

    def matches(self, text: Sequence[Word], unless: set[int]) -> list[Span]:
        """Mark a text, or those of its words that may be met; what starts at `unless` aside.

        Nothing is marked where what remains doesn't meet every clause.
        """
        marked: dict[int, int] = {}
        for clause in self.clauses:
            new = [word for word in clause.matches(text) if word.start not in unless]
            if not new:
                return []
            for word in new:
                marked[word.start] = max(word.end, marked.get(word.start, 0))
        return [Span(start, end) for start, end in sorted(marked.items())]


def parse(typed: str) -> Asked:
    """Read what was typed."""
    groups = items(typed[:LONGEST_QUERY])
    loose: list[str] = []
    firm: list[Clause] = []
    for is_loose, some in groupby(groups, key=_is_loose):
        if is_loose:
            loose.append(" ".join(group[0].text for group in some))
        else:
            firm += _all_of(_either(group) for group in some if not _is_aside(group))
    asked = [group[0] for group in groups if _is_aside(group)]
    said = [word for word in words(" , ".join(loose)) if word.position < MOST_WORDS]
    terms = list(_terms(said))
    clauses = firm + [term for term, light in terms if not light]
    clauses = clauses or [term for term, _ in terms]
    singles = tuple(word.forms for word in said if not word.compound)
    return Asked(
        tuple(clauses[:MOST_WORDS]),
        tuple(_all_of(_clause(item) for item in asked if item.negated and not item.field)),
        _filters([item for item in asked if item.field]),
        Phrase(singles) if len(singles) > 1 else None,
    )


def phrase(text: str) -> Phrase | None:
    """Make a phrase of the words of a text; None where there is none."""
    said = (word for word in words(text) if word.position < MOST_WORDS)
    singles = tuple(word.forms for word in said if not word.compound)
    return Phrase(singles) if singles else None


def _is_loose(group: Sequence[Item]) -> bool:
    """Whether it is a word without a sign."""
    item = group[0]
    return len(group) == 1 and item == Item(item.text)


def _is_aside(group: Sequence[Item]) -> bool:
    """Whether it is no clause to meet, but a filter or something that must not be."""
    return len(group) == 1 and (group[0].negated or group[0].field is not None)


def _all_of(clauses: Iterator[Clause | None]) -> list[Clause]:
    return [clause for clause in clauses if clause is not None]


def _either(group: Sequence[Item]) -> Clause | None:
    found = _all_of(_clause(item) for item in group)
    return Either(tuple(found)) if len(found) > 1 else next(iter(found), None)


def _clause(item: Item) -> Clause | None:
    """Make one clause of an item; None where it holds no word."""
    if item.quoted:
        return phrase(item.text)
    if item.begins:
        start = "".join(re.findall(r"[^\W_]+", fold(item.text.lower())))
        if len(start) >= SHORTEST_PREFIX:
            return Prefix(start)
    said = [word for word in words(item.text) if word.position < MOST_WORDS]
    terms = list(_terms(said))
    heavy = [term for term, light in terms if not light] or [term for term, _ in terms]
    return Every(tuple(heavy)) if len(heavy) > 1 else next(iter(heavy), None)


def _filters(asked: Sequence[Item]) -> Filters:
    found = Filters()
    for item in asked:
        days = period(item.text)
        if item.field == "before" and days:
            last = days[0] - dt.timedelta(days=1) if days[0] > dt.date.min else days[0]
            found = replace(found, last=min(last, found.last or last))
        elif item.field == "after" and days:
            first = days[1] + dt.timedelta(days=1) if days[1] < dt.date.max else days[1]
            found = replace(found, first=max(first, found.first or first))
        elif item.field == "person":
            found = replace(found, persons=(*found.persons, item.text))
        elif item.field == "tag":
            found = replace(found, tags=(*found.tags, item.text))
        elif item.field == "show":
            found = replace(found, shows=(*found.shows, item.text))
    return found


def _terms(said: Sequence[Word]) -> Iterator[tuple[Clause, bool]]:
    """Make clauses of words, and tell which are light; parts of a compound go into it."""
    compounds = [word for word in said if word.compound]
    for word in said:
        if word.compound:
            parts = (each for each in said if not each.compound and _within(each, word))
            yield Compound(Term(word.forms), tuple(Term(each.forms) for each in parts)), word.light
        elif not any(_within(word, compound) for compound in compounds):
            yield Term(word.forms), word.light


def _within(word: Word, compound: Word) -> bool:
    return compound.start <= word.start and word.end <= compound.end
