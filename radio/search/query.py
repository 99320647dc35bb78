"""What people type, as clauses that must all be met in one passage.

A word is met by any of its forms, a compound by the word written in one or by all its parts, a
phrase in quotes by the same words one after the other, accents aside. Nothing typed is an error:
what is no word is passed over. A clause builds its query for tantivy, and marks in a text the
words that meet it, so that finding and marking never differ.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import tantivy
from tantivy import Occur, Query

from radio.search.french import EXACT, FOLDED, Word, words
from radio.search.passage import Span

LONGEST_QUERY = 200  # characters
MOST_WORDS = 12
FIELD = "words"
BOOSTS = {EXACT: 9.0, FOLDED: 3.0}  # against 1 for stems and lemmas
_PHRASE = re.compile(r'"([^"]*)"|«([^»]*)»|“([^”]*)”')


class Clause(Protocol):
    """A part of a query that must be met."""

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query that finds it."""
        ...

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words of a text that meet it."""
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

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words that share a form with it."""
        wanted = set(self.forms)
        return (word for word in text if not wanted.isdisjoint(word.forms))


@dataclass(frozen=True)
class Compound:
    """A word with hyphens, met by the word written in one or by all its parts."""

    whole: Term
    parts: tuple[Term, ...]

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query of either spelling."""
        parts = _all(part.query(schema) for part in self.parts)
        return Query.disjunction_max_query([self.whole.query(schema), parts])

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

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query, the words as typed above the folded ones."""
        exact, folded = ([forms[kind] for forms in self.words] for kind in (0, 1))
        return Query.disjunction_max_query(
            [
                Query.boost_query(_sequence(schema, exact), BOOSTS[EXACT]),
                Query.boost_query(_sequence(schema, folded), BOOSTS[FOLDED]),
            ]
        )

    def matches(self, text: Sequence[Word]) -> Iterator[Word]:
        """Give the words of each place where the phrase stands whole."""
        singles = [word for word in text if not word.compound]
        wanted = [forms[1] for forms in self.words]
        said = [word.forms[1] for word in singles]
        for first in range(len(said) - len(wanted) + 1):
            if said[first : first + len(wanted)] == wanted:
                yield from singles[first : first + len(wanted)]


@dataclass(frozen=True)
class Asked:
    """A whole query: the clauses to meet, and a phrase that ranks what it meets higher."""

    clauses: tuple[Clause, ...]
    closest: Phrase | None = None

    def query(self, schema: tantivy.Schema) -> Query:
        """Build the query that finds passages and episodes."""
        found = _all(clause.query(schema) for clause in self.clauses)
        if self.closest is None:
            return found
        return Query.boolean_query(
            [(Occur.Must, found), (Occur.Should, self.closest.query(schema))]
        )

    def matches(self, text: Sequence[Word], unless: set[int]) -> list[Span]:
        """Mark a text in order, the words that start at `unless` left aside.

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
    """Read what was typed.

    Function words are asked for only in a phrase, or where there is nothing else.
    """
    typed = typed[:LONGEST_QUERY]
    phrases = [_words("".join(groups)) for groups in _PHRASE.findall(typed)]
    loose = _words(_PHRASE.sub(" , ", typed))
    quoted: list[Clause] = [Phrase(tuple(word.forms for word in each)) for each in phrases if each]
    terms = list(_terms(loose))
    clauses = quoted + [term for term, light in terms if not light]
    clauses = clauses or [term for term, _ in terms]
    singles = tuple(word.forms for word in loose if not word.compound)
    closest = Phrase(singles) if len(singles) > 1 else None
    return Asked(tuple(clauses[:MOST_WORDS]), closest)


def _words(text: str) -> list[Word]:
    found = list(words(text))
    return [word for word in found if word.position < MOST_WORDS]


def _terms(loose: Sequence[Word]) -> Iterator[tuple[Clause, bool]]:
    """Make clauses of words, and tell which are light; parts of a compound go into it."""
    compounds = [word for word in loose if word.compound]
    for word in loose:
        if word.compound:
            parts = (each for each in loose if not each.compound and _within(each, word))
            yield Compound(Term(word.forms), tuple(Term(each.forms) for each in parts)), word.light
        elif not any(_within(word, compound) for compound in compounds):
            yield Term(word.forms), word.light


def _within(word: Word, compound: Word) -> bool:
    return compound.start <= word.start and word.end <= compound.end


def _all(queries: Iterator[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _sequence(schema: tantivy.Schema, forms: list[str]) -> Query:
    if len(forms) == 1:
        return Query.term_query(schema, FIELD, forms[0])
    return Query.phrase_query(schema, FIELD, list(forms))
