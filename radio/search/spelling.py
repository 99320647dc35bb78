"""Spelling correction: a word of the query that is not in the index is replaced by the closest one.

Close means one letter added, missing or changed, or two letters exchanged. Among close words the
most frequent one is taken. Numbers and months are never replaced: a search for 2024 must not give
2025.
"""

import dataclasses
import re

import tantivy
from tantivy import Query

from radio.numbers import NUMERALS
from radio.search.clauses import FIELD, Clause, Term
from radio.search.fields import schema
from radio.search.french import EXACT, FOLDED, fold, words
from radio.search.passage import unpack
from radio.search.query import ParsedQuery

SHORTEST = 4  # letters; shorter words are close to too many
MONTHS = """
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
# Folded words that are never replaced.
EXACT_ONLY = frozenset(map(fold, (*NUMERALS, *MONTHS.split())))
_WORD = re.compile(r"[^\W_]+")
SAMPLE_SIZE = 30  # passages in which close words are looked for


def mend(query: ParsedQuery, text: str, searcher: tantivy.Searcher) -> tuple[ParsedQuery, str]:
    """Replace words that are not in the index; give the query and its text, empty if unchanged."""
    terms = {each for each in query.clauses if isinstance(each, Term)}
    replacements = {each: word for each in terms if (word := _closest(each, searcher))}
    if not replacements:
        return query, ""
    new_terms: dict[Clause, Clause] = {
        each: Term((EXACT + word, FOLDED + word)) for each, word in replacements.items()
    }
    clauses = tuple(new_terms.get(each, each) for each in query.clauses)
    words_by_form = {each.forms[0]: word for each, word in replacements.items()}
    return dataclasses.replace(query, clauses=clauses, closest=None), _rewrite(text, words_by_form)


def _closest(term: Term, searcher: tantivy.Searcher) -> str | None:
    """Give the word that replaces one that is not in the index; None where it stays."""
    if any(searcher.doc_freq(FIELD, form) for form in term.forms):
        return None
    folded = term.forms[1].removeprefix(FOLDED)
    is_mendable = len(folded) >= SHORTEST and not is_exact_only(folded)
    return _close(folded, searcher) if is_mendable else None


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


def _close(folded: str, searcher: tantivy.Searcher) -> str | None:
    """Give the most frequent close word of some passages."""
    fuzzy = Query.fuzzy_term_query(schema(), FIELD, FOLDED + folded, distance=1)
    hits = searcher.search(fuzzy, SAMPLE_SIZE).hits
    passages = (searcher.doc(address).get_first("passage") for _, address in hits)
    texts = (unpack(bytes(each)).text for each in passages if each)
    candidates = (fold(word) for text in texts for word in _WORD.findall(text.lower()))
    near = (word for word in candidates if word != folded and is_close(word, folded))
    close = {word for word in near if not any(letter.isdigit() for letter in word)}
    return max(
        close, key=lambda word: (searcher.doc_freq(FIELD, FOLDED + word), word), default=None
    )


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
