"""Sentences of a text that people wrote. No letter and no sign of it is lost."""

import re
from collections.abc import Iterator

_GAP = re.compile(
    r"""(?:(?<=[.!?…])|(?<=[.!?…][»”"])|(?<=[.!?…]\s[»”"]))\s+(?=[^\s.!?…»”"]|"\w)""",
)
_TITLES = "M|MM|Mme|Mmes|Mlle|Mlles|Me|Mgr|Dr|Pr|St|Ste|Mr|Mrs|Ms"
_ABBREVIATED = re.compile(rf"\b(?:{_TITLES}|[^\W\d_])\.$")


def cut_sentences(paragraph: str) -> Iterator[str]:
    """Cut a paragraph after its sentences; give nothing where it has no word at all.

    A closing quotation mark stays with its sentence, signs without a word with the words before
    them. What goes on with a small letter is no other sentence.

    >>> list(cut_sentences("« Oui. » Puis M. Noé et la C.N.I.L. partent… et après ? Rien."))
    ['« Oui. »', 'Puis M. Noé et la C.N.I.L. partent… et après ?', 'Rien.']
    """
    pieces, has_words = list[str](), False
    for piece in _GAP.split(paragraph):
        is_spoken = any(map(str.isalnum, piece))
        if has_words and is_spoken and _parts(pieces[-1], piece):
            yield " ".join(pieces)
            pieces = []
        pieces.append(piece)
        has_words = has_words or is_spoken
    if has_words:
        yield " ".join(pieces).strip()


def _parts(before: str, after: str) -> bool:
    """Whether one sentence ends and another begins, not a name after « M. » or its initial."""
    return not after[0].islower() and not _ABBREVIATED.search(before)
