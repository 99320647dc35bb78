"""How near two words are, by their letters and by their sound. Silent ends and double letters are
left out of a sound; sounds that people confuse are one."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from radio.french.letters import fold

SHORTEST = 3  # sounds; shorter words sound like too many
# Spellings and their sounds, the longest first; a capital is a sound of two letters.
_SOUNDS = (
    (r"ss|sc(?=[eiy])|c(?=[eiy])|t(?=ion)|z", "s"),
    (r"sch|sh|ch(?=[rln])", "C"),
    (r"ch", "C"),
    (r"ph", "f"),
    (r"gn|ni(?=[eo])", "N"),
    (r"g(?=[eiy])|ge(?=[ao])", "j"),
    (r"gu(?=[eiy])", "g"),
    (r"qu|q|c|k", "k"),
    (r"x", "ks"),
    (r"[ae]n(?![aeiouyn])|[ae]m(?=[bp])", "A"),
    (r"(?:ai|ei|i|y|u)n(?![aeiouyn])|[iy]m(?=[bp])", "E"),
    (r"on(?![aeiouyn])|om(?=[bp])", "O"),
    (r"eau|au", "o"),
    (r"oeu|eu", "e"),
    (r"ou", "U"),
    (r"oi|oy", "W"),
    (r"ai|ei|ay|ey", "e"),
    (r"y", "i"),
    (r"h", ""),
)
_SPELLING = re.compile("|".join(f"({spelling})" for spelling, _ in _SOUNDS))
_SILENT = re.compile(r"(?:es?|[sxztdp]+)$")
_TWICE = re.compile(r"(.)\1+")
TOKEN = re.compile(r"[^\W_]+")
JOINT = re.compile(r"[ .\-‐‑'’\n]{1,2}")  # between two words of a name
PART = 4  # letters of a word of a name that is looked for alone
LONG = 7  # letters; such a name may have two errors
FAR = 4  # letters: what differs by more sounds otherwise
SURE = (5, 9)  # sounds from which on one more may be wrong


def sound(word: str) -> str:
    """Write how a word in small letters sounds; nothing where it is too short.

    >>> [sound(word) for word in ("farmacie", "pharmacie", "polisse", "police", "eau")]
    ['farmasi', 'farmasi', 'polis', 'polis', '']
    """
    spoken = _SPELLING.sub(
        lambda match: _SOUNDS[(match.lastindex or 1) - 1][1], fold(word.replace("ç", "s"))
    )
    key = _SILENT.sub("", _TWICE.sub(r"\1", spoken))
    return key if len(key) >= SHORTEST else ""


def letters(words: str) -> str:
    """Leave the small letters of some words, without accents.

    >>> letters("Saint-Étienne !")
    'saintetienne'
    """
    return fold("".join(TOKEN.findall(words)).lower())


def nearest(word: str, sounds: Iterable[str], far: float) -> tuple[str, float] | None:
    """Find the sound that is nearest to that of a word, and the share of it that differs; None
    where all are farther than `far`.

    >>> nearest("beaubran", ["bobrE", "knil"], 0.35)
    ('bobrE', 0.2)
    """
    scorer = OSA.normalized_distance
    heard = sound(word)
    found = process.extractOne(heard, list(sounds), scorer=scorer, score_cutoff=far)
    return (found[0], float(found[1])) if heard and found else None


def find_soundalikes(text: str, name: str) -> Iterator[tuple[int, int]]:
    """Find what sounds like a name, but not the name itself: first character and end.

    >>> text = "Avec Zoey Zimmer man, puis Simmermann à Zoé Zimmermann."
    >>> [text[start:end] for start, end in find_soundalikes(text, "Zoé Zimmermann")]
    ['Zoey Zimmer man', 'Simmermann']
    """
    parts = [fold(each.lower()) for each in TOKEN.findall(name)]
    whole, tokens = "".join(parts), list(TOKEN.finditer(text))
    folded = [_folded(each[0]) for each in tokens]
    alone = [each for each in parts if len(parts) > 1 and len(each) >= PART]
    usual, place = len(parts), 0
    sizes = (usual, usual + 1, usual - 1) if usual > 1 else (1, 2)
    while place < len(tokens):
        near = (
            size
            for size in sizes
            if place + size <= len(tokens)
            and _is_near("".join(folded[place : place + size]), whole, 2)
        )
        size = next(near, 0)
        if size > 1 and _is_near("".join(folded[place + 1 : place + size]), whole, 2):
            size = 0  # it begins with a word of something else
        run = tokens[place : place + size]
        gaps = (text[one.end() : other.start()] for one, other in pairwise(run))
        if size and all(map(JOINT.fullmatch, gaps)):
            if folded[place : place + size] != parts:
                yield run[0].start(), run[-1].end()
            place += size
            continue
        if any(_is_near(folded[place], each, 1) for each in alone):
            yield tokens[place].start(), tokens[place].end()
        place += 1


@lru_cache(maxsize=100_000)
def _is_near(one: str, name: str, most: int) -> bool:
    """Whether letters are those of a name but one, or `most` in a long name, or sound like it."""
    if abs(len(one) - len(name)) > 3 or not one:
        return False
    most = most if len(name) >= LONG else 1
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


def errors(one: str, other: str, most: int) -> int:
    """Count letters added, missing, changed, or two exchanged; `most + 1` where there are more.

    >>> [errors("camera", each, 1) for each in ("camra", "camerra", "cqmera", "acmera", "caramel")]
    [1, 1, 1, 1, 2]
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    return int(OSA.distance(one, other, score_cutoff=most))
