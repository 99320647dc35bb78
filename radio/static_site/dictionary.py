"""The words that the dictionary knows: a browser takes none of them for another that is said.

Rows of shards, in order: the first four letters, and what follows them in each word, with spaces.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from radio.search.lemmas import known_words
from radio.search.spelling import SHORTEST
from radio.static_site.shards import render


@lru_cache(maxsize=1)
def dictionary() -> Sequence[str]:
    """Write the words that are long enough to be taken for others."""
    ends = defaultdict[str, list[str]](list)
    for word in sorted(known_words()):
        if len(word) >= SHORTEST and word.isalpha():
            ends[word[:SHORTEST]].append(word[SHORTEST:])
    return [render([start, " ".join(each)]) for start, each in sorted(ends.items())]
