"""What to type: glossary, people, tags, titles and frequent words that begin as somebody began."""

from collections.abc import Callable, Iterable
from itertools import islice

from radio.search.french import fold

Known = Iterable[tuple[str, str]]
"""Names or words: folded, and as written; the first come first."""


def suggest(
    beginning: str, names: Known, said: Known, most: int, is_public: Callable[[str], bool]
) -> list[str]:
    """Give public names that begin so, or have a word that does; then words for the last one typed.

    >>> said = [("camera", "caméra"), ("rue", "rue")]
    >>> suggest("la cam", [("camille", "Camille")], said, 5, bool)
    ['la caméra']
    >>> suggest("cam", [("camille", "Camille")], said, 5, bool)
    ['Camille', 'caméra']
    """
    typed = " ".join(beginning.split())
    wanted = fold(typed.lower())
    before, last = typed.rpartition(" ")[0], wanted.rpartition(" ")[2]
    fits = (pair for pair in names if f" {wanted}" in f" {pair[0]}" and is_public(pair[1]))
    found = list(islice(fits, most))
    named = {word for folded, _ in found for word in folded.split()}
    fitting = (pair for pair in said if last and pair[0].startswith(last))
    ends = (f"{before} {word}".strip() for folded, word in fitting if folded not in named)
    return list(dict.fromkeys([*(name for _, name in found), *ends]))[:most]
