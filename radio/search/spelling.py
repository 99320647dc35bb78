"""What somebody meant who typed a word that is nowhere said: the closest one that is.

One letter more, less, other or two that changed places: then the word is taken for the one said
most often among those so close.
"""

import dataclasses
import re

import tantivy
from tantivy import Query

from radio.search.clauses import FIELD, Clause, Term
from radio.search.fields import schema
from radio.search.french import FOLDED, fold
from radio.search.passage import unpack
from radio.search.query import Asked

SHORTEST = 4  # letters; shorter words are close to too many
_WORD = re.compile(r"[^\W_]+")
LOOKED_AT = 30  # passages that hold such a word


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
    close = _close(folded, searcher) if len(folded) >= SHORTEST else None
    return (Term((f"={close}", f"{FOLDED}{close}")), close) if close else (clause, "")


def _close(folded: str, searcher: tantivy.Searcher) -> str | None:
    """Give the word one letter away that is said most often, of those in some passages."""
    fuzzy = Query.fuzzy_term_query(schema(), FIELD, FOLDED + folded, distance=1)
    found = searcher.search(fuzzy, LOOKED_AT).hits
    packed = (searcher.doc(address).get_first("passage") for _, address in found)
    texts = (unpack(bytes(each)).text for each in packed if each)
    said = (fold(word) for text in texts for word in _WORD.findall(text.lower()))
    close = {word for word in said if word != folded and is_close(word, folded)}
    return max(
        close, key=lambda word: (searcher.doc_freq(FIELD, FOLDED + word), word), default=None
    )


def _written(clause: Clause) -> str:
    return clause.forms[0][1:] if isinstance(clause, Term) else ""


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
