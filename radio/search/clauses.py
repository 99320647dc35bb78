"""The clauses of a query. Each finds passages in the index, and marks the matching words of a text.

A term matches a word by any of its forms; a compound by the whole word or by all its parts; a
phrase by the same words in the same order, accents ignored. Finding and marking use the same
forms, so that they always agree.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Protocol, TypeVar

from tantivy import Occur, Query

from radio.search.fields import schema
from radio.search.french import FOLDED, STEM
from radio.search.vocabulary import Vocabulary


class QueriedWord(Protocol):
    """A word of a text, with the forms that may match."""

    @property
    def position(self) -> int: ...  # noqa: D102
    @property
    def is_compound(self) -> bool: ...  # noqa: D102
    @property
    def forms(self) -> Collection[str]: ...  # noqa: D102


AnyWord = TypeVar("AnyWord", bound=QueriedWord)


class Clause(Protocol):
    """A part of a query that every result must match."""

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query of the index."""
        ...

    @property
    def index_terms(self) -> frozenset[str]:
        """The forms, or beginnings of forms, of the words that it can match."""
        ...

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give each spelling that it can match in the index, with a form by which it does."""
        ...

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the words of a text that match; `text` may leave out words that can't."""
        ...


@dataclass(frozen=True)
class Term:
    """A word, which matches by any of its forms.

    Its folded form counts only where it has no lemma or stem: « marche » is not « marché ».
    """

    forms: tuple[str, ...]

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query, exact above folded above stem."""
        return vocabulary.any_of(self._searched)

    @cached_property
    def index_terms(self) -> frozenset[str]:
        """The forms that are searched."""
        return frozenset(self._searched)

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give the spellings of each form."""
        return _spelt(self.index_terms, vocabulary)

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the words that share a form with it."""
        return (word for word in text if not self.index_terms.isdisjoint(word.forms))

    @property
    def _searched(self) -> tuple[str, ...]:
        others = tuple(form for form in self.forms if form[0] != FOLDED)
        return others if len(others) > 1 else self.forms


@dataclass(frozen=True)
class Compound:
    """A word with hyphens: matches the whole word, or all its parts."""

    whole: Term
    parts: tuple[Term, ...]

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query of either spelling."""
        parts = every(part.compile(vocabulary) for part in self.parts)
        return Query.disjunction_max_query([self.whole.compile(vocabulary), parts])

    @property
    def index_terms(self) -> frozenset[str]:
        """The forms of the whole and of its parts."""
        return self.whole.index_terms.union(*(part.index_terms for part in self.parts))

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give the spellings of the whole and of its parts."""
        return _spelt(self.index_terms, vocabulary)

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the whole words, or else the parts."""
        whole = list(self.whole.matches(text))
        if whole:
            yield from whole
            return
        for part in self.parts:
            yield from part.matches(text)


@dataclass(frozen=True)
class Phrase:
    """Words in this order, compared by their folded forms, or as inflected."""

    words: tuple[tuple[str, ...], ...]
    weight: float = 1.0  # of its score
    is_inflected: bool = False  # « questions prioritaires » is « question prioritaire »

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query, the words as typed above the folded ones."""
        return vocabulary.in_order(self.words, self.weight, self._keys)

    @property
    def index_terms(self) -> frozenset[str]:
        """The forms by which its words are compared."""
        return frozenset().union(*self._keys)

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give the spellings of each of its words."""
        return _spelt(self.index_terms, vocabulary)

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the words of each complete occurrence of the phrase."""
        by_position = {word.position: word for word in text if not word.is_compound}
        for first in by_position:
            run = [by_position.get(first + ahead) for ahead in range(len(self.words))]
            whole = [word for word in run if word]
            pairs = zip(whole, self._keys, strict=False)
            if len(whole) == len(self.words) and all(
                not keys.isdisjoint(word.forms) for word, keys in pairs
            ):
                yield from whole

    @cached_property
    def _keys(self) -> list[frozenset[str]]:
        if self.is_inflected:
            return [roots(forms) for forms in self.words]
        return [frozenset(forms[1:2]) for forms in self.words]


@dataclass(frozen=True)
class Prefix:
    """The beginning of words, accents ignored."""

    start: str  # folded: letters and digits

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query of every word that begins so."""
        return Query.term_set_query(
            schema(), vocabulary.field, list(vocabulary.beginning(self.start))
        )

    @property
    def index_terms(self) -> frozenset[str]:
        """What folded forms begin with."""
        return frozenset((FOLDED + self.start,))

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give the spellings that begin so."""
        return ((each, FOLDED + self.start) for each in vocabulary.beginning(self.start))

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the words that begin so."""
        start = FOLDED + self.start
        return (word for word in text if any(form.startswith(start) for form in word.forms))


@dataclass(frozen=True)
class Every:
    """Several clauses that must all match."""

    clauses: tuple[Clause, ...]

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query of all."""
        return every(clause.compile(vocabulary) for clause in self.clauses)

    @property
    def index_terms(self) -> frozenset[str]:
        """The terms of all its clauses."""
        return index_terms(self.clauses)

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give the spellings of all its clauses."""
        return chain.from_iterable(each.spellings(vocabulary) for each in self.clauses)

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the words of each clause; none unless all match."""
        matches = [list(clause.matches(text)) for clause in self.clauses]
        if all(matches):
            for some in matches:
                yield from some


@dataclass(frozen=True)
class Either:
    """Several clauses, of which one must match."""

    clauses: tuple[Clause, ...]

    def compile(self, vocabulary: Vocabulary) -> Query:
        """Build the query of any."""
        return Query.disjunction_max_query([clause.compile(vocabulary) for clause in self.clauses])

    @property
    def index_terms(self) -> frozenset[str]:
        """The terms of all its clauses."""
        return index_terms(self.clauses)

    def spellings(self, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
        """Give the spellings of all its clauses."""
        return chain.from_iterable(each.spellings(vocabulary) for each in self.clauses)

    def matches(self, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
        """Give the words of each clause that matches."""
        for clause in self.clauses:
            yield from clause.matches(text)


def _spelt(forms: Iterable[str], vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    return ((each, form) for form in forms for each in vocabulary.spellings(form))


def roots(forms: Sequence[str]) -> frozenset[str]:
    """Give the lemmas or stems among the forms of a word, or its folded form where it has none."""
    return frozenset(form for form in forms if form[0] == STEM) or frozenset(forms[1:2])


def every(queries: Iterable[Query]) -> Query:
    """Build the query of what matches all."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def index_terms(clauses: Iterable[Clause]) -> frozenset[str]:
    """Join the terms of some clauses."""
    return frozenset().union(*(clause.index_terms for clause in clauses))


def are_in_order(clauses: Iterable[Clause]) -> bool:
    """Whether the order of words matters to one of some clauses."""
    return any(
        len(clause.words) > 1
        if isinstance(clause, Phrase)
        else isinstance(clause, Every | Either) and are_in_order(clause.clauses)
        for clause in clauses
    )
