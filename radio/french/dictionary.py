"""French words, as simplemma's dictionary has them."""

import simplemma
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY


def is_in_dictionary(word: str) -> bool:
    """Whether the dictionary has a word, small or with a capital.

    >>> is_in_dictionary("écoute"), is_in_dictionary("kni")
    (True, False)
    """
    if not (word.isalpha() and word.islower()):
        return bool(simplemma.is_known(word, "fr"))
    find = DEFAULT_DICTIONARY_FACTORY.get_dictionary("fr").get  # it is asked millions of times
    return find(word) is not None or find(word.capitalize()) is not None
