"""Spelling correction: a word of the query that is not in the index is replaced by the closest one.

Close means one letter added, missing or changed, or two letters exchanged; else a word that sounds
like it; else, if it is long, one with two such errors. Among close words the most frequent one is
taken. A word of the dictionary is never replaced, nor are numbers and months: a search for 2024
must not give 2025.
"""

import dataclasses
from collections.abc import Callable, Iterator
from itertools import chain

from radio.french.calendar import MONTHS
from radio.french.letters import fold
from radio.french.numbers import NUMERALS
from radio.search.clauses import Clause, Term
from radio.search.french import EXACT, FOLDED, forms, words
from radio.search.lemmas import is_known
from radio.search.query import ParsedQuery
from radio.search.sounds import errors
from radio.search.vocabulary import Vocabulary

SHORTEST = 4  # letters; shorter words are close to too many
LONG = 7  # letters; such a word may have two errors
# Folded words that are never replaced.
EXACT_ONLY = frozenset(map(fold, (*NUMERALS, *MONTHS["fr"])))


def mend(query: ParsedQuery, text: str, vocabulary: Vocabulary) -> tuple[ParsedQuery, str]:
    """Replace words that are not in the index; give the query and its text, empty if unchanged."""
    terms = {each for each in query.clauses if isinstance(each, Term)}
    replacements = {each: word for each in terms if (word := _closest(each, vocabulary))}
    if not replacements:
        return query, ""
    new_terms: dict[Clause, Clause] = {
        each: Term(forms(word)) for each, word in replacements.items()
    }
    clauses = tuple(new_terms.get(each, each) for each in query.clauses)
    words_by_form = {each.forms[0]: word for each, word in replacements.items()}
    return dataclasses.replace(query, clauses=clauses, closest=None), _rewrite(text, words_by_form)


def _closest(term: Term, vocabulary: Vocabulary) -> str | None:
    """Give the word that replaces one that is not in the index; None where it stays."""
    if any(map(vocabulary.frequency, term.forms)):
        return None
    folded = term.forms[1].removeprefix(FOLDED)
    spelling = term.forms[0].removeprefix(EXACT)
    is_meant = is_exact_only(folded) or is_known(spelling)
    is_mendable = len(folded) >= SHORTEST and not is_meant
    return _close(folded, spelling, vocabulary) if is_mendable else None


def _rewrite(query: str, words_by_form: dict[str, str]) -> str:
    """Write a query with some words replaced."""
    position, text = 0, ""
    for word in words(query):
        if (
            not word.is_compound
            and word.start >= position
            and (other := words_by_form.get(word.forms[0]))
        ):
            text, position = text + query[position : word.start] + other, word.end
    return text + query[position:]


def is_exact_only(folded: str) -> bool:
    """Whether a word is a number or a month, which is never replaced.

    >>> [is_exact_only(each) for each in ("2024", "g20", "treize", "mars", "fevrier", "camera")]
    [True, True, True, True, True, False]
    """
    return folded in EXACT_ONLY or any(letter.isdigit() for letter in folded)


def _close(folded: str, spelling: str, vocabulary: Vocabulary) -> str | None:
    """Give the most frequent close word: with one error, else as it sounds, else with two."""
    searches: list[Callable[[str, Vocabulary], Iterator[str]]] = [_with_one_error]
    searches += [_of_same_sound] if spelling.isalpha() else []
    searches += [_with_two_errors] if len(folded) >= LONG else []
    for search in searches:
        candidates = {word for word in map(fold, search(folded, vocabulary)) if word.isalpha()}
        for word in sorted(
            candidates - {folded},
            key=lambda word: (vocabulary.frequency(FOLDED + word), word),
            reverse=True,
        ):
            if vocabulary.is_said(FOLDED + word):
                return word
    return None


def _with_one_error(folded: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Give words with one error: in one half, or two letters exchanged between the halves."""
    half = len(folded) // 2
    exchanged = f"{folded[: half - 1]}{folded[half]}{folded[half - 1]}{folded[half + 1 :]}"
    spellings = chain(
        vocabulary.beginning(folded[:half]),
        vocabulary.ending(folded[half:]),
        vocabulary.spellings(FOLDED + exchanged),
    )
    return (word for word in spellings if errors(fold(word), folded, 1) == 1)


def _of_same_sound(folded: str, vocabulary: Vocabulary) -> Iterator[str]:
    return iter(vocabulary.sounding(folded))


def _with_two_errors(folded: str, vocabulary: Vocabulary) -> Iterator[str]:
    """Give words with two errors, of which one third of the word is free: the first or the last."""
    third = len(folded) // 3
    spellings = chain(vocabulary.beginning(folded[:third]), vocabulary.ending(folded[-third:]))
    return (word for word in spellings if errors(fold(word), folded, 2) <= 2)
