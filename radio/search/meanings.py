"""The meanings of acronyms: what texts of the archive and glossaries of shows say of them.

Spellings that are nearly alike (a plural, a mishearing) are one meaning. A query for an acronym
also looks for its words, and one for the words looks for the acronym.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from radio.archive import glossary
from radio.archive.episode import Show
from radio.french.letters import fold
from radio.search.acronyms import is_word, write_row
from radio.search.alternatives import Name, find, inflected, inflected_name_of, name_of
from radio.search.clauses import Clause, Either, Phrase
from radio.search.french import FOLDED, words
from radio.search.query import phrase
from radio.search.spacing import spacings
from radio.text.aligned import likeness

WEIGHT = 0.0005  # of what is not typed: below all that is
ALIKE = 0.85  # of their letters: two spellings of one meaning
MOST_SPELLINGS = 4  # of a meaning
MOST_MEANINGS = 3  # of an acronym
MOST_COMPARED = 20  # spellings of an acronym, the most said first


class Explanation(NamedTuple):
    """One spelling of a meaning."""

    acronym: str
    words: str
    times: int = 1  # passages that say so
    show: str = ""  # slug of the show whose glossary says so

    @property
    def row(self) -> str:
        """How the index has it."""
        return write_row(self.acronym, self.words)

    @property
    def order(self) -> tuple[bool, int, bool, str]:
        """What keepers wrote goes first, then what is said most, in small letters rather."""
        return not self.show, -self.times, self.words[0].isupper(), self.words


def in_glossaries(shows: Iterable[Show]) -> Iterator[Explanation]:
    """Read the acronyms that keepers explain."""
    for show in shows:
        for acronym, text in glossary.meanings(show.glossary):
            yield Explanation(acronym, text, show=show.slug)


@dataclass(frozen=True)
class Meaning:
    """What an acronym stands for, in some spellings; the one to show is the first."""

    spellings: tuple[Explanation, ...]

    @property
    def acronym(self) -> str:
        """The acronym, in capitals."""
        return self.spellings[0].acronym


class Found(NamedTuple):
    """A meaning that a query names by its acronym or by its words."""

    meaning: Meaning
    places: tuple[int, ...]  # of the clauses that do
    is_acronym: bool

    @property
    def other_clauses(self) -> tuple[Phrase, ...]:
        """The words where the acronym is typed, else the acronym, below all that is typed.

        Words that are also written in one part or in two are looked for as both.
        """
        spellings = self.meaning.spellings
        names = () if self.is_acronym else tuple(each.acronym for each in spellings)
        written = [spacings(each.words) for each in spellings]
        texts = [text for each in written if self.is_acronym or len(each) > 1 for text in each]
        own = (phrase(text) for text in dict.fromkeys(names))
        others = (phrase(text) for text in dict.fromkeys(texts))
        acronyms = [replace(each, weight=WEIGHT) for each in own if each]
        words = [replace(each, weight=WEIGHT, is_inflected=True) for each in others if each]
        return (*acronyms, *words)


class Meanings:
    """All meanings that are known, found by the clauses of a query."""

    def __init__(self, explanations: Iterable[Explanation]):
        self._by_acronym: dict[str, list[Meaning]] = {}
        self._by_word: dict[str, list[tuple[Name, Meaning]]] = defaultdict(list)
        by_acronym: dict[str, list[Explanation]] = defaultdict(list)
        for each in explanations:
            by_acronym[fold(each.acronym.lower())].append(each)
        for acronym, some in by_acronym.items():
            self._by_acronym[FOLDED + acronym] = meanings = list(_join_alike(some))
            for meaning in () if is_word(acronym) else meanings:
                for name in _names(meaning):
                    for form in name[0]:
                        self._by_word[form].append((name, meaning))

    def find(self, clauses: Sequence[Clause], typed: str) -> list[Found]:
        """Find what a query names; nothing that is in quotes, or that it names both ways.

        The small letters of an acronym that is also a word (BAC) mean the word.
        """
        capitals = frozenset(re.findall(r"\w+", typed.replace(".", "")))
        found = [*self._find_acronyms(clauses, capitals), *self._find_words(clauses)]
        both = {each.meaning for each in found if each.is_acronym}
        both &= {each.meaning for each in found if not each.is_acronym}
        return [each for each in found if each.meaning not in both]

    def _find_acronyms(self, clauses: Sequence[Clause], capitals: Set[str]) -> Iterator[Found]:
        names = ((place, name) for place, each in enumerate(clauses) for name in _free_names(each))
        for place, name in names:
            for meaning in self._by_acronym.get(name, ()):
                if meaning.acronym in capitals or not is_word(meaning.acronym):
                    yield Found(meaning, (place,), True)

    def _find_words(self, clauses: Sequence[Clause]) -> Iterator[Found]:
        typed = tuple(map(inflected, clauses))
        forms = (form for each in typed for form in each)
        pairs = (pair for form in forms for pair in self._by_word.get(form, ()))
        places = {meaning: places for name, meaning in pairs if (places := find(name, typed))}
        return (Found(meaning, own, False) for meaning, own in places.items())


def _free_names(clause: Clause) -> Iterator[str]:
    """Give the folded words of a clause, or of its alternatives; none of one in quotes."""
    if isinstance(clause, Either):
        for each in clause.clauses:
            yield from _free_names(each)
    elif not isinstance(clause, Phrase):
        yield name_of(clause)


def _names(meaning: Meaning) -> set[Name]:
    texts = (text for each in meaning.spellings for text in spacings(each.words))
    return {name for text in texts if (name := inflected_name_of(text))}


def _join_alike(explanations: Iterable[Explanation]) -> Iterator[Meaning]:
    """Join the spellings of one acronym that are alike, those to show first."""
    groups: list[list[Explanation]] = []
    for each in sorted(explanations, key=lambda each: each.order)[:MOST_COMPARED]:
        own = next((group for group in groups if _are_alike(group[0], each)), None)
        if own is None:
            groups.append([each])
        elif len(own) < MOST_SPELLINGS:
            own.append(each)
    return (Meaning(tuple(group)) for group in groups[:MOST_MEANINGS])


def _are_alike(one: Explanation, other: Explanation) -> bool:
    return likeness(_letters(one), _letters(other)) >= ALIKE


@lru_cache(maxsize=10_000)
def _letters(explanation: Explanation) -> str:
    """Give the letters of its words, articles and prepositions apart."""
    return "".join(fold(word.spelling) for word in words(explanation.words) if not word.is_light)
