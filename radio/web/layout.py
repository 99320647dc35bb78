"""A transcript laid out for reading: paragraphs, the music between them, the words in doubt. Pure.

A word is in doubt where the machine gave it less than DOUBT and it still stands as the machine
wrote it: what a person put in its place is beyond doubt.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise, zip_longest
from operator import itemgetter

from radio.transcript import Cue, Evidence, Region, Word, paragraphs

DOUBT = 0.5  # on the demonstration shows 6 % of the words are below it, and 72 % of these wrong
MUSIC = 5.0  # seconds from which on music is worth a line
EARLY = 0.05  # seconds by which a word may begin before its cue, times being rounded

Run = tuple[str, bool]
"""Some text, and whether it is in doubt."""


@dataclass(frozen=True)
class NumberedCue:
    """A cue, with its number in the transcript, from 1."""

    number: int
    cue: Cue
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class TranscriptBlock:
    """A paragraph, or the music between two."""

    lines: Sequence[NumberedCue] = ()
    music: Region | None = None


def lay_out(
    cues: Sequence[Cue], evidence: Evidence | None, *, doubts: bool = True
) -> Iterator[TranscriptBlock]:
    """Lay out paragraphs, none across music, with the words in doubt if `doubts` are wanted."""
    lines = list(_lines(cues, evidence if doubts else None))
    first = 0
    for region in _music(evidence):
        middle = (region.start + region.end) / 2
        last = bisect_left(cues, middle, lo=first, key=lambda cue: cue.start)
        yield from _paragraphs(lines[first:last])
        yield TranscriptBlock(music=region)
        first = last
    yield from _paragraphs(lines[first:])


def _music(evidence: Evidence | None) -> Iterator[Region]:
    for region in evidence.regions if evidence else ():
        if region.kind == "music" and region.end - region.start >= MUSIC:
            yield region


def _paragraphs(lines: Sequence[NumberedCue]) -> Iterator[TranscriptBlock]:
    rest = iter(lines)
    for group in paragraphs([line.cue for line in lines]):
        yield TranscriptBlock([next(rest) for _ in group])


def _lines(cues: Sequence[Cue], evidence: Evidence | None) -> Iterator[NumberedCue]:
    spoken_words = (
        [word for segment in evidence.segments for word in segment.words] if evidence else []
    )
    first = 0
    for number, cue in enumerate(cues, 1):
        first = bisect_left(spoken_words, cue.start - EARLY, lo=first, key=lambda word: word.start)
        last = bisect_left(spoken_words, cue.end, lo=first, key=lambda word: word.start)
        yield NumberedCue(
            number, cue, tuple(_runs(" ".join(cue.text.split()), spoken_words[first:last]))
        )


def _runs(text: str, spoken_words: Sequence[Word]) -> Iterator[Run]:
    """Split a text where doubt begins or ends.

    >>> words = [Word(0, 1, "la", 0.9), Word(1, 2, "kni", 0.2), Word(2, 3, "dit", 0.4)]
    >>> list(_runs("la kni dit", words)), list(_runs("la CNIL dit", words))
    ([('la ', False), ('kni dit', True)], [('la CNIL ', False), ('dit', True)])
    """
    pieces = re.split(r"(\s+)", text)  # words, and the spaces between them
    doubts = list(_doubts(pieces[::2], spoken_words))
    between = [before and after for before, after in pairwise(doubts)]
    flags = chain.from_iterable(zip_longest(doubts, between, fillvalue=False))
    for doubted, run in groupby(zip(pieces, flags, strict=False), key=itemgetter(1)):
        yield "".join(piece for piece, _ in run), doubted


def _doubts(words: Sequence[str], spoken_words: Sequence[Word]) -> Iterator[bool]:
    """Tell of each word whether it was heard so, with doubt; both go forward together."""
    first = 0
    for word in words:
        places = (
            i for i in range(first, len(spoken_words)) if spoken_words[i].text.strip() == word
        )
        place = next(places, None)
        yield place is not None and spoken_words[place].probability < DOUBT
        first = first if place is None else place + 1
