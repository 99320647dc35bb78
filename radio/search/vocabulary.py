"""The vocabulary of an index: the spellings of its words, by their forms. A passage is indexed by
its spellings alone. The field `forms` says once for each spelling which forms it has
(`~travail=travaux`). A form of a query becomes the spellings that have it."""

import copy
import math
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import chain, product

import tantivy
from tantivy import Query

from radio.french.sounds import sound
from radio.search.fields import FORMS, WORDS, schema
from radio.search.french import EXACT, FAMILY, FOLDED, forms

BOOSTS = {EXACT: 9.0, FOLDED: 3.0, FAMILY: 0.3}  # against 1 for stems and lemmas
BACKWARDS = "<"  # the kind of a folded form from its end to its beginning
SOUND = "&"  # the kind of a form that says how a word sounds
HAS = "="  # between a form and a spelling
MOST_ORDERS = 32  # of spellings in a phrase, each looked for by itself
KEPT = 500  # lists of spellings that stay in memory

Forms = Sequence[str]  # of one word: exact, folded, then the others


def rows(spelling: str) -> Iterator[str]:
    """Write what the field `forms` says of a spelling.

    >>> list(rows("été"))
    ['-ete=été', '<ete=été', '~ete=été']
    >>> list(rows("police"))
    ['-police=police', '<ecilop=police', '~police=police', '+police=police', '&polis=police']
    """
    _, folded, *others = forms(spelling)
    backwards = BACKWARDS + folded.removeprefix(FOLDED)[::-1]
    heard = [SOUND + key] if (key := sound(spelling)) else []
    return (f"{form}{HAS}{spelling}" for form in (folded, backwards, *others, *heard))


class Vocabulary:
    """Reads the vocabulary of an index."""

    def __init__(self, searcher: tantivy.Searcher, field: str = WORDS):
        self._searcher, self.field = searcher, field  # of the texts that are looked for

        @lru_cache(maxsize=KEPT)  # a query asks the same thrice
        def read(beginning: str) -> Sequence[str]:
            found = searcher.terms_with_prefix(FORMS, beginning)
            return tuple(row.partition(HAS)[2] for row, _ in found)

        self._read = read

    def within(self, field: str) -> "Vocabulary":
        """Give the same words, looked for in the texts of another field."""
        other = copy.copy(self)
        other.field = field
        return other

    def has(self, spelling: str) -> bool:
        """Whether a spelling is, or was, in a text of the index."""
        return self._count(spelling) > 0

    def spellings(self, form: str) -> Sequence[str]:
        """Give the spellings that have a form."""
        return (form[1:],) if form[0] == EXACT else self._read(f"{form}{HAS}")

    def beginning(self, start: str) -> Sequence[str]:
        """Give the spellings whose folded form begins so."""
        return self._read(FOLDED + start)

    def ending(self, end: str) -> Sequence[str]:
        """Give the spellings whose folded form ends so."""
        return self._read(BACKWARDS + end[::-1])

    def sounding(self, word: str) -> Sequence[str]:
        """Give the spellings that sound like a word."""
        return self._read(f"{SOUND}{key}{HAS}") if (key := sound(word)) else ()

    def frequency(self, form: str) -> int:
        """Give in how many passages a form is, at most."""
        return sum(map(self._count, self.spellings(form)))

    def is_said(self, form: str) -> bool:
        """Whether a text of the index has a form now, and not only a removed one."""
        return bool(self._searcher.search(self.any_of([form]), 1, count=False).hits)

    def is_said_in_order(self, words: Sequence[Forms]) -> bool:
        """Whether a text of the index has these words in this order, accents ignored."""
        if not all(self.spellings(word_forms[1]) for word_forms in words):
            return False
        query = self.in_order(words, 1.0, [word_forms[1:2] for word_forms in words])
        return bool(self._searcher.search(query, 1, count=False).hits)

    def any_of(self, word_forms: Collection[str]) -> Query:
        """Build the query of a word: exact forms above folded ones, stems, families. A spelling
        counts as much as all spellings of a form together: a rare one is no better."""
        weights: dict[str, float] = {}
        for form in word_forms:
            counts = {spelling: self._count(spelling) for spelling in self.spellings(form)}
            weight = BOOSTS.get(form[0], 1.0) * self._rarity(sum(counts.values()))
            for spelling in filter(counts.get, counts):
                own_weight = weight / self._rarity(counts[spelling])
                weights[spelling] = max(own_weight, weights.get(spelling, 0.0))
        terms = (Query.boost_query(self._term(each), weight) for each, weight in weights.items())
        return Query.disjunction_max_query(list(terms))

    def in_order(
        self, words: Sequence[Forms], weight: float, keys: Sequence[Collection[str]]
    ) -> Query:
        """Build the query of words in this order, as typed above other spellings of `keys`."""
        typed = tuple(word_forms[0].removeprefix(EXACT) for word_forms in words)
        spelt = (chain.from_iterable(map(self.spellings, sorted(some))) for some in keys)
        choices = [list(dict.fromkeys(each)) for each in spelt]
        if math.prod(map(len, choices)) <= MOST_ORDERS:
            others = [self._sequence(order) for order in product(*choices) if order != typed]
        elif len(choices) == 1:
            others = [Query.term_set_query(schema(), self.field, choices[0])]
        else:
            patterns = ["|".join(map(re.escape, each)) for each in choices]
            others = [Query.regex_phrase_query(schema(), self.field, list(patterns))]
        parts = [Query.boost_query(self._sequence(typed), weight * BOOSTS[EXACT])]
        parts += [Query.boost_query(each, weight * BOOSTS[FOLDED]) for each in others]
        return Query.disjunction_max_query(parts)

    def _count(self, spelling: str) -> int:
        return self._searcher.doc_freq(self.field, spelling)

    def _rarity(self, count: int) -> float:
        """Weigh a word as tantivy does (BM25's idf)."""
        total = max(self._searcher.num_docs, count)
        return math.log(1 + (total - count + 0.5) / (count + 0.5))

    def _term(self, spelling: str) -> Query:
        return Query.term_query(schema(), self.field, spelling, index_option="freq")

    def _sequence(self, spellings: Sequence[str]) -> Query:
        if len(spellings) == 1:
            return self._term(spellings[0])
        return Query.phrase_query(schema(), self.field, list(spellings))
