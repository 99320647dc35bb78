"""Inflected forms of French words, from simplemma's dictionary and the table of families."""

from collections.abc import Iterator

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from radio.search.families import table
from radio.search.folding import fold


def inflections(beginnings: frozenset[str]) -> Iterator[str]:
    """Give each word that begins so, or whose lemma begins so, accents ignored."""
    sizes = {len(each) for each in beginnings}
    earlier: set[str] = set()
    for pair in _pairs():
        folded = [fold(word) for word in pair]
        if any(word[:size] in beginnings for word in folded for size in sizes):
            yield from (word for word in pair if _is_common(word) and word not in earlier)
            earlier.update(pair)


def _pairs() -> Iterator[tuple[str, str]]:
    """Give each inflection with its lemma; a plural of the table alone ends in s."""
    dictionary = DefaultDictionaryFactory().get_dictionary("fr")
    yield from dictionary.items()
    names = (*table().names, *table().acronyms)
    yield from ((f"{name}s", name) for name in names if name not in dictionary)


def _is_common(word: str) -> bool:
    return word.isalpha() and word.islower()
