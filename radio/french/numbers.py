"""Numbers in French words, with septante, huitante, nonante: « deux mille dix-neuf » is 2019."""

import re
from collections.abc import Iterator, Sequence

_NAMES = """
    zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
"""
SMALL = {name: value for value, name in enumerate(_NAMES.split())} | {"une": 1}
_TENS = "vingt trente quarante cinquante soixante septante huitante nonante"
TENS = {name: 10 * value for value, name in enumerate(_TENS.split(), 2)}
TENS |= {"vingts": 20, "octante": 80}
HUNDREDS = {"cent", "cents"}
GREAT = {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
NOUNS = GREAT.keys() - {"mille"}  # also said of many, without a number
_ORDINAL = re.compile(r"(\d+)(?:ers?|[eè]res?|e|[eè]mes?|i[eè]mes?|nde?s?)|([ivx]+)[eè](?:me)?")
_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN = {"x" * (value // 10) + _UNITS[value % 10]: value for value in range(1, 40)}
_WORDS = {"premier": 1, "première": 1, "premiers": 1, "premières": 1, "ier": 1}
NUMERALS = SMALL.keys() | TENS.keys() | HUNDREDS | GREAT.keys()
_ODD = {"cinq": "cinqu", "neuf": "neuv"}
ORDINALS = {  # each with its number, also without accents; « vingt et unième » has « unième »
    f"{_ODD.get(name, name).removesuffix('e')}{end}": name
    for name in (*list(SMALL)[1:-1], *TENS, "cent", *GREAT)
    for end in ("ième", "ieme", "ièmes", "iemes")
}
_VALUES = SMALL | TENS | GREAT | {"cent": 100}
SPOKEN = NUMERALS | ORDINALS.keys()
AND = "et"
ORDINAL = "e"  # after the number of a place: « deuxième » is 2e
ALONE = {"un", "une"}  # articles, unless another number goes with them


def find_numbers(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Find numbers among words in small letters: first word, the one after the last, value.

    >>> list(find_numbers("en deux mille dix neuf il y avait vingt et une caméras".split()))
    [(1, 5, 2019), (8, 11, 21)]
    >>> list(find_numbers("quatre vingt dix sept une fois deux trois".split()))
    [(0, 4, 97), (6, 7, 2), (7, 8, 3)]
    """
    first = 0
    while first < len(words):
        last, value = _read(words, first)
        if last > first and not (last == first + 1 and words[first] in ALONE):
            yield first, last, value
        first = max(last, first + 1)


def find_spoken(words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Find numbers, as `find_numbers` does, and those whose last word is an ordinal: these have an
    « e » after their value.

    >>> list(find_spoken("du dix neuvième siècle au vingt et unième".split()))
    [(1, 3, '19e'), (5, 8, '21e')]
    """
    numbers = [ORDINALS.get(word, word) for word in words]
    for first, last, value in find_numbers(numbers):
        if ORDINALS.keys().isdisjoint(words[first : last - 1]):
            yield first, last, f"{value}{ORDINAL if words[last - 1] in ORDINALS else ''}"


def read_ordinal(word: str) -> int | None:
    """Read an ordinal of one word in small letters; None where it is none.

    >>> [read_ordinal(word) for word in ("1er", "2e", "deuxième", "xixe", "centième", "mixe")]
    [1, 2, 2, 19, 100, None]
    """
    if match := _ORDINAL.fullmatch(word):
        return int(match[1]) if match[1] else ROMAN.get(match[2])
    return _WORDS.get(word) or _VALUES.get(ORDINALS.get(word, ""))


def _read(words: Sequence[str], first: int) -> tuple[int, int]:
    """Read the longest number that begins at a word: the word after its last, and its value."""
    total, part, last, position = 0, 0, first, first
    while position < len(words):
        word = words[position]
        is_and = word == AND and part and words[position - 1] in TENS
        if is_and and words[position + 1 : position + 2] in (["un"], ["une"], ["onze"]):
            position += 1  # vingt et un
            continue
        if word in GREAT and (part or not total):
            total, part = total + max(part, 1) * GREAT[word], 0
        elif (grown := _grow(part, word, position == first)) is not None:
            part = grown
        else:
            break
        position += 1
        last = position
    return last, total + part


def _grow(part: int, word: str, begins: bool) -> int | None:
    """Add a word to what was read below a thousand; None where it begins another number.

    >>> [_grow(part, word, False) for part, word in ((4, "vingt"), (80, "onze"), (20, "douze"))]
    [80, 91, None]
    """
    below = part % 100
    if word in HUNDREDS:
        return 100 * max(part, 1) if part != 1 and part < 100 else None
    if tens := TENS.get(word):
        if tens == 20 and below == 4:  # quatre-vingts
            return part - 4 + 80
        return None if below else part + tens
    value = SMALL.get(word)
    if value is None or (value == 0 and not begins):
        return None
    if value >= 10:  # soixante-dix, quatre-vingt-onze
        fits = below in (0, 60, 80)
    else:  # dix-sept, vingt-trois
        fits = value >= 7 if below == 10 else below % 10 == 0 and (value > 0 or not below)
    return part + value if fits else None
