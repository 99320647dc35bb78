"""Inflected forms of French words, from simplemma's dictionary."""

from collections.abc import Iterator

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from radio.search.folding import fold


def inflections(beginnings: frozenset[str]) -> Iterator[str]:
    """Give each word that begins so, or whose lemma begins so, accents ignored."""
    sizes = {len(each) for each in beginnings}
    earlier: set[str] = set()
    for pair in DefaultDictionaryFactory().get_dictionary("fr").items():
        folded = [fold(word) for word in pair]
        if any(word[:size] in beginnings for word in folded for size in sizes):
            yield from (word for word in pair if _is_common(word) and word not in earlier)
            earlier.update(pair)


def _is_common(word: str) -> bool:
    return word.isalpha() and word.islower()
