"""What somebody meant who typed a word that is nowhere said: the closest one that is.

One letter more, less, other or two that changed places: then the word is taken for the one said
most often among those so close.
"""

import dataclasses
from collections.abc import Iterator

import tantivy

from radio.search.clauses import FIELD, Clause, Term
from radio.search.french import FOLDED
from radio.search.query import Asked

SHORTEST = 4  # letters; shorter words are close to too many
LOOKED_AT = 20_000  # words with the same first letter, the most frequent


def mend(asked: Asked, searcher: tantivy.Searcher) -> tuple[Asked, str]:
    """Replace the words that are nowhere said; tell what was looked for instead, else nothing."""
    mended = [_mend(clause, searcher) for clause in asked.clauses]
    if not any(new for _, new in mended):
        return asked, ""
    clauses = tuple(clause for clause, _ in mended)
    told = " ".join(new or _written(clause) for clause, new in mended)
    return dataclasses.replace(asked, clauses=clauses, closest=None), told.strip()


def _mend(clause: Clause, searcher: tantivy.Searcher) -> tuple[Clause, str]:
    if not isinstance(clause, Term) or any(searcher.doc_freq(FIELD, f) for f in clause.forms):
        return clause, ""
    folded = clause.forms[1].removeprefix(FOLDED)
    close = next(_close(folded, searcher), None) if len(folded) >= SHORTEST else None
    return (Term((f"={close}", f"{FOLDED}{close}")), close) if close else (clause, "")


def _close(folded: str, searcher: tantivy.Searcher) -> Iterator[str]:
    """Give the words one letter away, the most frequent first; their first letter is the same."""
    said = searcher.terms_with_prefix(FIELD, FOLDED + folded[0], limit=LOOKED_AT)
    for term, _ in said:
        word = term.removeprefix(FOLDED)
        if abs(len(word) - len(folded)) <= 1 and is_close(word, folded):
            yield word


def _written(clause: Clause) -> str:
    return clause.forms[0][1:] if isinstance(clause, Term) else ""


def is_close(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two that changed places, make one of the other.

    >>> [is_close("camera", each) for each in ("camra", "camerra", "cqmera", "acmera", "caramel")]
    [True, True, True, True, False]
    """
    if len(one) < len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(other))
    if len(one) != len(other):
        return len(one) == len(other) + 1 and one[same + 1 :] == other[same:]
    swapped = other[:same] + other[same + 1 : same + 2] + other[same : same + 1] + other[same + 2 :]
    return one[same + 1 :] == other[same + 1 :] or one == swapped
