"""A fast look for the words of a text that may match: by the letters with which they begin.

The vocabulary knows every spelling that meets a query. So most words of a passage need no analysis.
"""

import re
from collections.abc import Collection

LETTERS = 4  # at the beginning of a word, by which it is looked for
MOST = 60  # beginnings; where there are more, they are shorter
_ODD = re.compile(r"[^\x00-^`-\x7f\xa0«»·°\u00c0-\u012f\u0131-\u017f\u2010-\u203a€]")
"""Signs that a spelling may have otherwise: other letters, accents of their own, « _ »."""
_DOTTED = re.compile(r"\.(?<=[^\W\d_]\.)(?=[^\W\d_])")
"""The points of C.N.I.L., which a spelling has not."""
_WRITTEN = {"’": "'", "\u2010": "-", "\u2011": "-"}
_BEGIN = r"(?:(?<![^\W_])|(?<=\d)(?=h)|(?=[\d%]))"  # of a word; « 19h30 » has three


def as_spelt(text: str) -> str | None:
    """Write a text as spellings are written, sign for sign; None where that can't be.

    >>> as_spelt("L’École"), as_spelt("La C.N.I.L.")
    ("l'école", None)
    """
    if _ODD.search(text) or _DOTTED.search(text):
        return None
    for sign, spelt in _WRITTEN.items():
        text = text.replace(sign, spelt)
    return text.lower()


def pattern(spellings: Collection[str]) -> re.Pattern[str]:
    """Make an expression that finds where words with some spellings begin in a text `as_spelt`.

    It finds other words too. It must not be used for numbers of several words.
    """
    begins = _begins(spellings)
    if not begins:  # filters alone: nothing is to be marked
        return re.compile(r"(?!)")
    said = "|".join(map(re.escape, begins))
    # The class of first letters comes first: `re` passes over all others at once.
    firsts = "".join(map(re.escape, sorted({each[0] for each in begins})))
    return re.compile(rf"[{firsts}](?<=(?={_BEGIN}(?:{said})).)")


def _begins(spellings: Collection[str]) -> list[str]:
    """Give how the spellings begin: in few letters where there are many."""
    for letters in range(LETTERS, 0, -1):
        begins = sorted({each[:letters] for each in spellings})
        if len(begins) <= MOST:
            break
    return begins
