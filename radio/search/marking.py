"""The matching words of a query, marked in the passages of its results.

A passage has some sixty words, and few of them can match. Only words that begin like a term of the
query are analysed; where the order of words matters, the others are counted.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from radio.search.clauses import are_in_order, index_terms
from radio.search.fields import is_named
from radio.search.french import AnalysedWord, count, is_number, words, written_word
from radio.search.hits import Hit
from radio.search.passage import CuePosition, Passage
from radio.search.prefilter import is_plain, pattern
from radio.search.query import ParsedQuery
from radio.search.snippet import CharacterRange


class Matched(NamedTuple):
    """What matches in a passage, in order."""

    passage: Passage
    matches: Sequence[CharacterRange]

    @property
    def start(self) -> float:
        """The second of the first match."""
        return self.passage.time(self.matches[0].start)

    def hit(self) -> Hit:
        """Quote it and mark it."""
        marks = tuple(mark for match in self.matches for mark in self.passage.marks(match))
        return Hit(self.start, self.passage.snippet(self.matches), marks)


class Marker:
    """Marks the words that match one query."""

    def __init__(self, query: ParsedQuery):
        self._query = query
        self._index_terms = index_terms(query.clauses)
        self._in_order = are_in_order(query.clauses)
        self._voices = query.filters.voices
        self._has_number = any(map(is_number, self._index_terms))  # maybe said in several words

    def find(
        self,
        passages: Sequence[Passage],
        each_word: bool = False,
        told: Collection[int] = (),
    ) -> Iterator[Matched]:
        """Find what matches of each passage, or each word; a word in two passages is marked once.

        Passages need not meet the clauses that are `told` by the sidecar.
        """
        marked_positions: set[CuePosition] = set()
        for passage in passages:
            candidates = [
                word
                for word in self._candidates(passage.text)
                if not self._voices or is_named(passage.voice(word.start), self._voices)
            ]
            marked_starts = {
                word.start
                for word in candidates
                if passage.cue_position(word.start) in marked_positions
            }
            matches = self._query.matches(candidates, marked_starts, told)
            marked_positions |= {passage.cue_position(match.start) for match in matches}
            if each_word:
                yield from (Matched(passage, run) for run in _runs(passage.text, matches))
            elif matches:
                yield Matched(passage, matches)

    def any_in(self, text: str) -> tuple[list[CharacterRange], frozenset[int]]:
        """Find the words of a text that meet any clause, and which clauses they meet."""
        every_place = range(len(self._query.clauses))
        text_words = list(self._candidates(text))
        met = (i for i in every_place if any(self._query.clauses[i].matches(text_words)))
        return self._query.matches(text_words, told=every_place), frozenset(met)

    def _candidates(self, text: str) -> Iterator[AnalysedWord]:
        """Give the words that a clause may match, with their positions."""
        if self._has_number or not is_plain(text):
            yield from words(text)
            return
        end = position = 0
        for match in pattern(self._index_terms).finditer(text):
            if match.start() < end:
                continue
            start = text.rfind(" ", 0, match.start()) + 1
            if self._in_order:
                position += count(text, end, start)
            end = (text + " ").index(" ", match.end())
            group = written_word(text[start:end])
            yield from (word.shift(start, position) for word in group.words)
            position += group.length


def _runs(text: str, matches: Sequence[CharacterRange]) -> Iterator[list[CharacterRange]]:
    """Group matches with no other word between them."""
    run: list[CharacterRange] = []
    for match in matches:
        if run and any(letter.isalnum() for letter in text[run[-1].end : match.start]):
            yield run
            run = []
        run.append(match)
    if run:
        yield run
