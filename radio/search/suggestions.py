"""Suggestions for a query: names and frequent words that begin like what was typed."""

from collections.abc import Callable, Iterable
from itertools import islice

from radio.french.letters import fold

Names = Iterable[tuple[str, str]]
"""Names or words, each folded and as written, in order of preference."""


def suggest(
    beginning: str, names: Names, words: Names, most: int, is_public: Callable[[str], bool]
) -> list[str]:
    """Suggest public names with a word that begins so; then words for the last one typed.

    >>> words = [("camera", "caméra"), ("rue", "rue")]
    >>> suggest("la cam", [("camille", "Camille")], words, 5, bool)
    ['la caméra']
    >>> suggest("cam", [("camille", "Camille")], words, 5, bool)
    ['Camille', 'caméra']
    """
    text = " ".join(beginning.split())
    prefix = fold(text.lower())
    before, last = text.rpartition(" ")[0], prefix.rpartition(" ")[2]
    fits = (pair for pair in names if f" {prefix}" in f" {pair[0]}" and is_public(pair[1]))
    matches = list(islice(fits, most))
    name_words = {word for folded, _ in matches for word in folded.split()}
    completions = (pair for pair in words if last and pair[0].startswith(last))
    ends = (f"{before} {word}".strip() for folded, word in completions if folded not in name_words)
    return list(dict.fromkeys([*(name for _, name in matches), *ends]))[:most]
