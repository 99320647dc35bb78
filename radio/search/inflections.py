"""Inflected forms of French words, from simplemma's dictionary and the table of families."""

from collections.abc import Iterator

from simplemma.strategies.dictionaries import DefaultDictionaryFactory

from radio.search.lemmas import table


def pairs() -> Iterator[tuple[str, str]]:
    """Give each inflection with its lemma; a plural of the table alone ends in s."""
    dictionary = DefaultDictionaryFactory().get_dictionary("fr")
    yield from dictionary.items()
    names = (*table().names, *table().acronyms)
    yield from ((f"{name}s", name) for name in names if name not in dictionary)


def is_common(word: str) -> bool:
    """Whether a word is no name: of small letters alone."""
    return word.isalpha() and word.islower()
