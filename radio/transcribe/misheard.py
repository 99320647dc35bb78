"""Known names, written where the machine misheard them: words that it is not sure of, and that
sound like a name. What it hears surely, also elsewhere in the episode, and what a person corrected
stays; no name goes across a pause or a sign. The numbers are chosen by `bench/names.py`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from radio.french.letters import ELIDED
from radio.french.lexicon import is_french
from radio.french.sounds import TOKEN, letters, nearest, sound
from radio.text.aligned import evenly
from radio.text.doubt import certainties
from radio.text.transcript import PAUSE, Segment, Word

SURE = 0.85  # certainty of a word that stays
FAR = 0.36  # share of the sounds that may differ
LONGER = 0.1  # of this share, for each word more or less than the name has
MOST_WORDS = 4  # of what was heard for one name
PART = 4  # letters of a part of a name that is looked for alone
_WORD = re.compile(rf"(\W*(?:(?:{'|'.join(ELIDED)})['’])?)(.*\w)?(\W*)", re.IGNORECASE | re.DOTALL)
_VOWEL = re.compile("[aàâeéèêëiîïoôuùûœæh]", re.IGNORECASE)


class Misheard(NamedTuple):
    """Some words, without the one after the last, and the name in whose place they stand."""

    first: int
    last: int
    written: str  # a part of it, or the whole
    name: str


def certainty_of(segments: Iterable[Segment]) -> dict[Word, float]:
    """Give the chance of each word of an episode to be right."""
    every = ((each.words, certainties(each.words)) for each in segments)
    return {word: sure for pair in every for word, sure in zip(*pair, strict=True)}


def write_names(
    words: Sequence[Word], names: Iterable[str], certainty: Mapping[Word, float]
) -> list[Word]:
    """Write names where they were misheard; signs and elided words beside them stay."""
    written, position = list[Word](), 0
    for first, last, name, _whole in find_misheard(words, names, certainty):
        run = words[first:last]
        before, after = _cut(run[0])[0], _cut(run[-1])[2]
        shown = f"{_unelided(before, name)}{name}{after}".split()
        probability = min(word.probability for word in run)
        written += words[position:first]
        written += evenly(shown, run[0].start, run[-1].end, probability)
        position = last
    return [*written, *words[position:]]


def _unelided(before: str, name: str) -> str:
    """Write in full what is elided before a vowel.

    >>> _unelided("d'", "Beaubrun"), _unelided("« l’", "CNIL"), _unelided("l'", "Orléans")
    ('de ', '« la ', "l'")
    """
    if before[-1:] not in ("'", "’") or _VOWEL.match(name):
        return before
    return before[:-1] + ("a " if before[-2:-1] in "lL" else "e ")


def find_misheard(
    words: Sequence[Word], names: Iterable[str], certainty: Mapping[Word, float]
) -> list[Misheard]:
    """Find words that sound like a name, the nearest first where two share a word. A word of which
    `certainty` knows nothing is right."""
    known = _spoken(names)
    sure = [certainty.get(word, 1.0) >= SURE for word in words]
    said = {_letters([word]) for word, is_sure in zip(words, sure, strict=True) if is_sure}
    near = list[tuple[float, Misheard]]()
    for first in range(len(words) if known else 0):
        for last in range(first + 1, _reach(words, sure, first) + 1):
            heard = _letters(words[first:last])
            found = None if _are_french(words[first:last]) else nearest(heard, known, FAR)
            if found and heard not in said:
                written, name = known[found[0]]
                distance = found[1] + LONGER * abs(last - first - len(written.split()))
                near.append((distance, Misheard(first, last, written, name)))
    taken, chosen = set[int](), list[Misheard]()
    for distance, each in sorted(near):
        places = range(each.first, each.last)
        if distance <= FAR and taken.isdisjoint(places):
            taken.update(places)
            chosen.append(each)
    return sorted(each for each in chosen if not _is_right(words, each))


def _are_french(words: Sequence[Word]) -> bool:
    tokens = TOKEN.findall(" ".join(word.text for word in words).lower())
    return all(each in ELIDED or is_french(each) for each in tokens if len(each) > 1)


def _is_right(words: Sequence[Word], each: Misheard) -> bool:
    return letters(each.written) == _letters(words[each.first : each.last])


def _spoken(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Give names, and their parts that are names, by their sound; the first ones come first."""
    found = dict[str, tuple[str, str]]()
    for name in names:
        parts = (each for each in name.split() if len(each) >= PART and each[0].isupper())
        for each in (name, *(part for part in parts if not is_french(part.lower()))):
            found.setdefault(sound(letters(each)), (each, name))
    return {key: pair for key, pair in found.items() if key}


def _reach(words: Sequence[Word], sure: Sequence[bool], first: int) -> int:
    """Give the place after the last word, from a word on, that is in doubt and said in one go."""
    last = first
    while last < min(first + MOST_WORDS, len(words)) and not sure[last]:
        last += 1
        following = words[last : last + 1]
        is_last = any(each.start - words[last - 1].end >= PAUSE for each in following)
        if is_last or _cut(words[last - 1])[2].strip("-'’"):
            break
    return last


def _cut(word: Word) -> tuple[str, str, str]:
    """Give a word in three: what stands before it, its letters, the signs after it."""
    match = _WORD.fullmatch(word.text)
    before, within, after = match.groups() if match else ("", "", "")
    return before, within or "", after


def _letters(words: Sequence[Word]) -> str:
    return letters(" ".join((_cut(words[0])[1], *(word.text for word in words[1:]))))
