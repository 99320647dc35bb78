"""The clauses of a query. Each finds passages in the index, and marks the matching words of a text.

A term matches a word by any of its forms; a compound by the whole word or by all its parts; a
phrase by the same words in the same order, accents ignored. Finding and marking use the same
forms, so that they always agree.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias, TypeVar

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


@dataclass(frozen=True)
class Term:
    """A word, which matches by any of its forms.

    Its folded form counts only where it has no lemma or stem: « marche » is not « marché ».
    """

    forms: tuple[str, ...]

    @property
    def searched(self) -> tuple[str, ...]:
        """The forms that are looked for."""
        others = tuple(form for form in self.forms if form[0] != FOLDED)
        return others if len(others) > 1 else self.forms

    @cached_property
    def keys(self) -> frozenset[str]:
        """The same, to compare words by."""
        return frozenset(self.searched)


@dataclass(frozen=True)
class Phrase:
    """Words in this order, compared by their folded forms, or as inflected."""

    words: tuple[tuple[str, ...], ...]
    weight: float = 1.0  # of its score
    is_inflected: bool = False  # « questions prioritaires » is « question prioritaire »

    @cached_property
    def keys_of_words(self) -> list[frozenset[str]]:
        """The forms by which each of its words is compared."""
        if self.is_inflected:
            return [roots(forms) for forms in self.words]
        return [frozenset(forms[1:2]) for forms in self.words]

    @property
    def keys(self) -> frozenset[str]:
        """The forms by which its words are compared."""
        return frozenset().union(*self.keys_of_words)


@dataclass(frozen=True)
class Prefix:
    """The beginning of words, accents ignored."""

    start: str  # folded: letters and digits

    @property
    def keys(self) -> frozenset[str]:
        """What folded forms begin with."""
        return frozenset((FOLDED + self.start,))


@dataclass(frozen=True)
class Compound:
    """A word with hyphens: matches the whole word, or all its parts."""

    whole: Term
    parts: tuple[Term, ...]


@dataclass(frozen=True)
class Every:
    """Several clauses that must all match."""

    clauses: "tuple[Clause, ...]"


@dataclass(frozen=True)
class Either:
    """Several clauses, of which one must match."""

    clauses: "tuple[Clause, ...]"


Clause: TypeAlias = Term | Phrase | Prefix | Compound | Every | Either
"""A part of a query that every result must match."""


def compiled(clause: Clause, vocabulary: Vocabulary) -> Query:
    """Build the query of the index: exact words above folded ones, those above stems."""
    match clause:
        case Term():
            return vocabulary.any_of(clause.searched)
        case Phrase():
            return vocabulary.in_order(clause.words, clause.weight, clause.keys_of_words)
        case Prefix(start):
            words = list(vocabulary.beginning(start))
            return Query.term_set_query(schema(), vocabulary.field, words)
        case Compound(whole, parts):
            both = vocabulary.any_of(whole.searched), compiled(Every(parts), vocabulary)
            return Query.disjunction_max_query(list(both))
        case Every(clauses):
            return every(compiled(each, vocabulary) for each in clauses)
        case Either(clauses):
            return Query.disjunction_max_query([compiled(each, vocabulary) for each in clauses])


def matches(clause: Clause, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
    """Give the words of a text that match a clause; `text` may leave out words that can't."""
    match clause:
        case Term():
            yield from (word for word in text if not clause.keys.isdisjoint(word.forms))
        case Phrase():
            yield from _occurrences(clause, text)
        case Prefix(start):
            begin = FOLDED + start
            yield from (word for word in text if any(f.startswith(begin) for f in word.forms))
        case Compound(whole, parts):
            yield from list(matches(whole, text)) or matches(Either(parts), text)
        case Every(clauses):
            found = [list(matches(each, text)) for each in clauses]
            yield from (word for some in found if all(found) for word in some)
        case Either(clauses):
            yield from (word for each in clauses for word in matches(each, text))


def _occurrences(phrase: Phrase, text: Sequence[AnyWord]) -> Iterator[AnyWord]:
    """Give the words of each complete occurrence of a phrase."""
    by_position = {word.position: word for word in text if not word.is_compound}
    for first in by_position:
        run = [by_position.get(first + ahead) for ahead in range(len(phrase.words))]
        whole = [word for word in run if word]
        pairs = zip(whole, phrase.keys_of_words, strict=False)
        if len(whole) == len(run) and all(not keys.isdisjoint(word.forms) for word, keys in pairs):
            yield from whole


def frequency(clause: Clause, vocabulary: Vocabulary) -> int:
    """Estimate how many documents meet a clause, from the frequencies of its words.

    A beginning of words, which has no frequency, counts as rare: who types it means it.
    """
    match clause:
        case Term(forms):
            return max(map(vocabulary.frequency, forms))
        case Phrase(words):
            return min(vocabulary.frequency(forms[1]) for forms in words)
        case Prefix():
            return 0
        case Compound(whole, parts):
            return max(frequency(whole, vocabulary), frequency(Every(parts), vocabulary))
        case Every(clauses):
            return min(frequency(each, vocabulary) for each in clauses)
        case Either(clauses):
            return max(frequency(each, vocabulary) for each in clauses)


def parts_of(clause: Clause) -> Iterator[Term | Phrase | Prefix | Compound]:
    """Give the clauses of which a clause is made, each of one item of the query."""
    if isinstance(clause, Every | Either):
        yield from (part for each in clause.clauses for part in parts_of(each))
    else:
        yield clause


def words_of(clause: Clause) -> Iterator[Term | Phrase | Prefix]:
    """Give the single words, phrases and beginnings of which a clause is made."""
    for part in parts_of(clause):
        yield from (part.whole, *part.parts) if isinstance(part, Compound) else (part,)


def index_terms(clauses: Iterable[Clause]) -> frozenset[str]:
    """Join the forms, or beginnings of forms, of the words that some clauses can match."""
    return frozenset().union(*(word.keys for each in clauses for word in words_of(each)))


def spellings(clause: Clause, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Give each spelling that a clause can match in the index, with a form by which it does."""
    for word in words_of(clause):
        is_prefix = isinstance(word, Prefix)
        for form in word.keys:
            found = vocabulary.beginning(form[1:]) if is_prefix else vocabulary.spellings(form)
            yield from ((spelling, form) for spelling in found)


def roots(forms: Sequence[str]) -> frozenset[str]:
    """Give the lemmas or stems among the forms of a word, or its folded form where it has none."""
    return frozenset(form for form in forms if form[0] == STEM) or frozenset(forms[1:2])


def every(queries: Iterable[Query]) -> Query:
    """Build the query of what matches all."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def are_in_order(clauses: Iterable[Clause]) -> bool:
    """Whether the order of words matters to one of some clauses."""
    parts = (word for each in clauses for word in words_of(each))
    return any(isinstance(word, Phrase) and len(word.words) > 1 for word in parts)
