"""Other hearings laid beside the words that stand: which of theirs are in whose place. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from radio.french.letters import fold
from radio.proposals.text import SIGNS
from radio.search.folding import fold
from radio.search.sounds import errors
from radio.search.spelling import errors

LARGEST = 12  # words between two equal ones that are laid beside each other
MERGED = 3  # words of one that may stand for one or some words of the other
SEAM = 0.4  # what it costs to lay several words beside one
FAR = 60  # letters
ENDS = SIGNS.replace("’'", "") + " \u00a0\u202f"
"""What may stand before and after the words of a variant: signs, but for apostrophes."""
TIMES = 10  # hearings; with fewer of them, the others count as saying what stands
RUN = 2  # units that are one variant together
LONGEST_VARIANT = 8  # words
MOST_WORDS = 150  # of a hearing: nobody says more in half a minute
MORE = 2  # times the words that stand; a hearing with more of them goes round in circles


class Variant(NamedTuple):
    """What some hearings have in the place of some words."""

    first: int
    last: int
    text: str
    share: float  # of the hearings


class LaidUnit(NamedTuple):
    """Some words, and those that the other hearing has in their place."""

    first: int
    last: int
    begin: int
    end: int


def bare(word: str) -> str:
    """Leave what two words are compared by: letters, with their accents, without capitals.

    >>> bare("« L’Agenda, »"), bare("…")
    ("l'agenda", '')
    """
    return word.replace("’", "'").casefold().strip(f"{SIGNS} \u00a0\u202f").strip()


def lay_beside(words: Sequence[str], other: Sequence[str]) -> list[LaidUnit]:
    """Lay another hearing beside words: in units as small as their letters allow.

    >>> lay_beside("la kni à nos noms".split(), "la CNIL anonyme".split())
    [LaidUnit(first=0, last=1, begin=0, end=1), LaidUnit(first=1, last=2, begin=1, end=2), \
LaidUnit(first=2, last=5, begin=2, end=3)]
    """
    old, new = tuple(map(bare, words)), tuple(map(bare, other))
    units = list[LaidUnit]()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            units += (
                LaidUnit(first + n, first + n + 1, begin + n, begin + n + 1)
                for n in range(last - first)
            )
        elif max(last - first, end - begin) > LARGEST:
            units.append(LaidUnit(first, last, begin, end))
        else:
            units += (
                LaidUnit(first + a, first + b, begin + c, begin + d)
                for a, b, c, d in _units(old[first:last], new[begin:end])
            )
    return units


@lru_cache(maxsize=20_000)
def _units(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[int, int, int, int], ...]:
    """Cut differing words into the units whose letters differ least."""
    best = {(0, 0): (0.0, (0, 0))}
    for row in range(len(old) + 1):
        for column in range(len(new) + 1):
            if row or column:
                best[row, column] = min(_last_units(old, new, row, column, best))
    units, here = list[tuple[int, int, int, int]](), (len(old), len(new))
    while here != (0, 0):
        before = best[here][1]
        units.append((before[0], here[0], before[1], here[1]))
        here = before
    return tuple(reversed(units))


def _last_units(
    old: Sequence[str],
    new: Sequence[str],
    row: int,
    column: int,
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]],
) -> Iterator[tuple[float, tuple[int, int]]]:
    for a in range(min(row, MERGED) + 1):
        for b in range(min(column, MERGED) + 1):
            if (a or b) and not (a > 1 and b > 1):
                place = row - a, column - b
                cost = _cost(old[row - a : row], new[column - b : column])
                yield best[place][0] + cost, place


def _cost(old: Sequence[str], new: Sequence[str]) -> float:
    one, other = letters(old), letters(new)
    seams = max(0, len(old) - 1) + max(0, len(new) - 1)
    if not old or not new:
        return max(len(one), len(other)) * 0.9 + 1
    return errors(one, other, FAR) + SEAM * seams


def letters(words: Sequence[str]) -> str:
    """Join the letters of words, without their accents."""
    return "".join(letter for letter in fold("".join(words)) if letter.isalnum())


@lru_cache(maxsize=64)
def variants(
    words: tuple[str, ...], texts: tuple[str, ...]
) -> tuple[tuple[float, ...], tuple[Variant, ...]]:
    """Tell of each word which share of the hearings has it too, and give what they have instead.

    >>> variants(("la", "kni"), ("la CNIL", "La kni !"))
    ((1.0, 0.9), (Variant(first=1, last=2, text='CNIL', share=0.1),))
    """
    most = min(MOST_WORDS, MORE * len(words) + LONGEST_VARIANT)
    heard = Counter(other for text in texts if len(other := tuple(text.split())) <= most)
    if not heard or len(words) > MOST_WORDS:
        return (), ()
    times = max(heard.total(), TIMES)
    agreed, votes = [times - heard.total()] * len(words), Counter[tuple[int, int, str]]()
    forms = defaultdict[tuple[int, int, str], Counter[str]](Counter)
    for other, often in heard.items():
        units = lay_beside(words, other)
        for each in units:
            if each.last - each.first == 1 and not _differs(words, other, each):
                agreed[each.first] += often
        for first, last, text in set(_runs(words, other, units)):
            votes[first, last, bare(text)] += often
            forms[first, last, bare(text)][text] += often
    found = (
        Variant(*place[:2], forms[place].most_common(1)[0][0], number / times)
        for place, number in votes.items()
    )
    return tuple(number / times for number in agreed), tuple(found)


def _differs(words: Sequence[str], other: Sequence[str], unit: LaidUnit) -> bool:
    old, new = words[unit.first : unit.last], other[unit.begin : unit.end]
    return bare(" ".join(old)) != bare(" ".join(new))


def _runs(
    words: Sequence[str], other: Sequence[str], units: Sequence[LaidUnit]
) -> Iterator[tuple[int, int, str]]:
    """Give what differs: unit by unit, and some together. Words more go with those beside them."""
    differ = [_differs(words, other, each) for each in units]
    for at, first in enumerate(units):
        for to in range(at, min(at + RUN, len(units))):
            last = units[to]
            added = any(each.first == each.last for each in units[at : to + 1])
            is_whole = differ[at] and differ[to]
            is_wide = (
                last.last - first.first > LONGEST_VARIANT
                or last.end - first.begin > LONGEST_VARIANT
            )
            if first.first == last.last or is_wide or not (is_whole or (added and to > at)):
                continue
            text = " ".join(other[first.begin : last.end]).strip(ENDS)
            if bare(text) != bare(" ".join(words[first.first : last.last])):
                yield first.first, last.last, text
