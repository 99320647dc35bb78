"""Which words of a text could have one of some forms, at a glance: by their first two letters.

A stem or lemma begins as its word does, but for some hundred words that `irregular.txt` lists (vu,
of voir; yeux, of œil). So most words of a passage need no analysis.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from radio.search.french import fold, forms

LETTERS = 2
_ACCENTS = "[\u0300-\u036f.]*"  # accents of their own, and the points of C.N.I.L.
_LIGATURES = {"oe": "œ", "ae": "æ", "ss": "ß"}
_LATIN = [c for c in map(chr, (*range(0x61, 0x7B), *range(0xDF, 0x180))) if len(fold(c)) == 1]
_LATIN += _LIGATURES.values()
_KNOWN = "".join({*_LATIN, *(letter.upper() for letter in _LATIN)})
_ODD = re.compile(f"[^\x00-^`-\x7f\xa0«»·°{_KNOWN}\u0300-\u036f\u2010-\u203a€]")


def is_plain(text: str) -> bool:
    """Whether a text is written in letters that `pattern` knows."""
    return _ODD.search(text) is None


@lru_cache(maxsize=64)
def pattern(wanted: frozenset[str]) -> re.Pattern[str]:
    """Make an expression that finds the beginning of every word that has a wanted form.

    It finds others too. Digits are not among them: numbers are said in other words.
    """
    begins = {fold(form[1:])[:LETTERS] for form in wanted}
    irregular = (word for word, known in _irregular() if not known.isdisjoint(wanted))
    either = [*map(_begin, sorted(begins)), *(f"(?i:{re.escape(word)})" for word in irregular)]
    return re.compile(rf"\b(?:{'|'.join(either)})")


def _begin(letters: str) -> str:
    written = _ACCENTS.join(_class(letter) for letter in letters)
    ligature = _LIGATURES.get(letters)
    return f"{written}|[{ligature}{ligature.upper()}]" if ligature else written


@lru_cache(maxsize=64)
def _class(letter: str) -> str:
    """Make the class of the letters that are this one once folded, or begin with it."""
    same = [each for each in _LATIN if fold(each)[0] == letter]
    return f"[{''.join((*same, *(each.upper() for each in same)))}]" if same else re.escape(letter)


@lru_cache(maxsize=1)
def _irregular() -> Iterable[tuple[str, frozenset[str]]]:
    words = resources.files("radio.search").joinpath("irregular.txt").read_text(encoding="utf-8")
    return [(word, frozenset(forms(word))) for word in words.split()]
