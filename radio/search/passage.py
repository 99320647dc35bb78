"""Passages: some cues as the index stores them, with their times; and snippets quoted of texts.
Runs of spaces become one space, so each character of a passage is one of its cues."""

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate, groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from radio.text.sentences import find_sentences, sentence_of
from radio.text.transcript import SENTENCE_END, Cue

WORDS, MOST_WORDS = 60, 90  # of a passage, which goes on to the end of a sentence
LEAST_LEFT = 30  # words after a passage that make another one
OVERLAP, MOST_SHARED = 15, 30  # words that a passage shares with the one before
LONGEST_CUE = 2_000  # characters that stay together; some two minutes of speech
LONGEST = 240  # characters of a snippet
LEAD = 80  # before the first match, in a sentence that is longer than a snippet
MISJUDGED = 0.5  # seconds by which an estimated time may be late
CUT = "…"
LEFT_OUT = f" {CUT} "  # between sentences that don't follow one another
KEPT = 100  # texts whose sentences stay in memory: a page asks for them again and again

CuePosition = tuple[int, int]  # number of the cue in its transcript, of the character in it
Ranges = Sequence["CharacterRange"]
Snippet = tuple[tuple[str, bool], ...]  # parts of a text as written, each with whether it matches


@dataclass(frozen=True)
class Mark:
    """Matching characters of a cue, counted after runs of spaces became one space."""

    cue: int  # its number in the transcript, from 1
    start: int
    end: int


class CharacterRange(NamedTuple):
    """A part of a text: its first character, and the one after its last."""

    start: int
    end: int
    clause: int = 0  # what it matches, by its place in the query


@dataclass(frozen=True)
class Passage:
    """Cues that follow one another; `first` is the number of the first."""

    first: int
    cues: tuple[tuple[float, float, str], ...]  # start and end in seconds, text
    offset: int = 0  # characters of its first cue that are in an earlier passage
    voices: tuple[str, ...] = ()  # who says each cue; none where nobody is named

    @cached_property
    def text(self) -> str:
        """The words of all the cues."""
        return " ".join(text for _, _, text in self.cues)

    def voice(self, character: int) -> str:
        """Name who says a character of the text; nothing where nobody is named."""
        return self.voices[self._find(character)[0]] if self.voices else ""

    def turns(self) -> Iterator[tuple[int, int]]:
        """Give the first character of what each voice says, and the one after its last.

        >>> said = ((0.0, 1.0, "Oui."), (1.0, 2.0, "Et toi ?"), (2.0, 3.0, "Non."))
        >>> list(Passage(0, said, voices=("Noé", "Noé", "Camille")).turns())
        [(0, 14), (14, 18)]
        """
        voices = self.voices or ("",) * len(self.cues)
        changes = (n for n in range(1, len(voices)) if voices[n] != voices[n - 1])
        return pairwise([0, *(self._starts[n] for n in changes), len(self.text)])

    def cue_position(self, character: int) -> CuePosition:
        """Find the cue of a character of the text, and its place in that cue."""
        index, within = self._find(character)
        return self.first + index, within + (0 if index else self.offset)

    def time(self, character: int, *, is_end: bool = False) -> float:
        """Estimate the second at which a character of the text is said, or has been said.

        >>> passage = Passage(0, ((0.0, 4.0, "un deux"), (4.0, 6.0, "trois mots")))
        >>> passage.time(14), passage.time(17, is_end=True)
        (5.2, 6.0)
        """
        place, within = self._find(character)
        start, end, text = self.cues[place]
        following = self.cues[place + 1][0] if place + 1 < len(self.cues) else end
        if following > start:  # two voices at once: the second is of the first
            end = min(end, following)
        return start + (end - start) * (within + is_end) / max(1, len(text))

    def surely_before(self, character: int) -> float:
        """Give a second before which no part of a character is said: where its cue begins, else a
        little before the estimate.

        >>> passage = Passage(0, ((0.0, 4.0, "un deux"), (4.0, 6.0, "trois mots")))
        >>> passage.surely_before(8), passage.surely_before(14)
        (4.0, 4.7)
        """
        return self.time(character) - (MISJUDGED if self._find(character)[1] else 0.0)

    def marks(self, match: CharacterRange) -> Iterator[Mark]:
        """Give a match as characters of cues; a match across two cues makes two marks.

        >>> passage = Passage(4, ((0.0, 4.0, "deux mille"), (4.0, 6.0, "dix-neuf")))
        >>> list(passage.marks(CharacterRange(5, 14)))
        [Mark(cue=5, start=5, end=10), Mark(cue=6, start=0, end=3)]
        """
        before = self.offset
        for number, (begin, (*_, text)) in enumerate(zip(self._starts, self.cues, strict=True), 1):
            start, end = max(match.start - begin, 0), min(match.end - begin, len(text))
            if start < end:
                yield Mark(self.first + number, before + start, before + end)
            before = 0

    def _find(self, character: int) -> tuple[int, int]:
        """Find the cue of a character, and its place in the part that is here."""
        index = bisect_right(self._starts, character) - 1
        return index, character - self._starts[index]

    @cached_property
    def _starts(self) -> list[int]:
        lengths = (len(text) + 1 for _, _, text in self.cues[:-1])
        return list(accumulate(lengths, initial=0))


