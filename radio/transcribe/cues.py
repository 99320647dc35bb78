"""Cues: short texts to read while they are said, cut at sentences and pauses."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from radio.transcript import SENTENCE_END, Cue, Word

LINE = 42  # characters
LINES = 2
LONGEST = 7.0  # seconds
PAUSE = 0.7  # seconds between two words
CLAUSE_END = (",", ";", ":")
COMMA = 0.4  # unevenness, as a share of the sentence, that is accepted for a cut after a comma


def cut_cues(words: Iterable[Word]) -> Iterator[Cue]:
    """Cut words into cues of at most two lines of 42 characters, or 7 seconds."""
    sentence: list[Word] = []
    for word in words:
        if sentence and _ends(sentence[-1], word):
            yield from _split(sentence)
            sentence = []
        sentence.append(word)
    if sentence:
        yield from _split(sentence)


def _ends(last: Word, word: Word) -> bool:
    return last.text.endswith(SENTENCE_END) or word.start - last.end >= PAUSE


def _split(words: Sequence[Word]) -> Iterator[Cue]:
    """Halve a sentence until its parts fit."""
    if len(words) == 1 or _fits(words):
        yield Cue(words[0].start, words[-1].end, "\n".join(_lines(words)))
        return
    middle = min(range(1, len(words)), key=lambda size: _unevenness(words, size))
    yield from _split(words[:middle])
    yield from _split(words[middle:])


def _fits(words: Sequence[Word]) -> bool:
    return len(_lines(words)) <= LINES and words[-1].end - words[0].start <= LONGEST


def _unevenness(words: Sequence[Word], size: int) -> float:
    """Measure how uneven a cut after `size` words is; after a comma it counts less."""
    lengths = [len(word.text) + 1 for word in words]
    uneven = abs(sum(lengths[:size]) - sum(lengths[size:])) / sum(lengths)
    return uneven - COMMA if words[size - 1].text.endswith(CLAUSE_END) else uneven


def _lines(words: Sequence[Word]) -> list[str]:
    text = " ".join(word.text for word in words)
    return textwrap.wrap(text, LINE, break_long_words=False, break_on_hyphens=False)
