"""Chapters that a machine proposes where nobody wrote any. Pure.

A chapter begins where somebody speaks again after music or a long silence, and bears the first
words said; a long piece of music is a chapter too. On the measured shows a breath between two
sentences lasts about a second, and what parts two subjects ten and more.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from radio.episode import Chapter
from radio.transcript import SENTENCE_END, Cue, Region

SHORTEST_EPISODE = 600.0  # seconds; below, nothing is proposed
SHORTEST = 120.0  # seconds of a chapter
SPACING = 300.0  # seconds of the episode for each chapter, taken together
MUSIC = 6.0  # seconds of music that part two chapters
SILENCE = 4.0  # seconds without speech that do, whatever is heard
EARLY = 0.5  # seconds by which words may begin before their stretch of speech
NEAR = 60.0  # seconds within which a chapter's first words are said
MUSIC_TITLE = "Musique"
FEWEST, MOST = 3, 8  # words of a title
LONGEST = 80  # characters of a title
ENOUGH = 1000  # characters in which it is sought
CLAUSE_END = (",", ";", ":", "–", "—")
UNSAID = re.compile(r"\[[^\]]*\]|♪")  # such as [inaudible]
WORD = re.compile(r"(?:«\s)?\S*\w\S*(?:\s[!?;:»…]+)?")  # with the signs that French sets apart


@dataclass(frozen=True)
class Break:
    """What lies between two stretches of speech, long enough to part chapters."""

    start: float  # seconds
    end: float
    music: float  # seconds of it that are music


def propose(cues: Sequence[Cue], regions: Sequence[Region], duration: float) -> tuple[Chapter, ...]:
    """Propose the chapters of a recording of some seconds, in their order: none, or two and more.

    The longest breaks count first: those that lie SPACING apart, then others as far as there is
    room.
    """
    if duration < SHORTEST_EPISODE:
        return ()
    chosen: dict[float, str] = {}
    beginnings = list(_beginnings(cues, regions))
    for apart in (SPACING, SHORTEST):
        for start, title in beginnings:
            is_sparse = (len(chosen) + 1) * SPACING <= duration
            is_apart = all(abs(start - other) >= apart for other in chosen)
            if is_sparse and is_apart and start <= duration - SHORTEST:
                chosen[start] = title
    chapters = tuple(Chapter(start, chosen[start]) for start in sorted(chosen))
    return chapters if len(chapters) > 1 else ()


def _beginnings(cues: Sequence[Cue], regions: Sequence[Region]) -> Iterator[tuple[float, str]]:
    """Give the second and title of each possible chapter, the most likely first."""
    breaks = sorted(_breaks(regions), key=lambda each: each.end - each.start, reverse=True)
    for each in (Break(0.0, 0.0, 0.0), *breaks):
        if words := _first_words(cues, each.end):
            yield each.end, words
        if each.music >= SHORTEST:
            yield each.start, MUSIC_TITLE


def _breaks(regions: Sequence[Region]) -> Iterator[Break]:
    for is_speech, group in groupby(regions, key=lambda region: region.kind == "speech"):
        if not is_speech:
            run = list(group)
            start, end = round(run[0].start, 3), round(run[-1].end, 3)
            music = sum(each.end - each.start for each in run if each.kind == "music")
            if music >= MUSIC or end - start >= SILENCE:
                yield Break(start, end, music)


def _first_words(cues: Sequence[Cue], start: float) -> str:
    """Make a title of what is said from a second on; an empty one where nothing is said soon."""
    first = bisect_left(cues, start - EARLY, key=lambda cue: cue.start)
    near = (cue for cue in cues[first : first + MOST] if cue.start <= start + NEAR)
    said = " ".join(UNSAID.sub("", cue.text) for cue in near)
    title = shorten(WORD.findall(said[:ENOUGH]))
    return title[:1].upper() + title[1:]


def shorten(words: Sequence[str]) -> str:
    """Cut words after their first sentence, else in a pause, else where they are enough.

    >>> shorten("Article 13, toute personne a le droit de circuler librement.".split())
    'Article 13, toute personne a le droit de…'
    >>> shorten("Après cette pause, revenons à notre sujet, qui est le leur".split())
    'Après cette pause, revenons à notre sujet…'
    """
    head = words[:MOST]
    for count in range(FEWEST, len(head) + 1):
        if head[count - 1].endswith(SENTENCE_END):
            return _join(head[:count]).rstrip(".")
    if len(words) <= MOST:
        return _join(words)
    pauses = (n for n in range(MOST, FEWEST, -1) if head[n - 1].endswith(CLAUSE_END))
    return _join(head[: next(pauses, MOST)]) + "…"


def _join(words: Sequence[str]) -> str:
    return " ".join(" ".join(word.split()) for word in words)[:LONGEST].rstrip(" ,;:–—")
