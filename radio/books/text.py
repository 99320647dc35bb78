"""What was said, cut for a book: chapters, paragraphs, sentences with their times, music. A
sentence within a cue has its time by the letters before it. Text without full stops, as a machine
may write it, is cut after a cue before a sentence passes LONGEST."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from radio.french.letters import bind
from radio.text.aligned import AlignedText
from radio.text.chapters import Chapter
from radio.text.sentences import find_sentences
from radio.text.transcript import MUSIC, Cue, Region, paragraphs

LONGEST = 300  # characters of one sentence, at most, where a cue ends
SHORTEST = 0.05  # seconds of a sentence


@dataclass(frozen=True)
class BookSentence:
    """A sentence, and when it is said."""

    text: str
    start: float  # seconds in the recording
    end: float


@dataclass(frozen=True)
class SpokenParagraph:
    """What one voice says; without cues, the music between two paragraphs."""

    start: float  # seconds in the recording
    end: float
    cues: tuple[Cue, ...] = ()

    @property
    def voice(self) -> str:
        """The speaker; empty if unknown."""
        return " ".join(self.cues[0].voice.split()) if self.cues else ""

    @cached_property
    def sentences(self) -> tuple[BookSentence, ...]:
        """What is said; of many paragraphs, a book of excerpts needs few."""
        text = AlignedText(self.cues)
        bound = bind(text.line)
        found = list[BookSentence]()
        for start, end in _sentences(text):
            begin, stop = text.second_of(start), text.second_of(end, is_end=True)
            words = bound[start:end].strip()
            found.append(BookSentence(words, begin, max(stop, begin + SHORTEST)))
        return tuple(found)


@dataclass(frozen=True)
class BookChapter:
    """A part of an episode in a book."""

    title: str  # empty where the episode has no chapters, and before its first one
    start: float  # seconds in the recording
    paragraphs: tuple[SpokenParagraph, ...]

    def turns(self) -> Iterator[tuple[SpokenParagraph, str]]:
        """Give the paragraphs, each with its speaker; empty if that is the last one."""
        last = ""
        for each in self.paragraphs:
            voice = each.voice if each.sentences else last
            yield each, "" if voice == last else voice
            last = voice


def compose(
    cues: Iterable[Cue], regions: Iterable[Region], chapters: Sequence[Chapter], duration: float
) -> tuple[BookChapter, ...]:
    """Set out all that is said; no paragraph runs across music or into another chapter."""
    spoken = sorted((cue for cue in cues if cue.text.strip()), key=lambda cue: cue.start)
    music = [each for each in regions if each.kind == "music" and each.end - each.start >= MUSIC]
    parts = list(chapters)
    if not parts or parts[0].start > 0:
        parts.insert(0, Chapter(0.0, ""))
    last = max(duration, spoken[-1].end if spoken else 0) + 1
    found = list[BookChapter]()
    for part, stop in zip(parts, [*(each.start for each in parts[1:]), last], strict=True):
        said = tuple(_paragraphs(spoken, music, part.start, stop))
        found.append(BookChapter(part.title.strip(), part.start, said))
    return tuple(each for each in found if each.title or each.paragraphs)


def _paragraphs(
    cues: Sequence[Cue], music: Sequence[Region], start: float, stop: float
) -> Iterator[SpokenParagraph]:
    """Give what is said and played between two seconds; a cue belongs where its middle is."""
    first, last = (
        bisect_left(cues, each, key=lambda cue: (cue.start + cue.end) / 2) for each in (start, stop)
    )
    ends = list[tuple[int, Region | None]]()
    for each in music:
        middle = (each.start + each.end) / 2
        if start <= middle < stop:
            ends.append((bisect_left(cues, middle, key=lambda cue: cue.start), each))
    for end, region in [*ends, (last, None)]:
        until = min(max(first, end), last)
        for group in paragraphs(cues[first:until]):
            yield SpokenParagraph(group[0].start, group[-1].end, group)
        if region:
            yield SpokenParagraph(region.start, region.end)
        first = until


def _sentences(text: AlignedText) -> Iterator[tuple[int, int]]:
    """Give the first letter of each sentence, and the place after its last."""
    for start, end in list(find_sentences(text.line)) or [(0, len(text.line))] * bool(text.line):
        begin = start
        for place in text.starts[bisect_left(text.starts, start) :]:
            if place >= end:
                break
            if place - begin > LONGEST:
                yield begin, place - 1
                begin = place
        yield begin, len(text.line[:end].rstrip())
