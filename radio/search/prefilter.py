"""A fast test of which words may have one of some forms: by their first two letters.

A stem or lemma begins with the same letters as its word, except for some hundred words that
`irregular.txt` lists (vu, of voir; yeux, of œil). So most words of a passage need no analysis.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from importlib import resources

from radio.search.families import LETTERS, beginnings
from radio.search.folding import fold
from radio.search.french import FAMILY, forms, words

_ACCENTS = (
    "[\u0300-\u036f.'’ʼ]*"  # accents of their own, the points of C.N.I.L., what is in O’Brien
)
_LIGATURES = {"oe": "œ", "ae": "æ", "ss": "ß"}
_LATIN = [c for c in map(chr, (*range(0x61, 0x7B), *range(0xDF, 0x180))) if len(fold(c)) == 1]
_LATIN += _LIGATURES.values()
_ALPHABET = "".join({*_LATIN, *(letter.upper() for letter in _LATIN)})
_BEGIN = r"(?:\b|(?<=\d)(?=[hH]))"  # of a word; « 19h30 » has three
_SIGNS = {"%": "%", "h": r"(?<=\d)[hH]"}
"""Words that begin at no letter of their own: « 3 % » and « 19h30 »."""
_ODD = re.compile(f"[^\x00-^`-\x7f\xa0«»·°{_ALPHABET}\u0300-\u036f\u2010-\u203a€]")


def is_plain(text: str) -> bool:
    """Whether a text is written in letters that `pattern` knows."""
    return _ODD.search(text) is None


@lru_cache(maxsize=64)
def pattern(index_terms: frozenset[str]) -> re.Pattern[str]:
    """Make an expression that finds the beginning of every word with one of these terms.

    It finds other words too. It must not be used for numbers, which are said in many ways.
    """
    begins = {each for form in index_terms for each in _begins(form)}
    irregular = [
        word for word, word_forms in _irregular() if not word_forms.isdisjoint(index_terms)
    ]
    said = [*map(_begin, sorted(begins)), *(f"(?i:{re.escape(word)})" for word in irregular)]
    signs = [
        (sign, regex)
        for sign, regex in _SIGNS.items()
        if not index_terms.isdisjoint(next(words(sign)).forms)
    ]
    whole = "|".join([rf"{_BEGIN}(?=(?:{'|'.join(said)}))", *(regex for _, regex in signs)])
    # The class of first letters comes first: `re` passes over all others at once.
    firsts = {text[0] for text in (*begins, *map(fold, irregular), *(sign for sign, _ in signs))}
    if not firsts:  # filters alone: nothing is to be marked
        return re.compile(r"(?!)")
    return re.compile(rf"[{''.join(map(_same, sorted(firsts)))}](?<=(?={whole}).)")


def _begins(form: str) -> frozenset[str]:
    if form[0] == FAMILY:
        return beginnings(form[1:])
    return frozenset((fold(form[1:])[:LETTERS],))


def _begin(letters: str) -> str:
    regex = _ACCENTS.join(_class(letter) for letter in letters)
    ligature = _LIGATURES.get(letters)
    return f"{regex}|[{ligature}{ligature.upper()}]" if ligature else regex


def _class(letter: str) -> str:
    """Make the character class of all letters that fold to this one, or to a text with it first."""
    return f"[{_same(letter)}]"


@lru_cache(maxsize=64)
def _same(letter: str) -> str:
    """Give those letters, as a class has them."""
    same = [each for each in _LATIN if fold(each)[0] == letter]
    return "".join((*same, *(each.upper() for each in same))) or re.escape(letter)


@lru_cache(maxsize=1)
def _irregular() -> Iterable[tuple[str, frozenset[str]]]:
    words = resources.files("radio.search").joinpath("irregular.txt").read_text(encoding="utf-8")
    return [(word, frozenset(forms(word))) for word in words.split()]
