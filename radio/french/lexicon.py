"""The words of French, by the dictionary of simplemma, which is imported here alone, and by common
words in families: `families.txt` has a family on each line. The dictionary lacks words that have
one form only (« temps », « plusieurs »), but for those that are lemmas of others."""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import simplemma
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from radio.french.letters import FUNCTION_WORDS, composed

FAMILIES = resources.files("radio.french").joinpath("families.txt").read_text(encoding="utf-8")
SHORT = 2  # letters; such a word may be a part of any other


def dictionary() -> Mapping[str, str]:
    """Give the words of the dictionary, each with its lemma."""
    return DEFAULT_DICTIONARY_FACTORY.get_dictionary("fr")


def lemma_of(word: str) -> str:
    """Give the lemma of a word, or the word."""
    return str(simplemma.lemmatize(word, "fr"))


def is_in_dictionary(word: str) -> bool:
    """Ask directly, small or with a capital: this runs for millions of words. Of signs that are
    letters for Unicode, as « ʼ », nothing is left here."""
    if not (word.isalpha() and word.islower()):
        return word != "" and simplemma.is_known(word, "fr")
    find = dictionary().get
    return find(word) is not None or find(word.capitalize()) is not None


@lru_cache(maxsize=1)
def families() -> list[list[str]]:
    """Read the families of common words."""
    return [line.split() for line in FAMILIES.splitlines() if not line.startswith("#")]


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(word for family in families() for word in family)


def is_french(word: str) -> bool:
    """Whether a word, or its singular, is common or in the dictionary.

    >>> [is_french(word) for word in ("écoute", "ailleurs", "kni")]
    [True, True, False]
    """
    singular = word[:-1] if word[-1:] in {"s", "x"} else word
    return not {word, singular}.isdisjoint(_common()) or is_in_dictionary(word)


def is_word(text: str) -> bool:
    """Whether French has a word, or all parts of it.

    >>> [is_word(each) for each in ("Aujourd’hui", "rendez-vous", "légalement", "2019", "temps")]
    [True, True, True, True, True]
    >>> [is_word(each) for each in ("délanconse", "kni", "n-pock-ins-free")]
    [False, False, False]
    """
    word = composed(text).lower().replace("’", "'")
    return _is_listed(word) or all(map(_is_part, re.split("['-]", word)))


def _is_part(word: str) -> bool:
    is_plain = len(word) <= SHORT or not word.isalpha() or word in FUNCTION_WORDS
    return is_plain or word.endswith("ment") or _is_listed(word)


def _is_listed(word: str) -> bool:
    return is_french(word) or word in _lemmas()


@lru_cache(maxsize=1)
def _lemmas() -> frozenset[str]:
    return frozenset(map(str.lower, dictionary().values()))
