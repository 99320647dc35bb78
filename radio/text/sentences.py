"""The sentences of a text, and which are quoted. Pure. No letter or sign is lost. Of a cue, often
half a sentence, the whole one is quoted. A text without full stops is cut by length."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from radio.text.transcript import PAUSE, SENTENCE_END, Cue, paragraphs

_GAP = re.compile(r"""[.!?…](?:\s?[»”"])?\s+(?=[^\s.!?…»”"]|"\w)""")
_TITLES = "M|MM|Mme|Mmes|Mlle|Mlles|Me|Mgr|Dr|Pr|St|Ste|Mr|Mrs|Ms"
_ABBREVIATED = re.compile(rf"\b(?:{_TITLES}|[^\W\d_])\.$")
_LONGEST = 8  # letters of an abbreviation, its full stop and what is before it
TICK = 0.001  # seconds; times in addresses are in thousandths
PIECE = 450  # characters of what is taken for one sentence, unless one cue has more
FAR = 5.0  # seconds from what is said at which nothing is quoted
CUT = "…"


@dataclass(frozen=True)
class Quote:
    """Words of a transcript, and where they are said."""

    start: float  # seconds
    end: float
    words: str  # a sentence that is not whole begins or ends with CUT


def find_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give the first character of each sentence, and the one after its last; spaces end it too.
    A closing quotation mark stays with its sentence, signs without a word with the words before
    them. A small letter begins no sentence. A text without any word has none.

    >>> list(find_sentences("Oui. « Non ! » Rien."))
    [(0, 5), (5, 15), (15, 20)]
    """
    edges = [0, *(gap.end() for gap in _GAP.finditer(text)), len(text)]
    begin, has_words, before = 0, False, ""
    for start, end in pairwise(edges):
        part = text[start:end].strip()
        is_spoken = any(map(str.isalnum, part))
        is_next = has_words and is_spoken and not part[0].islower()
        if is_next and not _ABBREVIATED.search(before, max(0, len(before) - _LONGEST)):
            yield begin, start
            begin = start
        before, has_words = part, has_words or is_spoken
    if has_words:
        yield begin, len(text)


def cut_sentences(paragraph: str) -> Iterator[str]:
    """Cut a paragraph after its sentences.

    >>> list(cut_sentences("« Oui. » Puis M. Noé et la C.N.I.L. partent… et après ? Rien."))
    ['« Oui. »', 'Puis M. Noé et la C.N.I.L. partent… et après ?', 'Rien.']
    """
    return (paragraph[start:end].strip() for start, end in find_sentences(paragraph))


def sentence_of(cues: Iterable[Cue]) -> str:
    """Write the words of some cues on one line."""
    return " ".join(" ".join(cue.text.split()) for cue in cues)


def cue_at(cues: Sequence[Cue], second: float) -> int | None:
    """Give the number, from 1, of the cue at a second, else of the last before, else 1."""
    number = sum(cue.start <= second + TICK for cue in cues)
    return max(1, number) if cues else None


def quote(cues: Sequence[Cue], start: float, end: float | None = None) -> Quote | None:
    """Quote the sentence at a second, or the cues until `end`; None where nothing is said near."""
    first = last = (cue_at(cues, start) or 1) - 1
    if not cues or not cues[first].start - FAR <= start <= cues[first].end + FAR:
        return None
    if end is not None:
        last = max(first, bisect_left(cues, end - TICK, key=lambda cue: cue.start) - 1)
    elif whole := sentence_at(cues, start):
        first, last = whole.start, whole.stop - 1
    words = sentence_of(cues[first : last + 1])
    before = f"{CUT} " if _goes_on(cues, first) else ""
    after = f" {CUT}" if _goes_on(cues, last + 1) else ""
    return Quote(cues[first].start, cues[last].end, f"{before}{words}{after}")


def sentence_at(cues: Sequence[Cue], second: float) -> range | None:
    """Give the cues of the sentence at a second, and of what is said at once with it."""
    number = cue_at(cues, second)
    if number is None:
        return None
    edges = _edges(tuple(cues))
    after = bisect_right(edges, number - 1)
    return range(edges[after - 1], edges[after])


def split_cues(paragraph: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    """Give the first cue of each sentence of a paragraph, and the one after its last; from 0."""
    first = length = 0
    for place, cue in enumerate(paragraph):
        length += len(cue.text)
        if place and (length > PIECE or not _goes_on(paragraph, place)):
            yield first, place
            first, length = place, len(cue.text)
    if paragraph:
        yield first, len(paragraph)


@lru_cache(maxsize=16)
def _edges(cues: tuple[Cue, ...]) -> tuple[int, ...]:
    """Give the first cue of each sentence, and the one after the last; none between two at once."""
    edges, start = list[int](), 0
    for paragraph in paragraphs(cues):
        firsts = [start + first for first, _ in split_cues(paragraph)]
        edges += [first for first in firsts if not (first and _is_at_once(cues, first))]
        start += len(paragraph)
    return (*edges, start)


def _goes_on(cues: Sequence[Cue], place: int) -> bool:
    if not 0 < place < len(cues):
        return False
    if _is_at_once(cues, place):
        return True
    before, cue = cues[place - 1], cues[place]
    ends = before.text.rstrip().endswith(SENTENCE_END)
    return not ends and cue.voice == before.voice and cue.start - before.end < PAUSE


def _is_at_once(cues: Sequence[Cue], place: int) -> bool:
    """Whether a cue begins with the one before, so that one second names both."""
    return cues[place].start <= cues[place - 1].start + TICK
