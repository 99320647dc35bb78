"""Marking the words of a query in the passages that it found.

A passage holds some sixty words of which few matter: only those that begin as one that is looked
for are analysed; where their order matters, the others are counted.
"""

from collections.abc import Iterator, Sequence

from radio.search.clauses import are_in_order, wanted
from radio.search.french import Word, chunk, count, is_number, words
from radio.search.hits import Hit
from radio.search.passage import Passage, Place, Span
from radio.search.prefilter import is_plain, pattern
from radio.search.query import Asked


class Marker:
    """Marks what one query asks for."""

    def __init__(self, asked: Asked):
        self._asked = asked
        self._wanted = wanted(asked.clauses)
        self._in_order = are_in_order(asked.clauses)
        self._counts = any(map(is_number, self._wanted))  # said in several words, maybe

    def hits(
        self, passages: Sequence[Passage], each_word: bool = False
    ) -> Iterator[tuple[Passage, Hit]]:
        """Make hits, one a passage or one a word; a word that two share is marked in the first."""
        seen: set[Place] = set()
        for passage in passages:
            said = list(self._candidates(passage.text))
            known = {word.start for word in said if passage.place(word.start) in seen}
            matches = self._asked.matches(said, unless=known)
            seen |= {passage.place(match.start) for match in matches}
            if each_word:
                groups = _runs(passage.text, matches)
            else:
                groups = iter([matches] if matches else [])
            for group in groups:
                marks = tuple(mark for match in group for mark in passage.marks(match))
                yield passage, Hit(passage.time(group[0].start), passage.snippet(group), marks)

    def _candidates(self, text: str) -> Iterator[Word]:
        """Give the words that a clause may be met by, at their places."""
        if self._counts or not is_plain(text):
            yield from words(text)
            return
        done = position = 0
        for found in pattern(self._wanted).finditer(text):
            if found.start() < done:
                continue
            start = text.rfind(" ", 0, found.start()) + 1
            if self._in_order:
                position += count(text, done, start)
            done = (text + " ").index(" ", found.end())
            said = chunk(text[start:done])
            yield from (word.moved(start, position) for word in said.words)
            position += said.length


def _runs(text: str, matches: Sequence[Span]) -> Iterator[list[Span]]:
    """Group the matches between which no other word stands."""
    run: list[Span] = []
    for match in matches:
        if run and any(letter.isalnum() for letter in text[run[-1].end : match.start]):
            yield run
            run = []
        run.append(match)
    if run:
        yield run
