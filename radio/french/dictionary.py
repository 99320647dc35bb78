"""French words: those of simplemma's dictionary, and common ones, family by family: `families.txt`
has a family on each line."""

from functools import lru_cache
from importlib import resources

import simplemma
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

FAMILIES = resources.files("radio.french").joinpath("families.txt").read_text(encoding="utf-8")


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


def is_in_dictionary(word: str) -> bool:
    """Ask directly, small or with a capital: this runs for millions of words."""
    if not (word.isalpha() and word.islower()):
        return bool(simplemma.is_known(word, "fr"))
    find = DEFAULT_DICTIONARY_FACTORY.get_dictionary("fr").get
    return find(word) is not None or find(word.capitalize()) is not None
