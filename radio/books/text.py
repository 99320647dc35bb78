"""What was said, cut for a book: chapters, paragraphs, sentences with their times, music. Pure.

A sentence that begins or ends within a cue has its time by the letters before it. Text without full
stops, as a machine may write it, is cut after a cue where a sentence would pass PIECE.
"""

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from radio.french.spaces import bind
from radio.text.aligned import AlignedText
from radio.text.chapters import Chapter
from radio.text.sentences import find_sentences
from radio.text.transcript import Cue, Region, paragraphs

MUSIC = 5.0  # seconds from which on music is worth a line
PIECE = 300  # characters of one sentence, at most, where a cue ends
SHORTEST = 0.05  # seconds of a sentence
NEAR = 5.0  # seconds before a paragraph, and after it


@dataclass(frozen=True)
class BookSentence:
    """A sentence, and when it is said."""

    text: str
    start: float  # seconds in the recording
    end: float


@dataclass(frozen=True)
class SpokenParagraph:
    """Sentences of one voice; without any, the music between two paragraphs."""

    start: float  # seconds in the recording
    end: float
    voice: str = ""
    sentences: tuple[BookSentence, ...] = ()


@dataclass(frozen=True)
class BookChapter:
    """A part of an episode in a book."""

    title: str  # empty where the episode has no chapters, and before its first one
    start: float  # seconds in the recording
    paragraphs: tuple[SpokenParagraph, ...]


def compose(
    cues: Sequence[Cue],
    regions: Iterable[Region],
    chapters: Sequence[Chapter],
    duration: float,
    near: Sequence[float] | None = None,
) -> tuple[BookChapter, ...]:
    """Lay out all that is said; no paragraph runs across music or into another chapter.

    Where only what is near some seconds is wanted, the other paragraphs are one sentence each.
    """
    cues = sorted(cues, key=lambda cue: cue.start)
    music = [each for each in regions if each.kind == "music" and each.end - each.start >= MUSIC]
    parts = list(chapters)
    if not parts or parts[0].start > 0:
        parts.insert(0, Chapter(0.0, ""))
    stops = [*(each.start for each in parts[1:]), max(duration, cues[-1].end if cues else 0) + 1]
    found = (
        BookChapter(
            part.title.strip(), part.start, tuple(_blocks(cues, music, part.start, stop, near))
        )
        for part, stop in zip(parts, stops, strict=True)
    )
    return tuple(each for each in found if each.title or each.paragraphs)


def _blocks(
    cues: Sequence[Cue],
    music: Sequence[Region],
    start: float,
    stop: float,
    near: Sequence[float] | None,
) -> Iterator[SpokenParagraph]:
    """Lay out a stretch, whose first cue may begin a little before it."""
    first, last = (bisect_left(cues, each, key=_middle) for each in (start, stop))
    for region in music:
        middle = (region.start + region.end) / 2
        if start <= middle < stop:
            until = max(first, bisect_left(cues, middle, key=lambda cue: cue.start))
            yield from _paragraphs(cues[first : min(until, last)], near)
            yield SpokenParagraph(region.start, region.end)
            first = min(until, last)
    yield from _paragraphs(cues[first:last], near)


def _middle(cue: Cue) -> float:
    return (cue.start + cue.end) / 2


def _paragraphs(cues: Sequence[Cue], near: Sequence[float] | None) -> Iterator[SpokenParagraph]:
    groups = list(paragraphs(cues))
    ends = [*(group[0].start for group in groups[1:]), math.inf]
    for group, until in zip(groups, ends, strict=False):
        is_cut = near is None or any(group[0].start - NEAR <= each <= until + NEAR for each in near)
        sentences = tuple(_sentences(group) if is_cut else _uncut(group))
        if sentences:
            start, end = sentences[0].start, sentences[-1].end
            yield SpokenParagraph(start, end, " ".join(group[0].voice.split()), sentences)


def _uncut(cues: Sequence[Cue]) -> Iterator[BookSentence]:
    text = " ".join(" ".join(cue.text for cue in cues).split())
    if text:
        yield BookSentence(text, cues[0].start, cues[-1].end)


def _sentences(cues: Sequence[Cue]) -> Iterator[BookSentence]:
    """Cut the text of some cues into sentences, each with its times."""
    text = AlignedText(tuple(cues))
    bound = bind(text.line)
    for start, end in _pieces(text):
        begin, stop = text.second_of(start), text.second_of(end, is_end=True)
        yield BookSentence(bound[start:end].strip(), begin, max(stop, begin + SHORTEST))


def _pieces(text: AlignedText) -> Iterator[tuple[int, int]]:
    """Give the first letter of each sentence, and the place after its last."""
    whole = [(0, len(text.line))] if text.line else []
    for start, end in list(find_sentences(text.line)) or whole:
        begin = start
        for place in text.starts[bisect_left(text.starts, start) :]:
            if place >= end:
                break
            if place - begin > PIECE:
                yield begin, place - 1
                begin = place
        yield begin, len(text.line[:end].rstrip())
