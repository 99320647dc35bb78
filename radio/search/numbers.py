"""Numbers said in French words: « deux mille dix-neuf » is 2019.

Both ways of counting to a hundred are read: that of France, and septante, huitante, nonante.
"""

from collections.abc import Iterator, Sequence

_NAMES = """
    zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
"""
SMALL = {name: value for value, name in enumerate(_NAMES.split())} | {"une": 1}
TENS = {
    "vingt": 20,
    "vingts": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
HUNDREDS = {"cent", "cents"}
GREAT = {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
NUMERALS = SMALL.keys() | TENS.keys() | HUNDREDS | GREAT.keys()
AND = "et"
ALONE = {"un", "une"}  # articles, unless another number goes with them


def find_numbers(said: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Find numbers in words in small letters: the first, the one after the last, the value.

    >>> list(find_numbers("en deux mille dix neuf il y avait vingt et une caméras".split()))
    [(1, 5, 2019), (8, 11, 21)]
    >>> list(find_numbers("quatre vingt dix sept une fois deux trois".split()))
    [(0, 4, 97), (6, 7, 2), (7, 8, 3)]
    """
    first = 0
    while first < len(said):
        last, value = _read(said, first)
        if last > first and not (last == first + 1 and said[first] in ALONE):
            yield first, last, value
        first = max(last, first + 1)


def _read(said: Sequence[str], first: int) -> tuple[int, int]:
    """Read the longest number that begins at a word: where it ends, and its value."""
    total, part, last = 0, 0, first
    position = first
    while position < len(said):
        word = said[position]
        if word == AND and part and _joins(said, position):
            position += 1
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


def _joins(said: Sequence[str], position: int) -> bool:
    """Whether « et » stands as in « vingt et un »."""
    return said[position - 1] in TENS and said[position + 1 : position + 2] in (
        ["un"],
        ["une"],
        ["onze"],
    )


def _grow(part: int, word: str, begins: bool) -> int | None:
    """Add a word to what was read below a thousand; None where it begins another number."""
    rest = part % 100
    if word in HUNDREDS:
        return part * 100 if 1 < part < 100 else 100 if not part else None
    if word in TENS:
        if TENS[word] == 20 and rest == 4:  # quatre-vingts
            return part - 4 + 80
        return part + TENS[word] if not rest else None
    value = SMALL.get(word)
    if value is None or (value == 0 and not begins):
        return None
    if not rest:
        return part + value if part or begins or value else None
    if rest in (60, 80) and value >= 10:  # soixante-dix, quatre-vingt-onze
        return part + value
    if rest % 10 == 0 and 0 < value < 10 and (rest >= 20 or (rest == 10 and value >= 7)):
        return part + value
    if rest in (70, 90) and 7 <= value <= 9:  # soixante-dix-sept
        return part + value
    return None
