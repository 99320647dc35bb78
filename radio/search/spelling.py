"""What somebody meant who typed a word that is nowhere said: the closest one that is.

One letter more, less, other or two that changed places: then the word is taken for the one said
most often among those so close. A number or a month is never taken for another: somebody who asks
for 2024 is not answered with 2025.
"""

import dataclasses
import re

import tantivy
from tantivy import Query

from radio.search.clauses import FIELD, Clause, Term
from radio.search.fields import schema
from radio.search.french import EXACT, FOLDED, fold, words
from radio.search.numbers import NUMERALS
from radio.search.passage import unpack
from radio.search.query import Asked

SHORTEST = 4  # letters; shorter words are close to too many
MONTHS = """
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre
"""
FIRM = frozenset(map(fold, (*NUMERALS, *MONTHS.split())))  # taken for no other word
_WORD = re.compile(r"[^\W_]+")
LOOKED_AT = 30  # passages that hold such a word


def mend(asked: Asked, typed: str, searcher: tantivy.Searcher) -> tuple[Asked, str]:
    """Replace the words that are nowhere said; tell what was looked for instead, else nothing."""
    terms = {each for each in asked.clauses if isinstance(each, Term)}
    found = {each: word for each in terms if (word := _closest(each, searcher))}
    if not found:
        return asked, ""
    mended: dict[Clause, Clause] = {
        each: Term((EXACT + word, FOLDED + word)) for each, word in found.items()
    }
    clauses = tuple(mended.get(each, each) for each in asked.clauses)
    new = {each.forms[0]: word for each, word in found.items()}
    return dataclasses.replace(asked, clauses=clauses, closest=None), _written(typed, new)


def _closest(term: Term, searcher: tantivy.Searcher) -> str | None:
    """Give the word to look for in the place of one that is nowhere said."""
    if any(searcher.doc_freq(FIELD, form) for form in term.forms):
        return None
    folded = term.forms[1].removeprefix(FOLDED)
    may_be_another = len(folded) >= SHORTEST and not is_firm(folded)
    return _close(folded, searcher) if may_be_another else None


def _written(typed: str, new: dict[str, str]) -> str:
    """Write what was typed with other words in it."""
    done, text = 0, ""
    for word in words(typed):
        if not word.compound and word.start >= done and (other := new.get(word.forms[0])):
            text, done = text + typed[done : word.start] + other, word.end
    return text + typed[done:]


def is_firm(folded: str) -> bool:
    """Whether a word is a number or a month, which is never taken for another word.

    >>> [is_firm(each) for each in ("2024", "g20", "treize", "mars", "fevrier", "camera")]
    [True, True, True, True, True, False]
    """
    return folded in FIRM or any(letter.isdigit() for letter in folded)


def _close(folded: str, searcher: tantivy.Searcher) -> str | None:
    """Give the word one letter away that is said most often, of those in some passages."""
    fuzzy = Query.fuzzy_term_query(schema(), FIELD, FOLDED + folded, distance=1)
    found = searcher.search(fuzzy, LOOKED_AT).hits
    packed = (searcher.doc(address).get_first("passage") for _, address in found)
    texts = (unpack(bytes(each)).text for each in packed if each)
    said = (fold(word) for text in texts for word in _WORD.findall(text.lower()))
    near = (word for word in said if word != folded and is_close(word, folded))
    close = {word for word in near if not any(letter.isdigit() for letter in word)}
    return max(
        close, key=lambda word: (searcher.doc_freq(FIELD, FOLDED + word), word), default=None
    )


def is_close(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two that changed places, make one of the other.

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
    swapped = other[:same] + other[same + 1 : same + 2] + other[same : same + 1] + other[same + 2 :]
    return one[same + 1 :] == other[same + 1 :] or one == swapped
