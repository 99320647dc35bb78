"""Words of a text that sound like a name, or are a part of it: as a machine mishears it. Pure."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from radio.french.letters import fold
from radio.search.sounds import sound
from radio.search.spelling import errors

TOKEN = re.compile(r"[^\W_]+")
JOINT = re.compile(r"[ .\-‐‑'’\n]{1,2}")  # between two words of a name
PART = 4  # letters of a word of a name that is looked for alone
LONG = 7  # letters; such a name may have two errors
FAR = 4  # letters: what differs by more sounds otherwise
SURE = (5, 9)  # sounds from which on one more may be wrong


def find_soundalikes(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Find what sounds like a name: from which character to which. The name itself is left out.

    >>> text = "Avec Zoey Zimmer man, puis Simmermann à Zoé Zimmermann."
    >>> [text[start:end] for start, end in find_soundalikes(text, "Zoé Zimmermann")]
    ['Zoey Zimmer man', 'Simmermann']
    """
    parts = [fold(each.lower()) for each in TOKEN.findall(name)]
    whole, tokens = "".join(parts), list(TOKEN.finditer(text))
    folded = [_folded(each[0]) for each in tokens]
    alone = [each for each in parts if len(parts) > 1 and len(each) >= PART]
    place = 0
    while place < len(tokens):
        size = _size(folded, place, whole, len(parts))
        if size > 1 and _is_near("".join(folded[place + 1 : place + size]), whole, 2):
            size = 0  # it begins with a word of something else
        if size and _is_one(text, tokens[place : place + size]):
            if folded[place : place + size] != parts:
                yield tokens[place].start(), tokens[place + size - 1].end()
            place += size
            continue
        if any(_is_near(folded[place], each, 1) for each in alone):
            yield tokens[place].start(), tokens[place].end()
        place += 1


def _size(folded: list[str], place: int, whole: str, usual: int) -> int:
    """Tell how many words from a place on sound like a name together; 0 where none do."""
    for size in _sizes(usual):
        joined = "".join(folded[place : place + size])
        if place + size <= len(folded) and _is_near(joined, whole, 2):
            return size
    return 0


def _sizes(usual: int) -> Iterable[int]:
    return (usual, usual + 1, usual - 1) if usual > 1 else (1, 2)


def _is_near(one: str, name: str, most: int) -> bool:
    """Whether some letters are those of a name, or sound like them.

    One letter may be wrong, two where the name is long and `most` says so.
    """
    if abs(len(one) - len(name)) > 3 or not one:
        return False
    return _sounds_near(one, name, min(most, 2 if len(name) >= LONG else 1))


@lru_cache(maxsize=100_000)
def _sounds_near(one: str, name: str, most: int) -> bool:
    if errors(one, name, most) <= most and (len(name) >= PART or one == name):
        return True
    if errors(one, name, FAR) > FAR:
        return False
    heard, meant = sound(one), sound(name)
    allowed = sum(len(meant) >= each for each in SURE)
    return bool(heard) and errors(heard, meant, allowed) <= allowed


@lru_cache(maxsize=100_000)
def _folded(word: str) -> str:
    return fold(word.lower())


def _is_one(text: str, tokens: list[re.Match[str]]) -> bool:
    pairs = pairwise(tokens)
    return all(JOINT.fullmatch(text[one.end() : other.start()]) for one, other in pairs)
