"""Where the sentences of a text begin and end. No letter and no sign of it is lost. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

_GAP = re.compile(r"""[.!?…](?:\s?[»”"])?\s+(?=[^\s.!?…»”"]|"\w)""")
_TITLES = "M|MM|Mme|Mmes|Mlle|Mlles|Me|Mgr|Dr|Pr|St|Ste|Mr|Mrs|Ms"
_ABBREVIATED = re.compile(rf"\b(?:{_TITLES}|[^\W\d_])\.$")
_LONGEST = 8  # letters of an abbreviation, its full stop and what is before it


def find_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give the first character of each sentence, and the one after its last; spaces end it too.

    A closing quotation mark stays with its sentence, signs without a word with the words before
    them. What goes on with a small letter is no other sentence. A text without any word has none.

    >>> list(find_sentences("Oui. « Non ! » Rien."))
    [(0, 5), (5, 15), (15, 20)]
    """
    edges = [0, *(gap.end() for gap in _GAP.finditer(text)), len(text)]
    begin, has_words, before = 0, False, ""
    for start, end in pairwise(edges):
        piece = text[start:end].strip()
        is_spoken = any(map(str.isalnum, piece))
        if has_words and is_spoken and _parts(before, piece):
            yield begin, start
            begin = start
        before, has_words = piece, has_words or is_spoken
    if has_words:
        yield begin, len(text)


def cut_sentences(paragraph: str) -> Iterator[str]:
    """Cut a paragraph after its sentences.

    >>> list(cut_sentences("« Oui. » Puis M. Noé et la C.N.I.L. partent… et après ? Rien."))
    ['« Oui. »', 'Puis M. Noé et la C.N.I.L. partent… et après ?', 'Rien.']
    """
    return (paragraph[start:end].strip() for start, end in find_sentences(paragraph))


def _parts(before: str, after: str) -> bool:
    """Whether one sentence ends and another begins, not a name after « M. » or its initial."""
    return not after[0].islower() and not _ABBREVIATED.search(
        before, max(0, len(before) - _LONGEST)
    )
