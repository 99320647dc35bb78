"""A stretch of a transcript as the index keeps it: text with times, so that no file is read again.

Spaces are made one, so that a place in the text of a passage stands for a place in its cues.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, groupby

from radio.search.hits import Mark
from radio.transcript import Cue, passages

SNIPPET = 240  # characters at most
SNIPPET_LEAD = 80  # characters before the first match
CUT = "…"
LONGEST_CUE = 2_000  # characters that stay together; some two minutes of speech

Place = tuple[int, int]
"""The number of a cue in its transcript, and a character in that cue."""


@dataclass(frozen=True)
class Span:
    """A stretch of text, in characters."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """Some cues that follow one another; `first` is the number of the first."""

    first: int
    cues: tuple[tuple[float, float, str], ...]  # start and end in seconds, text
    skipped: int = 0  # characters of the first cue that stand before, where it was cut

    @cached_property
    def text(self) -> str:
        """The words of all the cues."""
        return " ".join(text for _, _, text in self.cues)

    def place(self, character: int) -> Place:
        """Tell in which cue a character of the text stands, and where in that cue."""
        index, within = self._find(character)
        return self.first + index, within + (0 if index else self.skipped)

    def time(self, character: int) -> float:
        """Tell at about which second a character of the text is said.

        >>> Passage(0, ((0.0, 4.0, "un deux"), (4.0, 6.0, "trois mots"))).time(14)
        5.2
        """
        place, within = self._find(character)
        start, end, text = self.cues[place]
        if place + 1 < len(self.cues) and self.cues[place + 1][0] > start:
            end = min(
                end, self.cues[place + 1][0]
            )  # two voices at once: the second is of the first
        return start + (end - start) * within / max(1, len(text))

    def marks(self, match: Span) -> Iterator[Mark]:
        """Give what matches as characters of cues, of each where it runs across two.

        >>> list(Passage(4, ((0.0, 4.0, "deux mille"), (4.0, 6.0, "dix-neuf"))).marks(Span(5, 14)))
        [Mark(cue=5, start=5, end=10), Mark(cue=6, start=0, end=3)]
        """
        before = self.skipped
        for number, (begin, (*_, text)) in enumerate(zip(self._starts, self.cues, strict=True), 1):
            start, end = max(match.start - begin, 0), min(match.end - begin, len(text))
            if start < end:
                yield Mark(self.first + number, before + start, before + end)
            before = 0

    def snippet(self, matches: Sequence[Span]) -> tuple[tuple[str, bool], ...]:
        """Cut the text around the first match, at words, and mark what matches."""
        text = self.text
        begin = _word_start(text, matches[0].start - SNIPPET_LEAD, matches[0].start)
        room = SNIPPET - 2 * len(CUT)
        end = len(text) if len(text) - begin <= room else _word_end(text, begin, begin + room)
        pieces = list(_marked(text, begin, end, matches))
        before = [(CUT, False)] if begin else []
        after = [(CUT, False)] if end < len(text) else []
        return tuple(_joined(before + pieces + after))

    def _find(self, character: int) -> tuple[int, int]:
        """Tell in which of its cues a character stands, and where in what it has of that."""
        index = bisect_right(self._starts, character) - 1
        return index, character - self._starts[index]

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (len(text) + 1 for _, _, text in self.cues[:-1])
        return list(accumulate(lengths, initial=0))


def cut(cues: Sequence[Cue]) -> Iterator[Passage]:
    """Cut a transcript into passages that overlap.

    A cue that is too long to be read at once makes several passages by itself.
    """
    divided = set[int]()
    for numbers in passages(cues):
        for is_long, some in groupby(numbers, lambda number: len(cues[number].text) > LONGEST_CUE):
            run = list(some)
            if not is_long:
                yield Passage(run[0], tuple(_flat(cues[number]) for number in run))
                continue
            for number in run:
                if number not in divided:
                    yield from _divide(number, cues[number])
            divided.update(run)


def _flat(cue: Cue) -> tuple[float, float, str]:
    return cue.start, cue.end, " ".join(cue.text.split())


def _divide(number: int, cue: Cue) -> Iterator[Passage]:
    """Cut a long cue at spaces, its time shared out by letters."""
    start, end, text = _flat(cue)
    pace = (end - start) / max(1, len(text))
    done = 0
    while done < len(text):
        until = min(done + LONGEST_CUE, len(text))
        if until < len(text):
            until = text.rfind(" ", done, until) + 1 or until
        times = start + pace * done, start + pace * until
        yield Passage(number, ((*times, text[done:until].strip()),), done)
        done = until


def pack(passage: Passage) -> bytes:
    """Write a passage for the index."""
    fields = [passage.first, passage.cues, passage.skipped]
    return json.dumps(fields, ensure_ascii=False).encode()


def unpack(packed: bytes) -> Passage:
    """Read a passage of the index."""
    first, cues, skipped = json.loads(packed)
    return Passage(first, tuple((start, end, text) for start, end, text in cues), skipped)


def _word_start(text: str, wanted: int, limit: int) -> int:
    if wanted <= 0:
        return 0
    space = text.find(" ", wanted - 1, limit)
    return limit if space < 0 else space + 1


def _word_end(text: str, begin: int, wanted: int) -> int:
    space = text.rfind(" ", begin + SNIPPET_LEAD, wanted + 1)
    return wanted if space < 0 else space


def _marked(text: str, begin: int, end: int, matches: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    done = begin
    for match in matches:
        start, stop = max(match.start, done), min(match.end, end)
        if start < stop:
            yield text[done:start], False
            yield text[start:stop], True
            done = stop
    yield text[done:end], False


def _joined(pieces: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Leave out empty pieces and join those that are marked alike."""
    text, marked = "", False
    for piece, is_match in pieces:
        if piece and text and is_match != marked:
            yield text, marked
            text = ""
        if piece:
            text, marked = text + piece, is_match
    if text:
        yield text, marked