# Snippets


def mark(text: str, matches: Ranges) -> Snippet:
    """Mark the matches in the whole of a text.

    >>> mark("la rue", [CharacterRange(3, 6)])
    (('la ', False), ('rue', True))
    """
    return _mark(text, [CharacterRange(0, len(text))], matches)


def quote(text: str, matches: Ranges, is_part: bool = False) -> Snippet:
    """Quote the sentence of the first match, and others while there is room. First come sentences
    that match another clause, then those between, after and before. A sentence that is too long is
    cut between words. With `is_part`, the text may be cut within a sentence."""
    sentences = sentences_of(text)
    parts = _choose(sentences, matches) or [_cut(text, sentences, matches[0])]
    begins, ends = ({each.start for each in sentences}, {each.end for each in sentences})
    if is_part and any(sign in text for sign in SENTENCE_END):
        begins -= {0} if text[0].islower() else set()
        ends -= set() if text.endswith(SENTENCE_END) else {len(text)}
    before = CUT if parts[0].start not in begins else ""
    return _mark(text, parts, matches, before, CUT if parts[-1].end not in ends else "")


@lru_cache(maxsize=KEPT)
def sentences_of(text: str, offset: int = 0) -> Ranges:
    """Give the sentences of a text, without the spaces after them."""
    found = ((start, len(text[start:end].rstrip())) for start, end in find_sentences(text))
    return tuple(CharacterRange(offset + start, offset + start + size) for start, size in found)


def _choose(sentences: Ranges, matches: Ranges) -> list[CharacterRange]:
    """Choose sentences, joined where they follow; none where the first is too long."""
    chosen, room = set[int](), LONGEST - 2 * len(CUT) + len(LEFT_OUT)

    def takes(place: int) -> bool:
        """Choose a sentence; tell whether there is one and it fits."""
        nonlocal room
        if place in chosen:
            return True
        cost = sentences[place].end - sentences[place].start + len(LEFT_OUT)
        if place < 0 or cost > room:
            return False
        chosen.add(place)
        room -= cost
        return True

    places = [_place(sentences, match) for match in matches]
    if not takes(places[0]):
        return []
    clauses = set[int]()
    for place, match in zip(places, matches, strict=True):
        if match.clause not in clauses and takes(place):
            clauses.add(match.clause)
    for place in range(places[0], max(chosen)):
        takes(place)
    all(map(takes, range(max(chosen) + 1, len(sentences))))  # until one does not fit
    takes(places[0] - 1)
    runs = list[CharacterRange]()
    for place in sorted(chosen):
        start = runs.pop().start if place - 1 in chosen else sentences[place].start
        runs.append(CharacterRange(start, sentences[place].end))
    return runs


def _place(sentences: Ranges, match: CharacterRange) -> int:
    return bisect_right(sentences, match.start, key=lambda each: each.start) - 1


def _cut(text: str, sentences: Ranges, match: CharacterRange) -> CharacterRange:
    sentence, room = sentences[_place(sentences, match)], LONGEST - 2 * len(CUT)
    begin = sentence.start
    if match.start - begin > LEAD:
        space = text.find(" ", match.start - LEAD - 1, match.start)
        begin = match.start if space < 0 else space + 1
    if sentence.end - begin <= room:
        return CharacterRange(begin, sentence.end)
    space = text.rfind(" ", begin + LEAD, begin + room + 1)
    return CharacterRange(begin, begin + room if space < 0 else space)


