"""Snippets: what is quoted of a text, in whole sentences, with the matching words marked."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from radio.search.hits import Snippet
from radio.text.sentences import find_sentences
from radio.text.transcript import SENTENCE_END

LONGEST = 240  # characters of a snippet
LEAD = 80  # before the first match, in a sentence that is longer than a snippet
CUT = "…"
LEFT_OUT = f" {CUT} "  # between sentences that don't follow one another


class CharacterRange(NamedTuple):
    """A part of a text: its first character, and the one after its last."""

    start: int
    end: int
    clause: int = 0  # what it matches, by its place in the query


def mark(text: str, matches: Sequence[CharacterRange]) -> Snippet:
    """Mark the matches in the whole of a text.

    >>> mark("la rue", [CharacterRange(3, 6)])
    (('la ', False), ('rue', True))
    """
    return tuple(_join_equal(_split_at_matches(text, CharacterRange(0, len(text)), matches)))


def quote(text: str, matches: Sequence[CharacterRange], is_part: bool = False) -> Snippet:
    """Quote the sentence of the first match, and others while there is room.

    First come sentences that match another clause, then those between, after and before. A sentence
    longer than a snippet is cut between words; `is_part` tells that the text may begin or end
    within a sentence.

    >>> found = CharacterRange(12, 15), CharacterRange(40, 46, clause=1)
    >>> quote("Bonsoir. La rue est vide. On parle. Des micros écoutent.", found)[:3]
    (('Bonsoir. La ', False), ('rue', True), (' est vide. On parle. Des ', False))
    """
    sentences = _sentences(text)
    parts = _choose(sentences, matches) or [_cut(text, sentences, matches[0])]
    begins, ends = ({each.start for each in sentences}, {each.end for each in sentences})
    if is_part and any(sign in text for sign in SENTENCE_END):
        begins -= {0} if text[0].islower() else set()
        ends -= set() if text.endswith(SENTENCE_END) else {len(text)}
    pieces = [(CUT, False)] if parts[0].start not in begins else []
    for number, part in enumerate(parts):
        pieces += [(LEFT_OUT, False)] if number else []
        pieces += _split_at_matches(text, part, matches)
    pieces += [(CUT, False)] if parts[-1].end not in ends else []
    return tuple(_join_equal(pieces))


def _sentences(text: str) -> list[CharacterRange]:
    found = find_sentences(text)
    return [CharacterRange(start, start + len(text[start:end].rstrip())) for start, end in found]


def _choose(
    sentences: Sequence[CharacterRange], matches: Sequence[CharacterRange]
) -> list[CharacterRange]:
    """Choose sentences, joined where they follow; none where the one to begin with is too long."""
    choice = _Choice([each.end - each.start + len(LEFT_OUT) for each in sentences])
    places = [_place(sentences, match) for match in matches]
    if not choice.takes(places[0]):
        return []
    clauses = set[int]()
    for place, match in zip(places, matches, strict=True):
        if match.clause not in clauses and choice.takes(place):
            clauses.add(match.clause)
    for place in range(places[0], max(choice.chosen)):
        choice.takes(place)
    after = range(max(choice.chosen) + 1, len(sentences))
    all(map(choice.takes, after))  # until one does not fit
    choice.takes(places[0] - 1)
    return _joined(sentences, choice.chosen)


class _Choice:
    """Sentences chosen for a snippet, by their places, as long as there is room."""

    def __init__(self, costs: Sequence[int]):
        self.chosen: set[int] = set()
        self._costs = costs
        self._room = LONGEST - 2 * len(CUT) + len(LEFT_OUT)

    def takes(self, place: int) -> bool:
        """Choose a sentence; tell whether there is one and it fits."""
        if place in self.chosen:
            return True
        if place < 0 or self._costs[place] > self._room:
            return False
        self.chosen.add(place)
        self._room -= self._costs[place]
        return True


def _joined(sentences: Sequence[CharacterRange], chosen: Collection[int]) -> list[CharacterRange]:
    """Join sentences that follow one another."""
    runs: list[CharacterRange] = []
    for place in sorted(chosen):
        each = sentences[place]
        if place - 1 in chosen:
            each = CharacterRange(runs.pop().start, each.end)
        runs.append(each)
    return runs


def _place(sentences: Sequence[CharacterRange], match: CharacterRange) -> int:
    """Find the sentence of a match."""
    return bisect_right(sentences, match.start, key=lambda each: each.start) - 1


def _cut(text: str, sentences: Sequence[CharacterRange], match: CharacterRange) -> CharacterRange:
    """Cut a long sentence between words, around a match."""
    sentence, room = sentences[_place(sentences, match)], LONGEST - 2 * len(CUT)
    begin = sentence.start
    if match.start - begin > LEAD:
        space = text.find(" ", match.start - LEAD - 1, match.start)
        begin = match.start if space < 0 else space + 1
    if sentence.end - begin <= room:
        return CharacterRange(begin, sentence.end)
    space = text.rfind(" ", begin + LEAD, begin + room + 1)
    return CharacterRange(begin, begin + room if space < 0 else space)


def _split_at_matches(
    text: str, part: CharacterRange, matches: Sequence[CharacterRange]
) -> Iterator[tuple[str, bool]]:
    position = part.start
    for match in matches:
        start, stop = max(match.start, position), min(match.end, part.end)
        if start < stop:
            yield text[position:start], False
            yield text[start:stop], True
            position = stop
    yield text[position : part.end], False


def _join_equal(parts: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Leave out empty parts, and join neighbours that both match or both do not."""
    some = ((part, is_match) for part, is_match in parts if part)
    for is_match, run in groupby(some, key=itemgetter(1)):
        yield "".join(part for part, _ in run), is_match
