"""Letters without their accents, and the accents that a word may have lost."""

import unicodedata
from collections.abc import Callable, Iterator

MOST_LOST = 2  # accents that are put back in a word
LONGEST = 25  # letters; no longer word is looked for with accents
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "'": ""})
_ACCENTED = {"a": "àâ", "c": "ç", "e": "éèêë", "i": "îï", "o": "ô", "u": "ùûü"}


def fold(word: str) -> str:
    """Take accents, ligatures and apostrophes off a word in small letters.

    >>> fold("œuvré"), fold("aujourd'hui")
    ('oeuvre', 'aujourdhui')
    """
    if word.isascii():
        return word.replace("'", "") or word
    plain = word.translate(_PLAIN)
    return (plain if plain.isascii() else _without_accents(plain)) or word


def with_accents(word: str, is_known: Callable[[str], bool]) -> set[str]:
    """Give the known words that this one is without one or two of their accents.

    >>> sorted(with_accents("peche", {"pêche", "péché", "poche"}.__contains__))
    ['péché', 'pêche']
    """
    is_plain = word.isascii() and word.isalpha() and len(word) <= LONGEST
    spellings = {word} if is_plain else set[str]()
    found = set[str]()
    for _each in range(MOST_LOST):
        spellings = {other for each in spellings for other in _one_more(each)}
        found |= {each for each in spellings if is_known(each)}
    return found


def _one_more(word: str) -> Iterator[str]:
    """Put one accent on a word, to the right of those that it has."""
    first = max((i for i, letter in enumerate(word) if not letter.isascii()), default=-1)
    for place, letter in enumerate(word[first + 1 :], first + 1):
        for accented in _ACCENTED.get(letter, ""):
            yield word[:place] + accented + word[place + 1 :]


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_PLAIN = {code: _without_accents(chr(code)) for code in range(0xC0, 0x180)}  # Latin with accents
_PLAIN[ord("'")] = ""
