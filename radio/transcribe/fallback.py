"""A window is decoded again if its text repeats itself or is unlikely: alone, without the prompt,
with each further attempt of the engine; if all fail, it is inaudible. A beam may lose a sentence:
then a word lasts too long, or words are too few, and the window is decoded in two halves."""

import dataclasses
import re
from itertools import groupby

from radio.sound import RATE
from radio.text.doubt import is_long, is_sparse
from radio.text.transcript import Segment
from radio.transcribe.engines.interface import DecodeOptions, Engine
from radio.transcribe.windows import Window, Windows

MOST_COMPRESSED = 2.4  # compression ratio; text above it repeats itself
LEAST_LIKELY = -1.0  # average log-probability of a token
REPEATS = 4  # times that the same words may follow one another
LONGEST_ECHO = 12  # words in what is repeated
MOST_WORDLESS = 1.0  # seconds of speech without words after which a window is decoded again
SLOWEST = 1.0  # seconds of a word; if it lasts longer, other words were probably missed


def decode_with_fallback(windows: Windows, engine: Engine, options: DecodeOptions) -> list[Segment]:
    """Decode a batch of windows to segments, in order. The same windows give the same segments
    whenever and wherever they are decoded."""
    if not windows:
        return []
    first, results = engine.attempts[0], list[tuple[Window, Segment]]()
    for window, segment in zip(windows, engine.decode(windows, options, first), strict=True):
        results += _find_lost(window, _retry(window, segment, engine, options), engine, options)
    segments = [segment for _window, segment in results]
    heard = ((window, each) for window, each in results if each.audible and each.words)
    rests = (window.after(each.words[-1].end) for window, each in heard)
    if tails := [rest for rest in rests if len(rest.samples) > MOST_WORDLESS * RATE]:
        found = engine.decode(tails, options, first)
        segments += [each for each in found if not fails(each) and each.words]
    return sorted(segments, key=lambda segment: segment.start)


def _retry(window: Window, segment: Segment, engine: Engine, options: DecodeOptions) -> Segment:
    """Decode a window again while it fails; inaudible after every attempt."""
    missed = wordless_seconds(window, segment)
    if options.prompt and (fails(segment) or missed > MOST_WORDLESS):
        without_prompt = dataclasses.replace(options, prompt="")
        other = engine.decode([window], without_prompt, engine.attempts[0])[0]
        if fails(segment) or (not fails(other) and wordless_seconds(window, other) < missed):
            segment, options = other, without_prompt
    for attempt in engine.attempts[1:]:
        if not fails(segment):
            return segment
        segment = engine.decode([window], options, attempt)[0]
    return segment if not fails(segment) else dataclasses.replace(segment, audible=False)


def _find_lost(
    window: Window, segment: Segment, engine: Engine, options: DecodeOptions
) -> list[tuple[Window, Segment]]:
    """Decode a window that lost words in two halves; keep these if they found some."""
    if segment.audible and loses_words(window, segment):
        halves = window.halves()
        without_prompt = dataclasses.replace(options, prompt="")
        segments = engine.decode(halves, without_prompt, engine.attempts[0])
        found = sum(len(half.words) for half in segments)
        if found > len(segment.words) and not any(map(fails, segments)):
            return list(zip(halves, segments, strict=True))
    return [(window, segment)]


def loses_words(window: Window, segment: Segment) -> bool:
    """Whether a word lasts too long, or words are too few for their speech."""
    tail = len(window.after(segment.words[-1].end).samples) if segment.words else 0
    is_few = is_sparse(segment.words, (len(window.samples) - tail) / RATE)
    return is_few or any(is_long(word) for word in segment.words)


def fails(segment: Segment) -> bool:
    """Whether a text repeats itself, or the decoder finds it unlikely."""
    is_odd = segment.compression_ratio > MOST_COMPRESSED or segment.avg_logprob < LEAST_LIKELY
    return is_odd or echoes(segment.text)


def echoes(text: str) -> bool:
    """Whether the same words are repeated more than REPEATS times.

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


def wordless_seconds(window: Window, segment: Segment) -> float:
    """Measure the speech of a window without words, in seconds."""
    if not segment.words:
        return len(window.samples) / RATE
    slow = sum(max(0.0, word.end - word.start - SLOWEST) for word in segment.words)
    return slow + len(window.after(segment.words[-1].end).samples) / RATE
