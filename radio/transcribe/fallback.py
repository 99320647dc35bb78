"""What is made of what an engine says: tried again where it fails, never believed where it invents.

A window fails where its text repeats itself or the decoder itself finds it unlikely. It is then
decoded alone, in other ways; what still fails is marked as inaudible.
"""

import dataclasses
import re
from collections.abc import Sequence
from itertools import groupby

from radio.audio import RATE
from radio.transcribe.engines.interface import Ask, Engine
from radio.transcribe.windows import Window
from radio.transcript import Segment

MOST_COMPRESSED = 2.4  # text that packs better repeats itself
LEAST_LIKELY = -1.0  # average log-probability of a token
REPEATS = 4  # times that the same words may follow one another
LONGEST_ECHO = 12  # words of what is repeated
UNSAID = 1.0  # seconds of speech without words that make a window worth another look
SLOWEST = 1.0  # seconds that a word may last before something else was said in it


def hear(windows: Sequence[Window], engine: Engine, ask: Ask) -> list[Segment]:
    """Decode a batch of windows to segments, in the order of the episode.

    The same windows give the same segments whenever and wherever they are decoded.
    """
    if not windows:
        return []
    pairs = list(zip(windows, engine.decode(windows, ask, engine.attempts[0]), strict=True))
    settled = [(window, _settle(window, segment, engine, ask)) for window, segment in pairs]
    tails = [tail for window, segment in settled if (tail := _tail(window, segment))]
    segments = [segment for _, segment in settled]
    if tails:
        again = engine.decode(tails, ask, engine.attempts[0])
        segments += [each for each in again if not fails(each) and each.words]
    return sorted(segments, key=lambda segment: segment.start)


def _settle(window: Window, segment: Segment, engine: Engine, ask: Ask) -> Segment:
    """Give the best that can be had of a window; inaudible where every way fails."""
    if ask.prompt and (fails(segment) or unsaid(window, segment) > UNSAID):
        plain = dataclasses.replace(ask, prompt="")
        other = engine.decode([window], plain, engine.attempts[0])[0]
        if fails(segment) or (not fails(other) and unsaid(window, other) < unsaid(window, segment)):
            segment, ask = other, plain
    for attempt in engine.attempts[1:]:
        if not fails(segment):
            return segment
        segment = engine.decode([window], ask, attempt)[0]
    return segment if not fails(segment) else dataclasses.replace(segment, audible=False)


def fails(segment: Segment) -> bool:
    """Whether a text repeats itself, or is unlikely in the decoder's own eyes."""
    return (
        segment.compression_ratio > MOST_COMPRESSED
        or segment.avg_logprob < LEAST_LIKELY
        or echoes(segment.text)
    )


def echoes(text: str) -> bool:
    """Whether the same words follow one another again and again.

    >>> echoes("et voilà, et voilà, et voilà, et voilà, et voilà")
    True
    >>> echoes("Non, non, non : la ville, la rue, la place")
    False
    """
    words = re.findall(r"\w+", text.lower())
    for size in range(1, min(LONGEST_ECHO, len(words) // REPEATS) + 1):
        same = (words[i] == words[i + size] for i in range(len(words) - size))
        longest = max((sum(1 for _ in run) for is_same, run in groupby(same) if is_same), default=0)
        if longest >= size * REPEATS:
            return True
    return False


def unsaid(window: Window, segment: Segment) -> float:
    """Tell how many seconds of speech have no word that could fill them."""
    if not segment.words:
        return len(window.samples) / RATE
    slow = sum(max(0.0, word.end - word.start - SLOWEST) for word in segment.words)
    return slow + len(window.after(segment.words[-1].end).samples) / RATE


def _tail(window: Window, segment: Segment) -> Window | None:
    """Give what the decoder left unsaid at the end of a window, if it is worth another look."""
    if not segment.audible or not segment.words:
        return None
    tail = window.after(segment.words[-1].end)
    return tail if len(tail.samples) > UNSAID * RATE else None