def _mark(text: str, parts: Ranges, matches: Ranges, before: str = "", after: str = "") -> Snippet:
    """Mark the matches in parts of a text; no part is empty, and neighbours differ."""
    segments = [(before, False)]
    for number, part in enumerate(parts):
        segments.append((LEFT_OUT if number else "", False))
        position = part.start
        for match in matches:
            start, stop = max(match.start, position), min(match.end, part.end)
            if start < stop:
                segments += [(text[position:start], False), (text[start:stop], True)]
                position = stop
        segments.append((text[position : part.end], False))
    segments.append((after, False))
    runs = groupby((each for each in segments if each[0]), key=itemgetter(1))
    return tuple(("".join(part for part, _ in run), is_match) for is_match, run in runs)


# Cut, and stored


def cut_passages(cues: Sequence[Cue]) -> Iterator[Passage]:
    """Cut a transcript into passages that overlap; a cue longer than LONGEST_CUE is divided."""
    done = set[int]()
    for numbers in passages(cues):
        for is_long, some in groupby(numbers, lambda number: len(cues[number].text) > LONGEST_CUE):
            run = list(some)
            if not is_long:
                own = [cues[number] for number in run]
                texts = [(cue.start, cue.end, " ".join(cue.text.split())) for cue in own]
                yield Passage(run[0], tuple(texts), 0, _voices(own))
                continue
            for number in run:
                if number not in done:
                    yield from _divide(number, cues[number])
            done.update(run)


def _voices(cues: Sequence[Cue]) -> tuple[str, ...]:
    names = tuple(cue.voice for cue in cues)
    return names if any(names) else ()


def passages(cues: Sequence[Cue]) -> Iterator[range]:
    """Cut a transcript into ranges of cue numbers, each of about 60 words, and from sentence to
    sentence where these end with cues. Neighbours share some 15 words, so that a phrase across two
    cues is whole in one. The last takes a short end: words count more in a short passage.

    >>> list(passages([Cue(i, i + 1, "mot " * 10) for i in range(12)]))
    [range(0, 6), range(4, 12)]
    """
    lengths = [len(cue.text.split()) for cue in cues]
    ends = [cue.text.rstrip().endswith(SENTENCE_END) for cue in cues]
    begins = [True, *ends]
    left = list(accumulate(reversed(lengths), initial=0))[::-1]  # words from each cue on
    first = last = 0
    while last < len(cues):
        last = _reach(range(first, len(cues)), lengths, ends, WORDS, MOST_WORDS) + 1
        last = len(cues) if left[last] < LEAST_LEFT else last
        yield range(first, last)
        back = range(last - 1, first, -1)
        first = _reach(back, lengths, begins, OVERLAP, MOST_SHARED) if back else last


def _reach(
    numbers: Sequence[int], lengths: Sequence[int], is_good: Sequence[bool], least: int, most: int
) -> int:
    """Find the first good cue with `least` to `most` words by then, else the first with `least`."""
    words, enough = 0, None
    for number in numbers:
        words += lengths[number]
        if words >= least:
            if is_good[number] and (enough is None or words <= most):
                return number
            enough = number if enough is None else enough
        if words > most:
            break
    return numbers[-1] if enough is None else enough


def _divide(number: int, cue: Cue) -> Iterator[Passage]:
    """Cut a long cue at spaces; each part gets time by its number of letters."""
    text, offset = sentence_of([cue]), 0
    pace = (cue.end - cue.start) / max(1, len(text))
    while offset < len(text):
        until = min(offset + LONGEST_CUE, len(text))
        if until < len(text):
            until = text.rfind(" ", offset, until) + 1 or until
        start, end = cue.start + pace * offset, cue.start + pace * until
        part = start, end, text[offset:until].strip()
        yield Passage(number, (part,), offset, _voices([cue]))
        offset = until


def pack(passage: Passage) -> bytes:
    """Write a passage for the index."""
    fields = [passage.first, passage.cues, passage.offset]
    fields += [passage.voices] if passage.voices else []
    return json.dumps(fields, ensure_ascii=False).encode()


def unpack(data: bytes) -> Passage:
    """Read a passage of the index."""
    first, cues, offset, *voices = json.loads(data)
    texts = tuple((start, end, text) for start, end, text in cues)
    return Passage(first, texts, offset, tuple(voices[0]) if voices else ())
