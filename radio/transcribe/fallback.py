"""A window whose text repeats itself is decoded once more in another way; if that repeats itself
too, it is inaudible. A beam, or a prompt, may lose a sentence: then a word lasts too long, or words
are too few, and the window is decoded in two halves. Neither gets the prompt. `bench/harsh.py` has
what each is worth."""

import dataclasses
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from radio.sound import RATE
from radio.text.doubt import LONGEST, is_long, is_sparse
from radio.text.transcript import Segment
from radio.transcribe.engines.interface import DecodeOptions, Engine
from radio.transcribe.windows import Window, Windows, join

TELLING = 4 * RATE  # samples of speech that tell a language: of shorter ones one in twenty is wrong
MOST_COMPRESSED = 2.4  # times as short as itself; a text that shrinks to less repeats itself


def decode_with_fallback(windows: Windows, engine: Engine, options: DecodeOptions) -> list[Segment]:
    """Decode a batch of windows to segments, in order. The same windows give the same segments
    whenever and wherever they are decoded."""
    if not windows:
        return []
    if options.also:
        return _decode_in_each(windows, engine, options)
    segments = engine.decode(windows, options, engine.attempts[0])
    bare = dataclasses.replace(options, prompt="")
    pairs = zip(windows, segments, strict=True)
    return [each for pair in pairs for each in _decode_again(*pair, engine, bare)]


def _decode_in_each(windows: Windows, engine: Engine, options: DecodeOptions) -> list[Segment]:
    """Decode all that is in one language together; the names to expect are of the main one."""
    parts, segments = list(_part(windows, engine, options)), list[Segment]()
    for language in dict.fromkeys(language for language, _window in parts):
        is_main = language == options.language
        prompt = options.prompt if is_main else ""
        spoken = dataclasses.replace(options, language=language, prompt=prompt, also=())
        own = [window for each, window in parts if each == language]
        mark = "" if is_main or options.task == "translate" else language
        found = decode_with_fallback(own, engine, spoken)
        segments += (dataclasses.replace(segment, language=mark) for segment in found)
    return sorted(segments, key=lambda segment: segment.start)


def _part(windows: Windows, engine: Engine, options: DecodeOptions) -> Iterator[tuple[str, Window]]:
    """Part windows at the pauses where another language begins."""
    among = options.language, *options.also
    for window in windows:
        pieces = window.pieces(TELLING)
        told = (engine.tell_language(piece, among) for piece in pieces)
        for language, run in groupby(zip(told, pieces, strict=True), key=itemgetter(0)):
            yield language, join([piece for _language, piece in run])


def _decode_again(
    window: Window, segment: Segment, engine: Engine, options: DecodeOptions
) -> list[Segment]:
    """Decode a window again that failed, or in halves where these find more words."""
    if repeats(segment):
        segment = engine.decode([window], options, engine.attempts[-1])[0]
        if repeats(segment):
            return [dataclasses.replace(segment, audible=False)]
    if loses_words(window, segment):
        halves = engine.decode(window.halves(), options, engine.attempts[0])
        found = sum(len(half.words) for half in halves)
        if found > len(segment.words) and not any(map(repeats, halves)):
            return halves
    return [segment]


def loses_words(window: Window, segment: Segment) -> bool:
    """Whether a word or the speech after the last one lasts too long, or words are too few."""
    end = segment.words[-1].end if segment.words else 0.0
    rest = sum(max(0.0, last / RATE - max(first / RATE, end)) for first, last in window.ranges)
    is_few = is_sparse(segment.words, len(window.samples) / RATE)
    return is_few or rest > LONGEST or any(is_long(word) for word in segment.words)


def repeats(segment: Segment) -> bool:
    """Whether a text repeats itself again and again."""
    return segment.compression_ratio > MOST_COMPRESSED
