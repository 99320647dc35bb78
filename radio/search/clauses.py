"""The clauses of a query: each builds what finds it, and marks in a text the words that meet it.

A word is met by any of its forms, a compound by the word written in one or by all its parts, a
phrase by the same words one after the other, accents aside. Finding and marking go by the same
forms, so that they never differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import tantivy
from tantivy import Occur, Query

from radio.search.french import EXACT, FOLDED, Word

FIELD = "words"
BOOSTS = {EXACT: 9.0, FOLDED: 3.0}  # against 1 for stems and lemmas


class Clause(Protocol):
    """A part of a query that must be met."""

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query that finds it."""
        ...

    @property
    def wanted(self) -> frozenset[str]:
        """The forms, or beginnings of forms, of the words that it may be met by."""
        ...

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words that meet it, of those of a text that may."""
        ...


@dataclass(frozen=True)
class Term:
    """A word, met by any of its forms."""

    forms: tuple[str, ...]

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query, exact above folded above stem."""
        return Query.disjunction_max_query(
            [
                Query.boost_query(Query.term_query(schema, FIELD, form), BOOSTS.get(form[0], 1.0))
                for form in self.forms
            ]
        )

    @cached_property
    def wanted(self) -> frozenset[str]:
        """All its forms."""
        return frozenset(self.forms)

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words that share a form with it."""
        return (word for word in text if not self.wanted.isdisjoint(word.forms))


@dataclass(frozen=True)
class Compound:
    """A word with hyphens, met by the word written in one or by all its parts."""

    whole: Term
    parts: tuple[Term, ...]

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query of either spelling."""
        parts = every(part.query(schema) for part in self.parts)
        return Query.disjunction_max_query([self.whole.query(schema), parts])

    @property
    def wanted(self) -> frozenset[str]:
        """The forms of the whole and of its parts."""
        return self.whole.wanted.union(*(part.wanted for part in self.parts))

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words written in one, or else the parts."""
        whole = list(self.whole.matches(text))
        if whole:
            yield from whole
            return
        for part in self.parts:
            yield from part.matches(text)


@dataclass(frozen=True)
class Phrase:
    """Words one after the other, met by their folded forms."""

    words: tuple[tuple[str, ...], ...]
    weight: float = 1.0  # of its score

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query, the words as typed above the folded ones."""
        exact, folded = ([forms[kind] for forms in self.words] for kind in (0, 1))
        return Query.disjunction_max_query(
            [
                Query.boost_query(_sequence(schema, exact), self.weight * BOOSTS[EXACT]),
                Query.boost_query(_sequence(schema, folded), self.weight * BOOSTS[FOLDED]),
            ]
        )

    @property
    def wanted(self) -> frozenset[str]:
        """The folded forms of its words."""
        return frozenset(self._folded)

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words of each place where the phrase stands whole."""
        said = {word.position: word for word in text if not word.compound}
        for first in said:
            found = [said.get(first + ahead) for ahead in range(len(self.words))]
            whole = [word for word in found if word]
            if [word.forms[1] for word in whole] == self._folded:
                yield from whole

    @cached_property
    def _folded(self) -> list[str]:
        return [forms[1] for forms in self.words]


@dataclass(frozen=True)
class Prefix:
    """The beginning of words, accents aside."""

    start: str  # folded: letters and digits

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query of every word that begins so."""
        return Query.regex_query(schema, FIELD, f"{FOLDED}{self.start}.*")

    @property
    def wanted(self) -> frozenset[str]:
        """What folded forms begin with."""
        return frozenset((FOLDED + self.start,))

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words that begin so."""
        return (word for word in text if word.forms[1].startswith(FOLDED + self.start))


@dataclass(frozen=True)
class Every:
    """Several clauses, all to be met."""

    clauses: tuple[Clause, ...]

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query of all."""
        return every(clause.query(schema) for clause in self.clauses)

    @property
    def wanted(self) -> frozenset[str]:
        """The forms that any of them wants."""
        return wanted(self.clauses)

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words of each, or none where one is not met."""
        found = [list(clause.matches(text)) for clause in self.clauses]
        if all(found):
            for some in found:
                yield from some


@dataclass(frozen=True)
class Either:
    """Several clauses, one of which is enough."""

    clauses: tuple[Clause, ...]

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query of any."""
        return Query.disjunction_max_query([clause.query(schema) for clause in self.clauses])

    @property
    def wanted(self) -> frozenset[str]:
        """The forms that any of them wants."""
        return wanted(self.clauses)

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words of each that is met."""
        for clause in self.clauses:
            yield from clause.matches(text)


def every(queries: Iterable[Query]) -> Query:
    """Build the query of what meets all."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def wanted(clauses: Iterable[Clause]) -> frozenset[str]:
    """Join what some clauses want."""
    return frozenset().union(*(clause.wanted for clause in clauses))


def are_in_order(clauses: Iterable[Clause]) -> bool:
    """Whether it counts in some clauses which word follows which."""
    return any(
        len(clause.words) > 1
        if isinstance(clause, Phrase)
        else isinstance(clause, Every | Either) and are_in_order(clause.clauses)
        for clause in clauses
    )


def _sequence(schema: tantivy.Schema, forms: list[str]) -> Query:
    if len(forms) == 1:
        return Query.term_query(schema, FIELD, forms[0])
    return Query.phrase_query(schema, FIELD, list(forms))
