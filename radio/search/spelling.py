"""Spelling correction: a word of the query that is not in the index is replaced by the closest one.

Close means one letter added, missing or changed, or two letters exchanged. Among close words the
most frequent one is taken. Numbers and months are never replaced: a search for 2024 must not give
2025.
"""

import dataclasses
from itertools import chain

from radio.numbers import NUMERALS
from radio.search.clauses import Clause, Term
from radio.search.folding import fold
from radio.search.french import EXACT, FOLDED, words
from radio.search.query import ParsedQuery
from radio.search.vocabulary import Vocabulary

SHORTEST = 4  # letters; shorter words are close to too many
MONTHS = """
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
# Folded words that are never replaced.
EXACT_ONLY = frozenset(map(fold, (*NUMERALS, *MONTHS.split())))


def mend(query: ParsedQuery, text: str, vocabulary: Vocabulary) -> tuple[ParsedQuery, str]:
    """Replace words that are not in the index; give the query and its text, empty if unchanged."""
    terms = {each for each in query.clauses if isinstance(each, Term)}
    replacements = {each: word for each in terms if (word := _closest(each, vocabulary))}
    if not replacements:
        return query, ""
    new_terms: dict[Clause, Clause] = {
        each: Term((EXACT + word, FOLDED + word)) for each, word in replacements.items()
    }
    clauses = tuple(new_terms.get(each, each) for each in query.clauses)
    words_by_form = {each.forms[0]: word for each, word in replacements.items()}
    return dataclasses.replace(query, clauses=clauses, closest=None), _rewrite(text, words_by_form)


def _closest(term: Term, vocabulary: Vocabulary) -> str | None:
    """Give the word that replaces one that is not in the index; None where it stays."""
    if any(map(vocabulary.frequency, term.forms)):
        return None
    folded = term.forms[1].removeprefix(FOLDED)
    is_mendable = len(folded) >= SHORTEST and not is_exact_only(folded)
    return _close(folded, vocabulary) if is_mendable else None


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


def _close(folded: str, vocabulary: Vocabulary) -> str | None:
    """Give the most frequent close word.

    One error is in one half of the word, or two letters are exchanged between the halves.
    """
    half = len(folded) // 2
    exchanged = f"{folded[: half - 1]}{folded[half]}{folded[half - 1]}{folded[half + 1 :]}"
    spellings = chain(
        vocabulary.beginning(folded[:half]),
        vocabulary.ending(folded[half:]),
        vocabulary.spellings(FOLDED + exchanged),
    )
    candidates = {word for word in map(fold, spellings) if word.isalpha()} - {folded}
    close = [word for word in candidates if is_close(word, folded)]
    close.sort(key=lambda word: (vocabulary.frequency(FOLDED + word), word), reverse=True)
    return next((word for word in close if vocabulary.is_said(FOLDED + word)), None)


def is_close(one: str, other: str) -> bool:
    """Whether words differ by one letter added, missing or changed, or by two exchanged.

    >>> [is_close("camera", each) for each in ("camra", "camerra", "cqmera", "acmera", "caramel")]
    [True, True, True, True, False]
    """
    if abs(len(one) - len(other)) > 1:
        return False
    if len(one) < len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))
    if len(one) != len(other):
        return len(one) == len(other) + 1 and one[same + 1 :] == other[same:]
    transposition = (
        other[:same] + other[same + 1 : same + 2] + other[same : same + 1] + other[same + 2 :]
    )
    return one[same + 1 :] == other[same + 1 :] or one == transposition
