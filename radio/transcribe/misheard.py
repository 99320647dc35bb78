"""Known names, written where the machine misheard them: words that it is not sure of, and that
sound like a name. What it hears surely, also elsewhere in the episode, and what a person corrected
stays; no name goes across a pause or a sign. The numbers are chosen by `bench/names.py`."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from radio.french.letters import ELIDED
from radio.french.lexicon import is_french
from radio.french.sounds import PART, TOKEN, letters, nearest, sound
from radio.text.aligned import evenly
from radio.text.doubt import certainties
from radio.text.transcript import PAUSE, Segment, Word
from radio.transcribe.figures import CorrectedWord

SURE = 0.85  # certainty of a word that stays
FAR = 0.36  # share of the sounds that may differ
LONGER = 0.1  # of this share, for each word more or less than the name has
MOST_WORDS = 4  # of what was heard for one name
_WORD = re.compile(rf"(\W*(?:(?:{'|'.join(ELIDED)})['’])?)(.*\w)?(\W*)", re.IGNORECASE | re.DOTALL)
_VOWEL = re.compile("[aàâeéèêëiîïoôuùûœæh]", re.IGNORECASE)


def write_names(words: Sequence[Word], found: Iterable[Word]) -> list[Word]:
    """Write the names that were found, but not over a person's correction; signs and elided words
    beside them stay."""
    starts, written, position = [word.start for word in words], list[Word](), 0
    for name in found:
        first, last = bisect_right(starts, name.start) - 1, bisect_left(starts, name.end)
        run = words[max(first, position) : last]
        is_there = run and (run[0].start, run[-1].end) == (name.start, name.end)
        if is_there and not any(isinstance(word, CorrectedWord) for word in run):
            before, after = _cut(run[0])[0], _cut(run[-1])[2]
            shown = f"{_unelided(before, name.text)}{name.text}{after}".split()
            written += words[position:first]
            written += evenly(shown, name.start, name.end, name.probability)
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
    words: Sequence[Word], names: Iterable[str], heard: Iterable[Segment]
) -> tuple[Word, ...]:
    """Find words that sound like a name, the nearest first where two share a word, and give the
    names, or their parts, with the times of these words. What no segment has is right."""
    known, near = _spoken(names), list[tuple[float, int, int, str]]()
    sure = _sure(words, heard) if known else []
    said = {_letters([word]) for word, is_sure in zip(words, sure, strict=False) if is_sure}
    for first in range(len(sure)):
        for last in range(first + 1, _reach(words, sure, first) + 1):
            spoken = _letters(words[first:last])
            found = None if _are_french(words[first:last]) else nearest(spoken, known, FAR)
            if found and spoken not in said:
                written = known[found[0]]
                distance = found[1] + LONGER * abs(last - first - len(written.split()))
                near.append((distance, first, last, written))
    taken, chosen = set[int](), list[Word]()
    for distance, first, last, written in sorted(near):
        if distance <= FAR and taken.isdisjoint(range(first, last)):
            taken.update(range(first, last))
            run = words[first:last]
            if letters(written) != _letters(run):
                probability = min(word.probability for word in run)
                chosen.append(Word(run[0].start, run[-1].end, written, probability))
    return tuple(sorted(chosen, key=lambda each: each.start))


def _sure(words: Sequence[Word], heard: Iterable[Segment]) -> list[bool]:
    """Tell of each word whether it stays; one without length is found by no time."""
    every = ((each.words, certainties(each.words)) for each in heard)
    known = {word: sure for pair in every for word, sure in zip(*pair, strict=True)}
    return [known.get(each, 1.0) >= SURE or each.end <= each.start for each in words]


def _are_french(words: Sequence[Word]) -> bool:
    tokens = TOKEN.findall(" ".join(word.text for word in words).lower())
    return all(each in ELIDED or is_french(each) for each in tokens if len(each) > 1)


def _spoken(names: Iterable[str]) -> dict[str, str]:
    """Give names, and their parts that are names, by their sound; the first ones come first."""
    found = dict[str, str]()
    for name in names:
        parts = (each for each in name.split() if len(each) >= PART and each[0].isupper())
        for each in (name, *(part for part in parts if not is_french(part.lower()))):
            found.setdefault(sound(letters(each)), each)
    return {key: name for key, name in found.items() if key}


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
    before, within, after = _WORD.findall(word.text)[0]
    return before, within, after


def _letters(words: Sequence[Word]) -> str:
    return letters(" ".join((_cut(words[0])[1], *(word.text for word in words[1:]))))
