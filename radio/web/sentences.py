"""Which words of a transcript are quoted: the sentence at a second, or a stretch. Pure.

A cue is what is read at once while it is said, often half a sentence. Text without full stops, as
a machine may write it, is quoted as far as PIECE on each side.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from radio.transcript import PAUSE, SENTENCE_END, Cue

TICK = 0.001  # seconds; times in addresses are in thousandths
PIECE = 300  # characters of one sentence before and after a cue, at most
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


def _sentence(cues: Sequence[Cue], place: int) -> tuple[int, int]:
    """Give the first and the last cue of the sentence to which one belongs."""
    first = last = place
    while _goes_on(cues, first) and _length(cues[first - 1 : place]) <= PIECE:
        first -= 1
    while _goes_on(cues, last + 1) and _length(cues[place + 1 : last + 2]) <= PIECE:
        last += 1
    return first, last


def _goes_on(cues: Sequence[Cue], place: int) -> bool:
    """Whether a cue goes on with the sentence of the one before."""
    if not 0 < place < len(cues):
        return False
    before, cue = cues[place - 1], cues[place]
    if cue.start <= before.start + TICK:
        return True  # both at once: one second names them
    ends = before.text.rstrip().endswith(SENTENCE_END)
    return not ends and cue.voice == before.voice and cue.start - before.end < PAUSE


def _length(cues: Sequence[Cue]) -> int:
    return sum(len(cue.text) for cue in cues)
