"""The sentences of a transcript, and which of its words are quoted. Pure.

A cue is what is read at once while it is said, often half a sentence; what is pressed, lit and
quoted is the whole sentence. A text without full stops, as machines write some, is cut into pieces.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from radio.text.transcript import PAUSE, SENTENCE_END, Cue, paragraphs

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


def cue_at(cues: Sequence[Cue], second: float) -> int | None:
    """Give the number of the cue that is said at a second, or the last before it; from 1.

    Before the first cue, that is the first one. A transcript without cues has none.
    """
    number = sum(cue.start <= second + TICK for cue in cues)
    return max(1, number) if cues else None


def quote(cues: Sequence[Cue], start: float, end: float | None = None) -> Quote | None:
    """Quote the sentence that is said at a second; where an `end` is given, the cues until then.

    None where nothing is said near it.
    """
    first = (cue_at(cues, start) or 1) - 1
    if not cues or not cues[first].start - FAR <= start <= cues[first].end + FAR:
        return None
    if end is None:
        first, last = _sentence(cues, first)
    else:
        last = max(first, bisect_left(cues, end - TICK, key=lambda cue: cue.start) - 1)
    words = " ".join(" ".join(cue.text.split()) for cue in cues[first : last + 1])
    before = f"{CUT} " if _goes_on(cues, first) else ""
    after = f" {CUT}" if _goes_on(cues, last + 1) else ""
    return Quote(cues[first].start, cues[last].end, f"{before}{words}{after}")


def sentence_at(cues: Sequence[Cue], second: float) -> range | None:
    """Tell which cues are the sentence that is said at a second; None without cues."""
    number = cue_at(cues, second)
    if number is None:
        return None
    first, last = _sentence(cues, number - 1)
    return range(first, last + 1)


def split(paragraph: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    """Give the first cue of each sentence of a paragraph, and the one after its last; from 0."""
    first = length = 0
    for place, cue in enumerate(paragraph):
        length += len(cue.text)
        if place and (length > PIECE or not _goes_on(paragraph, place)):
            yield first, place
            first, length = place, len(cue.text)
    if paragraph:
        yield first, len(paragraph)


def _sentence(cues: Sequence[Cue], place: int) -> tuple[int, int]:
    """Give the first and the last cue of the sentence to which one belongs.

    What is said at once with it belongs to it too.
    """
    edges = _edges(tuple(cues))
    after = bisect_right(edges, place)
    return edges[after - 1], edges[after] - 1


@lru_cache(maxsize=16)
def _edges(cues: tuple[Cue, ...]) -> tuple[int, ...]:
    """Give the first cue of each sentence, and the one after the last; none between two at once."""
    edges, start = list[int](), 0
    for paragraph in paragraphs(cues):
        firsts = [start + first for first, _ in split(paragraph)]
        edges += [first for first in firsts if not (first and _is_at_once(cues, first))]
        start += len(paragraph)
    return (*edges, start)


def _goes_on(cues: Sequence[Cue], place: int) -> bool:
    """Whether a cue goes on with the sentence of the one before."""
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
