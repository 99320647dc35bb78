"""Which words that a machine heard are right, by the text that was said."""

from collections.abc import Sequence
from difflib import SequenceMatcher

import jiwer

from radio.text.accuracy import plain


def tell_right(words: Sequence[str], said: str) -> list[bool]:
    """Tell of each word whether it is as it was said; signs, capitals, ways of numbers apart.

    >>> tell_right(["En", "deux", "mille", "dix-neuf,", "la", "kni."], "En 2019, la CNIL.")
    [True, True, True, True, True, False]
    """
    tokens = plain(" ".join(words)).split()
    found = jiwer.process_words(plain(said), " ".join(tokens)).alignments[0]
    wrong = {
        place
        for each in found
        if each.type != "equal"
        for place in range(each.hyp_start_idx, each.hyp_end_idx)
    }
    return [wrong.isdisjoint(places) for places in places_of(words, tokens)]


def places_of(words: Sequence[str], tokens: Sequence[str]) -> list[range]:
    """Find the plain words that each word gave, for a number of several words gives one."""
    own = [(token, number) for number, word in enumerate(words) for token in plain(word).split()]
    places: list[list[int]] = [[] for _ in words]
    matcher = SequenceMatcher(None, [token for token, _ in own], tokens, autojunk=False)
    for _, first, last, begin, end in matcher.get_opcodes():
        for each in range(first, last):
            equal = last - first == end - begin
            places[own[each][1]] += [begin + each - first] if equal else range(begin, end)
    return [range(min(each), max(each) + 1) if each else range(0) for each in places]
